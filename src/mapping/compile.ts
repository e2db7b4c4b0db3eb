import { isRule } from './rule.ts'
import type { AnyShape, Decode, Fault, FieldMap, Reading, Shape } from './rule.ts'

export type Mapped<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly Fault[] }

/**
 * Walks a table once and returns the transform. At run time nothing looks at rule names, splits paths or
 * walks the table. All faults of a document are collected; a document with any is not mapped.
 */
export function compile<T extends object>(map: FieldMap<T>): (raw: unknown) => Mapped<T> {
  const decode = decoderOf(map.shape)
  return (raw) => {
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
      return {
        ok: false,
        faults: [{ path: '', wanted: 'object', got: Array.isArray(raw) ? 'list' : typeof raw }],
      }
    const reading: Reading = { root: raw, faults: [] }
    const value = decode(raw, reading)
    return reading.faults.length === 0 ? { ok: true, value } : { ok: false, faults: distinct(reading.faults) }
  }
}

/** Several canonical fields may read one path: what is wrong there is told once. */
const distinct = (faults: readonly Fault[]): readonly Fault[] => [
  ...new Map(faults.map((found) => [`${found.path}\u0000${found.wanted}`, found])).values(),
]

/**
 * The decoder of one table. Results are copies of one template, so that they share a hidden class and a
 * field that is always the same, or `null` this time, costs no write.
 */
export function decoderOf<T extends object>(shape: Shape<T>): Decode<T> {
  const fields: string[] = []
  const decoders: Decode<unknown>[] = []
  const constants: Record<string, unknown> = {}
  for (const [field, entry] of Object.entries(shape as unknown as AnyShape)) {
    const rule = isRule(entry) ? entry : null
    constants[field] = rule?.fixed?.value ?? null
    if (rule?.fixed) continue
    fields.push(field)
    decoders.push(rule ? rule.make() : decoderOf(entry as Shape<object>))
  }
  const template = templateOf(constants)
  return (element, reading) => {
    const result: Record<string, unknown> = Object.assign({}, template)
    for (let i = 0; i < fields.length; i++) {
      const value = decoders[i]!(element, reading)
      if (value !== null) result[fields[i]!] = value
    }
    return result as T
  }
}

/**
 * An object whose copies are cheap to make and to fill: a copy of one built key by key is laid out as a
 * record, and a field that has held a number and an object takes anything without a change of layout.
 */
function templateOf(constants: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const template = { ...constants }
  for (const [field, value] of Object.entries(constants))
    for (const any of [0, {}, value]) template[field] = any
  return template
}
