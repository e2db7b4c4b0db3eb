import type { Text } from '#kernel/text.ts'

/** The whole language of field tables. `derive` is the escape hatch and is counted by a test. */
export const ruleNames = [
  'text',
  'optional text',
  'identifier',
  'count',
  'optional count',
  'flag',
  'word',
  'words',
  'has word',
  'present',
  'money',
  'discount',
  'sum',
  'difference',
  'time',
  'optional time',
  'epoch',
  'optional epoch',
  'choice',
  'list',
  'each',
  'part',
  'constant',
  'absent',
  'first of',
  'either',
  'join',
  'derive',
] as const
export type RuleName = (typeof ruleNames)[number]

/** Something in one document that contradicts its table. The path is the platform's, with indexes. */
export type Fault = { readonly path: string; readonly wanted: string; readonly got: string }

/** One document being read. Decoders add faults and go on, so that all are known at once. */
export type Reading = { readonly root: unknown; faults: Fault[] }

export type Decode<T> = (element: unknown, reading: Reading) => T

/**
 * One row of a field table: where the value comes from, how it is read, and what a reader of the docs
 * should know. `make` is called once, at start-up, and closes over everything it needs.
 */
export type Rule<T> = {
  readonly rule: RuleName
  readonly paths: readonly string[]
  readonly note: Text
  readonly make: () => Decode<T>
  /** Table of the elements (`each`) or of the part (`part`); its paths start at the first of `paths`. */
  readonly inner?: AnyShape
  /** Decides which elements count (`each`, its paths start at the element), or which option (`either`). */
  readonly only?: Rule<boolean>
  /** Known values and what they become (`choice`). */
  readonly values?: Readonly<Record<string, unknown>>
  /** The rules tried in turn (`first of`), or the two sides (`either`, `difference`). */
  readonly options?: readonly Rule<unknown>[]
  /** The one value the rule ever gives, where it is not a list or an object. */
  readonly fixed?: { readonly value: T }
  /** True when the document is faulty without it. */
  readonly required?: boolean
}

type Leaf = string | number | boolean | null | bigint

/** A canonical field is filled by a rule, or, when it is an object, by a table of its own. */
export type Entry<T> =
  | Rule<T>
  | (T extends Leaf ? never : T extends readonly unknown[] ? never : T extends object ? Shape<T> : never)

/** A table: every canonical field exactly once. A missing, extra or wrongly typed field does not compile. */
export type Shape<T> = { readonly [K in keyof T]-?: Entry<T[K]> }

export type AnyShape = { readonly [field: string]: Rule<unknown> | AnyShape }

/** A platform document and what becomes of each of its fields. */
export type FieldMap<T> = {
  readonly platform: string
  readonly document: string
  readonly apiVersion: string
  /** Operation(s) whose answer this is. */
  readonly source: string
  /** Grows with every change that alters the result for an unchanged payload. */
  readonly version: string
  readonly shape: Shape<T>
  /** Platform fields that are deliberately not mapped, each with its reason. A branch covers all below it. */
  readonly ignored: Readonly<Record<string, Text>>
}

export const isRule = (entry: Rule<unknown> | AnyShape): entry is Rule<unknown> =>
  typeof entry['make'] === 'function'

/** The kind of a value for a fault or a drift row: never the value itself. */
export const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : Array.isArray(value)
      ? 'list'
      : typeof value === 'number' && Number.isInteger(value)
        ? 'integer'
        : typeof value === 'symbol'
          ? 'no object above it'
          : typeof value

export const fault = (reading: Reading, path: string, wanted: string, value: unknown): void => {
  reading.faults.push({ path, wanted, got: value === undefined ? 'nothing' : kindOf(value) })
}
