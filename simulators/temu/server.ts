import { readFaults, type FaultName } from '../faults.ts'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { announce } from '../simulator.ts'
import { openConsent } from './consent.ts'
import { openGate } from './gate.ts'
import type { TemuSimulator } from './index.ts'
import { gateways } from './sites.ts'
import type { Gateway } from './sites.ts'
import type { World } from './world.ts'

/** The hosts of the platform as prefixes of one server. */
const routerPath = new RegExp(`^/(${gateways.join('|')})/openapi/router$`)
const sellerPath = /^\/seller(?:\/(home|eu))?\/open-platform\/client-manage\/authorization$/

/** Everything that the platform answers over HTTP, by path. */
export function openServer(
  world: World,
  options: { readonly autoApprove: boolean },
  simulator: () => TemuSimulator,
): (request: HttpRequest) => HttpAnswer {
  const gate = openGate(world)
  const consent = openConsent(world, options.autoApprove)

  return (request) => {
    const { path } = request
    const router = routerPath.exec(path)
    if (router) return gate(router[1] as Gateway, request)
    const seller = sellerPath.exec(path)
    if (seller) return consent(request, seller[1] ?? '')
    if (path === '/_sim' || path.startsWith('/_sim/')) return answerPlayer(simulator(), request)
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>404 Not Found</h1>' }
  }
}

const refused = (error: unknown): HttpAnswer => {
  if (error instanceof RangeError || error instanceof SyntaxError)
    return { status: 400, body: { error: error.message } }
  throw error
}

const readJsonBody = ({ body }: HttpRequest): unknown =>
  body.length === 0 ? {} : (JSON.parse(body.toString('utf8')) as unknown)

type Hand = (simulator: TemuSimulator, request: HttpRequest) => object

const hands: Readonly<Record<string, Hand>> = {
  'GET /_sim': (simulator) => announce(simulator),
  'GET /_sim/faults': (simulator) => ({ faults: simulator.faults() }),
  'PUT /_sim/faults': (simulator, request) => {
    for (const [name, setting] of Object.entries(readFaults(readJsonBody(request))))
      simulator.setFault(name as FaultName, setting)
    return { faults: simulator.faults() }
  },
  'GET /_sim/orders': (simulator) => ({ orders: simulator.truth() }),
  'POST /_sim/orders': (simulator, request) => ({
    order_id: simulator.createOrder(readJsonBody(request) as object),
  }),
  'PUT /_sim/push': (simulator, request) => {
    const { url } = readJsonBody(request) as { readonly url?: string | null }
    simulator.setPushUrl(url ?? null)
    return { url: url ?? null }
  },
  'GET /_sim/unknown-parameters': (simulator) => simulator.unknownParameters(),
}

/** The hand of whoever plays with the simulator: faults, orders, the callback. */
function answerPlayer(simulator: TemuSimulator, request: HttpRequest): HttpAnswer {
  const step = /^POST \/_sim\/orders\/([\w-]+)\/advance$/.exec(`${request.method} ${request.path}`)
  try {
    if (step) return { status: 200, body: { status: simulator.advance(step[1]!) } }
    const hand = hands[`${request.method} ${request.path}`]
    if (!hand) return { status: 404, body: { error: Object.keys(hands).join(', ') } }
    return { status: 200, body: hand(simulator, request) }
  } catch (error) {
    return refused(error)
  }
}
