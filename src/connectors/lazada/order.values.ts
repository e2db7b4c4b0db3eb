import { canonicalAmount, sumMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import { derive } from '#mapping/index.ts'
import type { Refuse, Rule } from '#mapping/index.ts'
import { flagOf, instantOf, wordOf } from './raw-values.ts'

/** Text that Lazada also sends as a number, or as the word "null" for nothing: codes and ids. */
export const looseText = (path: string, note: Text): Rule<string | null> =>
  derive([path], ([value], refuse) => readWord(value, 0, refuse), note)

function readWord(value: unknown, index: number, refuse: Refuse): string | null {
  if (typeof value === 'object' && value !== null) refuse(index, 'text or number')
  if (typeof value === 'boolean') refuse(index, 'text or number')
  return wordOf(value)
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || value === 'null' || value === 0 || value === '0'

/** A time in any of Lazada's forms as UTC text; `null` when there is none. */
export function readInstant(value: unknown, index: number, refuse: Refuse): string | null {
  if (isNothing(value)) return null
  const ms = instantOf(value)
  if (ms === null) refuse(index, 'time with offset, or unix time')
  return ms === null ? null : new Date(ms).toISOString()
}

export const looseTime = (path: string, note: Text): Rule<string | null> =>
  derive([path], ([value], refuse) => readInstant(value, 0, refuse), note)

/** A time that must be there. */
export const requiredTime = (path: string, note: Text): Rule<string> => ({
  ...derive(
    [path],
    ([value], refuse) => {
      if (isNothing(value)) refuse(0, 'time with offset, or unix time')
      return readInstant(value, 0, refuse) ?? '1970-01-01T00:00:00.000Z'
    },
    note,
  ),
  required: true,
})

/** A flag in any of Lazada's forms; absent is false. */
export function readFlag(value: unknown, index: number, refuse: Refuse): boolean {
  const flag = flagOf(value)
  if (flag === null) refuse(index, 'true or false')
  return flag ?? false
}

export const looseFlag = (path: string, note: Text): Rule<boolean> =>
  derive([path], ([value], refuse) => readFlag(value, 0, refuse), note)

const plainDecimal = /^-?\d+(\.\d+)?$/

/** Decimal text or a plain number with its currency; `null` when there is none, `undefined` when unreadable. */
export function readAmount(value: unknown, currency: string): Money | null | undefined {
  if (value === undefined || value === null || value === '' || value === 'null') return null
  const written = typeof value === 'number' ? String(value) : value
  if (typeof written !== 'string' || !plainDecimal.test(written)) return undefined
  const amount = canonicalAmount(written, currency)
  return amount === null ? undefined : { amount, currency }
}

const isCurrency = (value: unknown): value is string => typeof value === 'string' && /^[A-Z]{3}$/.test(value)

/** The first usable currency of a list. */
export const currencyAmong = (values: readonly unknown[]): string | null =>
  values.find((value) => isCurrency(value)) ?? null

/** The sum of some members over some rows; `null` when no row has any. What cannot be read is left to the rows' own rules. */
export function sumOver(
  rows: readonly { readonly [name: string]: unknown }[],
  names: readonly string[],
  currency: string,
): Money | null {
  const parts: Money[] = []
  for (const row of rows)
    for (const name of names) {
      const amount = readAmount(row[name], currency)
      if (amount) parts.push(amount)
    }
  return sumMoney(parts)
}
