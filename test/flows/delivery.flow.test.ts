import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startReceiver } from '#simulators/receiver.ts'
import type { Receiver } from '#simulators/receiver.ts'
import { makeEndpoints } from '#delivery/endpoints.ts'
import { silentLog } from '#kernel/log.ts'
import { openVault } from '#kernel/seal.ts'
import { claimDeliveries, finishDeliveries, resendDelivery, ringStart } from '#store/deliveries.ts'
import type { AttemptResult, ClaimedDelivery } from '#store/deliveries.ts'
import {
  dropAttemptPartitions,
  findDelivery,
  listAttempts,
  listDeliveries,
  measureBacklog,
  openAttemptPartitions,
} from '#store/delivery-log.ts'
import { openDeliveryQueue } from '#store/delivery-queue.ts'
import type { DeliveryQueue } from '#store/delivery-queue.ts'
import { deleteEndpoint, findEndpoint, updateEndpoint } from '#store/endpoints.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { openHubDelivery } from '#test/support/hub-delivery.ts'
import type { HubDelivery } from '#test/support/hub-delivery.ts'

const database = await openTestDatabase()
const newest = { before: null, limit: 100 }

let hub: HubDelivery
let receiver: Receiver
beforeAll(async () => {
  hub = await openHubDelivery(database.url)
  const quick = {
    ...hub.clock,
    sleep: (ms: number, signal?: AbortSignal) => hub.clock.sleep(ms / 10, signal),
  }
  receiver = await startReceiver({ clock: quick, log: silentLog })
})
beforeEach(async () => {
  receiver.behave('ok')
  await hub.store.db.deleteFrom('deliveries').execute()
  await hub.store.db.updateTable('webhook_endpoints').set({ status: 'disabled' }).execute()
})
afterAll(async () => {
  await receiver.close()
  await hub.close()
})

async function connect(wish = {}) {
  const made = await hub.addEndpoint(receiver.url, wish)
  receiver.addSecret(made.secret)
  return made
}

const receivedIds = (): string[] => receiver.received().map(({ id }) => id)

/** The result of an attempt that went well. */
const delivered = (claimed: ClaimedDelivery): AttemptResult => ({
  org_id: claimed.org_id,
  id: claimed.id,
  lease_token: claimed.lease_token,
  number: claimed.attempt + 1,
  started_at: new Date(hub.clock.nowMs()).toISOString(),
  duration_ms: 1,
  outcome: 'delivered',
  final_state: 'delivered',
  next_at: null,
  http_status: 200,
  error_code: null,
  error_detail: null,
  request_headers: '{}',
  response_headers: null,
  response_body: null,
  response_truncated: false,
})

