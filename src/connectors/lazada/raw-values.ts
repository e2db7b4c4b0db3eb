/** Reading of values nobody has checked yet: what is not of the wanted kind counts as absent. */

export type Members = { readonly [name: string]: unknown }

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const membersOf = (value: unknown): Members => (isObject(value) ? value : {})

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : []

/** Text or a number as text: Lazada sends ids and codes either way, and the word "null" for nothing. */
export function wordOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' && value !== 'null' ? value : null
}

/** A number or its digits; `null` when it is neither. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** A flag as Lazada writes it: a boolean, a word, or 0 and 1 as number or text. `null` for anything else. */
export const flagOf = (value: unknown): boolean | null => flagWords.get(value) ?? null

const flagWords: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...[true, 1, '1', 'true', 'True', 'TRUE'].map((value) => [value, true] as const),
  ...[false, 0, '0', 'false', 'False', 'FALSE', '', 'null', null, undefined].map(
    (value) => [value, false] as const,
  ),
])

const stamp = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(\.\d{1,9})? ?(Z|[+-]\d\d:?\d\d)$/
/** A count above it is in milliseconds (docs: push guide, "timestamp"). */
const latestSeconds = 1e11

/**
 * Unix ms of a time: `2018-05-17 09:23:36 +0800`, ISO 8601 with an offset, or a count of seconds or
 * milliseconds. `null` for anything else; a text without an offset names no instant.
 */
export function instantOf(value: unknown): number | null {
  const count = numberOf(value)
  if (count !== null) return count <= 0 ? null : Math.round(count < latestSeconds ? count * 1000 : count)
  const match = typeof value === 'string' ? stamp.exec(value) : null
  if (!match) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const ms = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!)
  const isReal = new Date(ms).getUTCDate() === +day! && +month! <= 12 && +hour! <= 23 && +minute! <= 59
  return isReal ? ms + Math.round(Number(fraction ?? 0) * 1000) - offsetMs(zone!) : null
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
