import { createHmac } from 'node:crypto'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { apiCallLimit, fail, gatewayPage, hiddenFailure, illegalToken, remoteError } from './answers.ts'
import type { Country } from './countries.ts'
import type { Account, Store } from './order.ts'
import type { World } from './world.ts'

/** A call that has passed the gate: its parameters, and the store it is about. */
export type ApiCall = {
  readonly world: World
  readonly parameters: ReadonlyMap<string, string>
  readonly account: Account
  readonly store: Store
}

/** One operation of a country's host. */
export type Operation = {
  readonly path: string
  readonly answer: (call: ApiCall) => HttpAnswer
}

/** The platform publishes no rates; this is what its inventory calls are said to allow, less a half. */
const callsPerSecond = 25
const clockToleranceMs = 7_200_000
const banSeconds = 1

/** Every parameter of query and form, decoded. A blank is what an unencoded plus became. */
export function parametersOf(request: HttpRequest): ReadonlyMap<string, string> {
  const parameters = new Map(request.query)
  if ((request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
    for (const [name, value] of new URLSearchParams(request.body.toString('utf8')))
      parameters.set(name, value)
  return parameters
}

/**
 * The sign of a request, worked out from what arrived (docs: 108069): the path, then every parameter but
 * `sign` by the bytes of its name, then a body that holds no parameters.
 */
export function signOf(secret: string, path: string, request: HttpRequest): string {
  const mac = createHmac('sha256', secret).update(path)
  const names = [...parametersOf(request)].filter(([name, value]) => name !== 'sign' && value !== '')
  names.sort(([one], [other]) => Buffer.from(one).compare(Buffer.from(other)))
  for (const [name, value] of names) mac.update(name).update(value)
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
  if (!isForm) mac.update(request.body)
  return mac.digest('hex').toUpperCase()
}

/** What every call has to have: known app, fresh timestamp, right sign. `null` when it has. */
export function checkSign(world: World, path: string, request: HttpRequest): HttpAnswer | null {
  const parameters = parametersOf(request)
  for (const name of ['app_key', 'timestamp', 'sign_method', 'sign'])
    if (!parameters.get(name)) return fail('MissingParameter', `The input parameter "${name}" is missing`)
  const timestamp = Number(parameters.get('timestamp'))
  if (!(Math.abs(timestamp - world.pace.clock.nowMs()) <= clockToleranceMs))
    return fail('IllegalTimestamp', 'The specified timestamp is invalid')
  const isRight =
    parameters.get('app_key') === world.app.appKey &&
    parameters.get('sign_method') === 'sha256' &&
    parameters.get('sign') === signOf(world.app.appSecret, path, request)
  if (!isRight || world.faults.strikes('wrong_signature', path))
    return fail('IncompleteSignature', 'The request signature does not conform to platform standards')
  return null
}

/** The faults that strike before the operation is looked at. */
export function strikeEarly({ faults }: World, path: string): HttpAnswer | null {
  if (faults.strikes('throttle_storm', path)) return apiCallLimit(banSeconds)
  if (faults.strikes('server_error', path)) return remoteError()
  if (faults.strikes('html_error', path)) return gatewayPage
  return null
}

/** The faults that strike an answer on its way out. */
export function strikeLate({ faults }: World, path: string, answer: HttpAnswer): HttpAnswer {
  if (faults.strikes('slow_body', path)) return { ...answer, delivery: 'slow' }
  return faults.strikes('cut_body', path) ? { ...answer, delivery: 'cut' } : answer
}

/** Leaky buckets by seller and operation. */
function openThrottle(world: World): (key: string) => boolean {
  const buckets = new Map<string, { level: number; atMs: number }>()
  return (key) => {
    const nowMs = world.pace.clock.nowMs()
    const bucket = buckets.get(key) ?? { level: 0, atMs: nowMs }
    const leaked = ((nowMs - bucket.atMs) / 1000) * callsPerSecond * world.pace.scale
    const level = Math.max(0, bucket.level - Math.max(0, leaked))
    const isFull = level + 1 > callsPerSecond
    buckets.set(key, { level: isFull ? level : level + 1, atMs: nowMs })
    return !isFull
  }
}

export type Gate = (country: Country, path: string, request: HttpRequest) => HttpAnswer

export function openGate(world: World, operations: readonly Operation[]): Gate {
  const byPath = new Map(operations.map((operation) => [operation.path, operation]))
  const admit = openThrottle(world)

  return (country, path, request) => {
    const operation = byPath.get(path)
    if (!operation) return fail('InvalidApiPath', 'The specified API path is invalid')
    const refused = strikeEarly(world, path) ?? checkSign(world, path, request)
    if (refused) return refused
    const parameters = parametersOf(request)
    const accountId = world.grants.readAccess(parameters.get('access_token') ?? '')
    const account = world.accounts.find((known) => known.accountId === accountId)
    const store = account?.stores.find((known) => known.country === country)
    // A token of another country is answered as if it had ended.
    if (!account || !store) return illegalToken()
    if (!admit(`${store.sellerId}/${path}`)) return apiCallLimit(banSeconds)
    if (world.faults.strikes('hidden_inner_failure', path)) return hiddenFailure()
    return strikeLate(world, path, operation.answer({ world, parameters, account, store }))
  }
}
