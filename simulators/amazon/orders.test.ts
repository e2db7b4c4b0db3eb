import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  allData,
  connectRestricted,
  connectSeller,
  walkOrders,
  type Client,
} from '#test/support/amazon-client.ts'
import { manualClock, type ManualClock } from '#test/support/manual-clock.ts'
import { startAmazonSimulator, type AmazonSimulator } from './index.ts'

const path = '/orders/2026-01-01/orders'
const since = '2020-01-01T00:00:00Z'
const germany = 'A1PA6795UKMFR9'
let sim: AmazonSimulator
let clock: ManualClock
let seller: Client

beforeEach(async () => {
  clock = manualClock()
  sim = await startAmazonSimulator({ clock, orders: 300 })
  seller = await connectSeller(sim, 'eu')
})
afterEach(() => sim.stop())

const mine = () => sim.truth().filter(({ accountId }) => accountId === seller.sellerId)
const idsOf = (pages: readonly { list: (path: string) => readonly { at: (path: string) => unknown }[] }[]) =>
  pages.flatMap((page) => page.list('orders').map((order) => order.at('orderId')))

describe('searchOrders', () => {
  test('walks every order once, oldest change first', async () => {
    const pages = await walkOrders(seller, {
      lastUpdatedAfter: since,
      includedData: 'FULFILLMENT',
      maxResultsPerPage: '9',
    })
    expect(pages.every(({ status }) => status === 200)).toBe(true)
    const ids = idsOf(pages)
    const endMs = clock.nowMs() - 120_000
    const expected = mine().filter(({ lastUpdatedMs }) => lastUpdatedMs <= endMs)
    expect(ids).toHaveLength(expected.length)
    expect(new Set(ids)).toEqual(new Set(expected.map(({ orderId }) => orderId)))
    expect(pages[0]!.at('lastUpdatedBefore')).toBe(new Date(endMs).toISOString())
    expect(pages.at(-1)!.at('pagination')).toBeUndefined()
    const times = pages.flatMap((page) =>
      page.list('orders').map((order) => String(order.at('lastUpdatedTime'))),
    )
    expect(times).toEqual(times.toSorted())
  })

  test('leaves out what is not asked for: without FULFILLMENT there is no status', async () => {
    const bare = await seller.get(path, { createdAfter: since })
    const sections = new Set(bare.list('orders').flatMap((order) => Object.keys(order.value as object)))
    expect([...sections].toSorted()).toEqual([
      'associatedOrders',
      'createdTime',
      'lastUpdatedTime',
      'orderAliases',
      'orderId',
      'orderItems',
      'programs',
      'salesChannel',
    ])
    const full = await seller.get(path, { createdAfter: since, includedData: allData })
    const shipped = full.list('orders').find((order) => order.list('packages').length > 0)!
    for (const section of [
      'buyer',
      'recipient',
      'proceeds',
      'payment',
      'fulfillment',
      'orderItems.0.proceeds',
    ])
      expect(shipped.at(section), section).toBeDefined()
    expect(full.at('createdBefore')).toBeDefined()
    expect(full.at('lastUpdatedBefore')).toBeUndefined()
  })

  test('filters by marketplace, status and who ships', async () => {
    const query = { createdAfter: since, includedData: 'FULFILLMENT' }
    const shown = async (more: Record<string, string>, member: string) => {
      const reply = await seller.get(path, { ...query, ...more })
      return new Set(reply.list('orders').map((order) => order.at(member)))
    }
    expect(await shown({ marketplaceIds: germany }, 'salesChannel.marketplaceId')).toEqual(new Set([germany]))
    expect(
      await shown({ fulfillmentStatuses: 'PENDING,CANCELLED' }, 'fulfillment.fulfillmentStatus'),
    ).toEqual(new Set(['PENDING', 'CANCELLED']))
    expect(await shown({ fulfilledBy: 'AMAZON' }, 'fulfillment.fulfilledBy')).toEqual(new Set(['AMAZON']))
  })

  const now = '2026-09-14T03:30:00.000Z'
  test.each<[string, Record<string, string>]>([
    ['no date', {}],
    ['both families', { createdAfter: since, lastUpdatedAfter: since }],
    ['an end of the other family', { createdAfter: since, lastUpdatedBefore: since }],
    ['an end younger than two minutes', { lastUpdatedAfter: since, lastUpdatedBefore: now }],
    ['an end before its start', { createdAfter: since, createdBefore: '2019-01-01T00:00:00Z' }],
    ['a date that is none', { createdAfter: 'yesterday' }],
    ['a page of 0', { createdAfter: since, maxResultsPerPage: '0' }],
    ['a page of 101', { createdAfter: since, maxResultsPerPage: '101' }],
    ['an unknown marketplace', { createdAfter: since, marketplaceIds: 'A00000000000' }],
    ['an unknown status', { createdAfter: since, fulfillmentStatuses: 'CANCELED' }],
    ['an unknown data set', { createdAfter: since, includedData: 'EVERYTHING' }],
    ['a broken token', { createdAfter: since, paginationToken: 'abc' }],
  ])('refuses %s with 400', async (_name, query) => {
    const reply = await seller.get(path, query)
    expect([reply.status, reply.at('errors.0.code')]).toEqual([400, 'InvalidInput'])
  })

  test('refuses a marketplace of another region with 403', async () => {
    const reply = await seller.get(path, { createdAfter: since, marketplaceIds: 'ATVPDKIKX0DER' })
    expect([reply.status, reply.at('errors.0.code')]).toEqual([403, 'Unauthorized'])
  })

  test('a page token goes with its parameters and lives a day', async () => {
    const query = { lastUpdatedAfter: since, maxResultsPerPage: '5' }
    const first = await seller.get(path, query)
    const paginationToken = String(first.at('pagination.nextToken'))
    const other = await seller.get(path, { lastUpdatedAfter: '2020-01-02T00:00:00Z', paginationToken })
    expect([other.status, other.at('errors.0.message')]).toEqual([400, null])
    const freely = await seller.get(path, {
      ...query,
      maxResultsPerPage: '7',
      includedData: 'BUYER',
      paginationToken,
    })
    expect(freely.list('orders')).toHaveLength(7)
    await clock.advance(25 * 3_600_000)
    const again = await connectSeller(sim, 'eu')
    expect((await again.get(path, { ...query, paginationToken })).status).toBe(400)
  })

  test('a change shows after two minutes in lists and at once by id', async () => {
    const orderId = sim.createOrder({ countryCode: 'DE', kind: 'merchant' })
    const from = new Date(clock.nowMs()).toISOString()
    const listed = async () => idsOf([await seller.get(path, { lastUpdatedAfter: from })])
    expect(await listed()).toEqual([])
    expect((await seller.get(`${path}/${orderId}`)).status).toBe(200)
    await clock.advance(120_000)
    expect(await listed()).toEqual([orderId])
  })
})

