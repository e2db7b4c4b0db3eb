import type { HttpAnswer, HttpRequest } from '../http.ts'
import { refusal, refusals, success } from './answers.ts'
import { strikeEarly } from './gate.ts'
import type { Issued } from './grants.ts'
import { secondsOf } from './render.ts'
import type { World } from './world.ts'

type TokenCall = {
  readonly operation: string
  readonly grantType: string
  readonly parameter: string
  readonly answer: (world: World, given: string) => HttpAnswer
}

const calls: ReadonlyMap<string, TokenCall> = new Map([
  [
    '/api/v2/token/get',
    { operation: 'getToken', grantType: 'authorized_code', parameter: 'auth_code', answer: exchange },
  ],
  [
    '/api/v2/token/refresh',
    { operation: 'refreshToken', grantType: 'refresh_token', parameter: 'refresh_token', answer: renew },
  ],
])

/** Token calls: GET, everything in the query, no signature (docs: authorization-overview-202407). */
export function answerToken(world: World, { method, path, query }: HttpRequest): HttpAnswer {
  const { app } = world
  const call = calls.get(path)
  if (!call) return refusals.unknownPath()
  if (method !== 'GET') return refusals.wrongMethod()
  const struck = strikeEarly(world.faults, call.operation)
  if (struck) return struck
  const isApp = query.get('app_key') === app.appKey && query.get('app_secret') === app.appSecret
  if (!isApp) return refusals.appKey()
  if (query.get('grant_type') !== call.grantType) return refusals.wrong('grant_type does not fit the call.')
  return call.answer(world, query.get(call.parameter) ?? '')
}

function exchange(world: World, code: string): HttpAnswer {
  const openId = world.grants.spendCode(code)
  return openId === null
    ? refusal(200, 36004004, 'auth code invalid')
    : tokens(world, openId, world.grants.issue(openId))
}

function renew(world: World, token: string): HttpAnswer {
  const renewed = world.grants.renew(token)
  if (renewed === 'expired') return refusal(200, 36004001, 'rt has expired')
  if (renewed === 'invalid') return refusal(200, 36004005, 'can not find related auth record')
  return tokens(world, renewed.openId, renewed.issued)
}

/** The ends are instants in seconds, not spans. */
function tokens({ accounts, app }: World, openId: string, issued: Issued): HttpAnswer {
  const account = accounts.find((known) => known.openId === openId)!
  return success({
    access_token: issued.access,
    access_token_expire_in: secondsOf(issued.accessUntilMs),
    refresh_token: issued.refresh,
    refresh_token_expire_in: secondsOf(issued.refreshUntilMs),
    open_id: openId,
    seller_name: account.name,
    seller_base_region: account.shops[0]!.market.country,
    user_type: 0,
    granted_scopes: app.scopes,
  })
}
