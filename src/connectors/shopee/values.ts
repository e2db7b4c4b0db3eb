import type { Text } from '#kernel/text.ts'
import { getterOf, parsePath } from '#mapping/path.ts'
import { fault } from '#mapping/rule.ts'
import type { Rule } from '#mapping/rule.ts'
import { knownIdOf, textOf } from './raw-values.ts'

/** `undefined` refuses the value: it is not what was wanted. */
type Read<T> = (value: unknown) => T | undefined

/** A row of one value that the table language has no rule for. Absent, empty and 0 are `nothing`. */
const valueAt = <T>(path: string, wanted: string, nothing: T, read: Read<T>, note: Text): Rule<T> => ({
  rule: 'derive',
  paths: [path],
  note,
  make: () => {
    const get = getterOf(parsePath(path))
    return (element, reading) => {
      const value = get(element, reading.root)
      if (value === undefined || value === null || value === '' || value === 0) return nothing
      const result = read(value)
      if (result !== undefined) return result
      fault(reading, path, wanted, value)
      return nothing
    }
  },
})

/** An id that may be missing: Shopee writes 0 for "none". */
export const optionalIdAt = (path: string, note: Text): Rule<string | null> =>
  valueAt<string | null>(
    path,
    'id',
    null,
    (value) => (value === '0' ? null : (knownIdOf(value) ?? undefined)),
    note,
  )

/** Text; blanks and `-` are nothing. */
export const wordsAt = (path: string, note: Text): Rule<string | null> =>
  valueAt<string | null>(
    path,
    'text',
    null,
    (value) => (typeof value === 'string' ? textOf(value) : undefined),
    note,
  )

/** The name of a variation, `Red,M`, as its one attribute: the names of the options are only in the product. */
export const variationAt = (path: string, note: Text): Rule<{ name: string; value: string }[]> =>
  valueAt<{ name: string; value: string }[]>(
    path,
    'text',
    [],
    (value) => {
      if (typeof value !== 'string') return undefined
      const words = textOf(value)
      return words === null ? [] : [{ name: 'variation', value: words }]
    },
    note,
  )
