import { expect, test } from 'vitest'
import { OrderContent } from '#canonical/order.ts'
import type { Call, PlatformRequest } from '#connectors/connector.ts'
import { shopee } from '#connectors/shopee/index.ts'
import { findErrorRule } from '#connectors/transport/classify.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import type { Mapped } from '#mapping/index.ts'
import { openSchema } from '#test/support/official-schema.ts'
import { describeWithReference, readReference } from '#test/support/reference-files.ts'

const sample = (name: string): unknown => readReference(`shopee/samples/${name}.json`)
const part = (value: unknown, name: string): unknown => (value as Record<string, unknown>)[name]
const isCanonical = openSchema(JSON.parse(JSON.stringify(OrderContent)))
const table = shopee.maps.order
const map = compile(table)
const known = knownPaths(table)

function mapSample(input: unknown): readonly Mapped<OrderContent>[] {
  return shopee.unwrap(input, 'order').map((raw) => {
    expect(findDrift(known, raw)).toEqual([])
    const mapped = map(raw)
    if (mapped.ok) expect(isCanonical(mapped.value)).toEqual([])
    return mapped
  })
}

function only(input: unknown): OrderContent {
  const mapped = mapSample(input)
  expect(mapped).toHaveLength(1)
  if (!mapped[0]?.ok) throw new Error(JSON.stringify(mapped[0]))
  return mapped[0].value
}

const money = (amount: string, currency: string) => ({ amount, currency })

