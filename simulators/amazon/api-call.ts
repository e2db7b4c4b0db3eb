import type { HttpAnswer, HttpRequest } from '../http.ts'
import type { Access } from './grants.ts'
import type { Region } from './marketplaces.ts'
import type { PageTokens } from './page-token.ts'
import type { World } from './world.ts'

/** A call that passed the gate: path, token, role and quota are in order. */
export type ApiCall = {
  readonly world: World
  readonly tokens: PageTokens
  readonly region: Region
  readonly operation: string
  /** The path below the region's host. */
  readonly path: string
  readonly request: HttpRequest
  /** Values of the placeholders in the operation's path. */
  readonly params: Readonly<Record<string, string>>
  readonly access: Access
  /** The seller whose token it is; empty for a grantless call. */
  readonly sellerId: string
}

/** One operation with its usage plan. Source of the rates: docs: usage-plans-and-rate-limits and the API models. */
export type Operation = {
  readonly operation: string
  readonly method: string
  /** `{name}` stands for one path segment. */
  readonly path: string
  readonly perSecond: number
  readonly burst: number
  readonly token: 'seller' | 'grantless'
  readonly answer: (call: ApiCall) => HttpAnswer
}

export const ok = (body: object): HttpAnswer => ({ status: 200, body })
/** Tells a refusal from the value that was read; orders have a status of another kind. */
export const isAnswer = (value: unknown): value is HttpAnswer =>
  typeof value === 'object' && value !== null && 'status' in value && typeof value.status === 'number'

/** The request's JSON object, or `null` when it is none. */
export function readJsonBody(request: HttpRequest): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
