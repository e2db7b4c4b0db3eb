import { readFaults, type FaultName } from '../faults.ts'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { announce, type Simulator } from '../simulator.ts'
import { openConsent } from './consent.ts'
import { isCountry } from './countries.ts'
import { openGate } from './gate.ts'
import { operationsOf } from './orders.ts'
import { answerToken } from './tokens.ts'
import type { World } from './world.ts'

/** `/my/rest/orders/get`, `/auth/rest/auth/token/create`: the hosts of the platform as prefixes of one server. */
const restPath = /^\/([a-z]{2,4})\/rest(\/.*)$/

const notFound: HttpAnswer = { status: 404, body: 'not found' }

/** Everything that the platform answers over HTTP, by path. */
export function openServer(
  world: World,
  autoApprove: boolean,
  simulator: () => Simulator,
): (request: HttpRequest) => HttpAnswer {
  const gate = openGate(world, operationsOf(new Map()))
  const consent = openConsent(world, autoApprove)

  return (request) => {
    const { path } = request
    const [, host = '', apiPath = ''] = restPath.exec(path) ?? []
    if (host === 'auth' && /^\/auth\/token\/(create|refresh)$/.test(apiPath))
      return answerToken(world, apiPath, request)
    if (isCountry(host)) return gate(host, apiPath, request)
    if (path === '/oauth/authorize') return consent(request)
    if (path === '/_sim' || path.startsWith('/_sim/')) return answerPlayer(simulator(), request)
    return notFound
  }
}

/** The hand of whoever plays with the simulator: faults, orders, the clock's due work. */
function answerPlayer(simulator: Simulator, request: HttpRequest): HttpAnswer {
  const json = (): unknown => (request.body.length === 0 ? {} : JSON.parse(request.body.toString('utf8')))
  const step = /^POST \/_sim\/orders\/(\d+)\/advance$/.exec(`${request.method} ${request.path}`)
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