describeWithReference('Shopee’s published orders', () => {
  test('the official detail: cash on delivery in Vietnam, completed', () => {
    const file = sample('order-get_order_detail')
    const order = only(part(file, 'response'))
    expect(only(file)).toEqual(order)
    expect(order).toMatchObject({
      platform_order_id: '2404098R48U37H',
      marketplace_code: 'shopee_vn',
      status: 'completed',
      payment_status: 'paid',
      fulfillment_status: 'delivered',
      fulfillment_type: 'seller',
      ordered_at: '2024-04-08T18:39:51.000Z',
      currency: 'VND',
      totals: {
        items: money('300000', 'VND'),
        item_discount: money('252000', 'VND'),
        seller_discount: null,
        shipping: money('5000', 'VND'),
        grand_total: money('32119', 'VND'),
      },
      shipping_address: { pii_state: 'masked', country_code: 'VN', district: 'Xã Phong Thạnh Tây B' },
      shipping: { warehouse_hint: 'VN10XX2UZ' },
      programs: ['cash_on_delivery'],
      lines: [
        {
          platform_line_id: '23620853561:23620853561:221404189791:0',
          platform_sku_id: '221404189791',
          seller_sku: 'QAZ-SADOER-05',
          delivered_quantity: 1,
          line_total: money('48000', 'VND'),
        },
      ],
      packages: [{ status: 'delivered', platform_carrier_code: '18080', tracking_number: null }],
    })
  })

  test('cash on delivery that waits for shipping', () => {
    expect(only(sample('constructed-order-ready-to-ship-ph-cod'))).toMatchObject({
      status: 'awaiting_fulfillment',
      payment_status: 'cod_pending',
      is_fulfillable: true,
      hold_reasons: [],
      ship_by_at: '2026-01-03T00:00:00.000Z',
      totals: { items: money('1120.00', 'PHP'), buyer_paid: null },
      lines: [
        { platform_sku_id: '2001', seller_sku: 'SKU-A-RED', quantity: 2, shipped_quantity: 0 },
        { platform_sku_id: null, seller_sku: 'SKU-B' },
      ],
    })
  })

  test('cancelled by the buyer', () => {
    expect(only(sample('constructed-order-cancelled-my'))).toMatchObject({
      status: 'cancelled',
      payment_status: 'voided',
      cancellation_status: 'cancelled',
      fulfillment_status: 'none',
      totals: { grand_total: money('54.80', 'MYR') },
      lines: [{ line_status: 'cancelled', cancelled_quantity: 1 }],
      cancellations: [{ initiated_by: 'buyer', state: 'completed', lines: [{ quantity: 1 }] }],
    })
  })

  test('fulfilled by Shopee; split in two parcels', () => {
    expect(only(sample('constructed-order-fbs-id'))).toMatchObject({
      status: 'shipped',
      fulfillment_type: 'platform',
      is_fulfillable: false,
      lines: [{ is_platform_fulfilled: true, shipped_quantity: 1 }],
    })
    const split = only(sample('constructed-order-split-sg'))
    expect(split).toMatchObject({
      status: 'processing',
      lines: [{ quantity: 3, shipped_quantity: 0 }],
      packages: [
        { status: 'draft', lines: [{ quantity: 2 }] },
        { status: 'ready_to_ship', lines: [{ quantity: 1 }] },
      ],
    })
    expect(split.packages[0]!.lines[0]!.platform_line_id).toBe(split.lines[0]!.platform_line_id)
  })

  test('an order of parts, each whole or bare', () => {
    const order = part(part(sample('constructed-order-cancelled-my'), 'response'), 'order_list')
    const [bare] = order as Record<string, unknown>[]
    const escrow = part(part(sample('payment-get_escrow_detail'), 'response'), 'response')
    const named = { ...(escrow as object), order_sn: bare!['order_sn'] }
    const parcels = part(
      part(part(sample('order-get_package_detail'), 'response'), 'response'),
      'package_list',
    )
    const packages = (parcels as object[]).map((parcel) => ({ ...parcel, order_sn: bare!['order_sn'] }))
    const whole = only({
      order: sample('constructed-order-cancelled-my'),
      escrow: { error: '', response: named },
      packages: { error: '', response: { package_list: packages } },
    })
    expect(only({ order: bare, escrow: named, packages })).toEqual(whole)
    expect(whole).toMatchObject({
      ship_by_at: '2022-09-03T12:57:53.000Z',
      totals: {
        seller_discount: money('20.00', 'MYR'),
        platform_discount: money('20.10', 'MYR'),
        shipping: money('0.10', 'MYR'),
        buyer_paid: money('99.00', 'MYR'),
        tax: money('4.82', 'MYR'),
      },
    })
    expect(whole.fees).toContainEqual({
      type: 'commission',
      name: 'commission_fee',
      money: money('0.10', 'MYR'),
      estimated: true,
    })
  })

  test('parts of different orders are refused', () => {
    const [mapped] = mapSample({
      order: sample('constructed-order-cancelled-my'),
      escrow: part(sample('payment-get_escrow_detail'), 'response'),
    })
    expect(mapped).toMatchObject({ ok: false, faults: [{ path: 'order.order_sn' }, {}] })
  })
})

type Vector = {
  readonly id: string
  readonly input: Readonly<Record<string, string | number>>
  readonly base_string: string
  readonly expected_sign: string
}

describeWithReference('Shopee’s signing vectors', () => {
  const { vectors } = sample('signing-vectors-requests') as { readonly vectors: readonly Vector[] }

  test.each(vectors)('$id', ({ input, base_string: baseString, expected_sign: expected }) => {
    const { path, timestamp, ...credentials } = input
    const token = credentials['access_token']
    const signWith = (query: Readonly<Record<string, string>>, nowMs: number) =>
      shopee.sign(
        {
          operation: 'sign',
          method: 'GET',
          host: '',
          path: String(path),
          query,
          auth: 'seller',
          repeatable: false,
        },
        'https://partner.shopeemobile.com',
        { platform: 'shopee', credentials: credentials as Record<string, string>, hosts: {} },
        typeof token === 'string' ? token : null,
        nowMs,
      )
    const signed = signWith({}, Number(timestamp) * 1000)
    expect(signed).toMatchObject({ baseString, signature: expected })
    const query = new URL(signed.url).searchParams
    expect(query.get('sign')).toBe(expected)
    // What is in the query already is used as it stands.
    expect(signWith(Object.fromEntries(query), 0)).toMatchObject({ baseString, signature: expected })
  })
})

