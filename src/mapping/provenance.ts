import type { Text } from '#kernel/text.ts'
import { getterOf, locate, parsePath } from './path.ts'
import { isRule } from './rule.ts'
import type { AnyShape, FieldMap, Rule } from './rule.ts'

/** Where one field of one order came from. `sources` are JSON pointers into the raw document, empty when
 *  the field is a constant or the platform sent nothing. */
export type Origin = {
  readonly field: string
  readonly sources: readonly string[]
  readonly platform_path: string
  readonly rule: string
  readonly note: Text
}

/** The origin of every field, in the order of the canonical model; list elements by index (`lines.0.title`). */
export function provenance(map: FieldMap<object>, raw: unknown): readonly Origin[] {
  return trace(map.shape as AnyShape, raw, raw, '', '')
}

function trace(
  shape: AnyShape,
  root: unknown,
  element: unknown,
  pointer: string,
  field: string,
): readonly Origin[] {
  return Object.entries(shape).flatMap(([name, entry]) =>
    isRule(entry)
      ? traceRule(entry, root, element, pointer, `${field}${name}`)
      : trace(entry, root, element, pointer, `${field}${name}.`),
  )
}

function traceRule(
  rule: Rule<unknown>,
  root: unknown,
  element: unknown,
  pointer: string,
  field: string,
): readonly Origin[] {
  const used = usedRule(rule, root, element)
  const own: Origin = {
    field,
    sources: [...new Set(used.paths.flatMap((path) => locate(parsePath(path), root, element, pointer)))],
    platform_path: used.paths.join(', '),
    rule: rule.rule,
    note: rule.note,
  }
  const start = rule.inner && rule.paths[0]
  if (!start) return [own]
  const value = getterOf(parsePath(start))(element, root)
  const [at] = own.sources
  if (at === undefined || typeof value !== 'object' || value === null) return [own]
  if (!Array.isArray(value)) return [own, ...trace(rule.inner, root, value, at, `${field}.`)]
  const counts = rule.only?.make()
  const kept = value.flatMap((inner: unknown, index) =>
    !counts || counts(inner, { root, faults: [] }) ? [{ inner, pointer: `${at}/${index}` }] : [],
  )
  return [
    own,
    ...kept.flatMap(({ inner, pointer }, index) =>
      trace(rule.inner!, root, inner, pointer, `${field}.${index}.`),
    ),
  ]
}

/** The option that gave the value, where a rule has several. */
function usedRule(rule: Rule<unknown>, root: unknown, element: unknown): Rule<unknown> {
  const { options = [] } = rule
  const [first, second] = options
  const valueOf = (option: Rule<unknown>): unknown => option.make()(element, { root, faults: [] })
  if (rule.rule === 'first of') return options.find((option) => valueOf(option) !== null) ?? first ?? rule
  if (rule.rule === 'either' && rule.only) return (valueOf(rule.only) ? first : second) ?? rule
  return rule
}