describe('an event', () => {
  it('reaches its endpoint once, verified under both schemes, and is logged', async () => {
    const { endpoint, secret } = await connect()
    const { ids, fanned } = await hub.tell(3)
    const engine = hub.openEngine()
    await engine.deliverDue()

    expect(fanned).toBe(3)
    expect(receivedIds().slice(-3).toSorted()).toEqual([...ids].toSorted())
    expect(receiver.received().slice(-3)).toMatchObject([{ valid: true }, { valid: true }, { valid: true }])
    const list = await listDeliveries(hub.store.db, hub.scope, { endpointId: endpoint.id }, newest)
    expect(list).toHaveLength(3)
    expect(list[0]).toMatchObject({ state: 'delivered', attempts: 1, http_status: 200, next_at: null })
    const [attempt] = await listAttempts(hub.store.db, hub.scope, list[0]!.id)
    expect(attempt).toMatchObject({ outcome: 'delivered', error_code: null, response_truncated: false })
    expect(attempt!.request_headers['X-OpenClaw-Signature']).toMatch(/^v1=[0-9a-f]{8}…$/)
    expect(attempt!.request_headers['webhook-signature']).toMatch(/^v1,[A-Za-z0-9+/]{8}…$/)
    expect(JSON.stringify(attempt)).not.toContain(secret)
    expect(hub.vault.openText(attempt!.response_body!, `attempt:${list[0]!.id}:1`)).toBe('{"received":true}')
    expect(await measureBacklog(hub.store.db, new Date(hub.clock.nowMs()))).toMatchObject({ waiting: 0 })
    await engine.close()
  })

  it('goes to the endpoints whose filters let it through', async () => {
    const all = await connect()
    const paid = await connect({ eventTypes: ['order.paid'] })
    const shop = await connect({ shopIds: ['shp_A'] })
    const amazon = await connect({ platforms: ['amazon'], eventTypes: ['order.created', 'order.paid'] })
    await updateEndpoint(hub.store.db, hub.scope, all.endpoint.id, { description: 'still on' }, new Date())
    const told = [
      await hub.tell(1, { type: 'order.paid', shopId: 'shp_A', platform: 'amazon' }),
      await hub.tell(1, { type: 'order.created', shopId: 'shp_B', platform: 'lazada' }),
      await hub.tell(1, { type: 'order.created', shopId: 'shp_A', platform: 'amazon' }),
      await hub.tell(1, { type: 'shop.connected' }),
    ]
    expect(told.map(({ fanned }) => fanned)).toEqual([4, 1, 3, 1])
    const of = async (id: string) =>
      (await listDeliveries(hub.store.db, hub.scope, { endpointId: id }, newest)).length
    expect([await of(all.endpoint.id), await of(paid.endpoint.id)]).toEqual([4, 1])
    expect([await of(shop.endpoint.id), await of(amazon.endpoint.id)]).toEqual([2, 2])
  })

  it('makes no delivery while no endpoint is enabled, and never two for the same endpoint', async () => {
    expect((await hub.tell(2)).fanned).toBe(0)
    const other = { ...hub.scope, environment: 'production' as const }
    await hub.addEndpoint(receiver.url, {}, other)
    expect((await hub.tell(2)).fanned).toBe(0)
  })

  it('that cannot be sent waits longer each time, and is exhausted after twelve tries in three days', async () => {
    await connect()
    receiver.behave('fail')
    await hub.tell(1)
    const engine = hub.openEngine()
    const startMs = hub.clock.nowMs()
    let [delivery] = await listDeliveries(hub.store.db, hub.scope, { state: 'pending' }, newest)
    for (let number = 1; number <= 12; number++) {
      await engine.deliverDue()
      delivery = await findDelivery(hub.store.db, hub.scope, delivery!.id)
      expect(delivery).toMatchObject({ attempts: number, state: number < 12 ? 'pending' : 'exhausted' })
      const waitMs = (delivery!.next_at?.getTime() ?? 0) - hub.clock.nowMs()
      if (number === 1) expect(waitMs).toBeGreaterThan(4000)
      if (waitMs > 0) hub.pass(waitMs - 1000)
      await engine.deliverDue()
      expect((await findDelivery(hub.store.db, hub.scope, delivery!.id))!.attempts).toBe(number)
      hub.pass(1001)
    }
    expect((hub.clock.nowMs() - startMs) / 3_600_000).toBeCloseTo(72, 1)
    const attempts = await listAttempts(hub.store.db, hub.scope, delivery!.id)
    expect(attempts.map(({ error_code }) => error_code)).toEqual(Array(12).fill('HTTP_500'))
    expect(attempts.map(({ final_state }) => final_state)).toEqual([
      ...Array<null>(11).fill(null),
      'exhausted',
    ])
    const undelivered = await listDeliveries(hub.store.db, hub.scope, { state: 'exhausted' }, newest)
    expect(undelivered.map(({ id }) => id)).toContain(delivery!.id)
    receiver.behave('ok')
    const again = await resendDelivery(hub.store.db, hub.scope, delivery!.id, new Date(hub.clock.nowMs()))
    await engine.deliverDue()
    expect(again).not.toBe(delivery!.id)
    expect(await findDelivery(hub.store.db, hub.scope, again!)).toMatchObject({ state: 'delivered' })
    expect(receivedIds().at(-1)).toBe(delivery!.event_id)
    await engine.close()
  })

  it('waits at least as long as Retry-After asks', async () => {
    await connect()
    receiver.behave('busy')
    await hub.tell(1)
    const engine = hub.openEngine()
    await engine.deliverDue()
    const [delivery] = await listDeliveries(hub.store.db, hub.scope, { state: 'pending' }, newest)
    const waitMs = delivery!.next_at!.getTime() - hub.clock.nowMs()
    expect(waitMs).toBeGreaterThan(29_000)
    expect(waitMs).toBeLessThan(34_000)
    expect(await resendDelivery(hub.store.db, hub.scope, delivery!.id, new Date(hub.clock.nowMs()))).toBe(
      delivery!.id,
    )
    receiver.behave('ok')
    await engine.deliverDue()
    expect(await findDelivery(hub.store.db, hub.scope, delivery!.id)).toMatchObject({
      state: 'delivered',
      attempts: 2,
    })
    await engine.close()
  })
})

