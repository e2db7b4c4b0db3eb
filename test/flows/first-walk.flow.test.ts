import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { amazon } from '#connectors/amazon/index.ts'
import { readJson } from '#kernel/json.ts'
import { provenance } from '#mapping/index.ts'
import type { GrantRef } from '#store/shops.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { openTestHub } from '#test/support/hub.ts'
import type { TestHub } from '#test/support/hub.ts'

const database = await openTestDatabase()
const orderCount = 160

let hub: TestHub
let grants: readonly GrantRef[]
beforeAll(async () => {
  hub = await openTestHub(database.url, { simulator: { orders: orderCount } })
  grants = [
    await hub.connectAccount('amazon_us'),
    await hub.connectAccount('amazon_de'),
    await hub.connectAccount('amazon_jp'),
  ]
  hub.clock.pass(5 * 60_000)
  expect(await hub.doJobs('walk_orders')).toBe(3)
})
afterAll(() => hub.close())

describe('the first walk', () => {
  it('stores every order of the platform, once, with its state', async () => {
    const stored = await hub.orders()
    expect(stored.map((row) => row.platform_order_id)).toEqual(
      hub
        .truth()
        .map(({ orderId }) => orderId)
        .toSorted(),
    )
    expect(stored).toHaveLength(orderCount)
    const truth = new Map(hub.truth().map((order) => [order.orderId, order]))
    for (const { platform_order_id, order, platform_updated_at } of stored) {
      const known = truth.get(platform_order_id)!
      expect(order.platform_status).toBe(known.status)
      expect(platform_updated_at.getTime()).toBe(known.lastUpdatedMs)
      expect(order.version).toBe(1)
    }
  })

  it('puts each order into the shop of its marketplace', async () => {
    const shops = await hub.db.selectFrom('shops').select(['id', 'platform_market_id']).execute()
    const marketOf = new Map(shops.map((shop) => [shop.id, shop.platform_market_id]))
    const truth = new Map(hub.truth().map(({ orderId, marketId }) => [orderId, marketId]))
    for (const { shop_id, platform_order_id } of await hub.orders())
      expect(marketOf.get(shop_id)).toBe(truth.get(platform_order_id))
  })

  it('keeps what it received before it looks inside, sealed, and leaves nothing in the inbox', async () => {
    const raws = await hub.db.selectFrom('raw_documents').selectAll().execute()
    expect(raws).toHaveLength(orderCount)
    for (const { id, payload, platform_order_id } of raws) {
      const text = hub.vault.openText(payload, `raw:${id}`)
      expect(payload.includes(platform_order_id!)).toBe(false)
      expect((JSON.parse(text) as { orderId: string }).orderId).toBe(platform_order_id)
    }
    expect(await hub.db.selectFrom('raw_inbox').selectAll().execute()).toEqual([])
    expect(await hub.db.selectFrom('quarantine').selectAll().execute()).toEqual([])
    expect(await hub.db.selectFrom('drift').selectAll().execute()).toEqual([])
  })

  it('numbers the events without gaps, over the organisation and over each order', async () => {
    const events = await hub.events()
    expect(events.map(({ offset }) => offset)).toEqual(events.map((_, index) => index + 1))
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    for (const [entity, own] of Map.groupBy(events, ({ entity_id }) => entity_id)) {
      expect(
        own.map(({ seq }) => seq),
        entity,
      ).toEqual(own.map((_, index) => index + 1))
      if (entity.startsWith('ord_')) expect(own[0]!.type).toBe('order.created')
    }
    expect(events.filter(({ type }) => type === 'order.created')).toHaveLength(orderCount)
  })

  it('can show where every field came from: each source is a value of the raw document', async () => {
    let sources = 0
    for (const { raw_id, order } of await hub.orders()) {
      const { payload } = await hub.db
        .selectFrom('raw_documents')
        .select('payload')
        .where('id', '=', raw_id)
        .executeTakeFirstOrThrow()
      const reading = readJson(hub.vault.openText(payload, `raw:${raw_id}`))
      const raw = reading.ok ? reading.value : null
      for (const origin of provenance(amazon.maps.order, raw)) {
        expect(valueAt(order, origin.field.split('.')), origin.field).toBeDefined()
        for (const pointer of origin.sources) {
          sources++
          expect(valueAt(raw, pointer.split('/').slice(1)), pointer).toBeDefined()
        }
      }
    }
    expect(sources).toBeGreaterThan(orderCount * 20)
  })

  it('moves the watermark to where the platform is surely known, and plans the next walk', async () => {
    for (const grant of grants) {
      const { synced_until, last_success_at, last_error_code } = await hub.progress(grant)
      expect(last_error_code).toBeNull()
      expect(last_success_at!.getTime() - synced_until.getTime()).toBeGreaterThanOrEqual(150_000)
      expect(last_success_at!.getTime() - synced_until.getTime()).toBeLessThan(160_000)
    }
    const planned = await hub.waitingJobs('walk_orders')
    expect(planned.map(({ key }) => key).toSorted()).toEqual(grants.map(({ id }) => `walk:${id}`).toSorted())
    for (const { run_at } of planned)
      expect(run_at.getTime() - hub.clock.nowMs()).toBeGreaterThan(amazon.about.pollEveryMs - 60_000)
  })
})

/** The value at a path of names and indexes; `undefined` where it leads nowhere. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      (at as Record<string, unknown> | null | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')],
    value,
  )
}

describe('a second walk', () => {
  it('changes nothing while nothing has changed', async () => {
    const before = { orders: await hub.orders(), events: await hub.events() }
    hub.clock.pass(60_000)
    for (const grant of grants) await hub.walk(grant)
    const threeDaysAgo = new Date(hub.clock.nowMs() - 3 * 86_400_000)
    await hub.db.updateTable('order_feeds').set({ synced_until: threeDaysAgo }).execute()
    for (const grant of grants) await hub.walk(grant)
    expect({ orders: await hub.orders(), events: await hub.events() }).toEqual(before)
    const { count } = await hub.db
      .selectFrom('raw_documents')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(orderCount)
  })

  it('brings what has changed: the order’s next version and its events', async () => {
    const row = (await hub.orders()).find(({ status }) => status === 'on_hold')
    const status = hub.simulator.advance(row!.platform_order_id)
    hub.clock.pass(5 * 60_000)
    for (const grant of grants) await hub.walk(grant)
    const after = (await hub.orders()).find(({ id }) => id === row!.id)!
    expect(after).toMatchObject({ version: 2, order: { version: 2, platform_status: status } })
    const told = (await hub.events()).find(({ data }) => data['version'] === 2)
    expect(told).toMatchObject({ type: 'order.updated', entity_id: row!.id, cause: { source: 'poll' } })
    expect(told!.changed_fields).toContain('status')
    expect(
      (await hub.events()).filter(({ entity_id }) => entity_id === row!.id).map(({ seq }) => seq),
    ).toEqual(
      (await hub.events()).filter(({ entity_id }) => entity_id === row!.id).map((_, index) => index + 1),
    )
  })
})
