import { describe, expect, test } from 'vitest'
import type { Account, Call, OrderPage, OrderWalk, PlatformRequest } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { dataSets } from './data-sets.ts'
import { findMarket } from './markets.ts'
import { one, walk } from './orders.ts'

const order = (orderId: unknown, more: object = {}) => ({
  orderId,
  lastUpdatedTime: '2026-09-14T03:21:45.902Z',
  salesChannel: { marketplaceId: 'ATVPDKIKX0DER' },
  ...more,
})

/** The network edge: answers in turn, or fails. Keeps what was asked. */
function openCall(answers: readonly unknown[]): { readonly call: Call; readonly asked: PlatformRequest[] } {
  const asked: PlatformRequest[] = []
  const call: Call = (request) => {
    const body = answers[asked.length]
    asked.push(request)
    if (body instanceof PlatformFailure) return Promise.reject(body)
    return Promise.resolve({ status: 200, headers: {}, body, text: JSON.stringify(body), sentAtMs: 1000 })
  }
  return { call, asked }
}

const badRequest = new PlatformFailure('rejected', 'InvalidInput', 'Invalid Input', { httpStatus: 400 })

const toMs = Date.parse('2026-09-14T03:30:00.000Z')
const changes: OrderWalk = {
  by: 'updated',
  window: { fromMs: Date.parse('2026-09-14T03:00:00Z'), toMs },
}

/** A seller of these markets, as calls need it. */
const sellerIn = (region: string, ...codes: string[]): Account => ({
  region,
  platformMerchantId: 'S1',
  facts: {},
  shops: codes.map((code) => ({ platformShopId: code, market: findMarket(code)!, facts: {} })),
})

async function collect(call: Call, orderWalk = changes): Promise<OrderPage[]> {
  const pages: OrderPage[] = []
  for await (const page of walk(call, sellerIn('na', 'us', 'ca'), orderWalk)) pages.push(page)
  return pages
}

