import { createHmac } from 'node:crypto'
import { Agent } from 'undici'
import { readAllowedTarget } from '#delivery/address.ts'
import { openDelivery } from '#delivery/delivery.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { makeEndpoints } from '#delivery/endpoints.ts'
import type { Endpoints } from '#delivery/endpoints.ts'
import { systemClock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import { silentLog } from '#kernel/log.ts'
import { newSecretKey, openVault } from '#kernel/seal.ts'
import type { Vault } from '#kernel/seal.ts'
import type { Store } from '#store/db.ts'
import { fanOut } from '#store/deliveries.ts'
import { appendEvents, takeOffsets } from '#store/events.ts'
import { startSink } from './sink.ts'
import type { Sink } from './sink.ts'

/** One figure beside its baseline of the same run. */
export type DeliveryBench = {
  readonly name: string
  readonly ours: number
  readonly baseline: number
  readonly unit: 'deliveries/s'
  readonly ratio: number
  /** From the commit of the event to its receipt, at the full rate and at 500/s. */
  readonly latencyMs: { readonly full: Percentiles; readonly at500: Percentiles }
  readonly errors: number
}
type Percentiles = { readonly p50: number | null; readonly p99: number | null }

/** Ten organisations with five endpoints each; every event is for one of its organisation's. */
const organisationCount = 10
const endpointsEach = 5
const connections = organisationCount * endpointsEach
const group = 200
/** Organisations whose events are being written at the same time. */
const writers = 2
/** Events told and not yet delivered: enough to keep the worker busy, below a second of its work. */
const maxBehind = 1500
const warmUpMs = 2000

type Setup = {
  readonly store: Store
  readonly vault: Vault
  readonly scopes: readonly Scope[]
  readonly sink: Sink
  readonly engine: Delivery
}

/**
 * Live delivery with everything on (filters, address wall, sealed bodies, both signatures, attempt log)
 * while events keep being written in this process, against a bare loop that signs and posts the same body
 * to the same sink with as many connections. The database is the store's own; its rows are removed.
 */
export async function benchDelivery(options: {
  readonly store: Store
  readonly seconds?: number
}): Promise<DeliveryBench> {
  const measureMs = (options.seconds ?? 10) * 1000
  const { store } = options
  const vault = openVault([Buffer.from(newSecretKey(), 'base64url')])
  const sink = await startSink()
  const policy = { allowed: [readAllowedTarget('127.0.0.1/32')] }
  const common = { store, vault, clock: systemClock, policy }
  const engine = openDelivery({ ...common, log: silentLog, random: Math.random })
  const scopes: Scope[] = []
  try {
    const baseline = await bareLoop(sink, measureMs)
    const endpoints = makeEndpoints(common)
    for (let i = 0; i < organisationCount; i++) scopes.push(await addOrganisation(store, endpoints, sink))
    const setup = { store, vault, scopes, sink, engine }
    const full = await measure(setup, measureMs, { perSecond: null })
    const calm = await measure(setup, measureMs / 2, { perSecond: 500 })
    const { failed, refused, fenced } = engine.metrics()
    return {
      name: 'delivery',
      ours: full.rate,
      baseline,
      unit: 'deliveries/s',
      ratio: full.rate / baseline,
      latencyMs: { full: full.latency, at500: calm.latency },
      errors: failed + refused + fenced,
    }
  } finally {
    sink.close()
    await engine.close()
    for (const scope of scopes) await removeOrganisation(store, scope)
  }
}

const shopOf = (index: number): string => `shp_BENCH${index % endpointsEach}`

async function addOrganisation(store: Store, endpoints: Endpoints, sink: Sink): Promise<Scope> {
  const scope: Scope = { orgId: newId('org', Date.now()), environment: 'sandbox' }
  await store.db.insertInto('organisations').values({ org_id: scope.orgId, name: 'Bench' }).execute()
  for (let i = 0; i < endpointsEach; i++) {
    await endpoints.create(scope, { url: sink.url, shopIds: [shopOf(i)], eventTypes: ['order.updated'] })
  }
  return scope
}

/** Runs the worker beside a writer of events and counts what the sink receives. */
async function measure(
  setup: Setup,
  measureMs: number,
  load: { readonly perSecond: number | null },
): Promise<{ readonly rate: number; readonly latency: Percentiles }> {
  const stopping = new AbortController()
  const running = setup.engine.run(stopping.signal)
  const writing = writeEvents(setup, load.perSecond, stopping.signal)
  await systemClock.sleep(warmUpMs)
  await setup.sink.report()
  const startedAt = performance.now()
  await systemClock.sleep(measureMs)
  const report = await setup.sink.report()
  const rate = (report.received * 1000) / (performance.now() - startedAt)
  stopping.abort()
  await Promise.all([running, writing])
  await setup.engine.deliverDue()
  return { rate, latency: { p50: report.p50Ms, p99: report.p99Ms } }
}

async function writeEvents(setup: Setup, perSecond: number | null, signal: AbortSignal): Promise<void> {
  const before = setup.engine.metrics().delivered
  const size = perSecond === null ? group : Math.max(1, Math.round(perSecond / 100))
  let told = 0

  async function write(writer: number): Promise<void> {
    for (let round = writer; !signal.aborted; round += writers) {
      const behind = told - (setup.engine.metrics().delivered - before)
      if (perSecond === null && behind > maxBehind) await systemClock.sleep(1)
      else {
        told += size
        await tellEvents(setup, setup.scopes[round % organisationCount]!, size)
        setup.engine.wake()
        if (perSecond !== null) await systemClock.sleep((writers * size * 1000) / perSecond)
      }
    }
  }

  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)))
}

