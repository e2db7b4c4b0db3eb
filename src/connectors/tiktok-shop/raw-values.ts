/** Reading of values nobody has checked yet: what is not of the wanted kind counts as absent. */

export type Members = { readonly [name: string]: unknown }

export const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const membersOf = (value: unknown): Members => (isObject(value) ? value : {})

export const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : []

/** Text that is not empty. */
export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null

/** An id as text: the platform writes most as text and some, in pushes, as bare numbers. */
export const idOf = (value: unknown): string | null =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value)

/** True, also as a word. */
export const isTrue = (value: unknown): boolean => value === true || value === 'true'

/** As `isTrue`; reports what is neither a flag nor nothing. */
export function readFlag(
  value: unknown,
  index: number,
  refuse: (index: number, wanted: string) => void,
): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 'false')
    return false
  if (!isTrue(value)) refuse(index, 'true or false')
  return isTrue(value)
}

/** Unix ms of a count of seconds; `null` when it is none, or is plainly not in seconds. */
export const secondsToMs = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 1e9 && value < 1e11
    ? value * 1000
    : null
