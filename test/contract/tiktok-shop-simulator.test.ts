import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OrderContent } from '#canonical/order.ts'
import type { Account, Call, Grant, OrderPage, PlatformApp, RawOrder } from '#connectors/connector.ts'
import { tiktokShop } from '#connectors/tiktok-shop/index.ts'
import { classify } from '#connectors/transport/classify.ts'
import { exchange } from '#connectors/transport/exchange.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import { startTiktokShopSimulator } from '#simulators/tiktok-shop/index.ts'
import type { TiktokShopSimulator } from '#simulators/tiktok-shop/index.ts'
import { manualClock } from '#test/support/manual-clock.ts'
import type { ManualClock } from '#test/support/manual-clock.ts'

const redirectUri = 'http://127.0.0.1:9/authorize/tiktok_shop/callback'
const dayMs = 86_400_000
const transform = compile(tiktokShop.maps.order)
const known = knownPaths(tiktokShop.maps.order)

let clock: ManualClock
let sim: TiktokShopSimulator
let app: PlatformApp

const start = async (more: Partial<Parameters<typeof startTiktokShopSimulator>[0]> = {}) => {
  clock = manualClock()
  sim = await startTiktokShopSimulator({
    clock,
    orders: 400,
    timeScale: 100_000,
    redirectUris: [redirectUri],
    autoApprove: true,
    ...more,
  })
  app = { platform: 'tiktok_shop', credentials: sim.credentials, hosts: sim.hosts }
}

/** What the transport does, without limits and repeats. */
const callWith =
  (accessToken: string | null): Call =>
  async (request) => {
    const base = app.hosts[request.host] ?? tiktokShop.hosts[request.host]!
    const signed = tiktokShop.sign(
      request,
      base,
      app,
      request.auth === 'seller' ? accessToken : null,
      clock.nowMs(),
    )
    const answer = await exchange(fetch, clock, signed)
    const failure = classify(tiktokShop, answer, clock.nowMs())
    if (failure) throw failure
    return answer
  }

async function consent(code: string): Promise<Grant> {
  const market = tiktokShop.markets.find((known) => known.code === code)!
  const url = tiktokShop.auth.authorizeUrl(app, market, 'state-1', redirectUri, clock.nowMs())
  const page = await fetch(url, { redirect: 'manual' })
  const target = new URL(page.headers.get('location')!)
  expect(`${target.origin}${target.pathname}`).toBe(redirectUri)
  const read = tiktokShop.auth.readCallback(Object.fromEntries(target.searchParams))
  if (!read.ok) throw new Error(JSON.stringify(read))
  expect(read.state).toBe('state-1')
  const context = { market, redirectUri, nowMs: clock.nowMs() }
  const [grant] = await tiktokShop.auth.exchange(callWith(null), app, read, context)
  return grant!
}

type Connected = { readonly grant: Grant; readonly call: Call; readonly account: Account }

async function connect(code: string): Promise<Connected> {
  const grant = await consent(code)
  const call = callWith(grant.accessToken)
  const shops = await tiktokShop.auth.shops(call, grant)
  const account = {
    region: grant.region,
    platformMerchantId: grant.platformMerchantId,
    facts: grant.facts ?? {},
    shops: shops.map(({ facts = {}, ...shop }) => ({ ...shop, facts })),
  }
  return { grant, call, account }
}

async function walk(
  { call, account }: Connected,
  by: 'updated' | 'created' = 'updated',
  fromMs = clock.nowMs() - 3 * dayMs,
  toMs = clock.nowMs() + 1000,
): Promise<readonly OrderPage[]> {
  const pages: OrderPage[] = []
  for await (const page of tiktokShop.orders.walk(call, account, { by, window: { fromMs, toMs } }))
    pages.push(page)
  return pages
}

const ordersOf = (pages: readonly OrderPage[]): readonly RawOrder[] => pages.flatMap((page) => page.orders)
const idsOf = (pages: readonly OrderPage[]): string[] =>
  ordersOf(pages)
    .map((order) => order.platformOrderId)
    .toSorted()
