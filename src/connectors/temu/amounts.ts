import { currencyDigits } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import type { Rule } from '#mapping/index.ts'
import { getterOf, parsePath } from '#mapping/path.ts'
import { fault } from '#mapping/rule.ts'
import type { Reading } from '#mapping/rule.ts'
import { isObject } from './raw-values.ts'

/**
 * Amounts of Temu are objects of a currency and a whole number of its smallest unit (docs:
 * bg.order.amount.query). `null` when there is no amount.
 */
function readMinor(found: unknown, path: string, reading: Reading): Minor | null {
  if (isNothing(found)) return null
  if (!isObject(found)) return refuse(reading, path, 'object', found)
  const { amount, currency } = found
  if (isNothing(amount)) return null
  if (typeof amount !== 'number' || !Number.isSafeInteger(amount))
    return refuse(reading, `${path}.amount`, 'whole number of the smallest unit', amount)
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency))
    return refuse(reading, `${path}.currency`, 'ISO 4217 currency', currency)
  return { minor: amount, currency }
}

type Minor = { readonly minor: number; readonly currency: string }

const toMoney = (minor: number, currency: string): Money => ({
  amount: inMajor(String(minor), currencyDigits(currency)),
  currency,
})

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
    return (element, reading) => {
      const found = readMinor(get(element, reading.root), path, reading)
      return found && toMoney(found.minor, found.currency)
    }
  },
})

/** The sum of the money objects at some paths; `null` when there are none, or their currencies differ. */
export const minorSum = (paths: readonly string[], note: Text): Rule<Money | null> => ({
  rule: 'derive',
  paths: paths.flatMap(pathsOf),
  note,
  make: () => {
    const getters = paths.map((path) => getterOf(parsePath(path)))
    return (element, reading) => {
      let sum: number | null = null
      let currency: string | null = null
      for (let i = 0; i < getters.length; i++) {
        const found = getters[i]!(element, reading.root)
        if (isNothing(found)) continue
        const amount = readMinor(found, paths[i]!, reading)
        if (amount === null) continue
        if (currency !== null && amount.currency !== currency) return null
        currency = amount.currency
        sum = (sum ?? 0) + amount.minor
      }
      if (sum === null || currency === null || !Number.isSafeInteger(sum)) return null
      return toMoney(sum, currency)
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
      const found = readMinor(unit, path, reading)
      const minor = found ? found.minor * count : 0
      if (!found || !Number.isSafeInteger(minor)) return null
      return toMoney(minor, found.currency)
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
