/** Reading of values nobody has checked yet: what is not of the wanted kind counts as absent. */

export type Members = { readonly [name: string]: unknown }

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const membersOf = (value: unknown): Members => (isObject(value) ? value : {})

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : []

/** Text that says something: Shopee also writes `-` and blanks for "nothing". */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' && value !== '-' ? value : null

/** An id of whole digits, as text; Shopee sends numbers, our parser turns those beyond 2^53 into text. */
export function idOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null
  return typeof value === 'string' && /^[1-9]\d{0,19}$/.test(value) ? value : null
}

const texts = new Map<number, string>()
const mostTexts = 20_000

/** As `idOf`, for ids that come again and again: items, variations, channels. Long numbers are slow to print. */
export function knownIdOf(value: unknown): string | null {
  if (typeof value !== 'number') return idOf(value)
  const known = texts.get(value)
  if (known !== undefined) return known
  const made = idOf(value)
  if (made !== null && texts.size < mostTexts) texts.set(value, made)
  return made
}

/** A whole number above zero; zero when it is anything else. */
export const unitsOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0

/** Unix ms of unix seconds; `null` when absent or zero. */
export function msOf(seconds: unknown): number | null {
  const whole = unitsOf(seconds)
  return whole === 0 ? null : whole * 1000
}
