import { describe, expect, test } from 'vitest'
import { compile } from '#mapping/index.ts'
import type { OrderContent } from '#canonical/order.ts'
import { order2026 } from './order-2026.map.ts'
import { orderV0 } from './order-v0.map.ts'

const map2026 = compile(order2026)
const mapV0 = compile(orderV0)

const valueOf = (mapped: ReturnType<typeof map2026>): OrderContent => {
  if (!mapped.ok) throw new Error(JSON.stringify(mapped.faults))
  return mapped.value
}
const usd = (amount: string) => ({ amount, currencyCode: 'USD' })
const dollars = (amount: string) => ({ amount, currency: 'USD' })

type Line = {
  id: string
  quantity: number
  shipped?: number
  request?: object
  execution?: object
  more?: object
}

const line = ({ id, quantity, shipped, request, execution, more }: Line) => ({
  orderItemId: id,
  quantityOrdered: quantity,
  product: {},
  fulfillment: { quantityFulfilled: shipped ?? 0 },
  ...(request || execution
    ? {
        cancellation: {
          ...(request && { cancellationRequest: request }),
          ...(execution && { cancellationExecution: execution }),
        },
      }
    : {}),
  ...more,
})
const parcel = (
  id: string,
  status: string,
  items: readonly (readonly [string, number])[] = [],
  detailedStatus?: string,
) => ({
  packageReferenceId: id,
  packageStatus: { status, ...(detailedStatus && { detailedStatus }) },
  packageItems: items.map(([orderItemId, quantity]) => ({ orderItemId, quantity })),
})
const order = (word: string | undefined, lines: readonly Line[], more: object = {}) => ({
  orderId: '1',
  createdTime: '2026-01-01T00:00:00Z',
  lastUpdatedTime: '2026-01-01T00:00:00Z',
  salesChannel: { channelName: 'AMAZON', marketplaceId: 'ATVPDKIKX0DER' },
  orderItems: lines.map(line),
  ...(word === undefined ? {} : { fulfillment: { fulfillmentStatus: word, fulfilledBy: 'MERCHANT' } }),
  ...more,
})
const read = (word: string | undefined, lines: readonly Line[], more: object = {}): OrderContent =>
  valueOf(map2026(order(word, lines, more)))

