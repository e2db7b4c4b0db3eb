import { expect, test } from 'vitest'
import { OrderContent } from '#canonical/order.ts'
import type { PlatformAnswer, PlatformRequest } from '#connectors/connector.ts'
import { lazada } from '#connectors/lazada/index.ts'
import { classify } from '#connectors/transport/classify.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import { openSchema } from '#test/support/official-schema.ts'
import { describeWithReference, readReference } from '#test/support/reference-files.ts'

type Members = Record<string, unknown>

const sample = (name: string): Members => readReference(`lazada/samples/${name}.json`) as Members
const responseOf = (name: string): Members => sample(name)['response'] as Members

const table = lazada.maps.order
const map = compile(table)
const known = knownPaths(table)
const isCanonical = openSchema(JSON.parse(JSON.stringify(OrderContent)))

function read(input: unknown): readonly OrderContent[] {
  return lazada.unwrap(input, 'order').map((raw) => {
    expect(findDrift(known, raw)).toEqual([])
    const mapped = map(raw)
    if (!mapped.ok) throw new Error(JSON.stringify(mapped.faults))
    expect(isCanonical(mapped.value)).toEqual([])
    return mapped.value
  })
}

const money = (amount: string, currency: string) => ({ amount, currency })

describeWithReference('Lazada’s published orders', () => {
  test.each(['order-get', 'orders-get', 'orders-get-sg-2018'])('%s maps, whole and bare', (name) => {
    const whole = responseOf(name)
    expect(read(whole)).toHaveLength(1)
    expect(read(whole['data'])).toEqual(read(whole))
  })

  test('an order without items still has its amounts, by the country it goes to', () => {
    expect(read(responseOf('order-get'))[0]).toMatchObject({
      platform_order_id: '16090',
      status: 'unknown',
      marketplace_code: 'lazada_sg',
      totals: { items: money('99.00', 'SGD'), grand_total: money('99.00', 'SGD') },
      platform_created_at: '2014-10-15T10:36:05.000Z',
      ship_by_at: null,
      shipping_address: {
        country_code: 'SG',
        district: 'addressDistrict',
        phone: '94****48',
        pii_state: 'masked',
      },
      lines: [],
    })
    expect(read(responseOf('orders-get'))[0]).toMatchObject({
      shipping_address: { district: 'addressDsitrict' },
      totals: { grand_total: money('106.54', 'SGD') },
    })
  })

  test('parts: the order of 2018 with its items', () => {
    const parts = { order: responseOf('orders-get-sg-2018'), items: responseOf('order-items-get-sg-2018') }
    expect(read(parts)).toMatchObject([
      {
        platform_order_id: '5944314048302',
        status: 'delivered',
        payment_status: 'paid',
        fulfillment_type: 'seller',
        programs: ['digital'],
        currency: 'SGD',
        totals: { grand_total: money('0.60', 'SGD'), buyer_paid: money('0.60', 'SGD') },
        lines: [
          { platform_line_id: '5944314248302', quantity: 1, delivered_quantity: 1, seller_sku: '835439' },
        ],
      },
    ])
  })

  test('parts: the documented items', () => {
    const [order] = read({ order: responseOf('order-get'), items: responseOf('order-items-get') })
    expect(order).toMatchObject({
      status: 'cancelled',
      lines: [{ line_status: 'cancelled', is_gift: true, promotion_ids: ['X3453', 'X234', 'Y123'] }],
      cancellations: [
        {
          platform_cancellation_id: '704947701379284',
          initiated_by: 'buyer',
          reason_text: 'reason; reason detail',
        },
      ],
    })
  })

  test('constructed: three units on delivery become two lines', () => {
    const [order] = read(sample('constructed-order-ph-pending-cod-3-units'))
    expect(order).toMatchObject({
      marketplace_code: 'lazada_ph',
      status: 'awaiting_fulfillment',
      payment_status: 'cod_pending',
      paid_at: null,
      is_fulfillable: true,
      totals: {
        items: money('1120.00', 'PHP'),
        item_discount: money('50.00', 'PHP'),
        seller_discount: money('20.00', 'PHP'),
        platform_discount: money('30.00', 'PHP'),
        shipping: money('38.00', 'PHP'),
        grand_total: money('1108.00', 'PHP'),
        buyer_paid: null,
      },
      ship_by_at: '2026-01-12T15:59:59.000Z',
      shipping_address: { pii_state: 'masked', country_code: 'PH' },
    })
    expect(order!.lines.map(({ quantity, platform_unit_ids }) => [quantity, platform_unit_ids])).toEqual([
      [2, ['900000000000101', '900000000000102']],
      [1, ['900000000000103']],
    ])
    expect(order!.lines[0]).toMatchObject({
      unit_price: money('500.00', 'PHP'),
      items_total: money('1000.00', 'PHP'),
      seller_discount: money('20.00', 'PHP'),
      line_total: money('950.00', 'PHP'),
      variant_attributes: [{ name: 'Color', value: 'Red' }],
    })
  })

  test('constructed: one unit cancelled, one packed; and one from Lazada’s warehouse', () => {
    expect(read(sample('constructed-order-my-mixed-status'))[0]).toMatchObject({
      status: 'processing',
      platform_status: 'canceled,ready_to_ship',
      cancellation_status: 'partially_cancelled',
      fulfillment_status: 'packed',
      lines: [{ line_status: 'processing' }, { line_status: 'cancelled', cancelled_quantity: 1 }],
      packages: [{ platform_package_id: 'FP1', status: 'ready_to_ship', carrier_name: 'LEX MY' }],
      cancellations: [{ initiated_by: 'seller', reason_text: 'Out of Stock', state: 'completed' }],
    })
    expect(read(sample('constructed-order-th-fbl-shipped'))[0]).toMatchObject({
      marketplace_code: 'lazada_th',
      fulfillment_type: 'platform',
      status: 'shipped',
      is_fulfillable: false,
      platform_updated_at: '2026-01-10T03:30:00.000Z',
      shipping: { warehouse_hint: 'OMS-LAZADA-TH-W-1' },
    })
  })
})