describe('an endpoint', () => {
  it('that answers 410 is disabled; what waits for it stays and goes out when it is enabled again', async () => {
    const { endpoint } = await connect({ maxConcurrency: 1 })
    receiver.behave('gone')
    await hub.tell(1)
    const engine = hub.openEngine()
    await engine.deliverDue()
    const row = await findEndpoint(hub.store.db, hub.scope, endpoint.id)
    expect(row).toMatchObject({ status: 'disabled', disabled_reason: 'gone', version: 2 })
    expect((await hub.tell(1)).fanned).toBe(0)
    await engine.close()
  })

  it('that is disabled keeps what waits; deleted, it refuses it, with a line in the log', async () => {
    const { endpoint } = await connect()
    const engine = hub.openEngine()
    await hub.tell(2)
    await hub.endpoints.change(hub.scope, endpoint.id, { status: 'disabled' })
    await engine.deliverDue()
    const waiting = await listDeliveries(hub.store.db, hub.scope, { endpointId: endpoint.id }, newest)
    expect(waiting.map(({ state }) => state)).toEqual(['pending', 'pending'])
    expect(await deleteEndpoint(hub.store.db, hub.scope, endpoint.id, new Date(hub.clock.nowMs()))).toBe(true)
    await engine.deliverDue()
    const refused = await listDeliveries(hub.store.db, hub.scope, { endpointId: endpoint.id }, newest)
    expect(refused.map(({ state, error_code }) => [state, error_code])).toEqual(
      Array.from({ length: 2 }, () => ['refused', 'ENDPOINT_DELETED']),
    )
    await engine.close()
  })

  it('signs with both secrets while one is replaced, and with the new one afterwards', async () => {
    const made = await connect()
    const secret = await hub.endpoints.rotate(hub.scope, made.endpoint.id, 3_600_000)
    const engine = hub.openEngine()
    await hub.tell(1)
    await engine.deliverDue()
    expect(receiver.received().at(-1)).toMatchObject({ valid: true })
    hub.pass(3_600_001)
    await hub.tell(1)
    await engine.deliverDue()
    expect(receiver.received().at(-1)).toMatchObject({ valid: false, answered: 401 })
    receiver.addSecret(secret!)
    hub.pass(60_000)
    await engine.deliverDue()
    expect(receiver.received().at(-1)).toMatchObject({ valid: true, answered: 200 })
    await engine.close()
  })
})

