import { currencyDigits, sumMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import type { Rule } from '#mapping/index.ts'
import { getterOf, parsePath } from '#mapping/path.ts'
import { fault } from '#mapping/rule.ts'
import type { Reading } from '#mapping/rule.ts'
import { isObject } from './raw-values.ts'

/**
 * Amounts of Temu are objects of a currency and a whole number of its smallest unit (docs:
 * bg.order.amount.query). `null` when there is no amount; `times` multiplies it.
 */
function readMinor(found: unknown, path: string, reading: Reading, times = 1): Money | null {
  if (isNothing(found)) return null
  if (!isObject(found)) return refuse(reading, path, 'object', found)
  const { amount, currency } = found
  if (isNothing(amount)) return null
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount))
    return refuse(reading, `${path}.amount`, 'whole number of the smallest unit', amount)
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    return refuse(reading, `${path}.currency`, 'ISO 4217 currency', currency)
  const minor = times === 1 ? String(amount) : String(BigInt(amount) * BigInt(times))
  return { amount: inMajor(minor, currencyDigits(currency)), currency }
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === ''

function refuse(reading: Reading, path: string, wanted: string, value: unknown): null {
  fault(reading, path, wanted, value)
  return null
}

/** `-5` with two digits is `-0.05`. */
function inMajor(minor: string, digits: number): string {
  if (digits === 0) return minor
  if (minor.length > digits && !minor.startsWith('-'))
    return `${minor.slice(0, -digits)}.${minor.slice(-digits)}`
  const sign = minor.startsWith('-') ? '-' : ''
  const padded = minor.slice(sign.length).padStart(digits + 1, '0')
  return `${sign}${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}

const pathsOf = (path: string): readonly string[] => [`${path}.amount`, `${path}.currency`]

/** The money object at a path. */
export const minorMoney = (path: string, note: Text): Rule<Money | null> => ({
  rule: 'derive',
  paths: pathsOf(path),
  note,
  make: () => {
    const get = getterOf(parsePath(path))
    return (element, reading) => readMinor(get(element, reading.root), path, reading)
  },
})

/** The sum of the money objects at some paths; `null` when there are none. */
export const minorSum = (paths: readonly string[], note: Text): Rule<Money | null> => ({
  rule: 'derive',
  paths: paths.flatMap(pathsOf),
  note,
  make: () => {
    const decoders = paths.map((path) => minorMoney(path, note).make())
    return (element, reading) => {
      let found: Money[] | undefined
      for (const decode of decoders) {
        const part = decode(element, reading)
        if (part) (found ??= []).push(part)
      }
      return found === undefined ? null : sumMoney(found)
    }
  },
})

/** The money object at a path, as many times as the count at another path says. */
export const minorTimes = (path: string, countPath: string, note: Text): Rule<Money | null> => ({
  rule: 'derive',
  paths: [...pathsOf(path), countPath],
  note,
  make: () => {
    const get = getterOf(parsePath(path))
    const getCount = getterOf(parsePath(countPath))
    return (element, reading) => {
      const unit = get(element, reading.root)
      const count = unit === undefined ? undefined : getCount(element, reading.root)
      if (typeof count !== 'number' || !Number.isSafeInteger(count)) return null
      return readMinor(unit, path, reading, count)
    }
  },
})

/** An id that may be missing; Temu writes ids of 14 digits as numbers. */
export const optionalId = (path: string, note: Text): Rule<string | null> => ({
  rule: 'derive',
  paths: [path],
  note,
  make: () => {
    const get = getterOf(parsePath(path))
    return (element, reading) => {
      const value = get(element, reading.root)
      if (isNothing(value)) return null
      if (typeof value === 'string') return value
      if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
      return refuse(reading, path, 'identifier', value)
    }
  },
})
