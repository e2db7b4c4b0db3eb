import { canonicalAmount } from '#kernel/money.ts'
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