describe('a worker that dies', () => {
  const claimAll = async (): Promise<readonly ClaimedDelivery[]> =>
    (
      await claimDeliveries(hub.store, {
        nowMs: hub.clock.nowMs(),
        leaseMs: 45_000,
        limit: 200,
        cursor: ringStart,
        free: new Map(),
      })
    ).deliveries

  it('leaves its claims to another after the lease; its own late result changes nothing', async () => {
    await connect()
    const { ids } = await hub.tell(5)
    const dead = await claimAll()
    expect(dead).toHaveLength(5)
    const engine = hub.openEngine()
    await engine.deliverDue()
    expect(receivedIds().filter((id) => ids.includes(id))).toEqual([])

    hub.pass(45_001)
    const taken = await claimAll()
    expect(taken).toHaveLength(5)
    expect(await finishDeliveries(hub.store, dead.map(delivered))).toEqual(new Set())
    expect(await finishDeliveries(hub.store, taken.map(delivered))).toEqual(
      new Set(taken.map(({ id }) => id)),
    )
    expect(await finishDeliveries(hub.store, taken.map(delivered))).toEqual(new Set())
    const attempts = await Promise.all(taken.map(({ id }) => listAttempts(hub.store.db, hub.scope, id)))
    expect(attempts.map((list) => list.length)).toEqual([1, 1, 1, 1, 1])
    await engine.close()
  })

  it('that only came too late counts its results as fenced and sends nothing twice', async () => {
    await connect()
    const { ids } = await hub.tell(1)
    receiver.behave('slow')
    const late = hub.openEngine()
    const working = late.deliverDue()
    await expect.poll(receivedIds).toContain(ids[0])
    hub.pass(60_000)
    receiver.behave('ok')
    const other = hub.openEngine()
    await other.deliverDue()
    await working
    expect([late.metrics().fenced, other.metrics().delivered]).toEqual([1, 1])
    expect(receiver.received().filter(({ id }) => id === ids[0])).toMatchObject([
      { is_repeat: false },
      { is_repeat: true },
    ])
    await Promise.all([late.close(), other.close()])
  })

  it('two workers side by side share the work and double nothing', async () => {
    await connect({ maxConcurrency: 64 })
    const { ids } = await hub.tell(400)
    const engines = [hub.openEngine(), hub.openEngine()]
    await Promise.all(engines.map((engine) => engine.deliverDue()))
    const got = receivedIds().filter((id) => ids.includes(id))
    expect([got.length, new Set(got).size]).toEqual([400, 400])
    expect(engines.map((engine) => engine.metrics().fenced)).toEqual([0, 0])
    await Promise.all(engines.map((engine) => engine.close()))
  })
})

