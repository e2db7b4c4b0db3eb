import { expect, test } from 'vitest'
import { OrderContent } from '#canonical/order.ts'
import type { PlatformAnswer, PlatformApp } from '#connectors/connector.ts'
import { temu } from '#connectors/temu/index.ts'
import { classify, findErrorRule } from '#connectors/transport/classify.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import type { Mapped } from '#mapping/index.ts'
import { openSchema } from '#test/support/official-schema.ts'
import { describeWithReference, readReference } from '#test/support/reference-files.ts'

const sample = (name: string): unknown => readReference(`temu/samples/${name}.json`)
const isCanonical = openSchema(JSON.parse(JSON.stringify(OrderContent)))
const known = knownPaths(temu.maps.order)
const transform = compile(temu.maps.order)

const appOf = (credentials: Record<string, string>): PlatformApp => ({
  platform: 'temu',
  credentials,
  hosts: {},
})

function mapInput(input: unknown): readonly Mapped<OrderContent>[] {
  return temu.unwrap(input, 'order').map((raw) => {
    expect(findDrift(known, raw)).toEqual([])
    const mapped = transform(raw)
    if (mapped.ok) expect(isCanonical(mapped.value)).toEqual([])
    return mapped
  })
}

function orderOf(input: unknown): OrderContent {
  const [mapped] = mapInput(input)
  if (!mapped?.ok) throw new Error(JSON.stringify(mapped))
  return mapped.value
}

const usd = (amount: string) => ({ amount, currency: 'USD' })

type SigningVector = {
  readonly name: string
  readonly app_secret: string
  readonly body_json_exact: string
  readonly string_to_sign: string
  readonly sign: string
}
type PushVector = {
  readonly name: string
  readonly app_secret: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: object
  readonly decrypted_event_data: string
}

describeWithReference('Temu’s published signatures', () => {
  const signedBody = (bodyText: string, app_secret: string) =>
    temu.sign(
      {
        operation: 'sign',
        method: 'POST',
        host: '',
        path: '/openapi/router',
        bodyText,
        auth: 'none',
        repeatable: false,
      },
      'https://openapi-b-us.temu.com',
      appOf({ app_key: 'unused', app_secret }),
      null,
      0,
    )

  test.each(sample('signing-vectors') as readonly SigningVector[])('$name', (vector) => {
    const signed = signedBody(vector.body_json_exact, vector.app_secret)
    expect(signed.baseString).toBe(vector.string_to_sign)
    expect(signed.signature).toBe(vector.sign)
    expect(JSON.parse(signed.body!)).toMatchObject(JSON.parse(vector.body_json_exact) as object)
  })

  test('the bodies of the guides, whatever the layout of their text', () => {
    const [{ app_secret } = { app_secret: '' }] = sample('signing-vectors') as readonly SigningVector[]
    for (const name of [
      'shipment-confirm-split-quantity.request',
      'shipment-create-two-packages.request',
      'stock-edit-target.request',
      'token-create.request',
    ]) {
      const body = sample(name) as { readonly sign: string }
      expect(signedBody(JSON.stringify(body, null, 2), app_secret).signature, name).toBe(body.sign)
    }
  })
})

describeWithReference('Temu’s published pushes', () => {
  test.each(sample('webhook-vectors') as readonly PushVector[])('$name', (vector) => {
    const webhook = temu.push!.webhook!
    const push = {
      method: 'POST',
      url: '',
      headers: vector.headers,
      rawBody: Buffer.from(JSON.stringify(vector.body)),
    }
    const { app_secret } = vector
    for (const credentials of [
      { app_secret },
      { push_key: app_secret, app_key: vector.headers['x-tm-app-key']! },
    ])
      expect(webhook.verify(push, appOf(credentials)).valid).toBe(vector.name !== 'bad-signature')
    expect(webhook.verify(push, appOf({ app_secret: `x${app_secret}` })).valid).toBe(false)
    const opened = (webhook as unknown as { open: (push: unknown, app: PlatformApp) => object }).open(
      push,
      appOf({ app_secret }),
    )
    expect(opened).toMatchObject({ event_data: vector.decrypted_event_data })
    const kinds: Readonly<Record<string, string>> = { bg_test_event: 'ignored' }
    expect(temu.push!.readHint(opened).kind).toBe(kinds[vector.headers['x-tm-event-code']!] ?? 'order')
  })
})

