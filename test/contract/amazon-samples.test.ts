import { expect, test } from 'vitest'
import { OrderContent } from '#canonical/order.ts'
import { amazon } from '#connectors/amazon/index.ts'
import type { OrderDocument, PlatformAnswer } from '#connectors/connector.ts'
import { findErrorRule } from '#connectors/transport/classify.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import type { Mapped } from '#mapping/index.ts'
import { openSchema } from '#test/support/official-schema.ts'
import { describeWithReference, readReference } from '#test/support/reference-files.ts'

const sample = (name: string): unknown => readReference(`amazon/samples/${name}.json`)
const isCanonical = openSchema(JSON.parse(JSON.stringify(OrderContent)))

function mapSample(document: OrderDocument, input: unknown): readonly Mapped<OrderContent>[] {
  const table = amazon.maps[document]!
  return amazon.unwrap(input, document).map((raw) => {
    expect(findDrift(knownPaths(table), raw)).toEqual([])
    const mapped = compile(table)(raw)
    if (mapped.ok) expect(isCanonical(mapped.value)).toEqual([])
    return mapped
  })
}

const valueOf = (mapped: Mapped<OrderContent> | undefined): OrderContent => {
  if (!mapped?.ok) throw new Error(JSON.stringify(mapped))
  return mapped.value
}

const money = (amount: string, currency: string) => ({ amount, currency })

describeWithReference('Amazon’s published order payloads', () => {
  const orders2026 = [
    'derived-get-de-cancelled-by-merchant',
    'derived-get-us-pending',
    'derived-search-uk-partially-shipped-page1',
    'get-br-unshipped-gift',
    'get-tr-shipped-tax',
    'get-uk-shipped-doc-example',
    'get-us-unshipped-tax-breakdown',
    'search-br-unshipped-business-tax-payment',
    'search-jp-shipped-fba-points',
    'search-uk-shipped-mfn-package',
    'search-us-shipped-all-fields',
  ]
  const read2026 = (name: string): OrderContent =>
    valueOf(mapSample('order', sample(`orders-2026/${name}`))[0])

  test.each(orders2026)('2026: %s maps without fault or drift into the published schema', (name) => {
    const mapped = mapSample('order', sample(`orders-2026/${name}`))
    expect(mapped).toHaveLength(1)
    expect(mapped[0]).toMatchObject({ ok: true })
  })

  test('2026: money, units and status of the documented cases', () => {
    expect(read2026('derived-get-us-pending')).toMatchObject({
      status: 'on_hold',
      hold_reasons: ['unpaid'],
      payment_status: 'pending',
      currency: 'USD',
      totals: { grand_total: null },
      shipping_address: null,
      is_fulfillable: false,
    })
    expect(read2026('derived-get-de-cancelled-by-merchant')).toMatchObject({
      status: 'cancelled',
      cancellation_status: 'cancelled',
      fulfillment_status: 'none',
      payment_status: 'voided',
      lines: [{ line_status: 'cancelled', cancelled_quantity: 1, quantity: 1 }],
      cancellations: [{ initiated_by: 'seller', reason_text: 'NO_INVENTORY', state: 'completed' }],
    })
    expect(read2026('derived-search-uk-partially-shipped-page1')).toMatchObject({
      marketplace_code: 'amazon_gb',
      status: 'partially_shipped',
      fulfillment_status: 'partially_shipped',
      is_fulfillable: true,
      totals: { items: money('104.97', 'GBP'), grand_total: money('104.97', 'GBP') },
      lines: [{ quantity: 3, shipped_quantity: 1, line_status: 'partially_shipped' }],
      packages: [{ status: 'out_for_delivery', carrier_name: 'DPD' }],
    })
    expect(read2026('search-jp-shipped-fba-points')).toMatchObject({
      fulfillment_type: 'platform',
      is_fulfillable: false,
      totals: { items: money('19940', 'JPY') },
      lines: [{ points_granted: 60 }, { points_granted: 140, unit_price: money('6980', 'JPY') }],
    })
    expect(read2026('search-us-shipped-all-fields')).toMatchObject({
      status: 'delivered',
      order_type: 'replacement',
      replaced_platform_order_id: '123-4567890-1234566',
      totals: { items: money('149.97', 'USD'), tax: money('0.02', 'USD'), tip: money('5.00', 'USD') },
      lines: [
        { delivered_quantity: 2, is_gift: true },
        { delivered_quantity: 1, is_gift: false },
      ],
    })
    expect(read2026('search-br-unshipped-business-tax-payment')).toMatchObject({
      order_type: 'business',
      payment_methods: ['CreditCard'],
      tax: { vat_number: '1234567890', invoice_status: 'processing' },
      totals: { buyer_paid: money('1599.90', 'BRL') },
      shipping: { logistics_mode: 'platform_label' },
      shipping_address: { district: 'Bela Vista' },
    })
    expect(read2026('get-tr-shipped-tax')).toMatchObject({
      billing_address: { company: 'Test company name', postal_code: '34430' },
      tax: { vat_number: 'TR1234567890' },
    })
  })

  test.each([
    'derived-get-us-canceled',
    'get-de-shipped-fba-business',
    'get-doc-example-pending',
    'get-us-unshipped',
    'list-page1-next-token',
    'list-page2',
    'list-us-unshipped',
  ])('v0: %s maps without fault or drift into the published schema', (name) => {
    const mapped = mapSample('order_v0', sample(`orders-v0/${name}`))
    expect(mapped).toHaveLength(name === 'list-us-unshipped' ? 2 : 1)
    for (const order of mapped) expect(order).toMatchObject({ ok: true })
  })

  test('v0: an order of parts, each whole or bare', () => {
    const whole = {
      order: sample('orders-v0/get-us-unshipped'),
      items: sample('orders-v0/items'),
      address: sample('orders-v0/address'),
      buyer_info: sample('orders-v0/buyer-info'),
      items_buyer_info: sample('orders-v0/items-buyer-info'),
    }
    const bare = Object.fromEntries(
      Object.entries(whole).map(([name, part]) => [name, (part as { payload: unknown }).payload]),
    )
    const [fromWhole, fromBare] = [whole, bare].map((input) => valueOf(mapSample('order_v0', input)[0]))
    expect(fromBare).toEqual(fromWhole)
    expect(fromWhole).toMatchObject({
      status: 'awaiting_fulfillment',
      cancellation_status: 'requested',
      hold_reasons: ['cancellation_requested'],
      is_fulfillable: false,
      totals: { items: money('10.00', 'USD'), tax: money('1.01', 'USD'), grand_total: money('11.01', 'USD') },
      buyer: { display_name: 'MFNIntegrationTestMerchant' },
      shipping_address: { city: 'SEATTLE', pii_state: 'clear' },
      lines: [{ unit_price: money('10.00', 'USD'), cancel_requested_quantity: 1, is_gift: false }],
    })
  })

  test('v0: the documented items, cut off by a page token', () => {
    const { AmazonOrderId: _id, ...items } = (sample('orders-v0/items-doc-example') as { payload: object })
      .payload as Record<string, unknown>
    const [order] = mapSample('order_v0', { order: sample('orders-v0/get-us-unshipped'), items })
    expect(valueOf(order).lines).toMatchObject([
      {
        quantity: 1,
        points_granted: 10,
        gift_wrap_total: money('41.99', 'GBP'),
        cod_fee: money('10', 'JPY'),
      },
      { quantity: 2, unit_price: money('8.975', 'JPY'), condition: 'used', promotion_ids: ['FREESHIP'] },
    ])
  })
})

