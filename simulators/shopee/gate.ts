import { createHmac, timingSafeEqual } from 'node:crypto'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { gatewayPage, newRequestId, refuse } from './errors.ts'
import { openThrottle } from './throttle.ts'
import type { Owner } from './tokens.ts'
import type { World } from './world.ts'

/** Who may call an operation, which decides what is signed (docs: developer-guide/16). */
export type Scope = 'public' | 'shop' | 'merchant'

export type ApiCall = {
  readonly world: World
  readonly operation: string
  readonly query: URLSearchParams
  /** Parsed JSON of a POST; an empty object where there is none. */
  readonly body: Readonly<Record<string, unknown>>
  readonly shopId: number
}

export type Operation = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly scope: Scope
  readonly answer: (call: ApiCall) => HttpAnswer | Promise<HttpAnswer>
}

/** A request is good for five minutes either way. */
const clockToleranceS = 300
const callsPerSecond = 10
const burst = 40

/** The signature over the raw query values, as they stand in the address. */
function isSigned(world: World, path: string, scope: Scope, query: URLSearchParams): boolean {
  const parts = [query.get('partner_id'), path, query.get('timestamp')]
  if (scope !== 'public') parts.push(query.get('access_token'), query.get(`${scope}_id`))
  const wanted = createHmac('sha256', world.app.partnerKey).update(parts.join('')).digest()
  const given = query.get('sign') ?? ''
  return /^[0-9a-f]{64}$/.test(given) && timingSafeEqual(wanted, Buffer.from(given, 'hex'))
}

/** The common parameters, all of which belong into the query. */
export function checkCommon(
  world: World,
  path: string,
  scope: Scope,
  query: URLSearchParams,
): HttpAnswer | null {
  const partnerId = query.get('partner_id')
  if (partnerId === null) return refuse('error_param', 'There is no partner_id in query.')
  const timestamp = Number(query.get('timestamp') ?? Number.NaN)
  if (!Number.isSafeInteger(timestamp)) return refuse('error_param', 'Invalid timestamp.')
  const distanceS = Math.abs(world.pace.clock.nowMs() / 1000 - timestamp)
  if (distanceS > clockToleranceS) return refuse('error_param', 'Timestamp is expired.')
  if (partnerId !== String(world.app.partnerId)) return refuse('invalid_partner_id', 'Invalid partner_id.')
  const isRefused = !isSigned(world, path, scope, query) || world.faults.strikes('wrong_signature', path)
  return isRefused ? refuse('error_sign', 'Wrong sign.', 403) : null
}

function checkToken(
  world: World,
  scope: Exclude<Scope, 'public'>,
  query: URLSearchParams,
): HttpAnswer | null {
  const id = query.get(`${scope}_id`) ?? ''
  if (!/^\d+$/.test(id)) return refuse('error_param', `There is no ${scope}_id in query.`)
  const owner: Owner = `${scope}:${Number(id)}`
  const verdict = world.tokens.check(query.get('access_token') ?? '', owner)
  return verdict === 'good' ? null : refuse('error_auth', 'Invalid access_token.', 403)
}

/** The faults that strike before the operation is looked at. */
function strikeEarly({ faults }: World, operation: string): HttpAnswer | null {
  if (faults.strikes('throttle_storm', operation))
    return refuse('error_rate_limit', 'Request frequency exceeds the limit.', 429)
  if (faults.strikes('server_error', operation))
    return refuse('error_server', 'Something wrong. Please try later.', 500)
  if (faults.strikes('html_error', operation)) return gatewayPage
  if (!faults.strikes('hidden_inner_failure', operation)) return null
  const response = { error: 'error_inner', message: 'Inner error, please try later.' }
  return { status: 200, body: { error: '', message: '', request_id: newRequestId(), response } }
}

function strikeLate({ faults }: World, operation: string): Pick<HttpAnswer, 'delivery'> {
  if (faults.strikes('slow_body', operation)) return { delivery: 'slow' }
  return faults.strikes('cut_body', operation) ? { delivery: 'cut' } : {}
}

function readBody(request: HttpRequest): Readonly<Record<string, unknown>> | null {
  if (request.method === 'GET' || request.body.length === 0) return {}
  try {
    const body: unknown = JSON.parse(request.body.toString('utf8'))
    return typeof body === 'object' && body !== null && !Array.isArray(body)
      ? (body as Readonly<Record<string, unknown>>)
      : null
  } catch {
    return null
  }
}

/** What every call passes before its operation: signature, clock, token, rate. */
export function openGate(
  world: World,
  operations: readonly Operation[],
): (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer> {
  const byRoute = new Map(operations.map((entry) => [`${entry.method} ${entry.path}`, entry]))
  const throttle = openThrottle(world.pace)

  return async (request) => {
    const { path, query } = request
    const found = byRoute.get(`${request.method} ${path}`)
    if (!found) return refuse('error_not_found', 'API path does not exist.', 404)
    const operation = path.slice(path.lastIndexOf('/') + 1)
    const early = strikeEarly(world, operation)
    if (early) return early
    const body = readBody(request)
    if (body === null) return refuse('error_param', 'The request body is not a valid json format')
    const refused =
      checkCommon(world, path, found.scope, query) ??
      (found.scope === 'public' ? null : checkToken(world, found.scope, query))
    if (refused) return refused
    const caller = `${query.get('shop_id') ?? ''}:${operation}`
    if (!throttle.admit(caller, callsPerSecond, burst))
      return refuse('error_rate_limit', 'Request frequency exceeds the limit.', 429)
    const shopId = Number(query.get('shop_id') ?? 0)
    const answer = await found.answer({ world, operation, query, body, shopId })
    return { ...answer, ...strikeLate(world, operation) }
  }
}