const truthIds = (accountId: string): string[] =>
  sim
    .truth()
    .filter((row) => row.accountId === accountId)
    .map((row) => row.orderId)
    .toSorted()

function mapped({ payload }: RawOrder): OrderContent {
  const raw = JSON.parse(payload) as unknown
  expect(findDrift(known, raw)).toEqual([])
  const result = transform(raw)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.value
}

describe('the connector against the simulated platform', () => {
  beforeAll(() => start())
  afterAll(() => sim.stop())

  test('one consent brings shops of several markets, and a walk brings all their orders once', async () => {
    const everyMarket = new Set<string>()
    for (const code of ['tiktok_shop_us', 'tiktok_shop_gb', 'tiktok_shop_my']) {
      const connected = await connect(code)
      const { grant, account } = connected
      expect(grant.accessExpiresAtMs).toBe(clock.nowMs() + 7 * dayMs)
      for (const { market } of account.shops) everyMarket.add(market.countryCode)
      const pages = await walk(connected)
      expect(idsOf(pages)).toEqual(truthIds(grant.platformMerchantId))
      expect(pages.at(-1)!.syncedUntilMs).not.toBeNull()
      expect(pages.slice(0, -1).every((page) => page.syncedUntilMs === null)).toBe(true)
      expect(idsOf(await walk(connected, 'created'))).toEqual(idsOf(pages))
      for (const order of ordersOf(pages)) {
        const { status, lines } = mapped(order)
        expect(status).not.toBe('unknown')
        expect(lines.length).toBeGreaterThan(0)
        expect(account.shops.some((shop) => shop.platformShopId === order.platformShopId)).toBe(true)
      }
    }
    expect(everyMarket.size).toBe(12)
  })

  test('every kind of order maps at every step of its life', async () => {
    const connected = await connect('tiktok_shop_us')
    const accountId = connected.grant.platformMerchantId
    const kinds = new Set(sim.truth().map((row) => row.kind))
    expect(kinds.size).toBe(14)
    const seen = new Set<string>()
    for (const kind of kinds) {
      const orderId = sim.createOrder({ kind, accountId })
      do {
        const order = mapped(await tiktokShop.orders.one(connected.call, connected.account, orderId))
        seen.add(order.status)
        if (order.is_fulfillable) expect(order.shipping_address?.pii_state).not.toBe('absent')
        // The calls of a second are counted by the clock, which stands still otherwise.
        await clock.advance(10)
      } while (sim.advance(orderId) !== null)
    }
    expect([...seen].toSorted()).toEqual([
      'awaiting_fulfillment',
      'awaiting_payment',
      'cancelled',
      'completed',
      'delivered',
      'on_hold',
      'partially_shipped',
      'processing',
      'shipped',
    ])
  })

  test('a refresh brings new tokens; an order of another shop is missing', async () => {
    const { grant, account, call } = await connect('tiktok_shop_us')
    const renewed = await tiktokShop.auth.refresh(callWith(null), app, grant, clock.nowMs())
    expect(renewed.refreshToken).not.toBe(grant.refreshToken)
    expect(await tiktokShop.auth.shops(callWith(renewed.accessToken), renewed)).toHaveLength(1)
    const foreign = sim.truth().find((row) => row.accountId !== grant.platformMerchantId)!
    await expect(tiktokShop.orders.one(call, account, foreign.orderId)).rejects.toMatchObject({
      kind: 'missing',
    })
  })

  test('the consent page speaks both languages and takes a no', async () => {
    const quiet = await startTiktokShopSimulator({ clock, redirectUris: [redirectUri] })
    const url = `${quiet.hosts['seller.us']}/open/authorize?service_id=${quiet.credentials['service_id']}&state=s`
    expect(await (await fetch(url)).text()).toContain('Authorise application')
    expect(await (await fetch(`${url}&language=zh-CN`)).text()).toContain('授权应用')
    const refusal = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'decline' }),
      redirect: 'manual',
    })
    const query = Object.fromEntries(new URL(refusal.headers.get('location')!).searchParams)
    expect(tiktokShop.auth.readCallback(query)).toEqual({
      ok: false,
      code: 'auth_denied',
      detail: '',
      state: 's',
    })
    expect((await fetch(url.replace('service_id=', 'service_id=0'))).status).toBe(400)
    await quiet.stop()
  })
})

