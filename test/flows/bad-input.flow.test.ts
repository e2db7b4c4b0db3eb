import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fetch } from 'undici'
import type { Fetch } from '#connectors/transport/exchange.ts'
import type { GrantRef } from '#store/shops.ts'
import { takeHints } from '#sync/hints.ts'
import { walkHandler } from '#sync/walk-job.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { openTestHub } from '#test/support/hub.ts'
import type { TestHub } from '#test/support/hub.ts'

const database = await openTestDatabase()

/** The next page of orders, byte by byte, where a test wants one of its own. */
let page: Buffer | null = null
const platform: Fetch = (url, init) => {
  if (page === null || !url.includes('/orders?')) return fetch(url, init)
  return Promise.resolve(new Response(page, { headers: { 'content-type': 'application/json' } }))
}

let hub: TestHub
let ref: GrantRef
beforeAll(async () => {
  hub = await openTestHub(database.url, { fetch: platform })
  ref = await hub.connectAccount('amazon_us')
  await hub.walk(ref)
})
beforeEach(async () => {
  page = null
  for (const table of ['orders', 'raw_documents', 'raw_inbox', 'quarantine', 'drift'] as const)
    await hub.db.deleteFrom(table).execute()
})
afterAll(() => hub.close())

let number = 0
const nextId = (): string => `112-0000000-${String(++number).padStart(7, '0')}`

const order = (more: object = {}) => ({
  orderId: nextId(),
  createdTime: '2026-09-14T03:00:00Z',
  lastUpdatedTime: '2026-09-14T03:25:00.000Z',
  salesChannel: { channelName: 'AMAZON', marketplaceId: 'ATVPDKIKX0DER' },
  fulfillment: { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'MERCHANT' },
  proceeds: { grandTotal: { amount: '26.98', currencyCode: 'USD' } },
  orderItems: [{ orderItemId: '1', quantityOrdered: 2, product: { title: 'Cup', sellerSku: 'CUP' } }],
  ...more,
})

/** Walks over one page of these orders, given as values or as their text, and tells what became of them. */
async function walkOver(...orders: readonly (object | string)[]) {
  const texts = orders.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)))
  return walkOverBytes(Buffer.from(`{"orders":[${texts.join(',')}]}`))
}
async function walkOverBytes(bytes: Buffer) {
  page = bytes
  hub.clock.pass(10 * 60_000)
  await hub.walk(ref)
  page = null
  const quarantine = await hub.db.selectFrom('quarantine').selectAll().execute()
  const { last_error_code } = await hub.progress(ref)
  return {
    error: last_error_code,
    stored: await hub.orders(),
    faults: quarantine.flatMap(({ faults }) => faults as { path: string; wanted: string; got: string }[]),
    quarantined: quarantine.length,
    raws: (await hub.db.selectFrom('raw_documents').selectAll().execute()).length,
    waiting: (await hub.db.selectFrom('raw_inbox').selectAll().execute()).length,
  }
}

/** The two good orders beside a bad one are stored, the bad one is kept and set aside with its place. */
async function isSetAsideAlone(bad: object | string, path: string): Promise<void> {
  const [before, after] = [order(), order()]
  const result = await walkOver(before, bad, after)
  expect(result.error).toBeNull()
  expect(result.stored.map((row) => row.platform_order_id)).toEqual([before.orderId, after.orderId])
  expect(result).toMatchObject({ quarantined: 1, raws: 3, waiting: 0 })
  expect(result.faults.map((fault) => fault.path)).toContain(path)
}

const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

describe('one bad order in a page', () => {
  it.each<[string, object | string, string]>([
    ['a missing field', order({ createdTime: undefined }), 'createdTime'],
    ['a wrong type', order({ orderItems: 'none' }), 'orderItems'],
    [
      'a wrong type inside a line',
      order({ orderItems: [{ orderItemId: '1', quantityOrdered: 'two' }] }),
      'orderItems.0.quantityOrdered',
    ],
    ['a time that is none', order({ lastUpdatedTime: '2026-02-30T00:00:00Z' }), 'lastUpdatedTime'],
    ['a time as a number', order({ createdTime: 1789354500 }), 'createdTime'],
    [
      'an amount that is none',
      order({ proceeds: { grandTotal: { amount: '26,98', currencyCode: 'USD' } } }),
      'proceeds.grandTotal.amount',
    ],
    ['an id that is a list', order({ orderId: ['112'] }), 'orderId'],
    ['an endless id', order({ orderId: '1'.repeat(5_000) }), 'orderId'],
    ['an id with a zero byte', order({ orderId: '112\u0000' }), 'orderId'],
    ['no order at all', 'null', ''],
    ['a number in its place', '42', ''],
    ['a nesting bomb', JSON.stringify(order()).replace('{', `{"bomb":${deep(500)},`), ''],
  ])('%s: set aside alone, with its place', async (_name, bad, path) => {
    await isSetAsideAlone(bad, path)
  })

  it('of a marketplace that is not connected is kept, and not put into another shop', async () => {
    const foreign = order({ salesChannel: { channelName: 'NON_AMAZON', marketplaceId: 'A2ZV50J4W1RKNI' } })
    const { stored, quarantined, faults } = await walkOver(order(), foreign)
    expect(stored).toHaveLength(1)
    expect(quarantined).toBe(1)
    expect(faults).toMatchObject([{ wanted: 'an order of a connected shop' }])
  })
})