describe('faults of lists', () => {
  const query = { lastUpdatedAfter: since, maxResultsPerPage: '40' }

  test('hidden_order: not in the list, but there by id', async () => {
    const hidden = mine()[3]!.orderId
    sim.setFault('hidden_order', { only: [hidden] })
    expect(idsOf(await walkOrders(seller, query))).not.toContain(hidden)
    expect((await seller.get(`${path}/${hidden}`)).status).toBe(200)
    sim.setFault('hidden_order', false)
    expect(idsOf(await walkOrders(seller, query))).toContain(hidden)
  })

  test('repeated_page: a page comes twice and nothing is lost', async () => {
    const ids = new Set(idsOf(await walkOrders(seller, query)))
    sim.setFault('repeated_page', { count: 1 })
    const repeated = idsOf(await walkOrders(seller, query))
    expect(repeated).toHaveLength(ids.size + 40)
    expect(new Set(repeated)).toEqual(ids)
  })

  test('same_token_twice: the token does not move on while it lasts', async () => {
    sim.setFault('same_token_twice', true)
    const first = await seller.get(path, query)
    const paginationToken = String(first.at('pagination.nextToken'))
    const second = await seller.get(path, { ...query, paginationToken })
    expect(second.at('pagination.nextToken')).toBe(paginationToken)
  })

  test('window_end: both ends are left out', async () => {
    const edge = mine().find(({ lastUpdatedMs }) => lastUpdatedMs < clock.nowMs() - 600_000)!
    const at = new Date(edge.lastUpdatedMs).toISOString()
    const within = { lastUpdatedAfter: at, lastUpdatedBefore: at }
    expect(idsOf([await seller.get(path, within)])).toEqual([edge.orderId])
    sim.setFault('window_end', true)
    expect(idsOf([await seller.get(path, within)])).toEqual([])
  })

  test('unknown_status, unknown_field, missing_currency and mixed_time_units change what an order says', async () => {
    const orderId = mine().find(({ kind, status }) => kind === 'merchant' && status === 'SHIPPED')!.orderId
    for (const name of ['unknown_status', 'unknown_field', 'missing_currency', 'mixed_time_units'] as const)
      sim.setFault(name, { only: [orderId] })
    const reply = await seller.get(`${path}/${orderId}`, { includedData: allData })
    expect(reply.at('order.fulfillment.fulfillmentStatus')).toBe('AWAITING_CUSTOMS_REVIEW')
    expect(reply.at('order.customsReviewLane')).toBe('GREEN')
    expect(reply.at('order.proceeds.grandTotal.amount')).toBeDefined()
    expect(reply.at('order.proceeds.grandTotal.currencyCode')).toBeUndefined()
    expect(reply.at('order.createdTime')).toMatch(/:\d\dZ$/)
  })
})

