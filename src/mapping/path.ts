/**
 * Paths into a platform's document, the one address language of field tables:
 * `a.b.c` members · `a[].b` every element · `a[type=ITEM].b` the first element whose member equals the
 * text · a leading `/` starts at the document root instead of the current element.
 */
export type Step =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'every' }
  | { readonly kind: 'where'; readonly member: string; readonly equals: string }

export type Path = { readonly text: string; readonly fromRoot: boolean; readonly steps: readonly Step[] }

/** Throws on a malformed path: tables are code, so this can only happen at start-up. */
export function parsePath(path: string): Path {
  const fromRoot = path.startsWith('/')
  const steps: Step[] = []
  for (const part of (fromRoot ? path.slice(1) : path).split('.')) {
    const match = /^([^[\]=]+)(\[(?:([^[\]=]+)=([^[\]=]+))?\])?$/.exec(part)
    if (!match) throw new Error(`field table: cannot read the path "${path}"`)
    steps.push({ kind: 'member', name: match[1]! })
    if (match[2] === '[]') steps.push({ kind: 'every' })
    else if (match[2]) steps.push({ kind: 'where', member: match[3]!, equals: match[4]! })
  }
  return { text: path, fromRoot, steps }
}

/** The path of the object that holds the last member, and that member; `null` for a single step. */
export function splitLast(path: Path): { readonly parent: Path; readonly name: string } | null {
  const last = path.steps.at(-1)
  if (path.steps.length < 2 || last?.kind !== 'member') return null
  const text = path.text.slice(0, -last.name.length - 1)
  return { parent: { text, fromRoot: path.fromRoot, steps: path.steps.slice(0, -1) }, name: last.name }
}

export type Getter = (element: unknown, root: unknown) => unknown

/**
 * What a getter gives when something stands where an object or a list should be: no rule accepts it, so
 * the contradiction becomes a fault and not a silent `null`. Empty text and empty lists count as absent,
 * because several platforms write them for "no object".
 */
export const misplaced: unique symbol = Symbol('misplaced')

/** One step down. */
export function member(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null)
    return value === undefined || value === null || value === '' ? undefined : misplaced
  const inner = (value as { readonly [name: string]: unknown })[name]
  return inner === undefined && Array.isArray(value) && value.length > 0 ? misplaced : inner
}

export const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** A reader specialised for the path's shape; gives `undefined` for anything that is not there. */
export function getterOf(path: Path): Getter {
  const read = readSteps(path.steps)
  return path.fromRoot ? (_element, root) => read(root) : read
}

function readSteps(steps: readonly Step[]): (from: unknown) => unknown {
  const [first, second] = steps
  if (first === undefined) return (from) => from
  if (first.kind !== 'member') return readList(first, readSteps(steps.slice(1)))
  const { name } = first
  if (second === undefined) return (from) => member(from, name)
  const next = readSteps(steps.slice(1))
  return (from) => {
    const value = member(from, name)
    return value === undefined || value === null ? undefined : next(value)
  }
}

function readList(
  step: Exclude<Step, { kind: 'member' }>,
  next: (from: unknown) => unknown,
): (from: unknown) => unknown {
  const read = step.kind === 'where' ? readWhere(step.member, step.equals, next) : readEvery(next)
  return (from) => (Array.isArray(from) ? read(from) : isEmpty(from) ? undefined : misplaced)
}

const readWhere =
  (name: string, equals: string, next: (from: unknown) => unknown) => (list: readonly unknown[]) => {
    for (const element of list) {
      const word = member(element, name)
      if (word === equals) return next(element)
      if (word !== undefined && word !== null && typeof word !== 'string') return misplaced
    }
    return undefined
  }

/** The values below every element that has one; `undefined` when none has. */
const readEvery = (next: (from: unknown) => unknown) => (list: readonly unknown[]) => {
  let found: unknown[] | undefined
  for (const element of list) {
    const value = next(element)
    if (value !== undefined && value !== null) (found ??= []).push(value)
  }
  return found
}

type Members = { readonly [name: string]: unknown }
const members = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null ? (value as Members) : undefined

/**
 * Where the path points in this very document, as JSON pointers; empty when nothing is there.
 * `base` is the pointer of the element that a relative path starts from.
 */
export function locate(path: Path, root: unknown, element: unknown, base: string): readonly string[] {
  let found: { readonly value: unknown; readonly pointer: string }[] = path.fromRoot
    ? [{ value: root, pointer: '' }]
    : [{ value: element, pointer: base }]
  for (const step of path.steps) {
    found = found.flatMap(({ value, pointer }) => {
      if (step.kind === 'member') {
        const inner = members(value)?.[step.name]
        return inner === undefined ? [] : [{ value: inner, pointer: `${pointer}/${escape(step.name)}` }]
      }
      if (!Array.isArray(value)) return []
      const elements = value.map((inner: unknown, index) => ({
        value: inner,
        pointer: `${pointer}/${index}`,
      }))
      if (step.kind === 'every') return elements
      return elements.filter(({ value: inner }) => members(inner)?.[step.member] === step.equals).slice(0, 1)
    })
  }
  return found.map(({ pointer }) => pointer)
}

const escape = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')