describe('an odd order', () => {
  it('of five megabytes goes through with the others', async () => {
    const { error, stored, quarantined } = await walkOver(
      order(),
      order({ note: 'x'.repeat(5 * 2 ** 20) }),
      order(),
    )
    expect({ error, count: stored.length, quarantined }).toEqual({ error: null, count: 3, quarantined: 0 })
  })

  it('with broken letters goes through, the letters marked', async () => {
    const good = order()
    const text = JSON.stringify({ orders: [good, order({ buyer: { buyerName: 'Ren?' } })] })
    const bytes = Buffer.from(text)
    bytes[bytes.indexOf('Ren?') + 3] = 0xe9
    const { error, stored, quarantined } = await walkOverBytes(bytes)
    expect({ error, quarantined }).toEqual({ error: null, quarantined: 0 })
    expect(stored.map(({ order }) => order.buyer.display_name)).toEqual([null, 'Ren\ufffd'])
  })

  it('with zero bytes and half letters in its texts goes through', async () => {
    const { error, stored } = await walkOver(
      order({ buyer: { buyerName: 'A\u0000B' } }),
      JSON.stringify(order({ buyer: { buyerName: 'C@' } })).replace('C@', 'C\\ud83d'),
    )
    expect(error).toBeNull()
    expect(stored.map(({ order }) => order.buyer.display_name)).toEqual(['A\u0000B', 'C\ud83d'])
  })

  it('with words nobody knows is unknown, and keeps them', async () => {
    const { stored, quarantined } = await walkOver(
      order({ fulfillment: { fulfillmentStatus: 'IN_CUSTOMS', fulfilledBy: 'ROBOT' } }),
      order({ fulfillment: undefined }),
    )
    expect(quarantined).toBe(0)
    expect(stored).toMatchObject([
      {
        status: 'unknown',
        is_fulfillable: false,
        order: { platform_status: 'IN_CUSTOMS', fulfillment_type: 'unknown' },
      },
      { status: 'unknown', is_fulfillable: false, order: { platform_status: null } },
    ])
  })

  it('with fields by the thousand does not fill the list of unknown fields', async () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, 1]))
    const { stored } = await walkOver(
      order({ ...many, [`l${'o'.repeat(4_000)}ng`]: 1, 'z\u0000': 1 }),
      order({ 'z\u0000': 1, ['l'.repeat(4_000)]: 1 }),
    )
    expect(stored).toHaveLength(2)
    const drift = await hub.db.selectFrom('drift').select('path').execute()
    expect(drift.length).toBe(102)
    expect(drift.map(({ path }) => path)).toEqual(expect.arrayContaining(['f0', 'z', 'l'.repeat(300)]))
  })

  it('of the hour that comes twice or never keeps its instants', async () => {
    const { stored, quarantined } = await walkOver(
      order({ createdTime: '2026-11-01T01:30:00-04:00', lastUpdatedTime: '2026-11-01T01:30:00-05:00' }),
      order({ createdTime: '2026-03-29T02:30:00+01:00', lastUpdatedTime: '2026-03-29T03:30:00+02:00' }),
      order({ createdTime: '2026-06-30T23:59:59.999999Z', lastUpdatedTime: '2026-07-01T00:00:00+0000' }),
    )
    expect(quarantined).toBe(0)
    expect(stored.map(({ order }) => [order.platform_created_at, order.platform_updated_at])).toEqual([
      ['2026-11-01T05:30:00.000Z', '2026-11-01T06:30:00.000Z'],
      ['2026-03-29T01:30:00.000Z', '2026-03-29T01:30:00.000Z'],
      ['2026-06-30T23:59:59.999Z', '2026-07-01T00:00:00.000Z'],
    ])
  })

  it('of the first or the last year there is goes through', async () => {
    const { error, stored } = await walkOver(
      order({ createdTime: '0001-01-01T00:00:00Z', lastUpdatedTime: '9999-12-31T23:59:59Z' }),
      order({ createdTime: '1969-12-31T23:59:59Z' }),
    )
    expect(error).toBeNull()
    expect(stored).toHaveLength(2)
  })

  it('that comes twice in one page is one order', async () => {
    const twice = order()
    const { stored, quarantined } = await walkOver(
      twice,
      { ...twice },
      { ...twice, lastUpdatedTime: '2026-09-14T03:20:00Z' },
    )
    expect(quarantined).toBe(0)
    expect(stored).toMatchObject([{ version: 1, platform_updated_at: new Date('2026-09-14T03:25:00Z') }])
  })
})

