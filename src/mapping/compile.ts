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
    return reading.faults.length === 0 ? { ok: true, value } : { ok: false, faults: reading.faults }
  }
}

/** The decoder of one table: fields are filled in a fixed order, so that all results share one hidden class. */
export function decoderOf<T extends object>(shape: Shape<T>): Decode<T> {
  const entries = Object.entries(shape as unknown as AnyShape).map(
    ([field, entry]) => [field, isRule(entry) ? entry.make() : decoderOf(entry as Shape<object>)] as const,
  )
  const fields = entries.map(([field]) => field)
  const decoders = entries.map(([, decode]) => decode)
  return (element, reading) => {
    const result: Record<string, unknown> = {}
    for (let i = 0; i < fields.length; i++) result[fields[i]!] = decoders[i]!(element, reading)
    return result as T
  }
}
