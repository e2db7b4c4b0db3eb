import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile, findDrift, knownPaths, rows } from '#mapping/index.ts'
import { arbitrary } from '#test/support/payloads.ts'
import { order } from './order.map.ts'
import { temu } from './index.ts'

const known = knownPaths(order)
const transform = compile(order)

const ids = fc.oneof(fc.integer({ min: 1, max: 99_999_999_999_999 }), fc.string({ minLength: 1 }))
const counts = fc.oneof(fc.nat(50), fc.constant(null))
const statuses = fc.oneof(fc.constantFrom(1, 2, 3, 4, 41, 5, 51), fc.nat(99))
const labels = fc.array(
  fc.record({
    name: fc.constantFrom('pending_buyer_cancellation', 'pre_sale_order', 'past_due'),
    value: fc.constantFrom(0, 1),
  }),
  { maxLength: 3 },
)
const texts = fc.array(fc.constantFrom('RESTRICT_SELF_SHIPPING', 'X'), { maxLength: 2 })
const times = fc.oneof(fc.constant(null), fc.integer({ min: 1_000_000_000, max: 4_000_000_000 }))
const money = fc.oneof(
  fc.constant(null),
  fc.record({
    amount: fc.integer({ min: -99_999, max: 9_999_999 }),
    currency: fc.constantFrom('USD', 'JPY'),
  }),
)

const parent = 'order.parentOrderMap'
const line = 'order.orderList[]'
const sums = ['retailPriceTotal', 'totalDiscount', 'discountFromTEMU', 'discountFromSeller', 'refundsTotal']
const moreSums = ['shippingAmountTotal', 'taxTotal', 'customerPaid', 'estimatedRevenueDeduction']
const ofLine = ['unitRetailPrice', 'discountFromSeller', 'discountFromTEMU', 'shipAmountTotal']
const taxes = ['productTaxAmount', 'shipTaxAmount']

/** What stands where only a `derive` reads. */
const hints: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  [`${parent}.parentOrderStatus`]: statuses,
  [`${parent}.parentOrderLabel`]: labels,
  [`${parent}.fulfillmentWarning`]: texts,
  [`${parent}.isShipmentConsolidatedByMainMall`]: fc.boolean(),
  [`${line}.orderStatus`]: statuses,
  [`${line}.quantity`]: fc.nat(50),
  [`${line}.originalOrderQuantity`]: counts,
  [`${line}.canceledQuantityBeforeShipment`]: counts,
  [`${line}.goodsId`]: ids,
  [`${line}.skuId`]: ids,
  [`${line}.productList`]: fc.array(fc.record({ extCode: fc.string(), productSkuId: ids }), { maxLength: 2 }),
  [`${line}.orderLabel`]: labels,
  [`${line}.qualificationUploadEndTime`]: times,
  [`${line}.packageSnInfo`]: fc.array(fc.record({ packageSn: fc.string() }), { maxLength: 2 }),
  'shipping.mobile': fc.constantFrom('2130001234 1234', '+55 1234232122', '', null),
  'shipping.warning.reason': fc.nat(3),
  ...Object.fromEntries([...sums, ...moreSums].map((name) => [`amount.parentOrderMap.${name}`, money])),
  ...Object.fromEntries([...ofLine, ...taxes].map((name) => [`${line}.amount.${name}`, money])),
  [`${line}.amount.quantity`]: fc.nat(9),
}

type Raw = { order?: { parentOrderMap?: object; orderList?: { quantity?: number }[] } }

/** An order is never without its own part, nor a line without a quantity. */
const payloads = arbitrary(order, hints)
  .filter((raw: Raw) => raw.order?.parentOrderMap !== undefined)
  .map((raw: Raw) => {
    for (const each of raw.order!.orderList ?? []) each.quantity ??= 1
    return raw
  })

