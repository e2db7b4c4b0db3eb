import type { Text } from '#kernel/text.ts'
import { getterOf, parsePath } from '#mapping/path.ts'
import { fault } from '#mapping/rule.ts'
import type { Rule } from '#mapping/rule.ts'

const dayS = 86_400
/** Years 1980 to 2170: a value in milliseconds, or any other number, lies outside. */
const earliestS = 10 * 365 * dayS
const latestS = 200 * 365 * dayS

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

/** Text of days seen before: orders of one walk share a few. */
const days = new Map<number, string>()
const mostDays = 4000

function dayText(day: number): string {
  const known = days.get(day)
  if (known !== undefined) return known
  const made = new Date(day * dayS * 1000).toISOString().slice(0, 11)
  if (days.size < mostDays) days.set(day, made)
  return made
}

/** Unix seconds as `2026-01-31T23:59:59.000Z`; `null` when it is no such time. */
export function isoOfSeconds(value: unknown): string | null {
  const seconds = typeof value === 'string' && /^\d{1,11}$/.test(value) ? Number(value) : value
  if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds)) return null
  if (seconds <= earliestS || seconds >= latestS) return null
  const ofDay = seconds % dayS
  const hour = twoDigits[(ofDay / 3600) | 0]!
  const minute = twoDigits[((ofDay % 3600) / 60) | 0]!
  return `${dayText((seconds - ofDay) / dayS)}${hour}:${minute}:${twoDigits[ofDay % 60]!}.000Z`
}

const wanted = 'unix time in seconds'

/** As `epoch` of the table language for seconds, several times faster: an order has half a dozen. */
export const secondsAt = (path: string, note: Text): Rule<string> => ({
  rule: 'epoch',
  paths: [path],
  note,
  required: true,
  make: () => {
    const get = getterOf(parsePath(path))
    return (element, reading) => {
      const value = get(element, reading.root)
      const iso = isoOfSeconds(value)
      if (iso === null) fault(reading, path, wanted, value)
      return iso ?? '1970-01-01T00:00:00Z'
    }
  },
})

/** Absent, empty and 0 are `null`: Shopee writes 0 for "not yet". */
export const optionalSecondsAt = (path: string, note: Text): Rule<string | null> => ({
  rule: 'optional epoch',
  paths: [path],
  note,
  make: () => {
    const get = getterOf(parsePath(path))
    return (element, reading) => {
      const value = get(element, reading.root)
      if (value === undefined || value === null || value === '' || value === 0 || value === '0') return null
      const iso = isoOfSeconds(value)
      if (iso === null) fault(reading, path, wanted, value)
      return iso
    }
  },
})