describeWithReference('Amazon’s published messages', () => {
  test.each(['order-change-buyer-cancel', 'derived-order-change-status-unshipped'])(
    '%s is a hint',
    (name) => {
      const body = sample(`notification-messages/${name}`)
      expect(amazon.push!.readHint(body)).toMatchObject({
        kind: 'order',
        hint: { platformMerchantId: 'A3TH9S8BH6GOGM', platformMarketId: 'ATVPDKIKX0DER' },
      })
      expect(amazon.push!.readHint(JSON.stringify(body))).toEqual(amazon.push!.readHint(body))
    },
  )

  test.each([
    'any-offer-changed',
    'feed-processing-finished',
    'fulfillment-order-status',
    'listings-item-issues-change',
    'listings-item-mfn-quantity-change',
    'listings-item-status-change',
    'pricing-health',
    'shipment-tracking-milestone-changed',
    'transaction-update',
  ])('%s is not about orders', (name) => {
    expect(amazon.push!.readHint(sample(`notification-messages/${name}`))).toMatchObject({ kind: 'ignored' })
  })
})

describeWithReference('Amazon’s published errors', () => {
  const kindOf = (status: number, name: string, headers: PlatformAnswer['headers'] = {}) => {
    const body = sample(name)
    const error = amazon.readError({ status, headers, body, text: JSON.stringify(body), sentAtMs: 0 })
    expect(error).not.toBeNull()
    return findErrorRule(amazon.errors, status, error!.code, error!.message)?.kind
  }

  test.each([
    [400, 'orders-2026/error-400-get', 'rejected'],
    [400, 'orders-2026/error-400-search', 'rejected'],
    [400, 'orders-v0/error-400', 'rejected'],
    [400, 'orders-v0/confirm-shipment-error-400', 'rejected'],
    [400, 'orders-v0/update-shipment-status-error-400', 'rejected'],
    [400, 'errors/400-next-token-null-message', 'rejected'],
    [400, 'errors/400-package-reference-id', 'rejected'],
    [403, 'errors/403-missing-access-token', 'rejected'],
    [403, 'errors/403-revoked-access-token', 'auth_expired'],
    [404, 'errors/404-listing-not-found', 'missing'],
    [409, 'errors/409-destination-exists', 'rejected'],
    [429, 'errors/429-quota-exceeded', 'throttled'],
    [500, 'errors/500-internal-failure', 'platform_down'],
    [400, 'lwa/error-400-invalid-grant-refresh-token', 'auth_revoked'],
    [400, 'tokens/rdt-error-400', 'rejected'],
    [400, 'listings/error-400-bad-sku', 'rejected'],
    [400, 'feeds/error-400', 'rejected'],
    [400, 'application/rotate-client-secret-error-400', 'rejected'],
  ])('%i %s is %s', (status, name, kind) => {
    expect(kindOf(status, name)).toBe(kind)
  })
})