test('random payloads map without fault and without drift', () => {
  fc.assert(
    fc.property(payloads, (raw) => {
      const mapped = transform(raw)
      expect(mapped.ok ? [] : mapped.faults).toEqual([])
      expect(findDrift(known, raw)).toEqual([])
      if (!mapped.ok) return
      for (const { quantity, cancelled_quantity, shipped_quantity, delivered_quantity } of mapped.value
        .lines) {
        expect(cancelled_quantity + shipped_quantity).toBeLessThanOrEqual(quantity)
        expect(delivered_quantity).toBeLessThanOrEqual(shipped_quantity)
      }
      expect(mapped.value.is_fulfillable && mapped.value.hold_reasons.length > 0).toBe(false)
    }),
    { numRuns: 300 },
  )
})

test('every row has its notes in both languages', () => {
  for (const { note } of rows(order)) expect([note.en, note.zh].every((each) => each.length > 1)).toBe(true)
  expect(new Set(temu.markets.map(({ code }) => code)).size).toBe(31)
  for (const { region } of temu.markets) expect(temu.hosts).toHaveProperty([`api.${region}`])
})

const base = (parentMore: object, lines: readonly object[], more: object = {}): unknown => ({
  order: {
    parentOrderMap: {
      parentOrderSn: 'PO-211-1',
      parentOrderTime: 1_762_453_792,
      siteId: 100,
      regionId: 211,
      ...parentMore,
    },
    orderList: lines.map((each, index) => ({
      orderSn: `211-${index}`,
      quantity: 2,
      originalOrderQuantity: 2,
      fulfillmentType: 'fulfillBySeller',
      ...each,
    })),
  },
  ...more,
})
const mapped = (raw: unknown) => {
  const result = transform(raw)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.value
}

test.each([
  [1, [1], 'on_hold', 'unfulfilled'],
  [2, [2, 4], 'partially_shipped', 'partially_shipped'],
  [2, [2, 3], 'awaiting_fulfillment', 'unfulfilled'],
  [2, [3, 3], 'cancelled', 'none'],
  [3, [3], 'cancelled', 'none'],
  [4, [4, 5], 'shipped', 'partially_delivered'],
  [41, [41, 2], 'partially_shipped', 'partially_shipped'],
  [5, [5, 3], 'delivered', 'delivered'],
  [51, [5, 4], 'shipped', 'partially_delivered'],
  [51, [5, 2], 'partially_shipped', 'partially_delivered'],
  [99, [99], 'unknown', 'unknown'],
  [4, [], 'shipped', 'unknown'],
] as const)('parent %i with lines %j is %s', (parentOrderStatus, words, status, fulfillment) => {
  const value = mapped(
    base(
      { parentOrderStatus },
      words.map((orderStatus) => ({ orderStatus })),
    ),
  )
  expect([value.status, value.fulfillment_status]).toEqual([status, fulfillment])
  expect(value.platform_status).toBe(String(parentOrderStatus))
})

test('open requests hold the order back', () => {
  const label = (name: string) => ({ parentOrderStatus: 2, parentOrderLabel: [{ name, value: 1 }] })
  const value = mapped(base(label('pending_buyer_cancellation'), [{ orderStatus: 2 }]))
  expect(value).toMatchObject({
    status: 'awaiting_fulfillment',
    is_fulfillable: false,
    hold_reasons: ['cancellation_requested'],
    cancellation_status: 'requested',
    lines: [{ cancel_requested_quantity: 2 }],
    cancellations: [{ initiated_by: 'buyer', state: 'requested', lines: [{ quantity: 2 }] }],
  })
  expect(mapped(base(label('pending_buyer_address_change'), [{ orderStatus: 2 }])).hold_reasons).toEqual([
    'address_pending',
  ])
  expect(
    mapped(base({ parentOrderStatus: 2, isShipmentConsolidatedByMainMall: true }, [{ orderStatus: 2 }])),
  ).toMatchObject({ is_fulfillable: false, hold_reasons: ['platform_hold'], fulfillment_type: 'platform' })
})

