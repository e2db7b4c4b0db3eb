import { canonicalAmount, currencyDigits, sumMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import type { Rule } from '#mapping/index.ts'
import { getterOf, parsePath } from '#mapping/path.ts'
import { fault } from '#mapping/rule.ts'
import type { Reading } from '#mapping/rule.ts'
import { flagOf, utcTextOf, wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/** A rule over one path that reads Lazada's own ways of writing a value. */
const scalar = <T>(
  path: string,
  note: Text,
  read: (value: unknown, reading: Reading, path: string) => T,
): Rule<T> => ({
  rule: 'derive',
  paths: [path],
  note,
  make: () => {
    const get = getterOf(parsePath(path))
    return (element, reading) => read(get(element, reading.root), reading, path)
  },
})

/** A rule over several members of one object. */
export const fromMembers = <T>(
  names: readonly string[],
  pick: (element: Members) => T,
  note: Text,
): Rule<T> => ({
  rule: 'derive',
  paths: names,
  note,
  make: () => (element) => pick(element as Members),
})

/** Text that Lazada also sends as a number, or as the word "null" for nothing: codes and ids. */
export const looseText = (path: string, note: Text): Rule<string | null> =>
  scalar(path, note, (value, reading) => {
    if (value === undefined || value === '') return null
    if (typeof value !== 'string' && typeof value !== 'number' && value !== null)
      fault(reading, path, 'text or number', value)
    return wordOf(value)
  })

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === 'null' || value === 0 || value === '0'

/** A time in any of Lazada's forms as UTC text; `null` when there is none. */
export function readTime(value: unknown, reading: Reading, path: string): string | null {
  if (isNothing(value)) return null
  const text = utcTextOf(value)
  if (text === null) fault(reading, path, 'time with offset, or unix time', value)
  return text
}

export const looseTime = (path: string, note: Text): Rule<string | null> => scalar(path, note, readTime)

/** A flag in any of Lazada's forms; absent is false. */
export function readFlag(value: unknown, reading: Reading, path: string): boolean {
  if (value === undefined || value === false) return false
  const flag = flagOf(value)
  if (flag === null) fault(reading, path, 'true or false', value)
  return flag ?? false
}

/** Zeros after the point that a currency has, or none. */
const zeros = ['', '.0', '.00', '.000'] as const

let lastCurrency = ''
let lastDigits = 0

/** All amounts of an order have one currency. */
function digitsOf(currency: string): number {
  if (currency !== lastCurrency) {
    lastDigits = currencyDigits(currency)
    lastCurrency = currency
  }
  return lastDigits
}

/** As many decimals as the currency prints, so that the usual amounts need no arithmetic. */
function padded(written: string, digits: number): string {
  const point = written.indexOf('.')
  if (point < 0) return written + zeros[digits]!
  if (digits === 0 && written.endsWith('.00')) return written.slice(0, -3)
  return written.padEnd(point + 1 + digits, '0')
}

/** Decimal text or a plain number with its currency; `null` when there is none, `undefined` when unreadable. */
export function readAmount(value: unknown, currency: string): Money | null | undefined {
  if (value === undefined || value === null || value === '' || value === 'null') return null
  const digits = digitsOf(currency)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 1e15)
    return { amount: value + zeros[digits]!, currency }
  const written = typeof value === 'number' ? String(value) : value
  if (typeof written !== 'string') return undefined
  const amount = canonicalAmount(padded(written, digits), currency)
  return amount === null ? undefined : { amount, currency }
}

const isZero = ({ amount, currency }: Money): boolean =>
  amount.length === 1 + zeros[digitsOf(currency)]!.length &&
  amount.charCodeAt(0) === 48 &&
  !/[1-9]/.test(amount)

/** One more part of a sum; most parts are nothing. `null` when currencies differ. */
export function added(sum: Money | null, part: Money | null): Money | null {
  if (part === null) return sum
  if (sum === null) return part
  if (sum.currency === part.currency && isZero(part)) return sum
  if (sum.currency === part.currency && isZero(sum)) return part
  return sumMoney([sum, part])
}

export const isCurrency = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Z]{3}$/.test(value)
