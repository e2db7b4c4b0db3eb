import { readFaults, type FaultName } from '../faults.ts'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { announce, type Simulator } from '../simulator.ts'
import { operations } from './api.ts'
import { openConsent } from './consent.ts'
import { openGate } from './gate.ts'
import { answerToken } from './tokens.ts'
import type { World } from './world.ts'

const consentPath = /^\/(us|global)\/open\/authorize$/

/** Everything that the platform answers over HTTP, by path: API and token host share one address. */
export function openServer(
  world: World,
  options: { readonly autoApprove: boolean },
  simulator: () => Simulator,
): (request: HttpRequest) => HttpAnswer {
  const gate = openGate(world, operations)
  const consent = openConsent(world, options.autoApprove)
  return (request) => {
    const { path } = request
    const page = consentPath.exec(path)
    if (page) return consent(request, page[1] as 'us' | 'global')
    if (path.startsWith('/api/v2/token/')) return answerToken(world, request)
    if (path === '/_sim' || path.startsWith('/_sim/')) return answerPlayer(simulator(), request)
    return gate(request)
  }
}

/** The hand of whoever plays with the simulator: faults, orders, the clock's due work. */
function answerPlayer(simulator: Simulator, request: HttpRequest): HttpAnswer {
  const json = (): unknown => (request.body.length === 0 ? {} : JSON.parse(request.body.toString('utf8')))
  const route = `${request.method} ${request.path}`
  const step = /^POST \/_sim\/orders\/(\d+)\/advance$/.exec(route)
  try {
    if (step) return { status: 200, body: { status: simulator.advance(step[1]!) } }
    switch (route) {
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
