import { currencyDigits, formatDecimal, parseDecimal } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import { getterOf, parsePath } from '#mapping/path.ts'
import { fault } from '#mapping/rule.ts'
import type { Rule } from '#mapping/rule.ts'
import type { Members } from './raw-values.ts'

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

/** Amounts of some members added up, signs left out: Shopee is not steady about them. `null` when none is there. */
export function sumOfMembers(members: Members, names: readonly string[]): Amount | null {
  let total: Amount | null = null
  for (const name of names) {
    const amount = amountOf(members[name])
    if (amount !== null) total = (total ?? 0) + Math.abs(amount)
  }
  return total
}

/** A currency and how many of its digits are printed. */
export type Currency = { readonly code: string; readonly digits: number }

const currencies = new Map<unknown, Currency>()

/** `null` when it is no ISO currency; the row of the total refuses it. */
export function currencyOf(code: unknown): Currency | null {
  const known = currencies.get(code)
  if (known !== undefined) return known
  if (typeof code !== 'string' || !/^[A-Z]{3}$/.test(code)) return null
  const made = { code, digits: currencyDigits(code) }
  if (currencies.size < 200) currencies.set(code, made)
  return made
}

/** `null` without an amount or a currency. */
export const moneyOf = (amount: Amount | null, currency: Currency | null): Money | null =>
  amount === null || currency === null ? null : { amount: print(amount, currency), currency: currency.code }

const hundredths = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))

function print(amount: Amount, { code, digits }: Currency): string {
  if (amount >= 0) {
    if (digits === 2 && amount % 100 === 0) {
      const cents = amount / 100
      return `${Math.floor(cents / 100)}.${hundredths[cents % 100]!}`
    }
    if (digits === 0 && amount % unit === 0) return String(amount / unit)
  }
  return formatDecimal(BigInt(amount), code)
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
      const codeOf = getterOf(parsePath('/order.currency'))
      return (element, reading) => {
        const value = get(element, reading.root)
        if (value === undefined || value === null || value === '') return null
        const code = codeOf(element, reading.root)
        const currency = currencyOf(code)
        const amount = amountOf(value)
        if (amount === null) fault(reading, path, 'decimal amount', value)
        else if (currency === null) fault(reading, 'order.currency', 'ISO 4217 currency', code)
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