describe('what the platform refuses', () => {
  beforeAll(() => start({ orders: 0 }))
  afterAll(() => sim.stop())

  const codeOf = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${sim.url}${path}`, init)
    return ((await response.json()) as { code: number }).code
  }
  const kindOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (error: unknown) => (error instanceof PlatformFailure ? [error.code, error.kind] : error),
    )
  const shopsWith = (token: string | null, more: Partial<PlatformApp['credentials']> = {}, atMs = 0) => {
    const request = {
      operation: 'shops.list',
      method: 'GET',
      host: 'api',
      path: '/authorization/202309/shops',
      auth: 'seller',
      repeatable: true,
    } as const
    const other = { ...app, credentials: { ...app.credentials, ...(more as Record<string, string>) } }
    const signed = tiktokShop.sign(request, sim.url, other, token, clock.nowMs() + atMs)
    return codeOf(signed.url.slice(sim.url.length), { headers: signed.headers })
  }

  test('paths, methods, keys, clocks, signatures and tokens', async () => {
    const { grant, call, account } = await connect('tiktok_shop_gb')
    const token = grant.accessToken
    expect(await codeOf('/order/209901/orders')).toBe(36009009)
    expect(await codeOf('/authorization/202309/shops', { method: 'POST' })).toBe(36009010)
    expect(await shopsWith(token)).toBe(0)
    expect(await shopsWith(token, { app_key: 'x' })).toBe(36009004)
    expect(await shopsWith(token, { app_secret: 'x' })).toBe(106001)
    expect(await shopsWith(token, {}, -301_000)).toBe(36009004)
    expect(await shopsWith(token, {}, 32_000)).toBe(36009004)
    expect(await shopsWith('TTP_forged')).toBe(101000)
    const ask = (query: Readonly<Record<string, string>>, path = '/order/202507/orders') =>
      kindOf(
        call({ operation: 'x', method: 'GET', host: 'api', path, query, auth: 'seller', repeatable: true }),
      )
    const cipher = account.shops[0]!.facts['shop_cipher']!
    expect(await ask({ ids: '1' })).toEqual(['106013', 'rejected'])
    expect(await ask({ ids: '1', shop_cipher: cipher })).toEqual(['21008111', 'missing'])
    expect(await ask({ shop_cipher: cipher }, '/authorization/202309/shops')).toEqual([
      '36009004',
      'rejected',
    ])
    await clock.advance(7 * dayMs)
    expect(await shopsWith(token)).toBe(105002)
    sim.revoke(grant.platformMerchantId)
    expect(await shopsWith(token)).toBe(101000)
    expect(await kindOf(tiktokShop.auth.refresh(callWith(null), app, grant, 0))).toEqual([
      '36004005',
      'auth_revoked',
    ])
  })

  test('more than fifty calls a second for one path and shop', async () => {
    await sim.stop()
    await start({ orders: 0, timeScale: 1 })
    const { grant, call } = await connect('tiktok_shop_us')
    const first = await Promise.all(Array.from({ length: 49 }, () => tiktokShop.auth.shops(call, grant)))
    expect(first).toHaveLength(49)
    expect(await kindOf(tiktokShop.auth.shops(call, grant))).toEqual(['36009002', 'throttled'])
    await clock.advance(1000)
    expect(await tiktokShop.auth.shops(call, grant)).toHaveLength(1)
  })

  test.each([
    ['throttle_storm', 'throttled'],
    ['server_error', 'platform_down'],
    ['html_error', 'platform_down'],
    ['cut_body', 'platform_down'],
    ['hidden_inner_failure', 'platform_down'],
    ['wrong_signature', 'rejected'],
    ['revoked_grant', 'auth_revoked'],
  ] as const)('fault %s is %s', async (name, kind) => {
    const { grant, call } = await connect('tiktok_shop_us')
    sim.setFault(name, { count: 1 })
    await expect(tiktokShop.auth.shops(call, grant)).rejects.toMatchObject({ kind })
    expect(await tiktokShop.auth.shops(call, grant)).toHaveLength(1)
  })

  test('an expired code, and two refreshes at once of which one loses', async () => {
    sim.setFault('expired_code', { count: 1 })
    await expect(consent('tiktok_shop_us')).rejects.toMatchObject({ code: '36004004', kind: 'auth_revoked' })
    const { grant } = await connect('tiktok_shop_us')
    sim.setFault('refresh_race', true)
    const both = await Promise.allSettled(
      [1, 2].map(() => tiktokShop.auth.refresh(callWith(null), app, grant, clock.nowMs())),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    // What the loser still holds is out of date, not withdrawn.
    expect(await kindOf(tiktokShop.auth.shops(callWith(grant.accessToken), grant))).toEqual([
      '105002',
      'auth_expired',
    ])
  })
})

describe('faults of lists and orders', () => {
  beforeEach(() => start({ orders: 1300 }))
  afterEach(() => sim.stop())

  test.each(['repeated_page', 'same_token_twice'] as const)(
    '%s ends the walk with PAGE_LOOP',
    async (name) => {
      const connected = await connect('tiktok_shop_us')
      sim.setFault(name, { count: 1 })
      await expect(walk(connected)).rejects.toMatchObject({ code: 'PAGE_LOOP' })
      expect(idsOf(await walk(connected))).toEqual(truthIds(connected.grant.platformMerchantId))
    },
  )

  test('a hidden order is there by its id; a low total costs nothing; open windows need an overlap', async () => {
    const connected = await connect('tiktok_shop_us')
    const all = truthIds(connected.grant.platformMerchantId)
    sim.setFault('hidden_order', { only: [all[0]!] })
    expect(idsOf(await walk(connected))).toEqual(all.slice(1))
    expect(await tiktokShop.orders.one(connected.call, connected.account, all[0]!)).toMatchObject({
      platformOrderId: all[0],
    })
    sim.setFault('hidden_order', false)
    sim.setFault('low_total', true)
    expect(idsOf(await walk(connected))).toEqual(all)
    sim.setFault('window_end', true)
    expect(idsOf(await walk(connected))).toEqual(all)
  })

  test('unknown words, unknown fields, missing currencies and milliseconds are seen, never guessed', async () => {
    const { call, account, grant } = await connect('tiktok_shop_us')
    const rawOf = async (name: Parameters<typeof sim.setFault>[0]) => {
      const orderId = sim.createOrder({ accountId: grant.platformMerchantId, kind: 'standard' })
      sim.setFault(name, { only: [orderId] })
      return JSON.parse((await tiktokShop.orders.one(call, account, orderId)).payload) as unknown
    }
    expect(transform(await rawOf('unknown_status'))).toMatchObject({
      ok: true,
      value: { status: 'unknown', platform_status: 'AWAITING_MIRACLE', is_fulfillable: false },
    })
    expect(findDrift(known, await rawOf('unknown_field')).map(({ path }) => path)).toEqual([
      'quantum_state',
      'parcel_mood',
    ])
    expect(transform(await rawOf('missing_currency'))).toMatchObject({ ok: false })
    expect(transform(await rawOf('mixed_time_units'))).toMatchObject({ ok: false })
  })
})

describe('pushes', () => {
  type Got = { readonly headers: Record<string, string>; readonly rawBody: Buffer }
  let got: Got[]
  let status: number
  let server: ReturnType<typeof createServer>
  const { webhook, readHint } = tiktokShop.push!

  beforeEach(async () => {
    got = []
    status = 200
    server = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        got.push({ headers: request.headers as Record<string, string>, rawBody: Buffer.concat(parts) })
        response.writeHead(status).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await start({
      orders: 0,
      timeScale: 1,
      pushUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`,
    })
  })
  afterEach(async () => {
    await sim.stop()
    server.close()
  })

  const verdicts = () =>
    got.map(
      ({ headers, rawBody }) => webhook!.verify({ method: 'POST', url: '', headers, rawBody }, app).valid,
    )
  const hints = () => got.map(({ rawBody }) => readHint(JSON.parse(rawBody.toString()) as unknown))

  test('every change is pushed with a signature that holds and leads to its order', async () => {
    const orderId = sim.createOrder({ kind: 'cancelled_by_buyer', countryCode: 'GB' })
    while (sim.advance(orderId) !== null) await sim.pushes.idle()
    expect(got).toHaveLength(4)
    expect(verdicts()).toEqual([true, true, true, true])
    for (const hint of hints())
      expect(hint).toMatchObject({ kind: 'order', hint: { platformOrderId: orderId } })
    expect(got.at(-1)!.rawBody.toString()).toContain('"order_status":"CANCEL"')
    sim.revoke(sim.shops.find((shop) => shop.countryCode === 'US')!.accountId)
    await sim.pushes.idle()
    expect(hints().at(-1)).toMatchObject({ kind: 'ignored' })
  })

  test('what is not taken comes again four times, then never', async () => {
    status = 500
    const orderId = sim.createOrder({ kind: 'standard' })
    sim.advance(orderId)
    await sim.pushes.idle()
    for (const minutes of [2, 30, 180, 720, 5000]) {
      await clock.advance(minutes * 60_000)
      for (const { orderId: other } of sim.truth()) expect(other).toBe(orderId)
      sim.pushes.deliverDue()
      await sim.pushes.idle()
    }
    expect(got).toHaveLength(5)
    expect(new Set(got.map(({ rawBody }) => rawBody.toString())).size).toBe(1)
  })

  test('lost, doubled and late pushes', async () => {
    const orderId = sim.createOrder({ kind: 'standard' })
    sim.setFault('lost_notification', { count: 1 })
    sim.advance(orderId)
    sim.setFault('duplicate_notification', { count: 1 })
    sim.advance(orderId)
    await sim.pushes.idle()
    const keys = hints().map((hint) => (hint.kind === 'order' ? hint.hint.dedupeKey : null))
    expect(keys).toEqual([keys[0], keys[0]])
    sim.setFault('out_of_order_notification', { count: 1 })
    sim.advance(orderId)
    sim.advance(orderId)
    await sim.pushes.idle()
    expect(got).toHaveLength(3)
    await clock.advance(31_000)
    sim.pushes.deliverDue()
    await sim.pushes.idle()
    expect(got.slice(2).map(({ rawBody }) => /"order_status":"(\w+)"/.exec(rawBody.toString())![1])).toEqual([
      'IN_TRANSIT',
      'AWAITING_COLLECTION',
    ])
  })

  test('a shop subscribes and ends its own pushes', async () => {
    const { call, account } = await connect('tiktok_shop_us')
    const cipher = account.shops[0]!.facts['shop_cipher']!
    const ask = (method: 'GET' | 'PUT' | 'DELETE', body?: object) =>
      call({
        operation: 'events',
        method,
        host: 'api',
        path: '/event/202309/webhooks',
        query: { shop_cipher: cipher },
        ...(body && { body }),
        auth: 'seller',
        repeatable: false,
      })
    const address = 'http://127.0.0.1:9/other'
    await ask('PUT', { event_type: 'ORDER_STATUS_CHANGE', address })
    expect((await ask('GET')).body).toMatchObject({ data: { total_count: 1, webhooks: [{ address }] } })
    await expect(ask('PUT', { event_type: 'ORDER_STATUS_CHANGE' })).rejects.toMatchObject({
      code: '36009004',
    })
    await ask('DELETE', { event_type: 'ORDER_STATUS_CHANGE' })
    expect((await ask('GET')).body).toMatchObject({ data: { total_count: 0 } })
  })
})