describe('getOrder', () => {
  test('400 for an id of another form, 404 for one of another account', async () => {
    const malformed = await seller.get(`${path}/12-34`)
    expect(malformed.at('errors.0.message')).toBe('OrderId: 12-34 is invalid, should be in 3-7-7 format.')
    const foreign = sim.truth().find(({ accountId }) => accountId !== seller.sellerId)!
    const missing = await seller.get(`${path}/${foreign.orderId}`)
    expect([missing.status, missing.at('errors.0.code')]).toEqual([404, 'NotFound'])
  })

  test('a pending order has no money, buyer or address', async () => {
    const orderId = sim.createOrder({ countryCode: 'DE', kind: 'unpaid' })
    const reply = await seller.get(`${path}/${orderId}`, { includedData: allData })
    expect(reply.at('order.fulfillment.fulfillmentStatus')).toBe('PENDING')
    for (const absent of ['proceeds', 'buyer', 'recipient', 'payment'])
      expect(reply.at(`order.${absent}`), absent).toBeUndefined()
  })

  test('amounts add up in every order', async () => {
    const full = await seller.get(path, { createdAfter: since, includedData: allData })
    const open = full.list('orders').filter((order) => order.list('proceeds.breakdowns').length > 0)
    expect(open.length).toBeGreaterThan(20)
    for (const order of open) {
      const sum = (list: readonly { at: (path: string) => unknown }[], member: string): number =>
        Math.round(list.reduce((total, entry) => total + Number(entry.at(member)), 0) * 100)
      const total = Math.round(Number(order.at('proceeds.grandTotal.amount')) * 100)
      expect(sum(order.list('proceeds.breakdowns'), 'subtotal.amount')).toBe(total)
      expect(sum(order.list('orderItems'), 'proceeds.proceedsTotal.amount')).toBe(total)
    }
  })

  test('without the role, personal data is silently absent', async () => {
    await sim.stop()
    sim = await startAmazonSimulator({ clock, orders: 100, piiRole: false })
    seller = await connectSeller(sim, 'eu')
    const full = await seller.get(path, { createdAfter: since, includedData: allData })
    expect(full.status).toBe(200)
    for (const name of ['buyerName', 'buyerEmail', '"phone"', 'giftMessage', 'customizedUrl'])
      expect(full.text.includes(name), name).toBe(false)
    for (const order of full.list('orders')) {
      expect(order.at('recipient.deliveryAddress.addressLine1')).toBeUndefined()
      expect(order.at('recipient.deliveryAddress.postalCode')).toBeUndefined()
    }
  })
})