describe('walk', () => {
  test('asks every page with the same words and tells how far it is complete', async () => {
    const { call, asked } = openCall([
      {
        orders: [order('1'), order('2')],
        pagination: { nextToken: 'a+/=' },
        lastUpdatedBefore: '2026-09-14T03:28:00Z',
      },
      { orders: [order('3')], pagination: {}, lastUpdatedBefore: '2026-09-14T03:29:00Z' },
    ])
    const pages = await collect(call)
    expect(pages.map(({ syncedUntilMs }) => syncedUntilMs)).toEqual([
      null,
      Date.parse('2026-09-14T03:28:00Z'),
    ])
    expect(asked[0]!.query).toEqual({
      lastUpdatedAfter: '2026-09-14T03:00:00.000Z',
      lastUpdatedBefore: '2026-09-14T03:30:00.000Z',
      marketplaceIds: 'ATVPDKIKX0DER,A2EUQ1WTGCTBG2',
      maxResultsPerPage: '100',
      includedData: dataSets.join(','),
    })
    expect(asked[1]!.query).toEqual({ ...asked[0]!.query, paginationToken: 'a+/=' })
    expect(pages[0]!.orders[0]).toEqual({
      platformOrderId: '1',
      platformMarketId: 'ATVPDKIKX0DER',
      changedAtMs: Date.parse('2026-09-14T03:21:45.902Z'),
      document: 'order',
      payload: JSON.stringify(order('1')),
      value: order('1'),
      endpoint: 'searchOrders 2026-01-01',
      fetchedAtMs: 1000,
    })
  })

  test('by creation uses the other pair of dates; without an answered end the window’s end counts', async () => {
    const { call, asked } = openCall([{ orders: [] }])
    const [page] = await collect(call, { ...changes, by: 'created' })
    expect(page).toEqual({ orders: [], unreadable: [], syncedUntilMs: toMs })
    expect(Object.keys(asked[0]!.query!)).toEqual(expect.arrayContaining(['createdAfter', 'createdBefore']))
    expect(asked[0]!.query).not.toHaveProperty('lastUpdatedAfter')
  })

  test('an end that Amazon answers beyond the window does not count', async () => {
    const { call } = openCall([{ orders: [], lastUpdatedBefore: '2027-01-01T00:00:00Z' }])
    expect((await collect(call))[0]!.syncedUntilMs).toBe(toMs)
  })

  test('keeps entries without a usable id apart', async () => {
    const { call } = openCall([{ orders: [order(''), order('1'), null, order(7)] }])
    const [page] = await collect(call)
    expect(page!.orders.map(({ platformOrderId }) => platformOrderId)).toEqual(['1'])
    expect(page!.unreadable).toHaveLength(3)
    expect(page!.unreadable[0]!.payload).toBe(JSON.stringify(order('')))
  })

  test.each([
    [
      'the same token twice',
      [
        { orders: [order('1')], pagination: { nextToken: 't' } },
        { orders: [order('2')], pagination: { nextToken: 't' } },
      ],
    ],
    [
      'the same page twice',
      [
        { orders: [order('1'), order('2')], pagination: { nextToken: 't' } },
        { orders: [order('1'), order('2')], pagination: { nextToken: 'u' } },
      ],
    ],
    [
      'empty pages without end',
      Array.from({ length: 40 }, (_, index) => ({ orders: [], pagination: { nextToken: `${index}` } })),
    ],
  ])('ends with PAGE_LOOP on %s', async (_name, answers) => {
    const { call } = openCall(answers)
    await expect(collect(call)).rejects.toMatchObject({ kind: 'contract_broken', code: 'PAGE_LOOP' })
  })

  test('a page with one order seen before and a new one is no loop', async () => {
    const { call } = openCall([
      { orders: [order('1')], pagination: { nextToken: 't' } },
      { orders: [order('1'), order('2')] },
    ])
    expect(await collect(call)).toHaveLength(2)
  })

  test('starts again once when a page token is refused', async () => {
    const first = { orders: [order('1')], pagination: { nextToken: 't' } }
    const { call, asked } = openCall([first, badRequest, first, { orders: [order('2')] }])
    expect(await collect(call)).toHaveLength(3)
    expect(asked.map(({ query }) => query!['paginationToken'])).toEqual([undefined, 't', undefined, 't'])
    const again = openCall([first, badRequest, first, badRequest])
    await expect(collect(again.call)).rejects.toMatchObject({ kind: 'rejected', code: 'PAGE_TOKEN_REFUSED' })
  })

  test('leaves out one data set at a time when the call is refused without a reason', async () => {
    const { call, asked } = openCall([
      badRequest,
      badRequest,
      { orders: [order('1')], pagination: { nextToken: 't' } },
      { orders: [order('2')] },
    ])
    const pages = await collect(call)
    expect(pages.flatMap(({ orders }) => orders.map(({ endpoint }) => endpoint))).toEqual([
      'searchOrders 2026-01-01 without TAX',
      'searchOrders 2026-01-01 without TAX',
    ])
    expect(asked[1]!.query!['includedData']).not.toContain('FULFILLMENT,')
    expect(asked[3]!.query!['includedData']).not.toContain('TAX')
  })

  test('throws the first refusal when no data set is to blame, and passes on what is no refusal', async () => {
    const refused = openCall(Array.from({ length: 20 }, () => badRequest))
    await expect(collect(refused.call)).rejects.toBe(badRequest)
    expect(refused.asked).toHaveLength(1 + dataSets.length)
    const throttled = new PlatformFailure('throttled', 'QuotaExceeded', '', { httpStatus: 429 })
    const slow = openCall([badRequest, throttled])
    await expect(collect(slow.call)).rejects.toBe(throttled)
  })

  test('an answer without a list is broken, not empty', async () => {
    const { call } = openCall([{ nothing: true }])
    await expect(collect(call)).rejects.toMatchObject({ kind: 'contract_broken', code: 'NO_ORDER_LIST' })
  })

  test('reads the wrapper of v0 as well', async () => {
    const { call } = openCall([{ payload: { orders: [order('1')] } }])
    expect((await collect(call))[0]!.orders).toHaveLength(1)
  })
})

describe('one', () => {
  test('reads an order by id, which is encoded once', async () => {
    const { call, asked } = openCall([{ order: order('S01/2 3') }])
    expect(await one(call, sellerIn('eu', 'de'), 'S01/2 3')).toMatchObject({
      platformOrderId: 'S01/2 3',
      endpoint: 'getOrder 2026-01-01',
      payload: JSON.stringify(order('S01/2 3')),
    })
    expect(asked[0]).toMatchObject({ host: 'api.eu', path: '/orders/2026-01-01/orders/S01%2F2%203' })
  })

  test('an answer without an order is broken', async () => {
    const { call } = openCall([{ order: { orderId: null } }])
    await expect(one(call, sellerIn('na', 'us'), '1')).rejects.toMatchObject({ code: 'NO_ORDER' })
  })
})
