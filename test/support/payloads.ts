import * as fc from 'fast-check'
import { tablePaths } from '#mapping/drift.ts'
import type { FieldMap, Rule } from '#mapping/index.ts'
import { parsePath } from '#mapping/path.ts'
import type { Path, Step } from '#mapping/path.ts'
import type { AnyShape } from '#mapping/rule.ts'

/**
 * Random valid payloads of a platform document, made from its field table alone: the rules say what stands
 * where. Paths that only a `derive` reads have no kind; `hints` may give them one, by path.
 */
export function arbitrary(
  map: FieldMap<object>,
  hints: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
): fc.Arbitrary<Record<string, unknown>> {
  const root = newNode()
  for (const path of Object.keys(map.ignored)) place(root, [parsePath(path)]).leaf ??= ignoredLeaf
  for (const [path, values] of Object.entries(hints)) place(root, [parsePath(path)]).leaf = optional(values)
  for (const { base, path, rule } of tablePaths(map.shape as AnyShape)) {
    const node = place(root, path.fromRoot ? [path] : [...base, path], rule.required)
    const leaf = leafOf(rule, path)
    if (leaf && (!node.leaf || node.leaf === ignoredLeaf || leaf.rank > node.leaf.rank)) node.leaf = leaf
  }
  return objectOf(root) as fc.Arbitrary<Record<string, unknown>>
}

/** What may stand at one place. The higher rank wins where several rules read the same place. */
type Leaf = {
  readonly values: fc.Arbitrary<unknown>
  readonly presence: 'always' | 'sometimes'
  readonly rank: number
}

type Node = {
  leaf?: Leaf
  /** Always there, because something below it must be. */
  isRequired: boolean
  readonly members: Map<string, Node>
  elements?: Node
  /** Elements by discriminator, as `type=ITEM`. */
  readonly variants: Map<string, { readonly member: string; readonly equals: string; readonly node: Node }>
}

const newNode = (): Node => ({ isRequired: false, members: new Map(), variants: new Map() })

function place(root: Node, chain: readonly Path[], isRequired = false): Node {
  let at = root
  let staysRequired = isRequired
  const steps = chain.flatMap(({ steps }) => steps)
  for (const step of steps) {
    at = descend(at, step)
    if (step.kind === 'member' && staysRequired) at.isRequired = true
  }
  // Lists may be empty: what is required inside an element does not make the list required.
  const lastList = steps.findLastIndex((step) => step.kind !== 'member')
  if (isRequired && lastList >= 0) {
    staysRequired = false
    let node = root
    for (const step of steps.slice(0, lastList + 1)) {
      node = descend(node, step)
      node.isRequired = false
    }
  }
  return at
}

function descend(at: Node, step: Step): Node {
  if (step.kind === 'member') return found(at.members, step.name, newNode)
  if (step.kind === 'every') return (at.elements ??= newNode())
  const { member, equals } = step
  return found(at.variants, `${member}=${equals}`, () => ({ member, equals, node: newNode() })).node
}

function found<T>(map: Map<string, T>, key: string, make: () => T): T {
  let value = map.get(key)
  if (value === undefined) map.set(key, (value = make()))
  return value
}

const sometimes = (values: fc.Arbitrary<unknown>, rank = 2): Leaf => ({ values, presence: 'sometimes', rank })
const always = (values: fc.Arbitrary<unknown>, rank = 3): Leaf => ({ values, presence: 'always', rank })
const optional = (values: fc.Arbitrary<unknown>): Leaf => sometimes(values)

const ignoredLeaf: Leaf = sometimes(fc.jsonValue({ maxDepth: 1 }), 0)
const someText = fc.string({ minLength: 1, maxLength: 12 })
const maybeText = fc.oneof(someText, fc.constantFrom('', null))
const amount = fc
  .tuple(fc.nat(999_999), fc.nat(99), fc.boolean())
  .map(([whole, cents, isNegative]) => `${isNegative ? '-' : ''}${whole}.${String(cents).padStart(2, '0')}`)
