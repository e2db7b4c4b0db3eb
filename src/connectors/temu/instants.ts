import type { Text } from '#kernel/text.ts'
import { epoch, optionalEpoch } from '#mapping/index.ts'
import type { Rule } from '#mapping/index.ts'
import { getterOf, parsePath } from '#mapping/path.ts'
import type { Decode } from '#mapping/rule.ts'

/** Dates of days seen before; times of orders lie close together. */
const dates = new Map<number, string>()
const mostDates = 2000
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))
const daySeconds = 86_400

/** Whole seconds of the years 1980 to 2169 as canonical time, several times quicker than a Date. */
function writeSeconds(seconds: number): string {
  const day = Math.floor(seconds / daySeconds)
  let date = dates.get(day)
  if (date === undefined) {
    date = new Date(day * daySeconds * 1000).toISOString().slice(0, 11)
    if (dates.size < mostDates) dates.set(day, date)
  }
  const rest = seconds - day * daySeconds
  const minutes = Math.floor(rest / 60)
  const hour = Math.floor(minutes / 60)
  return `${date}${twoDigits[hour]!}:${twoDigits[minutes - hour * 60]!}:${twoDigits[rest - minutes * 60]!}.000Z`
}

const earliest = 10 * 365 * daySeconds
const latest = 199 * 365 * daySeconds

/** The common case by hand, everything else by the rule of the field-table language. */
function quick<T>(rule: Rule<T>): Rule<T | string> {
  return {
    ...rule,
    make: () => {
      const get = getterOf(parsePath(rule.paths[0]!))
      const careful: Decode<T> = rule.make()
      return (element, reading) => {
        const value = get(element, reading.root)
        return typeof value === 'number' && Number.isInteger(value) && value > earliest && value < latest
          ? writeSeconds(value)
          : careful(element, reading)
      }
    },
  }
}

/** An instant that must be there, in unix seconds. */
export const instant = (path: string, note: Text): Rule<string> => quick(epoch(path, 'seconds', note))

/** An instant in unix seconds; `null` for nothing and for 0. */
export const optionalInstant = (path: string, note: Text): Rule<string | null> =>
  quick(optionalEpoch(path, 'seconds', note))

/** Unix seconds as canonical time; `null` for anything else. */
export const instantOf = (value: unknown): string | null =>
  typeof value === 'number' && Number.isInteger(value) && value > earliest && value < latest
    ? writeSeconds(value)
    : null
