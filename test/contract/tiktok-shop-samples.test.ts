import { expect, test } from 'vitest'
import { OrderContent } from '#canonical/order.ts'
import type { PlatformAnswer } from '#connectors/connector.ts'
import { tiktokShop } from '#connectors/tiktok-shop/index.ts'
import { classify } from '#connectors/transport/classify.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import { openSchema } from '#test/support/official-schema.ts'
import { describeWithReference, readReference } from '#test/support/reference-files.ts'

const sample = (name: string): unknown => readReference(`tiktok-shop/samples/${name}.json`)
const isCanonical = openSchema(JSON.parse(JSON.stringify(OrderContent)))
const transform = compile(tiktokShop.maps.order)
const known = knownPaths(tiktokShop.maps.order)

function mapAll(input: unknown): readonly OrderContent[] {
  return tiktokShop.unwrap(input, 'order').map((raw) => {
    expect(findDrift(known, raw)).toEqual([])
    const mapped = transform(raw)
    if (!mapped.ok) throw new Error(JSON.stringify(mapped.faults))
    expect(isCanonical(mapped.value)).toEqual([])
    return mapped.value
  })
}

const orderIn = (name: string): OrderContent => mapAll(sample(`${name}.response`))[0]!
const money = (amount: string, currency: string) => ({ amount, currency })

describeWithReference('TikTok Shop’s published order payloads', () => {
  test.each([
    'order-detail-202507',
    'order-list',
    'constructed-order-fr-undocumented-vat-fields',
    'constructed-order-gb-delivered',
    'constructed-order-id-cod-in-transit',
    'constructed-order-us-awaiting-shipment',
    'constructed-order-us-cancelled-masked',
    'constructed-order-us-on-hold',
    'constructed-order-us-sample-order',
  ])('%s maps without fault or drift into the published schema', (name) => {
    expect(mapAll(sample(`${name}.response`))).toHaveLength(1)
  })

  test('units become lines that know their unit ids; discounts stay apart', () => {
    expect(orderIn('constructed-order-us-awaiting-shipment')).toMatchObject({
      platform_order_id: '576461413038785001',
      status: 'awaiting_fulfillment',
      payment_status: 'paid',
      fulfillment_status: 'unfulfilled',
      is_fulfillable: true,
      hold_reasons: [],
      ship_by_at: '2026-01-02T16:53:20.000Z',
      totals: {
        items: money('40.00', 'USD'),
        seller_discount: money('6.00', 'USD'),
        platform_discount: money('7.99', 'USD'),
        shipping: money('0.00', 'USD'),
        shipping_discount: money('5.99', 'USD'),
        tax: money('2.96', 'USD'),
        grand_total: money('34.96', 'USD'),
        buyer_paid: money('34.96', 'USD'),
      },
      tax: {
        tax_inclusive: false,
        lines: [{ name: 'SALES_TAX', rate: '0.0925', money: money('2.96', 'USD') }],
      },
      lines: [
        {
          platform_line_id: '577086512123755101',
          platform_unit_ids: ['577086512123755101', '577086512123755102'],
          quantity: 2,
          seller_sku: 'TEE-RED-M',
          unit_price: money('16.00', 'USD'),
          items_total: money('40.00', 'USD'),
          seller_discount: money('6.00', 'USD'),
          platform_discount: money('2.00', 'USD'),
          discount_total: money('8.00', 'USD'),
          tax_total: money('2.96', 'USD'),
          line_total: money('34.96', 'USD'),
        },
      ],
      packages: [{ platform_package_id: '1152321127278713001', status: 'draft', lines: [{ quantity: 2 }] }],
      shipping_address: {
        city: 'San Jose',
        region: 'California',
        district: 'Santa Clara',
        pii_state: 'clear',
      },
      shipping: { logistics_mode: 'seller_label', instructions: 'Front Door' },
    })
  })

  test('states, masking and markets', () => {
    expect(orderIn('constructed-order-us-cancelled-masked')).toMatchObject({
      status: 'cancelled',
      cancellation_status: 'cancelled',
      payment_status: 'voided',
      shipping_address: { pii_state: 'masked' },
      cancellations: [{ initiated_by: 'buyer', reason_text: 'No longer needed', state: 'completed' }],
      lines: [{ line_status: 'cancelled', cancelled_quantity: 1 }],
    })
    expect(orderIn('constructed-order-us-on-hold')).toMatchObject({
      status: 'on_hold',
      hold_reasons: ['remorse_period'],
      is_fulfillable: false,
      shipping_address: { pii_state: 'absent', name: null },
    })
    expect(orderIn('constructed-order-gb-delivered')).toMatchObject({
      status: 'delivered',
      fulfillment_status: 'delivered',
      delivered_at: '2026-01-03T00:26:40.000Z',
      tax: { tax_inclusive: true },
      lines: [{ quantity: 2, delivered_quantity: 2 }],
      shipping_address: { city: 'London', region: 'England' },
    })
    expect(orderIn('constructed-order-id-cod-in-transit')).toMatchObject({
      status: 'shipped',
      payment_status: 'cod_pending',
      paid_at: null,
      totals: { grand_total: money('136500', 'IDR'), cod_fee: null, buyer_paid: null },
      shipping: { logistics_mode: 'platform_label' },
      shipping_address: { pii_state: 'masked', city: 'Jakarta Selatan', district: 'Kebayoran Baru' },
      packages: [{ status: 'in_transit', tracking_number: 'JX12345', carrier_name: 'J&T' }],
    })
    expect(orderIn('constructed-order-us-sample-order')).toMatchObject({ order_type: 'sample' })
  })

  test('an order of parts, each whole or bare', () => {
    const answer = sample('constructed-order-us-awaiting-shipment.response') as {
      data: { orders: { line_items: { id: string }[] }[] }
    }
    const [bare] = answer.data.orders
    const detail = {
      currency: 'USD',
      total: '34.96',
      cod_fee: '1.50',
      line_items: bare!.line_items.map(({ id }) => ({
        id,
        currency: 'USD',
        shipping_sale_price: '0.25',
        cod_fee_amount: '0.75',
      })),
    }
    const [fromWhole] = mapAll({ order: answer, price_detail: { code: 0, data: detail } })
    const [fromBare] = mapAll({ order: bare, price_detail: detail })
    expect(fromBare).toEqual(fromWhole)
    expect(fromWhole).toMatchObject({
      totals: { cod_fee: money('1.50', 'USD') },
      lines: [{ shipping_total: money('0.50', 'USD'), cod_fee: money('1.50', 'USD') }],
    })
  })
})

