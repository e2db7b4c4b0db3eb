import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startReceiver } from '#simulators/receiver.ts'
import type { Receiver } from '#simulators/receiver.ts'
import { silentLog } from '#kernel/log.ts'
import { claimDeliveries, finishDeliveries, resendDelivery, ringStart } from '#store/deliveries.ts'
import type { AttemptResult, ClaimedDelivery } from '#store/deliveries.ts'
import { findDelivery, listAttempts, listDeliveries, measureBacklog } from '#store/delivery-log.ts'
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
  receiver = await startReceiver({ clock: hub.clock, log: silentLog })
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
