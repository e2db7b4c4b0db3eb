import { currencyDigits, formatDecimal, parseDecimal } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import { getterOf, parsePath } from '#mapping/path.ts'
import { fault } from '#mapping/rule.ts'
import type { Rule } from '#mapping/rule.ts'

/**
 * Whole ten-thousandths of a currency unit. Shopee sends amounts as JSON numbers in major units, the currency
 * beside the order; they are read into whole numbers at once and never added up as fractions.
 */
export type Amount = number

const unit = 10_000

/** `null` when absent, not a plain decimal, or beyond what a double holds exactly (900 billion). */
export function amountOf(value: unknown): Amount | null {
  if (typeof value === 'number') {
    const scaled = Math.round(value * unit)
    // The quotient is the double nearest to the decimal: equal means that no digit was lost.
    if (Number.isSafeInteger(scaled) && scaled / unit === value) return scaled
  } else if (typeof value !== 'string' || value === '') return null
  const exact = parseDecimal(String(value))
  const scaled = exact === null ? Number.NaN : Number(exact)
  return Number.isSafeInteger(scaled) ? scaled : null
}

/** The sum of those that are there, signs left out: Shopee is not steady about them. `null` when none is there. */
export function sumWithoutSigns(amounts: readonly (Amount | null)[]): Amount | null {
  let total: Amount | null = null
  for (const amount of amounts) if (amount !== null) total = (total ?? 0) + Math.abs(amount)
  return total
}

const currencies = new Map<unknown, number>()

/** Digits of an ISO currency; `undefined` when it is none. */
function digitsOf(currency: unknown): number | undefined {
  const known = currencies.get(currency)
  if (known !== undefined || typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) return known
  const digits = currencyDigits(currency)
  if (currencies.size < 200) currencies.set(currency, digits)
  return digits
}

/** `null` without an amount or without an ISO currency; the table refuses such a currency elsewhere. */
export function moneyOf(amount: Amount | null, currency: unknown): Money | null {
  const digits = amount === null ? undefined : digitsOf(currency)
  return digits === undefined
    ? null
    : { amount: print(amount!, digits, currency as string), currency: currency as string }
}

function print(amount: Amount, digits: number, currency: string): string {
  const step = 10 ** (4 - digits)
  if (amount < 0 || amount % step !== 0) return formatDecimal(BigInt(amount), currency)
  const units = String(amount / step)
  if (digits === 0) return units
  const padded = units.length > digits ? units : units.padStart(digits + 1, '0')
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}

/** The row of one amount: as `money` and `discount` of the table language, made for plain numbers. */
function amountRule(rule: 'money' | 'discount', path: string, note: Text): Rule<Money | null> {
  const paths = [path, '/order.currency']
  return {
    rule,
    paths,
    note,
    make: () => {
      const get = getterOf(parsePath(path))
      const currencyOf = getterOf(parsePath('/order.currency'))
      return (element, reading) => {
        const value = get(element, reading.root)
        if (value === undefined || value === null || value === '') return null
        const currency = currencyOf(element, reading.root)
        const amount = amountOf(value)
        if (amount === null) fault(reading, path, 'decimal amount', value)
        else if (digitsOf(currency) === undefined)
          fault(reading, 'order.currency', 'ISO 4217 currency', currency)
        else return moneyOf(rule === 'discount' ? Math.abs(amount) : amount, currency)
        return null
      }
    },
  }
}

/** An amount in the currency of the order. */
export const amountAt = (path: string, note: Text): Rule<Money | null> => amountRule('money', path, note)

/** An amount taken off: positive, whatever sign Shopee writes. */
export const discountAt = (path: string, note: Text): Rule<Money | null> => amountRule('discount', path, note)