describe('the worker', () => {
  const within = (ms: number) => AbortSignal.timeout(ms)

  it('runs until it is stopped, hears a hint at once and finds the rest by polling', async () => {
    await connect()
    const stopping = new AbortController()
    const engine = hub.openEngine()
    const running = engine.run(stopping.signal)
    const first = await hub.tell(1)
    engine.wake()
    await expect.poll(receivedIds, { interval: 5 }).toContain(first.ids[0])
    const second = await hub.tell(1)
    await expect.poll(receivedIds, { timeout: 2000 }).toContain(second.ids[0])
    stopping.abort()
    await running
    expect(engine.metrics()).toMatchObject({ delivered: 2, failed: 0, held: 0 })
    await engine.close()
  })

  it('stopped in the middle finishes what is in flight and gives the rest back untried', async () => {
    await connect({ maxConcurrency: 2 })
    receiver.behave('slow')
    const { ids } = await hub.tell(30)
    const stopping = new AbortController()
    const engine = hub.openEngine()
    const running = engine.run(stopping.signal)
    await expect.poll(receivedIds).toContain(ids[0])
    stopping.abort()
    await running
    const waiting = await listDeliveries(hub.store.db, hub.scope, { state: 'pending' }, newest)
    expect(waiting.map(({ attempts }) => attempts)).toEqual(Array<number>(28).fill(0))
    receiver.behave('ok')
    const next = hub.openEngine()
    await next.deliverDue()
    expect(next.metrics().delivered).toBe(28)
    await Promise.all([engine.close(), next.close()])
  })

  it('keeps serving others while receivers hang', async () => {
    const hanging = await startReceiver({ clock: hub.clock, log: silentLog })
    hanging.behave('hang')
    for (let i = 0; i < 5; i++) {
      hanging.addSecret((await hub.addEndpoint(hanging.url, { eventTypes: ['order.paid'] })).secret)
    }
    await connect({ eventTypes: ['order.created'] })
    await hub.tell(200, { type: 'order.paid' })
    const stopping = new AbortController()
    const engine = hub.openEngine({ concurrency: 200 })
    const running = engine.run(stopping.signal)
    await expect.poll(() => hanging.received().length).toBe(80)
    for (let round = 0; round < 5; round++) {
      const startedAt = performance.now()
      const { ids } = await hub.tell(20)
      engine.wake()
      await expect
        .poll(() => ids.every((id) => receivedIds().includes(id)), { interval: 5, timeout: 2000 })
        .toBe(true)
      expect(performance.now() - startedAt).toBeLessThan(1000)
    }
    stopping.abort()
    await hanging.close()
    await running
    await engine.close()
  })

  it('goes through more endpoints and deliveries than one claim takes', async () => {
    for (let i = 0; i < 12; i++) await connect({ maxConcurrency: 4 })
    await hub.tell(100)
    const engine = hub.openEngine()
    await engine.deliverDue()
    expect(engine.metrics()).toMatchObject({ claimed: 1200, delivered: 1200, fenced: 0, held: 0 })
    await engine.close()
  })

  it('never reads the whole table, though it looked empty when the plans were made', async () => {
    await connect({ maxConcurrency: 256 })
    const queue = openDeliveryQueue(hub.store, () => {})
    const client = await queue.pool.connect()
    const one = { pool: client } as unknown as DeliveryQueue
    const due = () => ({
      nowMs: hub.clock.nowMs(),
      leaseMs: 45_000,
      limit: 200,
      cursor: ringStart,
      free: new Map(),
    })
    await sql`vacuum analyze deliveries`.execute(hub.store.db)
    for (let i = 0; i < 7; i++) {
      await claimDeliveries(one, due())
      await finishDeliveries(one, [])
    }
    await hub.tell(2000)
    await client.query('begin')
    const { deliveries } = await claimDeliveries(one, due())
    const taken = await finishDeliveries(one, deliveries.map(delivered))
    const { rows } = await client.query<{ scans: number }>(
      `select pg_stat_get_xact_numscans('deliveries'::regclass) as scans`,
    )
    await client.query('rollback')
    client.release()
    expect([deliveries.length, taken.size, rows[0]!.scans]).toEqual([200, 200, 0])
    await queue.close()
  })

  it('keeps an endpoint to its rate', async () => {
    const { endpoint } = await connect({ perSecond: 20 })
    await hub.tell(100)
    const stopping = within(2000)
    const engine = hub.openEngine()
    await engine.run(stopping)
    const { delivered } = engine.metrics()
    expect(delivered).toBeGreaterThanOrEqual(40)
    expect(delivered).toBeLessThanOrEqual(62)
    const rest = await listDeliveries(
      hub.store.db,
      hub.scope,
      { endpointId: endpoint.id, state: 'pending' },
      newest,
    )
    expect(rest).toHaveLength(100 - delivered)
    await engine.close()
  })

  it('refuses for good when a name now leads inside, before a byte is sent', async () => {
    let address = '93.184.216.34'
    const resolve = () => Promise.resolve([address])
    const made = await makeEndpoints({ ...hub, resolve }).create(hub.scope, {
      url: 'https://erp.example.com/',
    })
    expect(made.ok).toBe(true)
    address = '10.0.0.1'
    await hub.tell(1)
    const engine = hub.openEngine({ resolve })
    await engine.deliverDue()
    const [delivery] = await listDeliveries(hub.store.db, hub.scope, { state: 'refused' }, newest)
    expect(delivery).toMatchObject({ state: 'refused', error_code: 'TARGET_REFUSED', attempts: 1 })
    const log = await listAttempts(hub.store.db, hub.scope, delivery!.id)
    expect(JSON.stringify(log)).not.toContain('10.0.0.1')
    await engine.close()
  })

  it('keeps a delivery whose key it does not have for a process that has it', async () => {
    await connect()
    await hub.tell(1)
    const stranger = hub.openEngine({ vault: openVault([Buffer.alloc(32, 7)]) })
    await stranger.deliverDue()
    const [delivery] = await listDeliveries(hub.store.db, hub.scope, { state: 'pending' }, newest)
    expect(delivery).toMatchObject({ attempts: 1 })
    const [attempt] = await listAttempts(hub.store.db, hub.scope, delivery!.id)
    expect(attempt).toMatchObject({
      error_code: 'SECRET_KEY_MISSING',
      request_headers: {},
      http_status: null,
    })
    hub.pass(10_000)
    const engine = hub.openEngine()
    await engine.deliverDue()
    expect(await findDelivery(hub.store.db, hub.scope, delivery!.id)).toMatchObject({ state: 'delivered' })
    await Promise.all([stranger.close(), engine.close()])
  })
})