describe('a page that cannot be read', () => {
  it.each<[string, Buffer, string]>([
    ['that is not a list', Buffer.from('{"orders":"none"}'), 'NO_ORDER_LIST'],
    ['that ends in the middle', Buffer.from('{"orders":[{"orderId":"1"'), 'NOT_JSON'],
    ['nested without end', Buffer.from(`{"orders":[${deep(100_000)}]}`), 'NOT_JSON'],
    ['without end', Buffer.alloc(9 * 2 ** 20, 0x20), 'ANSWER_TOO_LARGE'],
  ])('%s ends the walk with its name; the next one finds everything', async (_name, bytes, code) => {
    const { synced_until } = await hub.progress(ref)
    const result = await walkOverBytes(bytes)
    expect(result).toMatchObject({ error: code, stored: [], quarantined: 0 })
    expect((await hub.progress(ref)).synced_until).toEqual(synced_until)
    const { error, stored } = await walkOver(order())
    expect({ error, count: stored.length }).toEqual({ error: null, count: 1 })
  })
})

describe('a clock that is off', () => {
  it('by more than the platform bears: the walk is refused by name, and nothing is lost when it is set right', async () => {
    const id = hub.simulator.createOrder({ countryCode: 'US' })
    hub.clock.pass(5 * 60_000)
    const ahead = 3600_000
    const skewed = {
      ...hub.syncDeps,
      clock: { ...hub.clock, nowMs: () => hub.clock.nowMs() + ahead },
    }
    const { synced_until } = await hub.progress(ref)
    await walkHandler(skewed)({ orgId: ref.orgId, grantId: ref.id }, new AbortController().signal)
    expect(await hub.progress(ref)).toMatchObject({ last_error_code: 'InvalidInput', synced_until })
    expect(await hub.orders()).toEqual([])

    await hub.walk(ref)
    expect((await hub.orders()).map((row) => row.platform_order_id)).toContain(id)
  })

  it('backwards only makes it later', async () => {
    await hub.walk(ref)
    const { synced_until } = await hub.progress(ref)
    const id = hub.simulator.createOrder({ countryCode: 'US' })
    const behind = { ...hub.syncDeps, clock: { ...hub.clock, nowMs: () => hub.clock.nowMs() - 3600_000 } }
    await walkHandler(behind)({ orgId: ref.orgId, grantId: ref.id }, new AbortController().signal)
    expect((await hub.progress(ref)).synced_until).toEqual(synced_until)
    hub.clock.pass(5 * 60_000)
    await hub.walk(ref)
    expect((await hub.orders()).map((row) => row.platform_order_id)).toContain(id)
  })
})

describe('a message that cannot be used', () => {
  const message = (change: object) => ({
    NotificationType: 'ORDER_CHANGE',
    EventTime: '2026-09-14T03:25:00Z',
    Payload: { OrderChangeNotification: { SellerId: 'A1', AmazonOrderId: '112-1', ...change } },
    NotificationMetadata: { NotificationId: 'n-1' },
  })

  it('is passed over; the good ones beside it become jobs, once', async () => {
    const { platform_merchant_id: SellerId } = await hub.grant(ref)
    const good = message({ SellerId, AmazonOrderId: '112-7654321-7654321' })
    const strange = { ...good, NotificationMetadata: { NotificationId: 'n\u0000'.repeat(400) } }
    const bodies = [
      'no JSON',
      '',
      null,
      42,
      [],
      deep(5_000),
      message({ SellerId: 'A1\u0000' }),
      message({ SellerId, AmazonOrderId: '1'.repeat(5_000) }),
      message({ SellerId, AmazonOrderId: '1\u0000' }),
      message({ SellerId: 'A1STRANGER', AmazonOrderId: '112-1234567-1234567' }),
      { ...good, NotificationType: 'ANY_OFFER_CHANGED' },
      strange,
      good,
      JSON.stringify(good),
    ]
    const amazon = hub.syncDeps.connectors.amazon!
    expect(await takeHints(hub.syncDeps, amazon, 'sandbox', bodies)).toEqual({ accepted: 2, ignored: 12 })
    expect(await takeHints(hub.syncDeps, amazon, 'sandbox', bodies)).toEqual({ accepted: 0, ignored: 14 })
    expect(await takeHints(hub.syncDeps, amazon, 'production', [good])).toEqual({ accepted: 0, ignored: 1 })
    expect((await hub.waitingJobs('refetch_order')).map(({ key }) => key)).toEqual([
      `refetch:${ref.id}:112-7654321-7654321`,
    ])
  })
})