const request: PlatformRequest = {
  operation: 'sign',
  method: 'GET',
  host: '',
  path: '',
  auth: 'seller',
  repeatable: false,
}

type RequestVector = {
  id: string
  app_secret: string
  api_path: string
  http_method: PlatformRequest['method']
  params: Record<string, string>
  base_string: string
  expected_sign: string
}

describeWithReference('Lazada’s signing vectors', () => {
  const vectors = sample('signing-vectors-requests')['vectors'] as RequestVector[]

  test.each(vectors)('request $id, as it stands and with the common parameters left to us', (vector) => {
    const { params, api_path: path, http_method: method } = vector
    const { app_key, access_token, timestamp, sign_method: _, ...own } = params
    const credentials = { app_secret: vector.app_secret, ...(app_key ? { app_key } : {}) }
    const app = { platform: 'lazada', credentials, hosts: {} } as const
    for (const query of [params, own]) {
      const signed = lazada.sign(
        { ...request, method, path, query },
        'https://api.lazada.sg/rest',
        app,
        access_token ?? null,
        Number(timestamp ?? 0),
      )
      expect(signed).toMatchObject({ baseString: vector.base_string, signature: vector.expected_sign })
      const url = new URL(signed.url)
      expect(url.pathname).toBe(`/rest${path}`)
      const wanted = Object.entries(params).filter(([, value]) => value !== '')
      expect(Object.fromEntries(url.searchParams)).toEqual({
        ...Object.fromEntries(wanted),
        sign: vector.expected_sign,
      })
      const asForm = lazada.sign(
        { ...request, method: 'POST', path, form: query },
        'https://api.lazada.sg',
        app,
        access_token ?? null,
        Number(timestamp ?? 0),
      )
      expect(asForm.signature).toBe(vector.expected_sign)
    }
  })

  type PushVector = {
    id: string
    app_key: string
    app_secret: string
    raw_body: string
    expected_authorization?: string
    authorization_received?: string
    verify: boolean
  }
  const pushes = sample('signing-vectors-push')['vectors'] as PushVector[]

  test.each(pushes)('push $id', (vector) => {
    const authorization = vector.expected_authorization ?? vector.authorization_received ?? ''
    const check = (header: string, body: string, credentials: Record<string, string>): boolean =>
      lazada.push!.webhook!.verify(
        { method: 'POST', url: '', headers: { authorization: header }, rawBody: Buffer.from(body) },
        { platform: 'lazada', credentials, hosts: {} },
      ).valid
    const { app_key, app_secret } = vector
    expect(check(authorization, vector.raw_body, { app_key, app_secret })).toBe(vector.verify)
    expect(check(authorization.toUpperCase(), vector.raw_body, { app_key, push_key: app_secret })).toBe(
      vector.verify,
    )
    expect(check(authorization, `${vector.raw_body} `, { app_key, app_secret })).toBe(false)
    expect(check(authorization, vector.raw_body, { app_key: '1', app_secret })).toBe(false)
  })
})