describe('orders v0', () => {
  const list = '/orders/v0/orders'

  test('the token stands for the search; the last page has an empty one', async () => {
    const first = await seller.get(list, {
      CreatedAfter: since,
      MarketplaceIds: germany,
      MaxResultsPerPage: '4',
    })
    expect(first.list('payload.Orders')).toHaveLength(4)
    const seen = new Set(first.list('payload.Orders').map((order) => order.at('AmazonOrderId')))
    let token = String(first.at('payload.NextToken'))
    while (token !== '') {
      const next = await seller.get(list, { MarketplaceIds: germany, NextToken: token })
      expect(next.status).toBe(200)
      for (const order of next.list('payload.Orders')) {
        expect(seen.has(order.at('AmazonOrderId'))).toBe(false)
        seen.add(order.at('AmazonOrderId'))
      }
      token = String(next.at('payload.NextToken'))
    }
    expect(seen.size).toBe(mine().filter(({ marketId }) => marketId === germany).length)
  })

  test('marketplaces are required, and Unshipped selects PartiallyShipped too', async () => {
    expect((await seller.get(list, { CreatedAfter: since })).status).toBe(400)
    const partial = sim.createOrder({ countryCode: 'DE', kind: 'partial' })
    sim.advance(partial)
    expect(sim.advance(partial)).toBe('PARTIALLY_SHIPPED')
    await clock.advance(180_000)
    const reply = await seller.get(list, {
      CreatedAfter: since,
      MarketplaceIds: germany,
      OrderStatuses: 'Unshipped',
    })
    expect(reply.list('payload.Orders').map((order) => order.at('AmazonOrderId'))).toContain(partial)
    const byId = await seller.get(list, { MarketplaceIds: germany, AmazonOrderIds: partial })
    expect(byId.list('payload.Orders')).toHaveLength(1)
  })

  test('personal data needs a restricted token for that very resource', async () => {
    const { orderId } = mine().find(({ kind, status }) => kind === 'merchant' && status === 'SHIPPED')!
    const resource = `${list}/${orderId}`
    const plain = await seller.get(resource)
    expect(plain.status).toBe(200)
    expect(plain.at('payload.ShippingAddress')).toBeUndefined()
    const restricted = await connectRestricted(sim, seller, [
      { method: 'GET', path: `${list}/{orderId}`, dataElements: ['buyerInfo', 'shippingAddress'] },
      { method: 'GET', path: `${resource}/address` },
    ])
    const full = await restricted.get(resource)
    expect(full.at('payload.ShippingAddress.Name')).toBeDefined()
    expect(full.at('payload.BuyerInfo.BuyerEmail')).toBeDefined()
    expect(
      (await restricted.get(`${resource}/address`)).at('payload.ShippingAddress.AddressLine1'),
    ).toBeDefined()
    expect((await restricted.get(`${resource}/buyerInfo`)).status).toBe(403)
  })

  test('both versions tell one truth', async () => {
    for (const { orderId } of mine().slice(0, 10)) {
      const now = await seller.get(`${path}/${orderId}`, { includedData: allData })
      const old = await seller.get(`/orders/v0/orders/${orderId}`)
      const items = await seller.get(`/orders/v0/orders/${orderId}/orderItems`)
      const total = now.at('order.proceeds.grandTotal.amount')
      if (old.at('payload.OrderTotal')) expect(old.at('payload.OrderTotal.Amount')).toBe(total)
      expect(items.list('payload.OrderItems').map((item) => item.at('OrderItemId'))).toEqual(
        now.list('order.orderItems').map((item) => item.at('orderItemId')),
      )
    }
  })
})
