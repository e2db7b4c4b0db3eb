import type { Mall } from './sites.ts'
import type { World } from './world.ts'

/** One call that has passed the gate. */
export type ApiCall = {
  readonly world: World
  readonly type: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** The mall whose token it carries. */
  readonly mall: Mall
  readonly token: string
}

/** One API: its name, the parameters it knows, and its answer. */
export type Operation = {
  readonly type: string
  readonly knows: readonly string[]
  /** A rate of its own for each mall, beside the app's common one. */
  readonly perSecond?: number
  /** Result, or the refusal. */
  readonly answer: (call: ApiCall) => unknown
}

/** A whole number that is not negative; `undefined` when it is missing, `null` when it is something else. */
export function readCount(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return undefined
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null
}

/** A list of texts; `undefined` when it is missing, `null` when it is something else. */
export function readTexts(value: unknown): readonly string[] | null | undefined {
  if (value === undefined || value === null) return undefined
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : null
}