describe('status of an order (2026)', () => {
  test.each([
    ['PENDING_AVAILABILITY', 'on_hold', 'pending', 'unfulfilled', ['availability_pending'], false],
    ['PENDING', 'on_hold', 'pending', 'unfulfilled', ['unpaid'], false],
    ['UNSHIPPED', 'awaiting_fulfillment', 'paid', 'unfulfilled', [], true],
    ['INVOICE_UNCONFIRMED', 'shipped', 'paid', 'unfulfilled', [], false],
    ['CANCELLED', 'cancelled', 'voided', 'none', [], false],
    ['CANCELED', 'cancelled', 'voided', 'none', [], false],
    ['UNFULFILLABLE', 'failed', 'unknown', 'unfulfilled', [], false],
    ['SOMETHING_NEW', 'unknown', 'unknown', 'unknown', [], false],
    ['constructor', 'unknown', 'unknown', 'unknown', [], false],
    [undefined, 'unknown', 'unknown', 'unknown', [], false],
  ])('%s is %s', (word, status, payment, fulfillment, holds, fulfillable) => {
    expect(read(word, [{ id: 'a', quantity: 1 }])).toMatchObject({
      status,
      payment_status: payment,
      fulfillment_status: fulfillment,
      hold_reasons: holds,
      is_fulfillable: fulfillable,
      platform_status: word ?? null,
    })
  })

  const two: readonly Line[] = [
    { id: 'a', quantity: 2, shipped: 2 },
    { id: 'b', quantity: 1, shipped: 1 },
  ]

  test.each([
    [
      'all parcels delivered',
      [parcel('1', 'DELIVERED', [['a', 2]]), parcel('2', 'DELIVERED', [['b', 1]])],
      'delivered',
      'delivered',
    ],
    [
      'a cancelled parcel aside',
      [
        parcel('1', 'DELIVERED', [
          ['a', 2],
          ['b', 1],
        ]),
        parcel('2', 'CANCELLED'),
      ],
      'delivered',
      'delivered',
    ],
    [
      'one on its way',
      [parcel('1', 'DELIVERED', [['a', 2]]), parcel('2', 'IN_TRANSIT', [['b', 1]])],
      'shipped',
      'partially_delivered',
    ],
    ['none can be delivered', [parcel('1', 'UNDELIVERABLE')], 'failed', 'shipped'],
    [
      'one of two cannot be delivered',
      [parcel('1', 'UNDELIVERABLE'), parcel('2', 'DELIVERED', [['b', 1]])],
      'shipped',
      'partially_delivered',
    ],
  ])('SHIPPED with %s', (_name, packages, status, fulfillment) => {
    expect(read('SHIPPED', two, { packages })).toMatchObject({ status, fulfillment_status: fulfillment })
  })

  test('labels bought and nothing handed over is processing', () => {
    const packages = [parcel('1', 'PENDING', [], 'PENDING_PICK_UP')]
    expect(read('UNSHIPPED', [{ id: 'a', quantity: 1 }], { packages })).toMatchObject({
      status: 'processing',
      is_fulfillable: true,
      packages: [{ status: 'ready_to_ship', platform_status: 'PENDING/PENDING_PICK_UP' }],
    })
  })

  test('an unknown finer word of a parcel gives way to the coarse one; both are kept', () => {
    const packages = [parcel('1', 'IN_TRANSIT', [], 'ON_THE_MOON'), parcel('2', 'NEW_WORD')]
    expect(read('SHIPPED', two, { packages }).packages).toMatchObject([
      { status: 'in_transit', platform_status: 'IN_TRANSIT/ON_THE_MOON' },
      { status: 'unknown', platform_status: 'NEW_WORD' },
    ])
  })

  test('cash on delivery is paid when delivered', () => {
    const cash = {
      payment: { paymentExecutions: [{ paymentMethod: 'CashOnDelivery', paymentAmount: usd('5.00') }] },
    }
    expect(read('SHIPPED', two, cash).payment_status).toBe('cod_pending')
    const delivered = {
      ...cash,
      packages: [
        parcel('1', 'DELIVERED', [
          ['a', 2],
          ['b', 1],
        ]),
      ],
    }
    expect(read('SHIPPED', two, delivered)).toMatchObject({
      payment_status: 'paid',
      payment_methods: ['CashOnDelivery'],
      totals: { buyer_paid: dollars('5.00') },
    })
  })

  test('an order of Amazon’s warehouse is never the ERP’s to ship', () => {
    const fulfillment = { fulfillmentStatus: 'UNSHIPPED', fulfilledBy: 'AMAZON' }
    expect(read('UNSHIPPED', [{ id: 'a', quantity: 1 }], { fulfillment })).toMatchObject({
      fulfillment_type: 'platform',
      is_fulfillable: false,
      lines: [{ is_platform_fulfilled: true }],
    })
  })
})

describe('cancellations (2026)', () => {
  const request = { requester: 'BUYER', cancelReason: 'changed my mind' }
  const execution = { cancelledBy: 'MERCHANT', cancelReason: 'NO_INVENTORY' }

  test('a request keeps the status and stops the shipping', () => {
    expect(
      read('PARTIALLY_SHIPPED', [
        { id: 'a', quantity: 3, shipped: 1, request },
        { id: 'b', quantity: 1 },
      ]),
    ).toMatchObject({
      status: 'partially_shipped',
      cancellation_status: 'requested',
      hold_reasons: ['cancellation_requested'],
      is_fulfillable: false,
      lines: [
        { cancel_requested_quantity: 2, line_status: 'partially_shipped' },
        { line_status: 'awaiting_fulfillment' },
      ],
      cancellations: [
        {
          platform_cancellation_id: 'a',
          initiated_by: 'buyer',
          state: 'requested',
          reason_text: 'changed my mind',
          lines: [{ platform_line_id: 'a', quantity: 2 }],
        },
      ],
    })
  })

  test('a cancelled line among others', () => {
    expect(
      read('UNSHIPPED', [
        { id: 'a', quantity: 2, execution },
        { id: 'b', quantity: 1 },
      ]),
    ).toMatchObject({
      status: 'awaiting_fulfillment',
      cancellation_status: 'partially_cancelled',
      is_fulfillable: true,
      lines: [{ cancelled_quantity: 2, line_status: 'cancelled' }, { cancelled_quantity: 0 }],
      cancellations: [{ initiated_by: 'seller', state: 'completed' }],
    })
  })

  test('a request that the shipment overtook', () => {
    expect(read('SHIPPED', [{ id: 'a', quantity: 1, shipped: 1, request }])).toMatchObject({
      cancellation_status: 'rejected',
      hold_reasons: [],
      cancellations: [{ state: 'rejected' }],
    })
  })

  test('units of a line never exceed what was ordered', () => {
    const [only] = read('CANCELLED', [{ id: 'a', quantity: 3, shipped: 1, request, execution }]).lines
    expect(only).toMatchObject({
      quantity: 3,
      cancelled_quantity: 2,
      shipped_quantity: 1,
      cancel_requested_quantity: 0,
    })
  })
})