describeWithReference('Lazada’s published pushes', () => {
  const hintOf = (name: string) => {
    const { body } = sample(name)
    expect(lazada.push!.readHint(JSON.stringify(body))).toEqual(lazada.push!.readHint(body))
    return lazada.push!.readHint(body)
  }

  test.each([
    ['push-00-trade-order', '260422900198363', '1234567:vn', 1603698638000],
    ['push-00-trade-order-returned', '252883361348153', '1000114855:vn', 1603703663000],
    ['push-00-trade-order-seconds', '1000000000000001', '400000000001:id', 1721299109000],
    ['push-10-reverse-order', '416557324702006', '12345:sg', 1626767698000],
    ['push-14-fulfillment-order', '57244869716603', '100056775:sg', 1627440482000],
  ])('%s is a hint', (name, platformOrderId, platformShopId, occurredAtMs) => {
    expect(hintOf(name)).toMatchObject({
      kind: 'order',
      hint: { platformOrderId, platformShopId, platformMerchantId: null, occurredAtMs },
    })
  })

  test.each(['push-04-product-edited', 'push-06-shallow-stock', 'push-08-token-expiry'])(
    '%s is not about orders',
    (name) => {
      expect(hintOf(name)).toMatchObject({ kind: 'ignored' })
    },
  )
})

describeWithReference('Lazada’s published answers', () => {
  const answer = (body: unknown, status = 200): PlatformAnswer => ({
    status,
    headers: {},
    body,
    text: JSON.stringify(body),
    sentAtMs: 0,
  })
  const kindOf = (body: unknown) => classify(lazada, answer(body), 0)?.kind ?? null

  test('errors', () => {
    const entries = readReference('lazada/samples/error-bodies.json') as { body: { code: string } }[]
    expect(entries.map(({ body }) => [body.code, kindOf(body)])).toEqual([
      ['15', 'platform_down'],
      ['IllegalAccessToken', 'auth_expired'],
      ['30', 'rejected'],
      ['501', 'rejected'],
      ['501', 'rejected'],
      ['ApiCallLimit', 'throttled'],
      ['20', 'rejected'],
    ])
  })

  test.each([
    'auth-token-create',
    'auth-token-refresh-old-shape',
    'order-get',
    'order-items-get',
    'orders-get',
    'order-fulfill-pack-success',
    'order-shipment-providers-get',
    'order-reverse-cancel-validate',
    'product-item-get',
  ])('%s is a success', (name) => {
    expect(kindOf(responseOf(name))).toBeNull()
  })

  test('token answers of both shapes', async () => {
    const call = (name: string) => () => Promise.resolve(answer(responseOf(name)))
    const app = { platform: 'lazada', credentials: {}, hosts: {} } as const
    const consent = { ok: true, code: 'c', state: 's', query: {} } as const
    const context = { market: lazada.markets[0]!, redirectUri: '', nowMs: 1_000 }
    const [grant] = await lazada.auth.exchange(call('auth-token-create'), app, consent, context)
    expect(grant).toEqual({
      platformMerchantId: '1001',
      region: 'sg',
      accessToken: 'demo-access-token',
      accessExpiresAtMs: 1_000 + 864_000_000,
      refreshToken: 'demo-refresh-token',
      refreshExpiresAtMs: 1_000 + 4_320_000_000,
      scopes: [],
      facts: { 'seller.sg': '1001', 'short_code.sg': 'SGDEMO1' },
    })
    expect(await lazada.auth.refresh(call('auth-token-refresh-old-shape'), app, grant!, 2_000)).toMatchObject(
      {
        platformMerchantId: '1001',
        region: 'sg',
        accessToken: 'demo-access-token-2',
        accessExpiresAtMs: 12_000,
        refreshExpiresAtMs: 62_000,
        facts: { 'seller.sg': '1001', 'seller.my': '2001' },
      },
    )
  })
})