test('units cancelled in part, cash on delivery, amounts without decimals and refunds', () => {
  const value = mapped(
    base(
      { parentOrderStatus: 4, siteId: 118, regionId: 100, orderPaymentType: 'COD' },
      [{ orderStatus: 4, quantity: 1, canceledQuantityBeforeShipment: 1 }],
      {
        amount: {
          parentOrderMap: {
            customerPaid: { currency: 'JPY', amount: 700 },
            refundsTotal: { currency: 'JPY', amount: 300 },
          },
        },
      },
    ),
  )
  expect(value).toMatchObject({
    marketplace_code: 'temu_jp',
    cancellation_status: 'partially_cancelled',
    payment_status: 'partially_refunded',
    after_sale_status: 'partially_refunded',
    paid_at: null,
    totals: {
      buyer_paid: { amount: '700', currency: 'JPY' },
      grand_total: { amount: '1000', currency: 'JPY' },
    },
    lines: [{ quantity: 2, cancelled_quantity: 1, shipped_quantity: 1 }],
  })
})

test('times in milliseconds, amounts without currency and text where a number belongs are faults', () => {
  const faultsOf = (raw: unknown): unknown => {
    const result = transform(raw)
    return result.ok ? [] : result.faults.map(({ path }) => path)
  }
  expect(faultsOf(base({ parentOrderStatus: 2, updateTime: 1_762_453_792_000 }, []))).toEqual([
    'order.parentOrderMap.updateTime',
  ])
  const amount = {
    parentOrderMap: { taxTotal: { amount: 5 }, refundsTotal: { amount: 0.5, currency: 'USD' } },
  }
  expect(faultsOf(base({ parentOrderStatus: 2 }, [], { amount }))).toEqual([
    'amount.parentOrderMap.taxTotal.currency',
    'amount.parentOrderMap.refundsTotal.amount',
  ])
})

test('parts of two orders are refused; amounts of a line that is not there are kept', () => {
  const [order] = temu.unwrap(
    (base({ parentOrderStatus: 2 }, [{ orderStatus: 2 }]) as { readonly order: unknown }).order,
    'order',
  )
  const bare = (order as { readonly order: unknown }).order
  const amountOf = (parentOrderSn: string, orderSn: string) => ({
    result: {
      parentOrderMap: { parentOrderSn },
      orderList: [{ orderSn, quantity: 2, unitRetailPrice: { currency: 'USD', amount: 5 } }],
    },
  })
  const [foreign] = temu.unwrap({ order: bare, amount: amountOf('PO-211-2', '211-0') }, 'order')
  expect(transform(foreign)).toMatchObject({ ok: false, faults: [{ got: 'list' }, { got: 'list' }] })
  const [own] = temu.unwrap({ order: bare, amount: amountOf('PO-211-1', '211-0') }, 'order')
  expect(mapped(own).lines[0]).toMatchObject({
    unit_price: { amount: '0.05', currency: 'USD' },
    items_total: { amount: '0.10', currency: 'USD' },
  })
  const [stray] = temu.unwrap({ order: bare, amount: amountOf('PO-211-1', '211-9') }, 'order')
  expect(mapped(stray).lines[0]!.unit_price).toBeNull()
  expect(stray).toMatchObject({ amount: { orderList: [{ orderSn: '211-9' }] } })
})

test('whatever a part holds, the table answers and never throws', () => {
  const odd = fc.jsonValue({ maxDepth: 3 })
  const parts = fc.record(
    { parentOrderMap: odd, orderList: fc.oneof(odd, fc.array(odd)), receiptName: odd, result: odd },
    { requiredKeys: [] },
  )
  const inputs = fc.record({ order: parts, amount: parts, shipping: parts }, { requiredKeys: [] })
  fc.assert(
    fc.property(fc.oneof(inputs, odd), (input) => {
      for (const raw of temu.unwrap(input, 'order')) {
        transform(raw)
        findDrift(known, raw)
      }
    }),
    { numRuns: 500 },
  )
  fc.assert(
    fc.property(payloads, fc.constantFrom('parentOrderMap', 'orderList'), odd, (raw, name, value) => {
      const changed = { ...raw, order: { ...raw.order, [name]: value } }
      const result = transform(changed)
      const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0)
      if (name === 'orderList' && !Array.isArray(value) && !isEmpty) expect(result.ok).toBe(false)
    }),
    { numRuns: 200 },
  )
})
