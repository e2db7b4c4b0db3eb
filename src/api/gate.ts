import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Access } from '#access/access.ts'
import { environmentOfToken } from '#access/credentials.ts'
import type { Limiter, Rate, Verdict } from '#access/limiter.ts'
import type { Caller } from '#access/tokens.ts'
import type { Environment } from '#kernel/environment.ts'
import { text } from '#kernel/text.ts'
import type { ErrorCode } from './error-codes.ts'
import { ClientFailure } from './problem.ts'
import type { LimitName, Route } from './route.ts'

export type Limits = Readonly<Record<LimitName, Rate>>

/** The contract's limits. */
export const defaultLimits: Limits = {
  shop: { perSecond: 10, burst: 20 },
  application: { perSecond: 10, burst: 20 },
}

/** Lets a request in, or throws `ClientFailure`. Who has no valid token spends nobody's budget. */
export type Gate = (
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  environment: Environment,
) => Promise<Caller>

const refusals = {
  invalid: 'AUTH_TOKEN_INVALID',
  expired: 'AUTH_TOKEN_EXPIRED',
  suspended: 'APPLICATION_SUSPENDED',
} as const satisfies Record<string, ErrorCode>

export function openGate(parts: {
  readonly access: Pick<Access, 'authenticate'>
  readonly limiter: Limiter
  readonly limits: Limits
}): Gate {
  const { access, limiter, limits } = parts
  const policies = {
    shop: policyOf('shop', limits.shop),
    application: policyOf('application', limits.application),
  }

  return async (request, reply, route, environment) => {
    const token = bearerOf(request.headers.authorization)
    // Said first, and also of an expired token: a mix-up of environments is what has to be put right.
    if ((environmentOfToken(token) ?? environment) !== environment) throw unauthorised('ENVIRONMENT_MISMATCH')
    const authentication = await access.authenticate(token)
    if (!authentication.ok) throw unauthorised(refusals[authentication.reason])
    const { caller } = authentication
    if (caller.environment !== environment) throw unauthorised('ENVIRONMENT_MISMATCH')
    if (route.scope !== 'any' && !caller.scopes.has(route.scope)) throw scopeMissing(route.scope)
    await spend(request, reply, route.limit, caller)
    return caller
  }

  async function spend(
    request: FastifyRequest,
    reply: FastifyReply,
    limit: LimitName,
    caller: Caller,
  ): Promise<void> {
    const shopId = (request.params as { shop_id?: string }).shop_id
    const key = limit === 'shop' ? `${caller.orgId}/${shopId}` : caller.applicationId
    const verdict = await limiter.take(key, limits[limit])
    reply.raw.setHeader('ratelimit-policy', policies[limit])
    reply.raw.setHeader('ratelimit', stateOf(limit, verdict))
    if (!verdict.admitted) throw new ClientFailure('RATE_LIMITED', { retryAfterMs: verdict.retryAfterMs })
  }
}

function bearerOf(header: string | undefined): string {
  if (header === undefined) throw unauthorised('AUTH_REQUIRED')
  const space = header.indexOf(' ')
  if (header.slice(0, space).toLowerCase() !== 'bearer') throw unauthorised('AUTH_REQUIRED')
  return header.slice(space + 1).trim()
}

/** RFC 6750: a 401 names the scheme, and what was wrong with the token if there was one. */
function unauthorised(code: ErrorCode): ClientFailure {
  const challenge = code === 'AUTH_REQUIRED' ? 'Bearer' : 'Bearer error="invalid_token"'
  return new ClientFailure(code, { headers: { 'www-authenticate': challenge } })
}

const scopeMissing = (scope: string): ClientFailure =>
  new ClientFailure('INSUFFICIENT_SCOPE', {
    detail: text(`This operation needs the scope ${scope}.`, `该接口需要 scope:${scope}。`),
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  })

/** Draft “RateLimit header fields for HTTP”: quota per window, what is left, and when all is back. */
const policyOf = (name: LimitName, { perSecond }: Rate): string =>
  perSecond >= 1 ? `"${name}";q=${perSecond};w=1` : `"${name}";q=1;w=${Math.ceil(1 / perSecond)}`
const stateOf = (name: LimitName, { remaining, resetAfterMs }: Verdict): string =>
  `"${name}";r=${remaining};t=${Math.ceil(resetAfterMs / 1000)}`
