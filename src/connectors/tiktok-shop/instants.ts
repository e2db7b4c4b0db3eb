import type { Text } from '#kernel/text.ts'
import type { Rule } from '#mapping/index.ts'
import { epoch, optionalEpoch } from '#mapping/index.ts'
import type { Members } from './raw-values.ts'

/**
 * Unix seconds as text. An order has ten of them, and building a `Date` for each costs more than all the rest
 * of its table: the day is kept, the time of day is put together from digits.
 */
const daySeconds = 86_400
const earliest = 315_360_000
const latest = 6_307_200_000
/** Dates by day; orders share few of them. */
const dates = new Map<number, string>()
const mostDates = 1000
const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'))

/** `2026-01-31T` of a day. */
function dateOf(day: number): string {
  let date = dates.get(day)
  if (date === undefined) {
    if (dates.size >= mostDates) dates.clear()
    dates.set(day, (date = new Date(day * daySeconds * 1000).toISOString().slice(0, 11)))
  }
  return date
}

/** Unix seconds between 1980 and 2169 as text. */
function textOfSeconds(seconds: number): string {
  const day = Math.floor(seconds / daySeconds)
  const rest = seconds - day * daySeconds
  const hour = Math.floor(rest / 3600)
  const minute = Math.floor(rest / 60) - hour * 60
  return `${dateOf(day)}${twoDigits[hour]}:${twoDigits[minute]}:${twoDigits[rest % 60]}.000Z`
}

/** The instant of a raw value; `null` for everything that is no count of seconds. */
export const instantOf = (value: unknown): string | null => (isUsual(value) ? textOfSeconds(value) : null)

const isUsual = (value: unknown): value is number =>
  typeof value === 'number' && value > earliest && value < latest && Number.isSafeInteger(value)

/** The shared rule with a short cut for the usual value; everything else takes the long way. */
const quick = <T>(rule: Rule<T | string>, name: string): Rule<T | string> => ({
  ...rule,
  make: () => {
    const read = rule.make()
    return (element, reading) => {
      const value = (element as Members)[name]
      return isUsual(value) ? textOfSeconds(value) : read(element, reading)
    }
  },
})

/** A member of the current object in Unix seconds. Absent, empty and 0 are `null`. */
export const optionalInstant = (name: string, note: Text): Rule<string | null> =>
  quick<string | null>(optionalEpoch(name, 'seconds', note), name)

/** As `optionalInstant`, but must be there. */
export const instant = (name: string, note: Text): Rule<string> =>
  quick<string>(epoch(name, 'seconds', note), name)
