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
/** No order is of a later year than 5138. */
const latestMs = 1e14
const dayMs = 86_400_000

/**
 * Unix ms of a time: `2018-05-17 09:23:36 +0800`, ISO 8601 with an offset, or a count of seconds or
 * milliseconds. `null` for anything else; a text without an offset names no instant.
 */
export function instantOf(value: unknown): number | null {
  const count = numberOf(value)
  if (count !== null) {
    const ms = Math.round(count < latestSeconds ? count * 1000 : count)
    return ms > 0 && ms < latestMs ? ms : null
  }
  const match = typeof value === 'string' ? stamp.exec(value) : null
  if (!match) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = match
  const ms = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!)
  const isReal = new Date(ms).getUTCDate() === +day! && +month! <= 12 && +hour! <= 23 && +minute! <= 59
  return isReal ? ms + Math.round(Number(fraction ?? 0) * 1000) - offsetMs(zone!) : null
}

/**
 * The same instant as UTC text. The usual stamp, with an offset of whole hours that leaves it in its month,
 * is turned over without a calendar.
 */
export function utcTextOf(value: unknown): string | null {
  const quick = typeof value === 'string' && value.length === 25 ? shifted(value) : null
  if (quick !== null) return quick
  const ms = instantOf(value)
  return ms === null ? null : isoText(ms)
}

let lastDay = Number.NaN
let lastDate = ''

/** As `Date.toISOString`; the date is remembered, because the times of an order lie close together. */
function isoText(ms: number): string {
  const day = Math.floor(ms / dayMs)
  if (day !== lastDay) {
    lastDate = new Date(day * dayMs).toISOString().slice(0, 11)
    lastDay = day
  }
  const rest = ms - day * dayMs
  const seconds = Math.floor(rest / 1000)
  const minutes = Math.floor(seconds / 60)
  const thousandths = String(rest - seconds * 1000).padStart(3, '0')
  return `${lastDate}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${thousandths}Z`
}

/** The number of two digits at a place; NaN when they are none. */
function twoAt(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** False for NaN, too. */
const isWithin = (number: number, least: number, most: number): boolean => number >= least && number <= most

const two = (number: number): string => (number < 10 ? `0${number}` : String(number))

/** `yyyy-mm-dd hh:mm:ss +hh00` or `yyyy-mm-ddThh:mm:ss+hh:00`, surely a real time; `null` for all else. */
function shifted(text: string): string | null {
  const isLocal = text.charCodeAt(10) === 32
  const ahead = twoAt(text, isLocal ? 21 : 20)
  const day = twoAt(text, 8)
  const hour = twoAt(text, 11)
  if (!isWithin(ahead, 0, 14) || !isWithin(day, 2, 28) || !isWithin(hour, 0, 23)) return null
  if (!hasMarks(text, isLocal) || !hasRest(text)) return null
  const rest = `${text.slice(13, 19)}.000Z`
  return hour >= ahead
    ? `${text.slice(0, 10)}T${two(hour - ahead)}${rest}`
    : `${text.slice(0, 8)}${two(day - 1)}T${two(hour - ahead + 24)}${rest}`
}

/** Year, month, minute and second are real. */
const hasRest = (text: string): boolean =>
  isWithin(twoAt(text, 0), 19, 20) &&
  isWithin(twoAt(text, 2), 0, 99) &&
  isWithin(twoAt(text, 5), 1, 12) &&
  isWithin(twoAt(text, 14), 0, 59) &&
  isWithin(twoAt(text, 17), 0, 59)

const hasMarks = (text: string, isLocal: boolean): boolean =>
  text.charCodeAt(4) === 45 &&
  text.charCodeAt(7) === 45 &&
  text.charCodeAt(13) === 58 &&
  text.charCodeAt(16) === 58 &&
  text.endsWith('00') &&
  text.charCodeAt(isLocal ? 20 : 19) === 43 &&
  (isLocal ? text.charCodeAt(19) === 32 : text.charCodeAt(10) === 84 && text.charCodeAt(22) === 58)

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}
