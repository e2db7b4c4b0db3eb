import { createHash } from 'node:crypto'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { answerHiddenFailure, answerRefusal, answerWith, gatewayPage, isRefusal, refuse } from './envelope.ts'
import type { Refusal } from './envelope.ts'
import type { Operation } from './operation.ts'
import { openOrdersApi } from './orders-api.ts'
import { readRawBody } from './raw-body.ts'
import type { RawBody } from './raw-body.ts'
import type { Gateway, Mall } from './sites.ts'
import { openThrottle } from './throttle.ts'
import { createToken, scopesOf, tokensApi } from './tokens-api.ts'
import { findMall } from './world.ts'
import type { App, World } from './world.ts'

/**
 * What every call passes before its API: the form of the body, clock, app, signature, token, rate. Source:
 * docs: request format, signature guide, common error codes. All that the platform answers is HTTP 200.
 */
export type Gate = (gateway: Gateway, request: HttpRequest) => HttpAnswer

const clockToleranceSeconds = 300
const createType = 'bg.open.accesstoken.create'
const commonParameters: ReadonlySet<string> = new Set([
  'type',
  'app_key',
  'access_token',
  'timestamp',
  'data_type',
  'version',
  'sign',
])
/** For one app over all its malls (docs: rate limit). */
const callsPerSecond = 20

function checkClock(timestamp: string | undefined, nowMs: number): Refusal | null {
  if (timestamp === undefined || timestamp === '') return refuse(3000010)
  if (!/^\d{1,10}$/.test(timestamp)) return refuse(3000000)
  const ahead = Number(timestamp) - Math.floor(nowMs / 1000)
  if (ahead > clockToleranceSeconds) return refuse(3000011)
  return ahead < -clockToleranceSeconds ? refuse(3000012) : null
}

const byteOrder = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other))

function expectedSign({ texts }: RawBody, secret: string): string {
  const hash = createHash('md5').update(secret)
  for (const name of [...texts.keys()].toSorted(byteOrder))
    if (name !== 'sign') hash.update(name).update(texts.get(name)!)
  return hash.update(secret).digest('hex').toUpperCase()
}

/** The common parameters, in the order in which they are looked at. */
function checkForm(body: RawBody, app: App, nowMs: number): Refusal | null {
  const { texts, repeated } = body
  if (repeated.has('sign')) return refuse(3000001)
  if (!texts.get('type')) return refuse(3000002)
  const clock = checkClock(texts.get('timestamp'), nowMs)
  if (clock) return clock
  if (!texts.has('data_type')) return refuse(3000013)
  if (texts.get('data_type') !== 'JSON') return refuse(3000014)
  if (!texts.get('app_key')) return refuse(3000019)
  if (texts.get('app_key') !== app.appKey) return refuse(3000020)
  if (!texts.get('sign')) return refuse(3000040)
  return texts.get('sign') === expectedSign(body, app.appSecret) ? null : refuse(3000001)
}

/** Whose token it is, and whether it may do this here. */
function checkToken(world: World, token: string, type: string, gateway: Gateway): Mall | Refusal {
  if (token === '') return refuse(3000030)
  const read = world.grants.readToken(token)
  if (read.state === 'unknown') return refuse(3000031)
  if (read.state === 'over') return refuse(3000034)
  const mall = findMall(world, read.mallId)
  if (!mall) return refuse(3000031)
  if (mall.site.gateway !== gateway) return refuse(120011072)
  return scopesOf(world.app).includes(type) ? mall : refuse(3000032)
}

/** The faults that strike before the API is looked at. */
function strikeEarly({ faults }: World, type: string): HttpAnswer | null {
  if (faults.strikes('html_error', type)) return gatewayPage
  if (faults.strikes('throttle_storm', type)) return answerRefusal(refuse(4000004))
  if (faults.strikes('server_error', type)) return answerRefusal(refuse(4000000))
  if (faults.strikes('wrong_signature', type)) return answerRefusal(refuse(3000001))
  return faults.strikes('hidden_inner_failure', type) ? answerHiddenFailure() : null
}

/** The faults that strike an answer on its way out. */
function strikeLate({ faults }: World, type: string): Pick<HttpAnswer, 'delivery'> {
  if (faults.strikes('slow_body', type)) return { delivery: 'slow' }
  return faults.strikes('cut_body', type) ? { delivery: 'cut' } : {}
}

export function openGate(world: World): Gate {
  const operations = new Map<string, Operation>(
    [...openOrdersApi(), ...tokensApi].map((each) => [each.type, each]),
  )
  const throttle = openThrottle(world.pace)

  /** Typos look like success: the platform says nothing, the simulator remembers. */
  function noteUnknown(type: string, names: Iterable<string>, known: readonly string[]): void {
    for (const name of names) {
      if (known.includes(name) || commonParameters.has(name)) continue
      const key = `${type}.${name}`
      world.unknownParameters.set(key, (world.unknownParameters.get(key) ?? 0) + 1)
    }
  }

  function run(body: RawBody, type: string, gateway: Gateway): unknown {
    const { values, texts } = body
    if (!throttle.admit(world.app.appKey, callsPerSecond, callsPerSecond)) return refuse(4000004)
    if (type === createType) {
      noteUnknown(type, texts.keys(), ['code'])
      return createToken(world, values, gateway)
    }
    const operation = operations.get(type)
    if (!operation) return refuse(3000003)
    const token = texts.get('access_token') ?? ''
    const mall = checkToken(world, token, type, gateway)
    if (isRefusal(mall)) return mall
    const { perSecond } = operation
    if (perSecond && !throttle.admit(`${mall.mallId}/${type}`, perSecond, perSecond)) return refuse(4000004)
    noteUnknown(type, texts.keys(), operation.knows)
    return operation.answer({ world, type, parameters: values, mall, token })
  }

  return (gateway, request) => {
    const body = request.method === 'POST' ? readRawBody(request.body) : null
    if (!body) return answerRefusal(refuse(3000000))
    const type = body.texts.get('type') ?? ''
    const struck = strikeEarly(world, type)
    if (struck) return struck
    const result = checkForm(body, world.app, world.pace.clock.nowMs()) ?? run(body, type, gateway)
    const answer = isRefusal(result) ? answerRefusal(result) : answerWith(result)
    return { ...answer, ...strikeLate(world, type) }
  }
}
