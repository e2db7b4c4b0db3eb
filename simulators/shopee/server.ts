import { readFaults, type FaultName } from '../faults.ts'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { announce, type Simulator } from '../simulator.ts'
import { authCalls } from './auth-calls.ts'
import { openConsent, signedPath } from './consent.ts'
import { openGate } from './gate.ts'
import { orderCalls } from './order-calls.ts'
import { pushCalls } from './push-calls.ts'
import type { World } from './world.ts'

/** Everything that the platform answers over HTTP, by path. */
export function openServer(
  world: World,
  autoApprove: boolean,
  simulator: () => Simulator,
): (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer> {
  const gate = openGate(world, [...authCalls, ...orderCalls, ...pushCalls])
  const consent = openConsent(world, autoApprove)
  return (request) => {
    const { path } = request
    if (path === '/auth' || path === signedPath) return consent(request)
    if (path.startsWith('/api/v2/')) return gate(request)
    if (path === '/_sim' || path.startsWith('/_sim/')) return answerPlayer(simulator(), request)
    return { status: 404, body: { error: 'error_not_found', message: 'no such page', request_id: '' } }
  }
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
    if (error instanceof RangeError || error instanceof SyntaxError)
      return { status: 400, body: { error: error.message } }
    throw error
  }
}
