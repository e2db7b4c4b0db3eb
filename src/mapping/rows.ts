import type { Text } from '#kernel/text.ts'
import { tablePaths } from './drift.ts'
import { isRule } from './rule.ts'
import type { AnyShape, FieldMap, Rule } from './rule.ts'

/** One line of a published mapping table. `field` is `null` for a platform field that is not mapped. */
export type Row = {
  readonly field: string | null
  readonly platform_path: string
  readonly rule: string
  readonly note: Text
  readonly required: boolean
  readonly values?: Readonly<Record<string, unknown>>
}

/** The table as documentation, in the order of the canonical model, then what is ignored and why. */
export function rows(map: FieldMap<object>): readonly Row[] {
  const ignored = Object.entries(map.ignored).map(([path, note]) => ({
    field: null,
    platform_path: path,
    rule: 'ignored',
    note,
    required: false,
  }))
  return [...shapeRows(map.shape as AnyShape, '', ''), ...ignored]
}

function shapeRows(shape: AnyShape, field: string, base: string): readonly Row[] {
  return Object.entries(shape).flatMap(([name, entry]) =>
    isRule(entry) ? ruleRows(entry, `${field}${name}`, base) : shapeRows(entry, `${field}${name}.`, base),
  )
}

function ruleRows(rule: Rule<unknown>, field: string, base: string): readonly Row[] {
  const platformPath = rule.paths.map((path) => fullPath(path, base)).join(', ')
  const own: Row = {
    field,
    platform_path: platformPath,
    rule: rule.rule,
    note: rule.note,
    required: rule.required ?? false,
    ...(rule.values ? { values: rule.values } : {}),
  }
  if (!rule.inner) return [own]
  const isList = rule.rule === 'each'
  const innerBase = `${fullPath(rule.paths[0]!, base)}${isList ? '[]' : ''}.`
  return [own, ...shapeRows(rule.inner, `${field}${isList ? '[]' : ''}.`, innerBase)]
}

const fullPath = (path: string, base: string): string =>
  path.startsWith('/') ? path.slice(1) : `${base}${path}`

/** Mapped platform paths that this document does not have, as the table writes them. */
export function missingPaths(map: FieldMap<object>, raw: unknown): readonly string[] {
  const present = new Set<string>()
  collect(raw, '', present)
  const wanted = tablePaths(map.shape as AnyShape).map(({ base, path }) =>
    [...(path.fromRoot ? [] : base), path]
      .map(({ text }) => text.replace(/^\//, ''))
      .join('.')
      .replaceAll(/\[[^\]]+\]/g, '[]'),
  )
  return [...new Set(wanted)].filter((path) => !present.has(path)).toSorted()
}

function collect(value: unknown, path: string, present: Set<string>): void {
  if (path !== '') present.add(path)
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    present.add(`${path}[]`)
    for (const element of value as unknown[]) collect(element, `${path}[]`, present)
  } else
    for (const [name, inner] of Object.entries(value))
      collect(inner, path === '' ? name : `${path}.${name}`, present)
}
