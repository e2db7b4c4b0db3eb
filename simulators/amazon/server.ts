import { readFaults, type FaultName } from '../faults.ts'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { announce, type Simulator } from '../simulator.ts'
import type { Operation } from './api-call.ts'
import { openConsent } from './consent.ts'
import { unknownPath } from './errors.ts'
import { openGate } from './gate.ts'
import { answerToken } from './lwa.ts'
import { regions } from './marketplaces.ts'
import { notificationsApi } from './notifications.ts'
import { ordersV0 } from './orders-v0.ts'
import { orders2026 } from './orders-2026.ts'
import { sellersApi } from './sellers.ts'
import { answerQueueCall } from './sqs.ts'
import { tokensApi } from './restricted.ts'
import type { World } from './world.ts'

const operations: readonly Operation[] = [
  ...orders2026,
  ...ordersV0,
  ...tokensApi,
  ...sellersApi,
  ...notificationsApi,
]

/** `/na/orders/…`, `/seller/eu/apps/…`: the hosts of the platform as prefixes of one server. */
const apiPath = new RegExp(`^/(${regions.join('|')})(/.*)$`)
const sellerPath = /^\/seller(?:\/([a-z][\w.-]*))?\/(apps\/.*)$/

/** Everything that the platform answers over HTTP, by path. */
export function openServer(
  world: World,
  options: { readonly autoApprove: boolean },
  simulator: () => Simulator,
): (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer> {
  const gate = openGate(world, operations)
  const consent = openConsent(world, options.autoApprove, () => simulator().url)

  return (request) => {
    const { path, headers } = request
    const api = apiPath.exec(path)
    if (api) return gate(api[1] as (typeof regions)[number], api[2]!, request)
    if (path === '/auth/o2/token') return answerToken(world, request)
    const seller = sellerPath.exec(path)
    if (seller) return consent.answer(request, seller[1] ?? '', seller[2]!) ?? unknownPath()
    if (headers['x-amz-target'] !== undefined) return answerQueueCall(world, request, simulator().url)
    if (path === '/_sim' || path.startsWith('/_sim/')) return answerPlayer(simulator(), request)
    return unknownPath()
  }
}

const refused = (error: unknown): HttpAnswer => {
  if (error instanceof RangeError || error instanceof SyntaxError)
    return { status: 400, body: { error: error.message } }
  throw error
}

/** The hand of whoever plays with the simulator: faults, orders, the clock's due work. */
function answerPlayer(simulator: Simulator, request: HttpRequest): HttpAnswer {
  const json = (): unknown => (request.body.length === 0 ? {} : JSON.parse(request.body.toString('utf8')))
  const step = /^POST \/_sim\/orders\/([\w-]+)\/advance$/.exec(`${request.method} ${request.path}`)
  try {
    if (step) return { status: 200, body: { status: simulator.advance(step[1]!) } }
    switch (`${request.method} ${request.path}`) {
      case 'GET /_sim':
        return { status: 200, body: announce(simulator) }
      case 'GET /_sim/faults':
        return { status: 200, body: { faults: simulator.faults() } }
      case 'PUT /_sim/faults':
        for (const [name, setting] of Object.entries(readFaults(json())))
          simulator.setFault(name as FaultName, setting)
        return { status: 200, body: { faults: simulator.faults() } }
      case 'GET /_sim/orders':
        return { status: 200, body: { orders: simulator.truth() } }
      case 'POST /_sim/orders':
        return { status: 201, body: { order_id: simulator.createOrder(json() as object) } }
      default:
        return { status: 404, body: { error: 'GET /_sim, GET|PUT /_sim/faults, GET|POST /_sim/orders' } }
    }
  } catch (error) {
    return refused(error)
  }
}
