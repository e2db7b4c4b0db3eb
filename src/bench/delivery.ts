import { readAllowedTarget } from '#delivery/address.ts'
import { openDelivery } from '#delivery/delivery.ts'
import type { Delivery } from '#delivery/delivery.ts'
import { makeEndpoints } from '#delivery/endpoints.ts'
import type { Endpoints } from '#delivery/endpoints.ts'
import { systemClock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import { silentLog } from '#kernel/log.ts'
import type { Vault } from '#kernel/seal.ts'
import type { Store } from '#store/db.ts'
import { fanOut } from '#store/deliveries.ts'
import { appendEvents, takeOffsets } from '#store/events.ts'
import { runBareLoop } from './bare-loop.ts'
import { figure } from './figure.ts'
import type { Figure } from './figure.ts'
import { startSink } from './sink.ts'
import type { Sink, SinkReport } from './sink.ts'

/** Ten organisations with five endpoints each; every event is for one endpoint of its organisation. */
const organisationCount = 10
const endpointsEach = 5
const connections = organisationCount * endpointsEach
const group = 200
/** Organisations whose events are being written at the same time. */
const writers = 2
/** Events told and not yet delivered: enough to keep the worker busy, well below a second of its work. */
const maxBehind = 1500
const warmUpMs = 1500
const rounds = 3
const leastPerSecond = 3000

type Setup = {
  readonly store: Store
  readonly vault: Vault
  readonly scopes: readonly Scope[]
  readonly sink: Sink
  readonly engine: Delivery
}
type Live = SinkReport & { readonly perSecond: number }
type Round = { readonly bare: number; readonly live: Live }

/**
 * Live delivery with everything on (filters, address wall, sealed bodies, both signatures, attempt log)
 * while events keep being written in this process, against a bare loop that signs and posts to the same
 * sink over as many connections. Rounds alternate, so that a neighbour on the machine meets both; the one
 * with the middle ratio counts. Leaves nothing in the database.
 */
export async function benchDelivery(options: {
  readonly store: Store
  readonly vault: Vault
  readonly measureMs?: number
}): Promise<readonly Figure[]> {
  const { store, vault, measureMs = 5000 } = options
  const sink = await startSink()
  const policy = { allowed: [readAllowedTarget('127.0.0.1/32')] }
  const common = { store, vault, clock: systemClock, policy }
  const engine = openDelivery({ ...common, log: silentLog, random: Math.random })
  const scopes: Scope[] = []
  try {
    const endpoints = makeEndpoints(common)
    for (let i = 0; i < organisationCount; i++) scopes.push(await addOrganisation(store, endpoints, sink))
    const setup = { store, vault, scopes, sink, engine }
    const body = Buffer.from(bodyOf(newId('evt', Date.now()), shopOf(0), new Date()))
    const done: Round[] = []
    for (let round = 0; round < rounds; round++) {
      const bare = await runBareLoop(sink, body, { connections, warmUpMs, measureMs })
      done.push({ bare, live: await runLive(setup, measureMs, null) })
    }
    const calm = await runLive(setup, measureMs, 500)
    const faulty = [calm, ...done.map(({ live }) => live)].some(({ refused }) => refused > 0)
    if (faulty || engine.metrics().failed > 0) throw new Error('the sink refused webhooks of the bench')
    return describe(done, calm)
  } finally {
    sink.close()
    await engine.close()
    for (const scope of scopes) await removeOrganisation(store, scope)
  }
}

function describe(done: readonly Round[], calm: Live): readonly Figure[] {
  const sorted = done.toSorted((a, b) => a.live.perSecond / a.bare - b.live.perSecond / b.bare)
  const { live, bare } = sorted[sorted.length >> 1]!
  const latency = (report: SinkReport) => `event to receipt p50 ${report.p50Ms} ms, p99 ${report.p99Ms} ms`
  return [
    figure('delivery', 'live', live.perSecond, bare, 'webhooks/s', { atLeast: 0.3 }, latency(live)),
    figure('delivery', 'live, least rate', live.perSecond, leastPerSecond, 'webhooks/s', { atLeast: 1 }),
    figure('delivery', 'live at 500/s', calm.perSecond, 500, 'webhooks/s', { atLeast: 0.95 }, latency(calm)),
  ]
}

const shopOf = (index: number): string => `shp_BENCH${index % endpointsEach}`

async function addOrganisation(store: Store, endpoints: Endpoints, sink: Sink): Promise<Scope> {
  const scope: Scope = { orgId: newId('org', Date.now()), environment: 'sandbox' }
  await store.db.insertInto('organisations').values({ org_id: scope.orgId, name: 'Bench' }).execute()
  for (let i = 0; i < endpointsEach; i++) {
    const path = `/${scope.orgId}/${i}`
    const wish = { url: sink.url + path, shopIds: [shopOf(i)], eventTypes: ['order.updated'] }
    const made = await endpoints.create(scope, wish)
    if (!made.ok) throw new Error(made.code)
    sink.tellSecret(path, made.secret)
  }
  return scope
}

/** Runs the worker beside writers of events and counts what the sink accepts. */
async function runLive(setup: Setup, measureMs: number, perSecond: number | null): Promise<Live> {
  const stopping = new AbortController()
  const running = setup.engine.run(stopping.signal)
  const writing = writeEvents(setup, perSecond, stopping.signal)
  await systemClock.sleep(warmUpMs)
  await setup.sink.report()
  const startedAt = performance.now()
  await systemClock.sleep(measureMs)
  const report = await setup.sink.report()
  const rate = (report.received * 1000) / (performance.now() - startedAt)
  stopping.abort()
  await Promise.all([running, writing])
  await setup.engine.deliverDue()
  return { ...report, perSecond: rate }
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
        const startedAt = performance.now()
        await tellEvents(setup, setup.scopes[round % organisationCount]!, size)
        setup.engine.wake()
        const tookMs = performance.now() - startedAt
        if (perSecond !== null)
          await systemClock.sleep(Math.max(0, (writers * size * 1000) / perSecond - tookMs))
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
      return {
        offset: first + index,
        id,
        type: 'order.updated',
        shop_id: shopOf(index),
        platform: 'amazon',
        entity_type: 'order',
        entity_id: `ord_${first + index}`,
        seq: 1,
        recorded_at: at,
        body: vault.seal(bodyOf(id, shopOf(index), at), `event:${id}`),
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

async function removeOrganisation(store: Store, { orgId }: Scope): Promise<void> {
  for (const table of [
    'deliveries',
    'webhook_attempts',
    'events',
    'endpoint_secrets',
    'webhook_endpoints',
    'event_streams',
    'organisations',
  ] as const) {
    await store.db.deleteFrom(table).where('org_id', '=', orgId).execute()
  }
}