const currency = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD')
const instants = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .chain((date) =>
    fc.constantFrom(
      date.toISOString(),
      date.toISOString().replace(/\.\d{3}Z$/, 'Z'),
      date.toISOString().replace('Z', '+08:00'),
    ),
  )
const seconds = fc.integer({ min: 1_000_000_000, max: 4_000_000_000 })
const flags = fc.constantFrom(true, false, 'true', 'false')

const leaves: Readonly<Partial<Record<Rule<unknown>['rule'], (rule: Rule<unknown>) => Leaf>>> = {
  text: () => always(someText),
  identifier: () => always(someText, 4),
  'optional text': () => sometimes(maybeText),
  word: () => sometimes(maybeText),
  count: () => always(fc.nat(1000)),
  'optional count': () => sometimes(fc.oneof(fc.nat(1000), fc.constant(null))),
  flag: () => sometimes(flags),
  time: () => always(instants, 5),
  'optional time': () => sometimes(instants),
  epoch: () => always(seconds, 5),
  'optional epoch': () => sometimes(fc.oneof(seconds, fc.constant(0))),
  choice: (rule) => sometimes(fc.oneof(fc.constantFrom(...Object.keys(rule.values ?? {})), someText), 3),
}

/** Where a money object is there, so are both of its members. */
const moneyRules: ReadonlySet<string> = new Set(['money', 'discount', 'sum'])
/** A path without `[]` leads to the list itself. */
const listRules: ReadonlySet<string> = new Set(['list', 'words', 'has word'])

function leafOf(rule: Rule<unknown>, path: Path): Leaf | undefined {
  if (moneyRules.has(rule.rule)) return always(rule.paths.indexOf(path.text) % 2 === 0 ? amount : currency)
  if (listRules.has(rule.rule)) {
    const isEach = path.steps.some((step) => step.kind === 'every')
    const rank = rule.rule === 'has word' ? 1 : 3
    return sometimes(isEach ? maybeText : fc.array(someText, { maxLength: 3 }), rank)
  }
  return leaves[rule.rule]?.(rule)
}

function valueOf(node: Node): fc.Arbitrary<unknown> {
  if (node.elements || node.variants.size > 0) return listOf(node)
  if (node.members.size > 0) return objectOf(node)
  return node.leaf?.values ?? fc.constant(undefined)
}

function objectOf(node: Node): fc.Arbitrary<unknown> {
  const members = [...node.members].filter(([, inner]) => hasValue(inner))
  const requiredKeys = members
    .filter(([, inner]) => inner.isRequired || inner.leaf?.presence === 'always')
    .map(([name]) => name)
  return fc.record(Object.fromEntries(members.map(([name, inner]) => [name, valueOf(inner)])), {
    requiredKeys,
  })
}

const hasValue = (node: Node): boolean =>
  node.leaf !== undefined || node.elements !== undefined || node.variants.size > 0 || node.members.size > 0

/** Elements of a list: each variant at most once, or plain elements where there are none. */
function listOf(node: Node): fc.Arbitrary<unknown> {
  const generic = node.elements ?? newNode()
  if (node.variants.size === 0) return fc.array(valueOf(generic), { maxLength: 3 })
  const elements = [...node.variants.values()].map(({ member, equals, node: variant }) =>
    fc
      .tuple(objectOf(without(generic, variant)), objectOf(variant))
      .map(([one, other]) => ({ ...(one as object), ...(other as object), [member]: equals })),
  )
  return fc.tuple(...elements).chain((all) => fc.subarray(all))
}

/** What a variant says of a member counts, not what is said of all elements. */
const without = (generic: Node, variant: Node): Node => ({
  ...generic,
  members: new Map([...generic.members].filter(([name]) => !variant.members.has(name))),
})
