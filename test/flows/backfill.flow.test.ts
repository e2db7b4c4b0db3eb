import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fetch } from 'undici'
import type { GrantRef } from '#store/shops.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { openTestHub } from '#test/support/hub.ts'
import type { TestHub } from '#test/support/hub.ts'

const database = await openTestDatabase()
const hourMs = 3600_000
const dayMs = 24 * hourMs

let hub: TestHub
let ref: GrantRef
let leaving = new AbortController()
let searches = 0
/** The search during which the worker is told to stop. */
let stopAt = -1

beforeAll(async () => {
  hub = await openTestHub(database.url, {
    simulator: { orders: 120 },
    fetch: (url, init) => {
      if (url.includes('/orders?') && ++searches === stopAt) leaving.abort()
      return fetch(url.replace('maxResultsPerPage=100', 'maxResultsPerPage=4'), init)
    },
  })
  ref = await hub.connectAccount('amazon_us')
  hub.clock.pass(5 * 60_000)
})
afterAll(() => hub.close())

const state = async (id: string) =>
  hub.db.selectFrom('backfills').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const storedIds = async () => (await hub.orders()).map((row) => row.platform_order_id)
const idsCreated = async (fromMs: number, toMs: number) => {
  const { platform_merchant_id: accountId } = await hub.grant(ref)
  return hub
    .truth(accountId)
    .filter(({ createdMs }) => createdMs >= fromMs && createdMs < toMs)
    .map(({ orderId }) => orderId)
    .toSorted()
}

describe('a backfill', () => {
  it('reads a span day by day, stores how far it came, survives faults and stops, and ends', async () => {
    const nowMs = hub.clock.nowMs()
    const span = { fromMs: nowMs - 50 * hourMs, toMs: nowMs - 5 * hourMs }
    const id = await hub.sync.startBackfill(hub.scope, ref.id, span)
    expect(await state(id)).toMatchObject({
      state: 'running',
      orders_seen: 0,
      done_until: new Date(span.fromMs),
    })

    expect(await hub.doJobs('backfill_orders')).toBe(1)
    const first = await state(id)
    expect(first).toMatchObject({ state: 'running', done_until: new Date(span.fromMs + dayMs) })
    expect(await storedIds()).toEqual(await idsCreated(span.fromMs, span.fromMs + dayMs))
    expect(first.orders_seen).toBe((await storedIds()).length)

    hub.simulator.setFault('server_error', true)
    await hub.doJobs('backfill_orders')
    expect(await state(id)).toMatchObject({
      state: 'running',
      last_error_code: 'InternalFailure',
      done_until: first.done_until,
      orders_seen: first.orders_seen,
    })
    hub.simulator.setFault('server_error', false)
    const [again] = await hub.waitingJobs('backfill_orders')
    expect(again!.run_at.getTime()).toBeGreaterThan(hub.clock.nowMs())

    // The worker is told to stop between two pages: the job is not done, and what was stored holds.
    leaving = new AbortController()
    stopAt = searches + 3
    await hub.doJobs('backfill_orders', leaving.signal).catch(() => {})
    stopAt = -1
    expect((await state(id)).state).toBe('running')
    expect((await storedIds()).length).toBeGreaterThan(first.orders_seen)

    const payload = { orgId: ref.orgId, grantId: ref.id, backfillId: id }
    await hub.jobs.enqueue(hub.db, { task: 'backfill_orders', key: `backfill:${id}`, payload })
    while ((await hub.doJobs('backfill_orders')) > 0);
    expect(await state(id)).toMatchObject({
      state: 'done',
      done_until: new Date(span.toMs),
      last_error_code: null,
    })
    expect(await storedIds()).toEqual(await idsCreated(span.fromMs, span.toMs))
    const created = (await hub.events()).filter(({ type }) => type === 'order.created')
    expect(created).toHaveLength((await storedIds()).length)
    expect(created[0]!.cause.source).toBe('backfill')
    expect(await hub.waitingJobs('backfill_orders')).toEqual([])
  })

  it('up to now ends where the platform is surely known', async () => {
    const nowMs = hub.clock.nowMs()
    const id = await hub.sync.startBackfill(hub.scope, ref.id, { fromMs: nowMs - dayMs, toMs: nowMs + dayMs })
    while ((await hub.doJobs('backfill_orders')) > 0);
    const { state: end, done_until } = await state(id)
    expect(end).toBe('done')
    expect(done_until.getTime()).toBeLessThanOrEqual(hub.clock.nowMs() - 150_000)
    expect(done_until.getTime()).toBeGreaterThan(nowMs - 200_000)
  })

  it('of nothing is done at once, and one that is done stays so', async () => {
    const nowMs = hub.clock.nowMs()
    const id = await hub.sync.startBackfill(hub.scope, ref.id, { fromMs: nowMs, toMs: nowMs })
    await hub.doJobs('backfill_orders')
    expect(await state(id)).toMatchObject({ state: 'done', orders_seen: 0 })
    const payload = { orgId: ref.orgId, grantId: ref.id, backfillId: id }
    await hub.jobs.enqueue(hub.db, { task: 'backfill_orders', key: `backfill:${id}`, payload })
    await hub.doJobs('backfill_orders')
    expect(await hub.waitingJobs('backfill_orders')).toEqual([])
  })
})
