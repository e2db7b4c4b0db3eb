import type { Text } from '#kernel/text.ts'
import { getterOf, misplaced, parsePath } from './path.ts'
import { fault } from './rule.ts'
import type { Decode, Reading, Rule } from './rule.ts'

/** Reports the value at `paths[pathIndex]` as one that is not what was `wanted`. */
export type Refuse = (pathIndex: number, wanted: string) => void

/**
 * The escape hatch: a pure function of the raw values at some paths. It must accept `undefined` for
 * each, and reports what it cannot read through `refuse`.
 */
export const derive = <T>(
  paths: readonly string[],
  compute: (values: readonly unknown[], refuse: Refuse) => T,
  note: Text,
): Rule<T> => ({ rule: 'derive', paths, note, make: () => readDerived(paths, compute) })

function readDerived<T>(
  paths: readonly string[],
  compute: (values: readonly unknown[], refuse: Refuse) => T,
): Decode<T> {
  const getters = paths.map((path) => getterOf(parsePath(path)))
  return (element, reading) => {
    const values: unknown[] = []
    for (let i = 0; i < getters.length; i++) {
      const value = getters[i]!(element, reading.root)
      if (value === misplaced) fault(reading, paths[i]!, 'value', value)
      values.push(value === misplaced ? undefined : value)
    }
    return compute(values, (index, wanted) => fault(reading, paths[index]!, wanted, values[index]))
  }
}

/**
 * Several rows derived from the same facts: the facts of an element are worked out once, whatever the
 * number of rows. Returns a maker of such rows.
 */
export function deriveFrom<F>(
  paths: readonly string[],
  compute: (values: readonly unknown[], refuse: Refuse) => F,
): <T>(pick: (facts: F) => T, note: Text) => Rule<T> {
  let decode: Decode<F> | undefined
  let lastReading: Reading | undefined
  let lastElement: unknown
  let facts: F
  const factsOf: Decode<F> = (element, reading) => {
    if (reading !== lastReading || element !== lastElement) {
      facts = (decode ??= readDerived(paths, compute))(element, reading)
      lastReading = reading
      lastElement = element
    }
    return facts
  }
  return (pick, note) => ({
    rule: 'derive',
    paths,
    note,
    make: () => (element, reading) => pick(factsOf(element, reading)),
  })
}
