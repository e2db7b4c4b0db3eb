import { expect, test } from 'vitest'
import type { Account, Call, OrderPage, PlatformRequest } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { findMarket } from './markets.ts'
import { one, walk } from './orders.ts'

const account: Account = {
  region: 'global',
  platformMerchantId: '7',
  facts: {},
  shops: ['7', '8'].map((platformShopId) => ({ platformShopId, market: findMarket('SG')!, facts: {} })),
}

type Answers = Readonly<Record<string, (query: Readonly<Record<string, string>>) => unknown>>

/** Answers by the last part of the path; remembers what was asked. */
function callWith(answers: Answers): { readonly call: Call; readonly asked: PlatformRequest[] } {
  const asked: PlatformRequest[] = []
  const call: Call = (request) => {
    asked.push(request)
    const name = request.path.slice(request.path.lastIndexOf('/') + 1)
    const response = answers[name]?.(request.query ?? {}) ?? {}
    if (response instanceof Error) return Promise.reject(response)
    const body = { error: '', response }
    return Promise.resolve({ status: 200, headers: {}, body, text: JSON.stringify(body), sentAtMs: 5 })
  }
  return { call, asked }
}

const order = (id: string) => ({
  order_sn: id,
  region: 'SG',
  order_status: 'READY_TO_SHIP',
  update_time: 1_700_000_000,
  package_list: [{ package_number: `P-${id}` }],
})
const details = (query: Readonly<Record<string, string>>) => ({
  order_list: query['order_sn_list']!.split(',').map(order),
})
const window = { fromMs: 1_700_000_000_500, toMs: 1_700_000_100_200 }

async function pagesOf(call: Call): Promise<OrderPage[]> {
  const pages: OrderPage[] = []
  for await (const page of walk(call, account, { by: 'updated', window })) pages.push(page)
  return pages
}

test('a walk goes shop by shop, widens the window by a second, and joins the parts of each order', async () => {
  const { call, asked } = callWith({
    get_order_list: ({ shop_id: shop, cursor }) => ({
      more: cursor === undefined,
      next_cursor: cursor === undefined ? 'c2' : '',
      order_list: [{ order_sn: `${shop}-${cursor ?? 'c1'}` }],
    }),
    get_order_detail: details,
    get_package_detail: ({ package_number_list: list }) => ({
      package_list: list!.split(',').map((number) => ({ order_sn: number.slice(2), package_number: number })),
    }),
    get_escrow_detail: ({ order_sn: id }) => ({ order_sn: id, order_income: { coins: 1 } }),
  })
  const pages = await pagesOf(call)
  expect(pages.map(({ syncedUntilMs }) => syncedUntilMs)).toEqual([null, null, null, window.toMs])
  expect(
    pages.flatMap(({ orders }) => orders.map((raw) => [raw.platformOrderId, raw.platformShopId])),
  ).toEqual([
    ['7-c1', '7'],
    ['7-c2', '7'],
    ['8-c1', '8'],
    ['8-c2', '8'],
  ])
  expect(JSON.parse(pages[0]!.orders[0]!.payload)).toEqual({
    order: order('7-c1'),
    escrow: { order_sn: '7-c1', order_income: { coins: 1 } },
    packages: [{ order_sn: '7-c1', package_number: 'P-7-c1' }],
  })
  expect(asked[0]!.query).toMatchObject({ time_from: '1699999999', time_to: '1700000101', page_size: '100' })
})

test('details come in fifties, escrow in twenties; what Shopee refuses is left out and named', async () => {
  const refused = new PlatformFailure('rejected', 'error_api_permission', 'no permission')
  const ids = Array.from({ length: 60 }, (_, index) => `A${index}`)
  const { call, asked } = callWith({
    get_order_list: ({ shop_id: shop }) => ({
      more: false,
      order_list: shop === '7' ? ids.map((id) => ({ order_sn: id })) : [],
    }),
    get_order_detail: details,
    get_package_detail: () => ({ package_list: [] }),
    get_escrow_detail_batch: () => refused,
  })
  const [page] = await pagesOf(call)
  expect(page!.orders).toHaveLength(60)
  expect(page!.orders[0]!.endpoint).toBe('v2 get_order_detail without get_escrow_detail')
  expect(asked.map(({ operation }) => operation)).toEqual([
    'orders.list',
    'orders.detail',
    'packages.detail',
    'escrow.batch',
    'orders.detail',
    'packages.detail',
    'escrow.batch',
    'orders.list',
  ])
  expect((asked[3]!.body as { order_sn_list: string[] }).order_sn_list).toHaveLength(20)
})

test('an order that is listed but has no detail is asked for again, then set aside', async () => {
  const { call, asked } = callWith({
    get_order_list: ({ shop_id: shop }) => ({
      more: false,
      order_list: shop === '7' ? [{ order_sn: 'A' }, { order_sn: 'B' }, { odd: 1 }] : [],
    }),
    get_order_detail: ({ order_sn_list: list }) => ({
      order_list: list!
        .split(',')
        .filter((id) => id !== 'B')
        .map(order),
    }),
  })
  const [page] = await pagesOf(call)
  expect(page!.orders.map(({ platformOrderId }) => platformOrderId)).toEqual(['A'])
  expect(page!.unreadable).toEqual([
    { payload: '{"odd":1}', reason: 'order_sn: wanted text' },
    { payload: '{"order_sn":"B"}', reason: 'listed, but get_order_detail does not give it' },
  ])
  expect(asked.filter(({ operation }) => operation === 'orders.detail')).toHaveLength(2)
})

test('a platform that repeats a page or a cursor ends the walk; an empty success is broken', async () => {
  const looping = (next: string) =>
    callWith({
      get_order_list: () => ({ more: true, next_cursor: next, order_list: [{ order_sn: 'A' }] }),
      get_order_detail: details,
    }).call
  for (const next of ['', 'c2'])
    await expect(pagesOf(looping(next))).rejects.toMatchObject({ kind: 'contract_broken', code: 'PAGE_LOOP' })
  const empty = callWith({ get_order_list: () => [] }).call
  await expect(pagesOf(empty)).rejects.toMatchObject({ kind: 'contract_broken', code: 'NO_RESPONSE' })
})

test('one order is looked for in the shop named, else in every shop', async () => {
  const missing = new PlatformFailure('missing', 'error_not_found', 'not there')
  const { call, asked } = callWith({
    get_order_detail: (query) => (query['shop_id'] === '8' ? details(query) : missing),
  })
  expect((await one(call, account, 'A')).platformShopId).toBe('8')
  await expect(one(call, account, 'A', '7')).rejects.toMatchObject({ kind: 'missing' })
  expect(asked.map(({ query }) => query?.['shop_id']).slice(0, 2)).toEqual(['7', '8'])
})
