import { once } from 'node:events'
import { Writable } from 'node:stream'
import { Worker } from 'node:worker_threads'
import fastify from 'fastify'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { openAccess } from '#access/access.ts'
import { makeApi } from '#api/api.ts'
import type { Commands } from '#api/commands.ts'
import type { RawOrder } from '#connectors/connector.ts'
import { systemClock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/environment.ts'
import { findOrder } from '#store/orders-read.ts'
import { ingest } from '#sync/ingest.ts'
import type { LoadResult, LoadTask } from './api-load.ts'
import { figure, median } from './figure.ts'
import type { Figure } from './figure.ts'
import { multiplyOrders } from './lab.ts'
import type { Lab } from './lab.ts'

const orderCount = 2000
/** Odd, so that there is a middle one. */
const rounds = 11
const roundMs = 1000
const connections = 16

/**
 * `GET /orders/{id}` with a token over HTTP (token, scope, limit, opening the sealed order, log, metrics)
 * against a bare Fastify that does the same query and sends what it finds. In turns, from another thread.
 */
export async function benchApi(lab: Lab, samples: readonly RawOrder[]): Promise<Figure[]> {
  const { store } = lab
  const feed = await lab.newFeed()
  await ingest(lab.sync, feed, multiplyOrders(samples, 0, orderCount), 'poll')
  const orders = await store.db
    .selectFrom('orders')
    .select('id')
    .where('org_id', '=', feed.scope.orgId)
    .execute()
  const paths = orders.map(({ id }) => `/sandbox/v1/orders/${id}`)

  const hub = openHub(lab)
  const bare = openBare(lab, feed.scope)
  const worker = new Worker(new URL('./api-load.ts', import.meta.url))
  try {
    const origin = { ours: await hub.api.listen({ port: 0 }), baseline: await bare.listen({ port: 0 }) }
    const authorization = `Bearer ${await tokenFor(hub, feed.scope)}`
    const rateOf = async (side: keyof typeof origin): Promise<number> => {
      const task = {
        origin: origin[side],
        paths,
        headers: { authorization },
        connections,
        durationMs: roundMs,
      }
      const { answers, failures, ms } = await run(worker, task)
      if (failures > 0) throw new Error(`${failures} of ${side} failed`)
      return (answers / ms) * 1000
    }
    await rateOf('ours')
    await rateOf('baseline')
    const rates: { ours: number; baseline: number }[] = []
    for (let round = 0; round < rounds; round++)
      rates.push({ ours: await rateOf('ours'), baseline: await rateOf('baseline') })
    // The pair with the middle ratio: what disturbs the machine for a while disturbs both of a pair.
    const middle = median(rates.map((rate) => rate.ours / rate.baseline))
    const { ours, baseline } = rates.find((rate) => rate.ours / rate.baseline === middle)!
    return [figure('api', 'GET /orders/{id}', ours, baseline, 'requests/s', { atLeast: 0.6 })]
  } finally {
    await Promise.all([worker.terminate(), hub.api.close(), bare.close()])
  }
}

async function run(worker: Worker, task: LoadTask): Promise<LoadResult> {
  const answered = once(worker, 'message')
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origin
  worker.postMessage(task)
  const [result] = (await answered) as [LoadResult]
  return result
}

/** The API as it runs, its log included; only the limits are out of the way. */
function openHub({ store, vault }: Lab) {
  const log = pino(new Writable({ write: (_line, _encoding, written) => written() }))
  const unlimited = { perSecond: 1e6, burst: 1e6 }
  const common = { store, vault, clock: systemClock, log }
  const access = openAccess({ ...common, issuer: 'http://127.0.0.1' })
  const api = makeApi({
    ...common,
    access,
    // Reading an order sets nothing in motion.
    commands: {} as Commands,
    maps: {},
    config: { publicUrl: 'http://127.0.0.1', limits: { shop: unlimited, application: unlimited } },
    metrics: new Registry(),
    isReady: () => Promise.resolve({ ready: true, parts: {} }),
  })
  return { api, access }
}

function openBare({ store }: Lab, scope: Scope): FastifyInstance {
  const app = fastify()
  app.get<{ Params: { id: string } }>('/sandbox/v1/orders/:id', async (request, reply) => {
    const row = await findOrder(store.pool, scope, request.params.id)
    return reply.type('application/json').send(row?.document)
  })
  return app
}

async function tokenFor({ api, access }: ReturnType<typeof openHub>, scope: Scope): Promise<string> {
  const made = await access.createApplication(scope, { name: 'Bench', scopes: ['orders/read'] })
  const answer = await api.inject({
    method: 'POST',
    url: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `grant_type=client_credentials&client_id=${made.clientId}&client_secret=${made.clientSecret}`,
  })
  return answer.json<{ access_token: string }>().access_token
}
