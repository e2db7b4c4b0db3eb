import { absoluteMoney, canonicalAmount, negativeMoney, sumMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import { getterOf, member, parsePath, splitLast } from './path.ts'
import { fault } from './rule.ts'
import type { Decode, Reading, Rule } from './rule.ts'

/** Reads decimal text or a plain number with its currency; `null` when the amount is absent. */
export function readMoney(
  amount: unknown,
  currency: unknown,
  reading: Reading,
  paths: readonly [string, string],
): Money | null {
  if (amount === undefined || amount === null || amount === '') return null
  if (!isCurrency(currency)) {
    fault(reading, paths[1], 'ISO 4217 currency', currency)
    return null
  }
  const decimal = typeof amount === 'number' ? plainDecimal(amount) : amount
  const canonical = typeof decimal === 'string' ? canonicalAmount(decimal, currency) : null
  if (canonical === null) {
    fault(reading, paths[0], 'decimal amount', amount)
    return null
  }
  return { amount: canonical, currency }
}

function isCurrency(value: unknown): value is string {
  if (typeof value !== 'string' || value.length !== 3) return false
  for (let i = 0; i < 3; i++) {
    const code = value.charCodeAt(i)
    if (code < 65 || code > 90) return false
  }
  return true
}

const plainDecimal = (amount: number): string | null => {
  const written = String(amount)
  return /^-?\d+(\.\d+)?$/.test(written) ? written : null
}

/** An amount with its currency; the object that holds both is looked up once where there is such a one. */
function readAmount(amountPath: string, currencyPath: string): Decode<Money | null> {
  const paths = [amountPath, currencyPath] as const
  const amount = splitLast(parsePath(amountPath))
  const currency = splitLast(parsePath(currencyPath))
  if (amount && amount.parent.text === currency?.parent.text) {
    const get = getterOf(amount.parent)
    return (element, reading) => {
      const parent = get(element, reading.root)
      const value = parent === undefined ? undefined : member(parent, amount.name)
      return value === undefined ? null : readMoney(value, member(parent, currency.name), reading, paths)
    }
  }
  const getAmount = getterOf(parsePath(amountPath))
  const getCurrency = getterOf(parsePath(currencyPath))
  return (element, reading) => {
    const value = getAmount(element, reading.root)
    return value === undefined ? null : readMoney(value, getCurrency(element, reading.root), reading, paths)
  }
}

/** An amount and its currency; `null` when the platform gives no amount. Both paths may start at the root. */
export const money = (amountPath: string, currencyPath: string, note: Text): Rule<Money | null> => ({
  rule: 'money',
  paths: [amountPath, currencyPath],
  note,
  make: () => readAmount(amountPath, currencyPath),
})

/** An amount taken off: positive, whatever sign the platform writes. */
export const discount = (amountPath: string, currencyPath: string, note: Text): Rule<Money | null> => ({
  rule: 'discount',
  paths: [amountPath, currencyPath],
  note,
  make: () => {
    const read = readAmount(amountPath, currencyPath)
    return (element, reading) => {
      const value = read(element, reading)
      return value && absoluteMoney(value)
    }
  },
})

/** Names of the two members of a platform's money object. */
export type MoneyMembers = { readonly amount: string; readonly currency: string }

/**
 * The sum of the money objects at all the paths (a path with `[]` gives many); `null` when there are
 * none, or when their currencies differ and a sum would mean nothing. `positive`: signs are left out first.
 */
export const sum = (
  paths: readonly string[],
  members: MoneyMembers,
  note: Text,
  signs: 'as sent' | 'positive' = 'as sent',
): Rule<Money | null> => ({
  rule: 'sum',
  paths: paths.flatMap((path) => [`${path}.${members.amount}`, `${path}.${members.currency}`]),
  note,
  make: () => {
    const read = readAmount(members.amount, members.currency)
    const sources = paths.map((path) => ({ get: getterOf(parsePath(path)), path }))
    return (element, reading) => {
      let found: Money[] | undefined
      for (const { get, path } of sources) {
        const value = get(element, reading.root)
        if (value === undefined || value === null) continue
        const before = reading.faults.length
        for (const part of Array.isArray(value) ? (value as unknown[]) : [value]) {
          const amount = read(part, reading)
          if (amount) (found ??= []).push(signs === 'positive' ? absoluteMoney(amount) : amount)
        }
        for (let i = before; i < reading.faults.length; i++)
          reading.faults[i] = { ...reading.faults[i]!, path: `${path}.${reading.faults[i]!.path}` }
      }
      return found === undefined ? null : sumMoney(found)
    }
  },
})

/** The first amount less the second; `null` without the first, and the second counts as nothing when absent. */
export const difference = (
  from: Rule<Money | null>,
  less: Rule<Money | null>,
  note: Text,
): Rule<Money | null> => ({
  rule: 'difference',
  paths: [...from.paths, ...less.paths],
  note,
  options: [from, less],
  make: () => {
    const readFrom = from.make()
    const readLess = less.make()
    return (element, reading) => {
      const whole = readFrom(element, reading)
      const part = readLess(element, reading)
      return whole && part ? sumMoney([whole, negativeMoney(part)]) : whole
    }
  },
})
