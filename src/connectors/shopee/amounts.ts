import { formatDecimal, parseDecimal } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'

/**
 * Amounts as Shopee sends them: plain JSON numbers in major units, the currency beside the order. They are
 * read by their digits into whole ten-thousandths, never calculated with as floats.
 */
export type Amount = bigint

/** `null` when absent or not a plain decimal. */
export const amountOf = (value: unknown): Amount | null =>
  typeof value === 'number' || (typeof value === 'string' && value !== '')
    ? parseDecimal(String(value))
    : null

const withoutSign = (amount: Amount): Amount => (amount < 0n ? -amount : amount)

/** The sum of those that are there; `null` when none is. */
export function sumOf(amounts: readonly (Amount | null)[]): Amount | null {
  let total: Amount | null = null
  for (const amount of amounts) if (amount !== null) total = (total ?? 0n) + amount
  return total
}

/** As `sumOf`, signs left out: Shopee is not steady about them in discounts. */
export const sumWithoutSigns = (amounts: readonly (Amount | null)[]): Amount | null =>
  sumOf(amounts.map((amount) => (amount === null ? null : withoutSign(amount))))

/** `null` without an amount or without an ISO currency; the table refuses such a currency elsewhere. */
export const moneyOf = (amount: Amount | null, currency: unknown): Money | null =>
  amount === null || typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)
    ? null
    : { amount: formatDecimal(amount, currency), currency }