type SigningVector = {
  readonly name: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: string
  readonly app_secret: string
  readonly string_to_sign: string
  readonly sign: string
}

type PushVector = {
  readonly name: string
  readonly app_key: string
  readonly app_secret: string
  readonly headers: Readonly<Record<string, string>>
  readonly raw_body: string
}

const appOf = (credentials: Readonly<Record<string, string>>) => ({
  platform: 'tiktok_shop' as const,
  credentials,
  hosts: {},
})

describeWithReference('TikTok Shop’s signing and push vectors', () => {
  const vectors = sample('signing-vectors') as readonly SigningVector[]
  const signed = (vector: SigningVector, query: Readonly<Record<string, string>>, nowMs: number) =>
    tiktokShop.sign(
      {
        operation: 'sign',
        method: vector.method,
        host: '',
        path: vector.path,
        query,
        ...(vector.body === '' ? {} : { bodyText: vector.body }),
        auth: 'none',
        repeatable: false,
      },
      'https://open-api.tiktokglobalshop.com',
      appOf({
        app_secret: vector.app_secret,
        ...(vector.query['app_key'] === undefined ? {} : { app_key: vector.query['app_key'] }),
      }),
      null,
      nowMs,
    )

  test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const whole = signed(vector, vector.query, 0)
    expect(whole).toMatchObject({ baseString: vector.string_to_sign, signature: vector.sign })
    expect(new URL(whole.url).searchParams.get('sign')).toBe(vector.sign)
    const { app_key: _key, timestamp, ...rest } = vector.query
    expect(signed(vector, rest, Number(timestamp ?? 0) * 1000).signature).toBe(vector.sign)
  })

  const pushes = sample('webhook-signature-vectors') as readonly PushVector[]
  test.each(pushes.map((push) => [push.name, push] as const))('push: %s', (name, push) => {
    const headers = Object.fromEntries(
      Object.entries(push.headers).map(([header, value]) => [header.toLowerCase(), value]),
    )
    const { verify } = tiktokShop.push!.webhook!
    const app = appOf({ app_key: push.app_key, app_secret: push.app_secret })
    const given = { method: 'POST', url: '', headers, rawBody: Buffer.from(push.raw_body) }
    expect(verify(given, app).valid).toBe(name !== 'bad-signature')
    const altered = Buffer.from(push.raw_body.replace('7495540735365777507', '7495540735365777508'))
    expect(verify({ ...given, rawBody: altered }, app).valid).toBe(false)
    const spaced = Buffer.from(JSON.stringify(JSON.parse(push.raw_body), null, 1))
    expect(verify({ ...given, rawBody: spaced }, app).valid).toBe(false)
  })
})