describe('what leaves the hub', () => {
  it('never holds a secret: not raw, not hex, not base64, not in any column of the log', async () => {
    const seen: string[] = []
    const server = createServer((request, response) => {
      let text = JSON.stringify(request.rawHeaders)
      request.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      request.on('end', () => {
        seen.push(text)
        response.writeHead(200).end(text)
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const { endpoint, secret } = await hub.addEndpoint(url)
    await hub.endpoints.rotate(hub.scope, endpoint.id, 3_600_000)
    await hub.tell(3, { data: { a: 1 } })
    const engine = hub.openEngine()
    await engine.deliverDue()
    server.close()
    expect(seen).toHaveLength(3)
    const { rows } = await sql<{ row: string }>`
      select row_to_json(a)::text as row from webhook_attempts a where endpoint_id = ${endpoint.id}
      union all select row_to_json(e)::text from webhook_endpoints e where id = ${endpoint.id}
      union all select row_to_json(s)::text from endpoint_secrets s where endpoint_id = ${endpoint.id}`.execute(
      hub.store.db,
    )
    const everything = [...seen, ...rows.map(({ row }) => row)].join('\n')
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const whole = Buffer.from(secret)
    for (const form of [
      secret,
      secret.slice(6),
      key.toString('hex'),
      whole.toString('hex'),
      whole.toString('base64'),
      key.toString('latin1'),
    ]) {
      expect(everything).not.toContain(form)
    }
    await engine.close()
  })

  it('is the event byte for byte', async () => {
    const bodies: Buffer[] = []
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        bodies.push(Buffer.concat(chunks))
        response.writeHead(204).end()
      })
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    await hub.addEndpoint(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const { ids } = await hub.tell(1, {
      data: { text: '订单 ÄÖ \u2028 \u0000 🚚', big: 'x'.repeat(200_000) },
    })
    const engine = hub.openEngine()
    await engine.deliverDue()
    server.close()
    const { body } = await hub.store.db
      .selectFrom('events')
      .select('body')
      .where('id', '=', ids[0]!)
      .executeTakeFirstOrThrow()
    expect(bodies[0]!.equals(hub.vault.open(body, `event:${ids[0]}`))).toBe(true)
    await engine.close()
  })
})

describe('the log', () => {
  it('has a partition a day, made ahead and dropped whole', async () => {
    const dayMs = 86_400_000
    const later = Date.parse('2031-05-01T12:00:00Z')
    expect(await openAttemptPartitions(hub.store.db, later)).toEqual([
      'webhook_attempts_20310501',
      'webhook_attempts_20310502',
      'webhook_attempts_20310503',
    ])
    expect(await openAttemptPartitions(hub.store.db, later)).toEqual([])
    await connect()
    await hub.tell(1)
    const engine = hub.openEngine({ clock: { ...hub.clock, nowMs: () => later + dayMs } })
    await engine.deliverDue()
    const { rows } = await sql`select from webhook_attempts_20310502`.execute(hub.store.db)
    expect(rows).toHaveLength(1)
    const dropped = await dropAttemptPartitions(hub.store.db, new Date(later + 2 * dayMs))
    expect(dropped.slice(-2)).toEqual(['webhook_attempts_20310501', 'webhook_attempts_20310502'])
    const [{ count }] = (
      await sql<{ count: number }>`select count(*) as count from webhook_attempts`.execute(hub.store.db)
    ).rows as [{ count: number }]
    expect(count).toBe(0)
    await engine.close()
  })
})
