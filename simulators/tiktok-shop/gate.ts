import type { FaultSwitches } from '../faults.ts'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { gatewayPage, isAnswer, refusals } from './answers.ts'
import type { Account, Shop } from './order.ts'
import { isSigned } from './signature.ts'
import type { World } from './world.ts'

/** A call that passed the gate: form, signature, token, scope, shop and rate are in order. */
export type ApiCall = {
  readonly world: World
  readonly operation: string
  readonly request: HttpRequest
  readonly params: Readonly<Record<string, string>>
  readonly account: Account
  /** The shop of the cipher, for operations that have one. */
  readonly shop: Shop
}

export type Operation = {
  readonly operation: string
  readonly method: string
  /** `{name}` stands for one path segment. */
  readonly path: string
  readonly scope: string
  readonly takesShop: boolean
  readonly answer: (call: ApiCall) => HttpAnswer
}

type Route = { readonly operation: Operation; readonly pattern: RegExp }
const earliestMs = 5 * 60_000
const latestMs = 30_000
/** Requests a second for each path, app and shop. */
const perSecond = 50

function checkCall({ app, pace, faults }: World, operation: string, request: HttpRequest): HttpAnswer | null {
  const { query, path } = request
  if (query.get('app_key') !== app.appKey) return refusals.appKey()
  const timestamp = query.get('timestamp') ?? ''
  if (!/^\d{10}$/.test(timestamp)) return refusals.wrong('The timestamp is missing or not in seconds.')
  const aheadMs = Number(timestamp) * 1000 - pace.clock.nowMs()
  if (aheadMs < -earliestMs) return refusals.tooEarly()
  if (aheadMs > latestMs) return refusals.tooLate()
  const isWrong = !isSigned(path, request, app.appSecret) || faults.strikes('wrong_signature', operation)
  return isWrong ? refusals.signature() : null
}

function checkAccount({ grants, accounts }: World, request: HttpRequest): Account | HttpAnswer {
  const token = request.headers['x-tts-access-token']
  if (typeof token !== 'string' || token === '') return refusals.noToken()
  const access = grants.readAccess(token)
  if (access === 'expired') return refusals.expiredToken()
  const account = access === 'invalid' ? undefined : accounts.find(({ openId }) => openId === access.openId)
  return account ?? refusals.wrongToken()
}

function checkShop({ shops }: Account, { takesShop }: Operation, { query }: HttpRequest): Shop | HttpAnswer {
  const cipher = query.get('shop_cipher')
  if (!takesShop) return cipher === null ? shops[0]! : refusals.needlessCipher()
  if (!cipher) return refusals.noCipher()
  return shops.find((shop) => shop.cipher === cipher) ?? refusals.wrongToken()
}

/** The faults that strike before the operation is looked at. */
export function strikeEarly(faults: FaultSwitches, operation: string): HttpAnswer | null {
  if (faults.strikes('throttle_storm', operation)) return refusals.throttled()
  if (faults.strikes('server_error', operation)) return refusals.internal()
  if (faults.strikes('html_error', operation)) return gatewayPage()
  return null
}

/** The faults that strike an answer on its way out. */
function strikeLate(faults: FaultSwitches, operation: string, answer: HttpAnswer): HttpAnswer {
  if (faults.strikes('hidden_inner_failure', operation)) return { ...refusals.internal(), status: 200 }
  if (faults.strikes('slow_body', operation)) return { ...answer, delivery: 'slow' }
  return faults.strikes('cut_body', operation) ? { ...answer, delivery: 'cut' } : answer
}

export function openGate(
  world: World,
  operations: readonly Operation[],
): (request: HttpRequest) => HttpAnswer {
  const routes: readonly Route[] = operations.map((operation) => ({
    operation,
    pattern: new RegExp(`^${operation.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  }))
  const buckets = new Map<string, { tokens: number; atMs: number }>()

  function admit(key: string): boolean {
    const { clock, scale } = world.pace
    const nowMs = clock.nowMs()
    const bucket = buckets.get(key) ?? { tokens: perSecond, atMs: nowMs }
    const refill = (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond * scale
    bucket.tokens = Math.min(perSecond, bucket.tokens + refill)
    bucket.atMs = nowMs
    buckets.set(key, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens--
    return true
  }

  /** Checks in this order; the platform's own order is not documented. */
  return (request) => {
    const here = routes.filter(({ pattern }) => pattern.test(request.path))
    if (here.length === 0) return refusals.unknownPath()
    const route = here.find(({ operation }) => operation.method === request.method)
    if (!route) return refusals.wrongMethod()
    const { operation: plan, pattern } = route
    const { operation } = plan
    const refused = strikeEarly(world.faults, operation) ?? checkCall(world, operation, request)
    if (refused) return refused
    const account = checkAccount(world, request)
    if (isAnswer(account)) return account
    if (!world.app.scopes.includes(plan.scope)) return refusals.noScope()
    const shop = checkShop(account, plan, request)
    if (isAnswer(shop)) return shop
    if (!admit(`${plan.path} ${shop.shopId}`)) return refusals.throttled()
    const params = { ...pattern.exec(request.path)?.groups }
    return strikeLate(
      world.faults,
      operation,
      plan.answer({ world, operation, request, params, account, shop }),
    )
  }
}