const answer = (status: number, body: unknown): PlatformAnswer => ({
  status,
  headers: {},
  body,
  text: JSON.stringify(body),
  sentAtMs: 0,
})

describeWithReference('TikTok Shop’s published errors, tokens and pushes', () => {
  const kindOf = (status: number, body: unknown) =>
    classify(tiktokShop, answer(status, body), 0)?.kind ?? null

  test('errors', () => {
    const errors = sample('constructed-errors') as readonly { http_status: number; body: { code: number } }[]
    expect(errors.map(({ http_status, body }) => [body.code, kindOf(http_status, body)])).toEqual([
      [105002, 'auth_expired'],
      [106001, 'rejected'],
      [105005, 'auth_revoked'],
      [36009002, 'throttled'],
      [106013, 'rejected'],
      [36009004, 'rejected'],
      [36009003, 'platform_down'],
    ])
    const tokens = sample('constructed-token-errors') as readonly { body: unknown }[]
    expect(tokens.map(({ body }) => kindOf(200, body))).toEqual([
      'auth_revoked',
      'auth_revoked',
      'auth_expired',
    ])
    expect(kindOf(200, sample('constructed-inventory-update-partial-failure.response'))).toBe('rejected')
    for (const name of ['token-get', 'authorized-shops', 'order-list', 'order-detail-202507'])
      expect(kindOf(200, sample(`${name}.response`))).toBeNull()
  })

  test('tokens and shops', async () => {
    const market = tiktokShop.markets[0]!
    const canned = (name: string) => () => Promise.resolve(answer(200, sample(`${name}.response`)))
    const [grant] = await tiktokShop.auth.exchange(
      canned('token-get'),
      appOf({ app_key: 'k', app_secret: 's' }),
      { ok: true, code: 'c', state: 's', query: {} },
      { market, redirectUri: '', nowMs: 0 },
    )
    expect(grant).toMatchObject({
      platformMerchantId: '7010736057180325637',
      accessExpiresAtMs: 1660556783000,
      refreshExpiresAtMs: 1691487031000,
      scopes: ['seller.order.info', 'seller.authorization.info'],
      facts: { seller_base_region: 'ID' },
    })
    const shops = await tiktokShop.auth.shops(canned('constructed-authorized-shops-multi'), grant!)
    expect(shops.map(({ market: { code }, facts }) => [code, facts?.['shop_cipher']])).toEqual([
      ['tiktok_shop_us', 'GCP_demoUSAAAA'],
      ['tiktok_shop_gb', 'GCP_demoGBAAAA'],
      ['tiktok_shop_my', 'GCP_demoMYAAAA'],
    ])
  })

  test('callbacks', () => {
    const cases = sample('constructed-authorization-callbacks') as readonly { url: string }[]
    const read = cases.map(({ url }) =>
      tiktokShop.auth.readCallback(Object.fromEntries(new URL(url).searchParams)),
    )
    expect(read).toMatchObject([
      { ok: true, code: 'TTP_demo_code', state: 'a1b2c3' },
      { ok: true, code: 'TTP_demo_code', state: 'a1b2c3', query: { shop_region: 'GB' } },
      { ok: false, code: 'auth_denied', state: 'a1b2c3' },
    ])
  })

  test.each([
    ['01-order-status', 'order'],
    ['03-recipient-address', 'order'],
    ['06-deauthorization', 'ignored'],
    ['11-cancellation', 'order'],
    ['15-product-change', 'ignored'],
    ['21-fbt-inbound', 'ignored'],
    ['27-inventory-status', 'ignored'],
    ['37-product-audit', 'ignored'],
    ['68-inventory-changed', 'ignored'],
  ])('push %s is %s', (name, kind) => {
    const hint = tiktokShop.push!.readHint(sample(`webhook-${name}`))
    expect(hint.kind).toBe(kind)
    if (hint.kind === 'order')
      expect(hint.hint).toMatchObject({
        platformOrderId: '576486316948490001',
        platformShopId: '7494049642642441621',
        platformMerchantId: null,
      })
  })
})
