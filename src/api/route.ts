import type { Caller } from '#access/tokens.ts'
import type { ScopeName } from '#access/scopes.ts'
import { object } from '#canonical/schema.ts'
import type { Static, TSchema } from '#canonical/schema.ts'
import type { Scope } from '#kernel/environment.ts'
import type { Text } from '#kernel/text.ts'
import type { ErrorCode } from './error-codes.ts'

/** Which budget a request is taken from: the shop in its path, or the application. */
export type LimitName = 'shop' | 'application'

/** What a change is called in the audit log, e.g. `webhook_endpoint.create`. Reads are not audited. */
export type AuditDecision = 'none' | `${string}.${string}`

export type Tag = 'shops' | 'orders' | 'events' | 'webhooks' | 'reference'

export const noFields = object({})
type NoFields = typeof noFields

/** One authenticated request, checked against the schemas of its route. */
export type Call<P extends TSchema, Q extends TSchema, B extends TSchema> = {
  readonly caller: Caller
  readonly scope: Scope
  readonly params: Static<P>
  readonly query: Static<Q>
  readonly body: Static<B>
}

type RouteBase<P extends TSchema, Q extends TSchema, B extends TSchema> = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/v1` and `/sandbox/v1`; parameters as `:name`. */
  readonly path: `/${string}`
  readonly tag: Tag
  /** Unique; the name of the method in generated clients. */
  readonly operationId: string
  readonly summary: Text
  readonly description?: Text
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly status: 200 | 201 | 202 | 204
  /** Schema of the answer; `null` for none. */
  readonly response: TSchema | null
  /** Codes beyond those that every route of its kind can answer with. */
  readonly errors: readonly ErrorCode[]
}

/**
 * A route is this one value. Without a scope, a limit and an audit decision it does not compile. The handler
 * gives an object, or text or bytes that are already JSON; anything it cannot serve it throws as `ClientFailure`.
 */
export type RouteOf<P extends TSchema, Q extends TSchema, B extends TSchema> = RouteBase<P, Q, B> & {
  /** `any`: every valid token will do. */
  readonly scope: ScopeName | 'any'
  readonly limit: LimitName
  readonly audit: AuditDecision
  readonly handler: (call: Call<P, Q, B>) => Promise<unknown>
}
export type Route = RouteOf<TSchema, TSchema, TSchema>

/** A route that needs no token and touches no organisation's data. */
export type PublicRouteOf<P extends TSchema> = RouteBase<P, NoFields, NoFields> & {
  readonly scope: 'public'
  readonly handler: (call: { readonly params: Static<P> }) => Promise<unknown>
}
export type PublicRoute = PublicRouteOf<TSchema>

/** Checks a route's types against its own schemas, then forgets them, so that routes fit in one list. */
export const route = <
  P extends TSchema = NoFields,
  Q extends TSchema = NoFields,
  B extends TSchema = NoFields,
>(
  value: RouteOf<P, Q, B>,
): Route => value

export const publicRoute = <P extends TSchema = NoFields>(value: PublicRouteOf<P>): PublicRoute =>
  value as unknown as PublicRoute