describeWithReference('Temu’s published order payloads', () => {
  test('unshipped, with amounts and address', () => {
    const order = orderOf({
      order: sample('constructed-order-list-unshipped.response'),
      amount: sample('constructed-order-amount.response'),
      shipping: sample('constructed-shippinginfo-masked.response'),
    })
    expect(order).toMatchObject({
      platform_order_id: 'PO-211-07465512922230001',
      marketplace_code: 'temu_us',
      status: 'awaiting_fulfillment',
      platform_status: '2',
      is_fulfillable: true,
      payment_status: 'paid',
      fulfillment_status: 'unfulfilled',
      currency: 'USD',
      ordered_at: '2025-11-06T18:29:52.000Z',
      platform_updated_at: '2025-11-06T19:29:52.000Z',
      ship_by_at: '2025-11-09T18:29:52.000Z',
      totals: {
        items: usd('45.00'),
        seller_discount: usd('2.00'),
        platform_discount: usd('3.00'),
        item_discount: usd('5.00'),
        shipping: usd('2.99'),
        tax: usd('2.78'),
        buyer_paid: usd('45.77'),
        grand_total: usd('45.77'),
        refunded: usd('0.00'),
      },
      fees: [],
      shipping_address: {
        name: 'D*** K***',
        city: 'San Jose',
        region: 'California',
        country_code: 'US',
        phone: '2130001234',
        phone_ext: '1234',
        pii_state: 'masked',
      },
      buyer: { email_proxy: 'demo0001@g.shipping.temuemail.com' },
      lines: [
        {
          platform_line_id: '211-07465491950710001',
          seller_sku: 'TEE-RED-M',
          platform_sku_id: '17614116870001',
          quantity: 2,
          unit_price: usd('15.00'),
          items_total: usd('30.00'),
          discount_total: usd('4.00'),
          shipping_total: usd('1.99'),
        },
        { quantity: 1, unit_price: usd('15.00'), discount_total: usd('1.00') },
      ],
    })
  })

  test('pending, shipped and cancelled; no amounts without approval', () => {
    expect(orderOf(sample('constructed-order-list-pending.response'))).toMatchObject({
      status: 'on_hold',
      hold_reasons: ['remorse_period'],
      is_fulfillable: false,
      payment_status: 'pending',
      currency: 'USD',
      totals: { items: null, buyer_paid: null },
      shipping_address: null,
      lines: [{ unit_price: null, line_status: 'on_hold' }],
    })
    expect(orderOf(sample('constructed-order-list-shipped.response'))).toMatchObject({
      status: 'shipped',
      fulfillment_status: 'shipped',
      shipped_at: '2025-11-07T16:43:12.000Z',
      lines: [{ shipped_quantity: 1, delivered_quantity: 0 }],
    })
    expect(orderOf(sample('constructed-order-list-canceled.response'))).toMatchObject({
      status: 'cancelled',
      payment_status: 'voided',
      cancellation_status: 'cancelled',
      fulfillment_status: 'none',
      lines: [{ quantity: 2, cancelled_quantity: 2, line_status: 'cancelled' }],
      cancellations: [{ state: 'completed', lines: [{ quantity: 2 }] }],
    })
  })

  test('the Brazilian excerpts: own shipping restricted, tax number, telephone left whole', () => {
    const order = sample('brazil-order-restrict-self-shipping')
    const [excerpt] = mapInput({ order, shipping: sample('brazil-shippinginfo') })
    expect(excerpt).toEqual({
      ok: false,
      faults: [
        { path: 'order.parentOrderMap.parentOrderTime', wanted: 'unix time in seconds', got: 'nothing' },
      ],
    })
    const { parentOrderMap } = order as { readonly parentOrderMap: object }
    const dated = { parentOrderMap: { ...parentOrderMap, parentOrderTime: 1_762_453_792 } }
    expect(orderOf({ order: dated, shipping: sample('brazil-shippinginfo') })).toMatchObject({
      marketplace_code: 'temu_br',
      currency: 'BRL',
      shipping: { logistics_mode: 'platform_label' },
      tax: { vat_number: '00412950995' },
      shipping_address: { country_code: 'BR', phone: '+55 1234232122', phone_ext: null, pii_state: 'clear' },
    })
  })

  test('the skeletons have no field that the table does not know', () => {
    const part = (name: string): unknown => sample(`${name}.response-skeleton`)
    for (const order of [part('bg.order.list.v2.get'), part('bg.order.detail.v2.get')])
      for (const raw of temu.unwrap(
        { order, amount: part('bg.order.amount.query'), shipping: part('bg.order.shippinginfo.v2.get') },
        'order',
      ))
        expect(findDrift(known, raw)).toEqual([])
  })
})

describeWithReference('Temu’s published answers', () => {
  const answerOf = (body: unknown, status = 200): PlatformAnswer => ({
    status,
    headers: {},
    body,
    text: JSON.stringify(body),
    sentAtMs: 0,
  })

  test('errors are classified by a row of the table', () => {
    const rows = sample('constructed-errors') as readonly {
      http_status: number
      body: unknown
      meaning: string
    }[]
    const kinds = rows.map(({ body, http_status, meaning }) => {
      const answer = answerOf(body, http_status)
      const { code, message } = temu.readError(answer)!
      expect(findErrorRule(temu.errors, http_status, code, message), meaning).toBeDefined()
      return [meaning, classify(temu, answer, 0)!.kind]
    })
    expect(Object.fromEntries(kinds)).toMatchObject({
      're-authorise': 'auth_expired',
      'rate limit': 'throttled',
      'retry a few times': 'platform_down',
      scope: 'rejected',
    })
    const observed = classify(temu, answerOf(sample('observed-eu-unknown-app-key-error')), 0)
    expect(observed).toMatchObject({ kind: 'rejected', code: '4000000' })
    const stock = classify(temu, answerOf(sample('constructed-stock-edit-partial-failure.response')), 0)
    expect(stock).toMatchObject({ kind: 'rejected', code: '150013002' })
  })

  test('token answers of both forms become grants with one shop', async () => {
    const market = temu.markets.find(({ code }) => code === 'temu_us')!
    const [{ url } = { url: '' }] = sample('constructed-authorization-callback') as readonly { url: string }[]
    const query = Object.fromEntries(new URL(url).searchParams)
    const consent = temu.auth.readCallback(query)
    if (!consent.ok) throw new Error(consent.detail)
    const app = appOf({ app_key: query['app_key']!, app_secret: '' })
    for (const name of ['token-create.response', 'constructed-token-create.response']) {
      const call = () => Promise.resolve(answerOf(sample(name)))
      const grants = await temu.auth.exchange(call, app, consent, { market, redirectUri: '', nowMs: 0 })
      const shops = await temu.auth.shops(call, grants[0]!)
      expect(shops).toMatchObject([{ market, platformShopId: grants[0]!.platformMerchantId }])
      expect(grants).toMatchObject([{ region: 'us', refreshToken: null }])
      expect(grants[0]!.refreshExpiresAtMs).toBeGreaterThan(1.7e12)
    }
  })
})
