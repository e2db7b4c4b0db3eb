import { canonicalAmount, sumMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'

/** Decimal text, or a number that prints as one; `null` for everything else, nothing included. */
const decimalOf = (amount: unknown): string | null =>
  typeof amount === 'string' && amount !== '' ? amount : typeof amount === 'number' ? String(amount) : null

/** An amount of a raw row as money; `null` when it has none, no currency, or is malformed (`isAmount`). */
export function moneyOf(amount: unknown, currency: unknown): Money | null {
  const decimal = decimalOf(amount)
  if (decimal === null || typeof currency !== 'string' || currency === '') return null
  const canonical = canonicalAmount(decimal, currency)
  return canonical === null ? null : { amount: canonical, currency }
}

/** Nothing, or a decimal. */
export function isAmount(amount: unknown, currency: unknown): boolean {
  if (amount === undefined || amount === null || amount === '') return true
  const decimal = decimalOf(amount)
  return decimal !== null && canonicalAmount(decimal, String(currency)) !== null
}

/** Canonical amounts have no sign on nothing and no spare digits. */
export const isZero = ({ amount }: Money): boolean => amount === '0.00' || amount === '0'

/** Two amounts as one; what is absent counts as nothing. */
export function addMoney(one: Money | null, other: Money | null): Money | null {
  if (one === null || (other !== null && isZero(one) && one.currency === other.currency)) return other
  if (other === null || (isZero(other) && one.currency === other.currency)) return one
  return sumMoney([one, other])
}