describe('amounts (2026)', () => {
  const breakdowns = (...parts: readonly (readonly [string, string, object?])[]) =>
    parts.map(([type, amount, more]) => ({ type, subtotal: usd(amount), ...more }))
  const discountOf = (amount: string, shipping: string) => ({
    detailedBreakdowns: [
      { subtype: 'ITEM', value: usd(amount) },
      { subtype: 'SHIPPING', value: usd(shipping) },
    ],
  })

  test('lines are added up where the order has no figures of its own; discounts lose their sign', () => {
    const lines: Line[] = [
      {
        id: 'a',
        quantity: 2,
        more: {
          proceeds: {
            breakdowns: breakdowns(
              ['ITEM', '20.00'],
              ['SHIPPING', '3.00'],
              ['DISCOUNT', '-2.50', discountOf('-2.00', '-0.50')],
              ['TAX', '1.10'],
            ),
          },
        },
      },
      {
        id: 'b',
        quantity: 1,
        more: { proceeds: { breakdowns: breakdowns(['ITEM', '0.125'], ['DISCOUNT', '1']) } },
      },
    ]
    const { totals, lines: mapped } = read('UNSHIPPED', lines)
    expect(totals).toMatchObject({
      items: dollars('20.125'),
      shipping: dollars('3.00'),
      seller_discount: dollars('3.50'),
      shipping_discount: dollars('0.50'),
      item_discount: dollars('3.00'),
      tax: dollars('1.10'),
      grand_total: null,
      gift_wrap: null,
    })
    expect(mapped[0]).toMatchObject({ discount_total: dollars('2.50'), seller_discount: dollars('2.50') })
  })

  test('the order’s own figures win', () => {
    const lines: Line[] = [
      { id: 'a', quantity: 1, more: { proceeds: { breakdowns: breakdowns(['ITEM', '20.00']) } } },
    ]
    const proceeds = {
      grandTotal: usd('25.00'),
      breakdowns: breakdowns(['ITEM', '21.00'], ['DISCOUNT', '-1.00']),
    }
    expect(read('UNSHIPPED', lines, { proceeds }).totals).toMatchObject({
      items: dollars('21.00'),
      item_discount: dollars('1.00'),
      grand_total: dollars('25.00'),
    })
  })

  test('an amount without currency, or that is no decimal, is a fault with its place', () => {
    const proceeds = {
      grandTotal: { amount: '25,00', currencyCode: 'USD' },
      breakdowns: [{ type: 'ITEM', subtotal: { amount: '1' } }],
    }
    const mapped = map2026(order('UNSHIPPED', [], { proceeds }))
    expect(mapped).toMatchObject({
      ok: false,
      faults: [
        { path: 'proceeds.breakdowns[type=ITEM].subtotal.currencyCode', got: 'nothing' },
        { path: 'proceeds.grandTotal.amount', wanted: 'decimal amount', got: 'string' },
      ],
    })
  })
})

