import { parsePath } from './path.ts'
import type { Path } from './path.ts'
import { isRule, kindOf } from './rule.ts'
import type { AnyShape, FieldMap, Rule } from './rule.ts'

/** What a table knows of a document. `ignored` covers everything below. */
export type KnownPaths = {
  ignored: boolean
  /** An object or a list is expected here: anything else is drift, too. */
  hasInside: boolean
  readonly members: Map<string, KnownPaths>
  elements: KnownPaths | null
}

export type Drift = {
  /** Platform paths no table row names, with the kind of value; never the value. */
  readonly unknown: readonly { readonly path: string; readonly type: string }[]
}

const node = (): KnownPaths => ({ ignored: false, hasInside: false, members: new Map(), elements: null })

/** The paths of a table as a tree, built once. */
export function knownPaths(map: FieldMap<object>): KnownPaths {
  const root = node()
  for (const { path, base } of tablePaths(map.shape as AnyShape)) add(root, base, path)
  for (const path of Object.keys(map.ignored)) add(root, [], parsePath(path)).ignored = true
  markInside(root)
  return root
}

function markInside(known: KnownPaths): void {
  known.hasInside = !known.ignored && (known.members.size > 0 || known.elements !== null)
  for (const inner of known.members.values()) markInside(inner)
  if (known.elements) markInside(known.elements)
}

type Based = { readonly base: readonly Path[]; readonly path: Path; readonly rule: Rule<unknown> }

/** Every path of a table with the chain of element paths above it. */
export function tablePaths(shape: AnyShape, base: readonly Path[] = []): readonly Based[] {
  return Object.values(shape).flatMap((entry) =>
    isRule(entry) ? rulePaths(entry, base) : tablePaths(entry, base),
  )
}

function rulePaths(rule: Rule<unknown>, base: readonly Path[]): readonly Based[] {
  const test = rule.only && !rule.inner ? rulePaths(rule.only, base) : []
  if (rule.options) return [...test, ...rule.options.flatMap((option) => rulePaths(option, base))]
  const own = rule.paths.map((text) => ({ base, path: parsePath(text), rule }))
  if (!rule.inner) return own
  const start = parsePath(rule.rule === 'each' ? `${rule.paths[0]!}[]` : rule.paths[0]!)
  const inside = start.fromRoot ? [start] : [...base, start]
  return [...own, ...(rule.only ? rulePaths(rule.only, inside) : []), ...tablePaths(rule.inner, inside)]
}

function add(root: KnownPaths, base: readonly Path[], path: Path): KnownPaths {
  const chain = path.fromRoot ? [path] : [...base, path]
  let at = root
  for (const step of chain.flatMap(({ steps }) => steps)) {
    if (step.kind === 'member') {
      let next = at.members.get(step.name)
      if (!next) at.members.set(step.name, (next = node()))
      at = next
    } else {
      at.elements ??= node()
      at = at.elements
      if (step.kind === 'where') at.members.set(step.member, at.members.get(step.member) ?? node())
    }
  }
  return at
}

const isSomething = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

type Found = { path: string; type: string }[]

/**
 * Paths of the document that the tree does not know, or knows as an object or a list and finds something
 * else; each once, lists written as `[]`.
 * A rule that reads a whole object covers what is below it, unless other rows name parts of it.
 */
export function findDrift(known: KnownPaths, raw: unknown): Drift['unknown'] {
  const found: Found = []
  if (typeof raw === 'object' && raw !== null) walk(known, raw, '', found)
  return found.length < 2 ? found : [...new Map(found.map((row) => [row.path, row])).values()]
}

function walk(known: KnownPaths, value: object, path: string, found: Found): void {
  if (known.ignored) return
  if (Array.isArray(value)) {
    const { elements } = known
    if (!elements) return
    for (const element of value as unknown[])
      if (typeof element === 'object' && element !== null) walk(elements, element, `${path}[]`, found)
  } else if (known.members.size > 0) walkMembers(known.members, value, path === '' ? '' : `${path}.`, found)
}

function walkMembers(
  members: ReadonlyMap<string, KnownPaths>,
  value: object,
  prefix: string,
  found: Found,
): void {
  for (const name in value) {
    const inner = (value as Record<string, unknown>)[name]
    const next = members.get(name)
    if (!next) found.push({ path: prefix + name, type: kindOf(inner) })
    else if (typeof inner === 'object' && inner !== null) walk(next, inner, prefix + name, found)
    else if (next.hasInside && isSomething(inner)) found.push({ path: prefix + name, type: kindOf(inner) })
  }
}