type PushVector = {
  readonly id: string
  readonly push_key: string
  readonly callback_url: string
  readonly raw_body: string
  readonly expected_authorization?: string
  readonly authorization_received?: string
  readonly verify: boolean
}

describeWithReference('Shopee’s push vectors', () => {
  const { vectors } = sample('signing-vectors-push') as { readonly vectors: readonly PushVector[] }
  const webhook = shopee.push!.webhook!

  test.each(vectors)('$id', (vector) => {
    const authorization = vector.authorization_received ?? vector.expected_authorization!
    const verify = (body: string, credentials: Record<string, string>, header = authorization) =>
      webhook.verify(
        {
          method: 'POST',
          url: vector.callback_url,
          headers: { authorization: header },
          rawBody: Buffer.from(body),
        },
        { platform: 'shopee', credentials, hosts: {} },
      ).valid
    const { raw_body: body, push_key: key } = vector
    expect(verify(body, { push_key: key })).toBe(vector.verify)
    expect(verify(body, { push_key: 'other', partner_key: key }, authorization.toUpperCase())).toBe(
      vector.verify,
    )
    expect(verify(`${body} `, { push_key: key })).toBe(false)
    expect(verify(body, { push_key: 'other' })).toBe(false)
    expect(verify(body, {})).toBe(false)
    expect(verify(body, { push_key: key }, 'abc')).toBe(false)
  })
})

describeWithReference('Shopee’s published pushes', () => {
  const read = (name: string) => shopee.push!.readHint(part(sample(name), 'body'))

  test.each([
    ['push-03-order-status', '220810QSK8S7BX', '727720655', 1660123127],
    ['push-03-order-status-msgid', '240716R9SYG4X5', '323233231', 1721298318],
    ['push-04-tracking-no', '220809MDBFYFT2', '296363855', 1660123089],
    ['push-30-package-fulfillment-status', '250421TPSF33R6', '727720655', 1660123127],
  ])('%s is a hint', (name, platformOrderId, platformShopId, seconds) => {
    expect(read(name)).toMatchObject({
      kind: 'order',
      hint: { platformOrderId, platformShopId, platformMerchantId: null, occurredAtMs: seconds * 1000 },
    })
    expect(shopee.push!.readHint(JSON.stringify(part(sample(name), 'body')))).toEqual(read(name))
  })

  test('a lost push is read like the push itself', () => {
    const list = part(
      part(part(sample('push-get_lost_push_message'), 'response'), 'response'),
      'push_message_list',
    )
    const [lost] = list as { data: unknown }[]
    expect(shopee.push!.readHint(lost)).toEqual(read('push-03-order-status'))
    expect(shopee.push!.readHint({ ...lost, data: JSON.stringify(lost!.data) })).toEqual(
      read('push-03-order-status'),
    )
  })

  test.each([
    'push-00-verification',
    'push-01-merchant-authorized',
    'push-01-shop-authorized',
    'push-02-auth-cancelled-by-user',
    'push-02-auth-expired',
    'push-08-reserved-stock-place-order',
    'push-12-authorization-expiring',
  ])('%s is not about orders', (name) => {
    expect(read(name)).toMatchObject({
      kind: 'ignored',
      reason: expect.stringMatching(/^code \d+: .+/) as string,
    })
  })
})

describeWithReference('Shopee’s published errors', () => {
  const kinds: Readonly<Record<string, string>> = {
    '/api/v2/order/get_order_detail': 'missing',
    '/api/v2/logistics/get_shipping_parameter': 'missing',
    '/api/v2/logistics/get_tracking_number': 'missing',
    '/api/v2/logistics/get_tracking_info': 'missing',
    '/api/v2/auth/access_token/get': 'auth_revoked',
    '/api/v2/returns/get_return_detail': 'auth_expired',
  }
  const answerWith = (body: unknown, status = 200) => ({
    status,
    headers: {},
    body,
    text: JSON.stringify(body),
    sentAtMs: 0,
  })

  test.each(Object.entries(sample('error-bodies') as Record<string, unknown[]>))('%s', (path, bodies) => {
    for (const body of bodies) {
      const error = shopee.readError(answerWith(body))
      expect(error).toMatchObject({ requestId: part(body, 'request_id') })
      expect(findErrorRule(shopee.errors, 200, error!.code, error!.message)?.kind).toBe(
        kinds[path] ?? 'rejected',
      )
    }
  })

  test.each([
    'order-get_order_detail',
    'order-get_order_list',
    'order-get_package_detail',
    'payment-get_escrow_detail',
    'public-get_access_token',
    'public-refresh_access_token',
    'public-get_shops_by_partner',
    'shop-get_shop_info',
    'push-set_app_push_config',
  ])('%s is a success', (name) => {
    expect(shopee.readError(answerWith(part(sample(name), 'response')))).toBeNull()
  })
})