describe('personal data', () => {
  test('that is withheld is absent, not an error', () => {
    const recipient = { deliveryAddress: { city: 'Seattle', countryCode: 'US' } }
    expect(read('UNSHIPPED', [], { recipient }).shipping_address).toMatchObject({
      name: null,
      line1: null,
      city: 'Seattle',
      pii_state: 'absent',
    })
    expect(read('UNSHIPPED', []).shipping_address).toBeNull()
  })
})

describe('orders v0', () => {
  const v0 = (status: string, more: object = {}) => ({
    AmazonOrderId: '1',
    PurchaseDate: '2026-01-01T00:00:00Z',
    LastUpdateDate: '2026-01-01T00:00:00Z',
    OrderStatus: status,
    MarketplaceId: 'A1VC38T7YXB528',
    FulfillmentChannel: 'MFN',
    ...more,
  })
  const readV0 = (raw: object): OrderContent => valueOf(mapV0(raw))

  test.each([
    ['PendingAvailability', 'on_hold', ['availability_pending']],
    ['Pending', 'on_hold', ['unpaid']],
    ['Unshipped', 'awaiting_fulfillment', []],
    ['PartiallyShipped', 'partially_shipped', []],
    ['Shipped', 'shipped', []],
    ['InvoiceUnconfirmed', 'shipped', []],
    ['Canceled', 'cancelled', []],
    ['Cancelled', 'cancelled', []],
    ['Unfulfillable', 'failed', []],
    ['Other', 'unknown', []],
  ])('%s is %s', (word, status, holds) => {
    expect(readV0(v0(word))).toMatchObject({
      status,
      hold_reasons: holds,
      platform_status: word,
      currency: 'JPY',
    })
  })

  test('booleans come as words, numbers or booleans', () => {
    const items = (cancel: unknown, gift: unknown) => ({
      OrderItems: [
        {
          OrderItemId: 'a',
          ASIN: 'x',
          QuantityOrdered: 1,
          IsGift: gift,
          BuyerRequestedCancel: { IsBuyerRequestedCancel: cancel },
        },
      ],
    })
    for (const yes of ['true', true])
      expect(readV0(v0('Unshipped', items(yes, yes)))).toMatchObject({
        cancellation_status: 'requested',
        is_fulfillable: false,
        lines: [{ is_gift: true }],
        cancellations: [{ initiated_by: 'buyer' }],
      })
    for (const no of ['false', false, undefined])
      expect(readV0(v0('Unshipped', items(no, no)))).toMatchObject({
        cancellation_status: 'none',
        is_fulfillable: true,
        lines: [{ is_gift: false }],
        cancellations: [],
      })
  })

  test('the unit price is the line’s, divided', () => {
    const OrderItems = [
      {
        OrderItemId: 'a',
        ASIN: 'x',
        QuantityOrdered: 3,
        ItemPrice: { Amount: '10.00', CurrencyCode: 'USD' },
      },
      {
        OrderItemId: 'b',
        ASIN: 'x',
        QuantityOrdered: 0,
        ItemPrice: { Amount: '10.00', CurrencyCode: 'USD' },
      },
    ]
    const { lines } = readV0(v0('Shipped', { OrderItems }))
    expect(lines.map((line) => line.unit_price)).toEqual([dollars('3.3333'), null])
  })

  test('without items, the two counters tell the fulfilment', () => {
    const counters = { NumberOfItemsShipped: 1, NumberOfItemsUnshipped: 2 }
    expect(readV0(v0('PartiallyShipped', counters))).toMatchObject({
      fulfillment_status: 'partially_shipped',
      lines: [],
    })
  })

  test('flags become the programmes of the newer version', () => {
    const flags = {
      IsPrime: true,
      IsBusinessOrder: 'true',
      IsISPU: false,
      HasRegulatedItems: true,
      EasyShipShipmentStatus: 'PickedUp',
    }
    expect(readV0(v0('Unshipped', flags))).toMatchObject({
      programs: ['prime', 'amazon_business'],
      order_type: 'business',
      compliance_flags: ['has_regulated_items'],
      platform_substatus: 'PickedUp',
      shipping: { logistics_mode: 'platform_label' },
    })
  })
})
