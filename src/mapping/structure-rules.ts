import type { Text } from '#kernel/text.ts'
import { decoderOf } from './compile.ts'
import { getterOf, parsePath } from './path.ts'
import { fault } from './rule.ts'
import type { Reading, Rule, Shape } from './rule.ts'

/** Puts the place of an element before the paths of the faults found inside it. */
function relocate(reading: Reading, from: number, prefix: string): void {
  for (let i = from; i < reading.faults.length; i++) {
    const found = reading.faults[i]!
    if (!found.path.startsWith('/'))
      reading.faults[i] = { ...found, path: found.path === '' ? prefix : `${prefix}.${found.path}` }
  }
}

/** A list of objects, each read by its own table; absent is empty. With `only`, those it says yes to. */
export function each<T extends object>(
  path: string,
  shape: Shape<T>,
  note: Text,
  only?: Rule<boolean>,
): Rule<T[]> {
  return {
    rule: 'each',
    paths: [path],
    note,
    inner: shape,
    ...(only ? { only } : {}),
    make: () => {
      const get = getterOf(parsePath(path))
      const decode = decoderOf(shape)
      const counts = only?.make()
      return (element, reading) => {
        const value = get(element, reading.root)
        if (value === undefined || value === null) return []
        if (!Array.isArray(value)) {
          fault(reading, path, 'list', value)
          return []
        }
        const results: T[] = []
        for (let i = 0; i < value.length; i++) {
          const before = reading.faults.length
          const inner: unknown = value[i]
          if (typeof inner !== 'object' || inner === null || Array.isArray(inner))
            fault(reading, '', 'object', inner)
          else if (!counts || counts(inner, reading)) results.push(decode(inner, reading))
          if (reading.faults.length > before) relocate(reading, before, `${path.replace(/^\//, '')}.${i}`)
        }
        return results
      }
    },
  }
}

/** An object below the path; `null` when it is not there. */
export function part<T extends object>(path: string, shape: Shape<T>, note: Text): Rule<T | null> {
  return {
    rule: 'part',
    paths: [path],
    note,
    inner: shape,
    make: () => {
      const get = getterOf(parsePath(path))
      const decode = decoderOf(shape)
      return (element, reading) => {
        const value = get(element, reading.root)
        if (value === undefined || value === null) return null
        if (typeof value !== 'object' || Array.isArray(value)) {
          fault(reading, path, 'object', value)
          return null
        }
        const before = reading.faults.length
        const result = decode(value, reading)
        if (reading.faults.length > before) relocate(reading, before, path.replace(/^\//, ''))
        return result
      }
    },
  }
}

/** A value the document does not carry but its kind implies. */
export const constant = <T extends string | number | boolean>(value: T, note: Text): Rule<T> => ({
  rule: 'constant',
  paths: [],
  note,
  fixed: { value },
  make: () => () => value,
})

/** The platform has no such field: a documented gap. */
export const absent = (reason: Text): Rule<null> => ({
  rule: 'absent',
  paths: [],
  note: reason,
  fixed: { value: null },
  make: () => () => null,
})

/** As `absent`, for fields that are lists. */
export const absentList = (reason: Text): Rule<never[]> => ({
  rule: 'absent',
  paths: [],
  note: reason,
  make: () => () => [],
})

/** The first rule that gives something other than `null`. Faults of later options are not looked for. */
export function firstOf<T>(options: readonly [...Rule<T | null>[], Rule<T>], note: Text): Rule<T>
export function firstOf<T>(options: readonly Rule<T | null>[], note: Text): Rule<T | null>
export function firstOf<T>(options: readonly Rule<T | null>[], note: Text): Rule<T | null> {
  const values = Object.fromEntries(options.flatMap((option) => Object.entries(option.values ?? {})))
  return {
    rule: 'first of',
    paths: options.flatMap((option) => option.paths),
    note,
    options,
    ...(Object.keys(values).length > 0 ? { values } : {}),
    make: () => {
      const decoders = options.map((option) => option.make())
      return (element, reading) => {
        for (const decode of decoders) {
          const value = decode(element, reading)
          if (value !== null) return value
        }
        return null
      }
    },
  }
}

/** The first rule where the document passes the test, else the second. */
export const either = <T>(test: Rule<boolean>, yes: Rule<T>, no: Rule<T>, note: Text): Rule<T> => ({
  rule: 'either',
  paths: [...yes.paths, ...no.paths],
  note,
  only: test,
  options: [yes, no],
  make: () => {
    const passes = test.make()
    const readYes = yes.make()
    const readNo = no.make()
    return (element, reading) => (passes(element, reading) ? readYes : readNo)(element, reading)
  },
})

/** The present texts of several paths with a separator between; `null` when none is present. */
export const join = (paths: readonly string[], separator: string, note: Text): Rule<string | null> => ({
  rule: 'join',
  paths,
  note,
  make: () => {
    const getters = paths.map((path) => getterOf(parsePath(path)))
    return (element, reading) => {
      let joined: string | null = null
      for (let i = 0; i < getters.length; i++) {
        const value = getters[i]!(element, reading.root)
        if (value === undefined || value === null || value === '') continue
        if (typeof value !== 'string') fault(reading, paths[i]!, 'text', value)
        else joined = joined === null ? value : joined + separator + value
      }
      return joined
    }
  },
})