describeWithReference('Shopee’s token answers', () => {
  const nowMs = 1_767_000_000_000
  const app = {
    platform: 'shopee',
    credentials: { partner_id: '2001887', partner_key: 'k' },
    hosts: {},
  } as const
  const context = { market: shopee.markets[0]!, redirectUri: 'https://hub.example/callback', nowMs }

  /** Answers by path; remembers what was sent. */
  function callWith(answers: Readonly<Record<string, unknown>>) {
    const sent: PlatformRequest[] = []
    const call: Call = (request) => {
      sent.push(request)
      const body = answers[request.path]
      return Promise.resolve({ status: 200, headers: {}, body, text: JSON.stringify(body), sentAtMs: nowMs })
    }
    return { call, sent }
  }

  const info = part(sample('shop-get_shop_info'), 'response')

  test('a shop account: one grant, its end from the shop', async () => {
    const { call, sent } = callWith({
      '/api/v2/auth/token/get': part(sample('public-get_access_token'), 'response'),
      '/api/v2/shop/get_shop_info': info,
    })
    const consent = shopee.auth.readCallback({ state: 's', code: 'c', shop_id: '368765100' })
    if (!consent.ok) throw new Error('no consent')
    const [grant, ...others] = await shopee.auth.exchange(call, app, consent, context)
    expect(others).toEqual([])
    expect(grant).toMatchObject({
      platformMerchantId: '368765100',
      accessExpiresAtMs: 1_767_001_812_000,
      refreshExpiresAtMs: 1_773_503_999_000,
    })
    expect(JSON.parse(sent[0]!.bodyText!)).toEqual({ code: 'c', partner_id: 2001887, shop_id: 368765100 })
    expect(await shopee.auth.shops(call, grant!)).toMatchObject([
      { platformShopId: '368765100', displayName: 'mysipuat (MY)', market: { code: 'shopee_my' } },
    ])
  })

  test('a main account: a grant for each shop and merchant', async () => {
    const { call, sent } = callWith({
      '/api/v2/auth/token/get': part(sample('constructed-token-main-account'), 'response'),
      '/api/v2/auth/access_token/get': part(sample('public-refresh_access_token'), 'response'),
      '/api/v2/shop/get_shop_info': info,
    })
    const consent = shopee.auth.readCallback({ state: 's', code: 'c', main_account_id: '68272' })
    if (!consent.ok) throw new Error('no consent')
    const grants = await shopee.auth.exchange(call, app, consent, context)
    expect(grants.map(({ platformMerchantId }) => platformMerchantId)).toEqual([
      '62000001',
      '62000002',
      'merchant:1001000',
    ])
    expect(grants[0]!.accessExpiresAtMs).toBe(nowMs + 14_400_000)
    expect(await shopee.auth.shops(call, grants[2]!)).toEqual([])
    const bodies = sent.flatMap(({ bodyText }) =>
      bodyText === undefined ? [] : [JSON.parse(bodyText) as unknown],
    )
    expect(bodies[0]).toEqual({ code: 'c', partner_id: 2001887, main_account_id: 68272 })
    expect(bodies[3]).toEqual({
      refresh_token: 'demo-refresh-0001',
      partner_id: 2001887,
      merchant_id: 1001000,
    })
  })
})
