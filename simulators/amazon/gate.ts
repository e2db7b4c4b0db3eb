import { randomUUID } from 'node:crypto'
import type { FaultSwitches } from '../faults.ts'
import { badRequest, type HttpAnswer, type HttpRequest } from '../http.ts'
import { isAnswer, type ApiCall, type Operation } from './api-call.ts'
import {
  gatewayPage,
  internalFailure,
  invalidInput,
  quotaExceeded,
  unauthorized,
  unknownPath,
  unsupportedMedia,
} from './errors.ts'
import type { Access } from './grants.ts'
import type { Region } from './marketplaces.ts'
import { openPageTokens } from './page-token.ts'
import { resourceFor } from './restricted.ts'
import { openThrottle } from './throttle.ts'
import type { World } from './world.ts'

/**
 * What every call passes before its operation: the form of the request, the token, the usage plan.
 * Source: docs: connecting-to-the-selling-partner-api, include-a-user-agent-header-in-all-requests,
 * usage-plans-and-rate-limits.
 */
export type Gate = (region: Region, path: string, request: HttpRequest) => HttpAnswer

type Route = { readonly operation: Operation; readonly pattern: RegExp }

const routeOf = (operation: Operation): Route => ({
  operation,
  pattern: new RegExp(`^${operation.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
})

const agentLimit = 500
/** `Name/Version (…Language=…)`; a backslash escapes the next character. */
const agentShape =
  /^(?:[^\\/]|\\.)+\/(?:[^\\(]|\\.)+ ?\((?:[^\\)]|\\.)*\bLanguage=(?:[^\\;)]|\\.)+(?:[^\\)]|\\.)*\)$/

function checkForm(request: HttpRequest): HttpAnswer | null {
  const { headers } = request
  const bodiless = request.method === 'GET' || request.method === 'DELETE'
  if (bodiless && (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined))
    return badRequest
  const agent = headers['user-agent'] ?? ''
  if (agent.length > agentLimit || !agentShape.test(agent))
    return invalidInput(
      'The user-agent header is missing or invalid.',
      `It must have the form AppName/Version (Language=...; Platform=...) and at most ${agentLimit} characters.`,
    )
  if (!bodiless && !(headers['content-type'] ?? '').startsWith('application/json')) return unsupportedMedia()
  return null
}

type Entry = { readonly access: Access; readonly sellerId: string }

/** Who calls, and whether a token of this kind may call this operation in this region. */
function checkToken(
  world: World,
  { region, path, operation }: { region: Region; path: string; operation: Operation },
  request: HttpRequest,
): Entry | HttpAnswer {
  const token = request.headers['x-amz-access-token']
  if (typeof token !== 'string' || token === '')
    return unauthorized('Access token is missing in the request header.')
  const access = world.grants.readAccess(token)
  if (access === 'expired') return unauthorized('The access token you provided has expired.')
  if (!access) return unauthorized('The access token you provided is revoked, malformed or invalid.')
  if ((access.kind === 'grantless') !== (operation.token === 'grantless')) return unauthorized('')
  if (access.kind === 'grantless')
    return access.scope === 'sellingpartnerapi::notifications' ? { access, sellerId: '' } : unauthorized('')
  if (access.kind === 'restricted' && !resourceFor(access, request.method, path)) return unauthorized('')
  const seller = world.sellers.find(({ sellerId }) => sellerId === access.sellerId)
  return seller?.region === region ? { access, sellerId: seller.sellerId } : unauthorized('')
}

/** The rate as the platform prints it, without a tail of noughts or nines. */
const printRate = (perSecond: number): string => String(Number(perSecond.toPrecision(6)))

type Found = { readonly operation: Operation; readonly params: Readonly<Record<string, string>> }

function findRoute(routes: readonly Route[], method: string, path: string): Found | null {
  for (const { operation, pattern } of routes) {
    const match = operation.method === method ? pattern.exec(path) : null
    if (!match) continue
    const params: Record<string, string> = {}
    for (const [name, value] of Object.entries(match.groups ?? {})) params[name] = readSegment(value)
    return { operation, params }
  }
  return null
}

/** A percent sign that encodes nothing stands for itself. */
function readSegment(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** The faults that strike before the operation is looked at. */
function strikeEarly(faults: FaultSwitches, operation: string): HttpAnswer | null {
  if (faults.strikes('throttle_storm', operation)) return quotaExceeded()
  if (faults.strikes('server_error', operation)) return internalFailure()
  if (faults.strikes('html_error', operation)) return gatewayPage()
  return null
}

/** The faults that strike an answer on its way out. */
function strikeLate(faults: FaultSwitches, operation: string): Pick<HttpAnswer, 'delivery'> {
  if (faults.strikes('slow_body', operation)) return { delivery: 'slow' }
  return faults.strikes('cut_body', operation) ? { delivery: 'cut' } : {}
}

export function openGate(world: World, operations: readonly Operation[]): Gate {
  const routes = operations.map(routeOf)
  const throttle = openThrottle(world.pace)
  const tokens = openPageTokens(world.secret)

  function run(region: Region, path: string, request: HttpRequest): HttpAnswer {
    const found = findRoute(routes, request.method, path)
    if (!found) return unknownPath()
    const { operation: plan, params } = found
    const { operation } = plan
    const refused = checkForm(request) ?? strikeEarly(world.faults, operation)
    if (refused) return refused
    const entry = checkToken(world, { region, path, operation: plan }, request)
    if (isAnswer(entry)) return entry
    if (!throttle.admit(`${entry.sellerId}/${operation}`, plan.perSecond, plan.burst)) return quotaExceeded()
    const call: ApiCall = { world, tokens, region, operation, path, request, params, ...entry }
    const answer = plan.answer(call)
    const rate = printRate(plan.perSecond * world.pace.scale)
    return {
      ...answer,
      headers: { ...answer.headers, ...(answer.status !== 403 && { 'x-amzn-ratelimit-limit': rate }) },
      ...strikeLate(world.faults, operation),
    }
  }

  return (region, path, request) => {
    const answer = run(region, path, request)
    return { ...answer, headers: { 'x-amzn-requestid': randomUUID(), ...answer.headers } }
  }
}