/** The transaction of an ingest, without its orders. */
async function tellEvents({ store, vault }: Setup, scope: Scope, count: number): Promise<void> {
  const at = new Date()
  await store.db.transaction().execute(async (tx) => {
    const first = (await takeOffsets(tx, scope, count)) + 1
    const rows = Array.from({ length: count }, (_, index) => {
      const id = newId('evt', at.getTime())
      const shopId = shopOf(index)
      return {
        offset: first + index,
        id,
        type: 'order.updated',
        shop_id: shopId,
        platform: 'amazon',
        entity_type: 'order',
        entity_id: `ord_${first + index}`,
        seq: 1,
        recorded_at: at,
        body: vault.seal(bodyOf(id, shopId, at), `event:${id}`),
      }
    })
    await appendEvents(tx, scope, rows)
    const events = rows.map(({ offset, id, type, platform, shop_id: shopId, entity_id: entityId }) => ({
      offset,
      id,
      type,
      platform,
      shopId,
      entityId,
    }))
    await fanOut(tx, scope, events, at)
  })
}

/** About 1 kB, as an order event is at least. */
const bodyOf = (id: string, shopId: string, at: Date): string =>
  JSON.stringify({
    id,
    object: 'event',
    shop_id: shopId,
    recorded_at: at.toISOString(),
    data: 'x'.repeat(900),
  })

/** What the machine can do at best: the same body, one signature, nothing kept. */
async function bareLoop(sink: Sink, measureMs: number): Promise<number> {
  const agent = new Agent({ pipelining: 1, connections })
  const url = new URL(sink.url)
  const body = Buffer.from(bodyOf(newId('evt', Date.now()), shopOf(0), new Date()))
  const untilMs = performance.now() + warmUpMs + measureMs

  async function post(): Promise<void> {
    while (performance.now() < untilMs) {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const signature = createHmac('sha256', 'whsec_bench').update(`${timestamp}.`).update(body).digest('hex')
      const answer = await agent.request({
        origin: url.origin,
        path: url.pathname,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-openclaw-timestamp': timestamp,
          'x-openclaw-signature': `v1=${signature}`,
        },
        body,
      })
      await answer.body.dump()
    }
  }

  const loops = Promise.all(Array.from({ length: connections }, post))
  await systemClock.sleep(warmUpMs)
  await sink.report()
  const startedAt = performance.now()
  await systemClock.sleep(measureMs)
  const { received } = await sink.report()
  const rate = (received * 1000) / (performance.now() - startedAt)
  await loops
  await agent.destroy()
  return rate
}

async function removeOrganisation(store: Store, { orgId }: Scope): Promise<void> {
  for (const table of [
    'deliveries',
    'webhook_attempts',
    'events',
    'endpoint_secrets',
    'webhook_endpoints',
  ] as const) {
    await store.db.deleteFrom(table).where('org_id', '=', orgId).execute()
  }
  await store.db.deleteFrom('event_streams').where('org_id', '=', orgId).execute()
  await store.db.deleteFrom('organisations').where('org_id', '=', orgId).execute()
}
