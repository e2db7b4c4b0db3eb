import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type {
  Account,
  Call,
  Grant,
  GrantedShop,
  PlatformApp,
  PlatformRequest,
  RawOrder,
} from '#connectors/connector.ts'
import { temu } from '#connectors/temu/index.ts'
import { classify } from '#connectors/transport/classify.ts'
import { exchange } from '#connectors/transport/exchange.ts'
import type { OrderContent } from '#canonical/order.ts'
import type { PlatformFailure } from '#kernel/failure.ts'
import { parseJson } from '#kernel/json.ts'
import { OrderContent as OrderSchema } from '#canonical/order.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import { startTemuSimulator } from '#simulators/temu/index.ts'
import type { TemuSimulator, TemuSimulatorOptions } from '#simulators/temu/index.ts'
import { manualClock } from '#test/support/manual-clock.ts'
import type { ManualClock } from '#test/support/manual-clock.ts'
import { openSchema } from '#test/support/official-schema.ts'

const redirectUri = 'http://127.0.0.1/authorize/temu/callback'
const transform = compile(temu.maps.order)
const known = knownPaths(temu.maps.order)
const isCanonical = openSchema(JSON.parse(JSON.stringify(OrderSchema)))
const dayMs = 86_400_000

type Rig = {
  readonly clock: ManualClock
  readonly sim: TemuSimulator
  readonly app: PlatformApp
  /** A door with one token, none when it is null. The clock moves a little with each call, so that limits hold. */
  readonly door: (token: string | null) => Call
  readonly sent: PlatformRequest[]
}

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function start(options: Partial<TemuSimulatorOptions> = {}): Promise<Rig> {
  const clock = manualClock()
  const sim = await startTemuSimulator({ clock, autoApprove: true, ...options })
  stops.push(sim.stop)
  const app: PlatformApp = { platform: 'temu', credentials: sim.credentials, hosts: sim.hosts }
  const sent: PlatformRequest[] = []
  const door =
    (token: string | null): Call =>
    async (request) => {
      sent.push(request)
      await clock.advance(100)
      const signed = temu.sign(request, sim.hosts[request.host]!, app, token, clock.nowMs())
      const answer = await exchange(fetch, clock, signed)
      const failure = classify(temu, answer, clock.nowMs())
      if (failure) throw failure
      return answer
    }
  return { clock, sim, app, door, sent }
}

const marketOf = (code: string) => temu.markets.find((market) => market.code === code)!

/** Through the consent page and the callback to grants. */
async function authorise(
  { app, door, clock }: Rig,
  code: string,
  mallId?: string,
): Promise<readonly Grant[]> {
  const market = marketOf(code)
  const url = temu.auth.authorizeUrl(app, market, 'a state', redirectUri, clock.nowMs())
  const page = await fetch(`${url}${mallId ? `&mall_id=${mallId}` : ''}`, { redirect: 'manual' })
  const back = new URL(page.headers.get('location')!)
  const consent = temu.auth.readCallback(Object.fromEntries(back.searchParams))
  if (!consent.ok) throw new Error(consent.detail)
  expect(consent.state).toBe('a state')
  return temu.auth.exchange(door(null), app, consent, { market, redirectUri, nowMs: clock.nowMs() })
}

type Connected = {
  readonly call: Call
  readonly account: Account
  readonly grant: Grant
  readonly shop: GrantedShop
}

async function connect(rig: Rig, code = 'temu_us', countryCode = 'US'): Promise<Connected> {
  const { accountId } = rig.sim.shops.find((shop) => shop.countryCode === countryCode)!
  const [grant] = await authorise(rig, code, accountId)
  const call = rig.door(grant!.accessToken)
  const [shop] = await temu.auth.shops(call, grant!)
  const account: Account = {
    region: grant!.region,
    platformMerchantId: grant!.platformMerchantId,
    facts: grant!.facts ?? {},
    shops: [{ platformShopId: shop!.platformShopId, market: shop!.market, facts: shop!.facts ?? {} }],
  }
  return { call, account, grant: grant!, shop: shop! }
}

async function walk(
  rig: Rig,
  { call, account }: Connected,
  by: 'updated' | 'created' = 'updated',
  spanMs = 3 * dayMs,
): Promise<readonly RawOrder[]> {
  const toMs = rig.clock.nowMs()
  const orders: RawOrder[] = []
  let syncedUntilMs: number | null = null
  for await (const page of temu.orders.walk(call, account, { by, window: { fromMs: toMs - spanMs, toMs } })) {
    expect(page.unreadable).toEqual([])
    orders.push(...page.orders)
    syncedUntilMs = page.syncedUntilMs
  }
  expect(syncedUntilMs).toBe(toMs)
  return orders
}

function mapRaw({ payload }: RawOrder): OrderContent {
  const raw = parseJson(payload)
  expect(findDrift(known, raw)).toEqual([])
  const mapped = transform(raw)
  if (!mapped.ok) throw new Error(JSON.stringify(mapped.faults))
  expect(isCanonical(mapped.value)).toEqual([])
  expect(temu.unwrap(raw, 'order')).toEqual([raw])
  return mapped.value
}

const idsOf = (orders: readonly RawOrder[]): readonly string[] =>
  [...new Set(orders.map(({ platformOrderId }) => platformOrderId))].toSorted()
const truthIds = ({ sim }: Rig, mallId: string): readonly string[] =>
  sim
    .truth()
    .flatMap(({ accountId, orderId }) => (accountId === mallId ? [orderId] : []))
    .toSorted()

const failureOf = async (work: Promise<unknown>): Promise<PlatformFailure> =>
  work.then(
    () => {
      throw new Error('no failure')
    },
    (error: unknown) => error as PlatformFailure,
  )

test('consent, token, malls: one seller’s malls come with one grant, each with its own token', async () => {
  const rig = await start()
  const grants = await authorise(rig, 'temu_us')
  expect(grants).toHaveLength(2)
  for (const grant of grants) {
    expect(grant).toMatchObject({ region: 'us', refreshToken: null })
    expect(grant.refreshExpiresAtMs).toBeGreaterThan(rig.clock.nowMs() + 364 * dayMs)
    expect(grant.scopes).toContain('bg.order.list.v2.get')
    const [shop] = await temu.auth.shops(rig.door(grant.accessToken), grant)
    expect(shop).toMatchObject({ market: { code: 'temu_us' }, platformShopId: grant.platformMerchantId })
  }
  expect(grants.map(({ facts }) => facts!['mall_type'])).toEqual(['100', '1'])
  for (const [code, country, region] of [
    ['temu_gb', 'GB', 'eu'],
    ['temu_de', 'DE', 'eu'],
    ['temu_jp', 'JP', 'global'],
    ['temu_br', 'BR', 'global'],
  ] as const) {
    const { grant, shop } = await connect(rig, code, country)
    expect([grant.region, shop.market.code]).toEqual([region, code])
  }
  expect(rig.sim.unknownParameters()).toEqual({})
})

test('a pasted token is asked about; nothing else is refreshed', async () => {
  const rig = await start()
  const { accountId, refreshToken } = rig.sim.shops.find(({ countryCode }) => countryCode === 'DE')!
  const pasted: Grant = {
    platformMerchantId: accountId,
    region: 'eu',
    accessToken: null,
    accessExpiresAtMs: null,
    refreshToken,
    refreshExpiresAtMs: null,
    scopes: [],
  }
  const grant = await temu.auth.refresh(rig.door(null), rig.app, pasted, rig.clock.nowMs())
  expect(grant).toMatchObject({ accessToken: refreshToken, refreshToken: null, facts: { market: 'temu_de' } })
  const again = temu.auth.refresh(rig.door(null), rig.app, grant, rig.clock.nowMs())
  expect(await failureOf(again)).toMatchObject({ kind: 'auth_expired', code: 'NO_REFRESH' })
})

test('callbacks that are foreign, incomplete or refused; codes that are used or old', async () => {
  const rig = await start()
  expect(temu.auth.readCallback({ state: 's' })).toMatchObject({ ok: false, code: 'CALLBACK_INCOMPLETE' })
  expect(temu.auth.readCallback({ state: 's', error: 'access_denied' })).toMatchObject({
    ok: false,
    state: 's',
  })
  const market = marketOf('temu_us')
  const context = { market, redirectUri, nowMs: rig.clock.nowMs() }
  const attempt = (query: Record<string, string>) => {
    const consent = temu.auth.readCallback({ state: 's', code: 'x', ...query })
    if (!consent.ok) throw new Error(consent.code)
    return failureOf(temu.auth.exchange(rig.door(null), rig.app, consent, context))
  }
  expect(await attempt({ callback_host: 'evil.example' })).toMatchObject({ code: 'CALLBACK_HOST_UNKNOWN' })
  expect(await attempt({ app_key: 'other' })).toMatchObject({ code: 'CALLBACK_OF_ANOTHER_APP' })
  expect(rig.sent).toEqual([])
  expect(await attempt({})).toMatchObject({ kind: 'rejected', code: '110020002' })

  const url = temu.auth.authorizeUrl(rig.app, market, 's', redirectUri, rig.clock.nowMs())
  const page = await fetch(url, { redirect: 'manual' })
  await rig.clock.advance(10 * 60_000)
  const query = Object.fromEntries(new URL(page.headers.get('location')!).searchParams)
  expect(await attempt(query)).toMatchObject({ kind: 'rejected', code: '110020002' })
})

test('the consent page, in both languages, with yes and no', async () => {
  const rig = await start({ autoApprove: false })
  const url = temu.auth.authorizeUrl(rig.app, marketOf('temu_de'), 's', redirectUri, 0)
  const read = async (language: string) => (await fetch(`${url}&language=${language}`)).text()
  expect(await read('en')).toMatch(/Lindenhof Living.*DE/s)
  expect(await read('zh-CN')).toContain('授权应用')
  const decline = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ decision: 'decline' }),
    redirect: 'manual',
  })
  expect(decline.headers.get('location')).toContain('error=access_denied')
  expect((await fetch(url.replace('appKey=', 'appKey=x'))).status).toBe(400)
  expect((await fetch(url.replace('127.0.0.1%2Fauth', 'evil.example%2Fauth'))).status).toBe(400)
})

test('walks of several pages in five markets: every order once known, mapped without fault or drift', async () => {
  const rig = await start({ orders: 1300, clearAddressesApproved: true })
  const statuses = new Set<string>()
  for (const [code, country] of [
    ['temu_us', 'US'],
    ['temu_gb', 'GB'],
    ['temu_de', 'DE'],
    ['temu_jp', 'JP'],
    ['temu_br', 'BR'],
  ] as const) {
    const connected = await connect(rig, code, country)
    const mallId = connected.grant.platformMerchantId
    const orders = await walk(rig, connected)
    expect(idsOf(orders)).toEqual(truthIds(rig, mallId))
    expect(orders.length).toBe(idsOf(orders).length)
    for (const raw of orders) {
      const order = mapRaw(raw)
      statuses.add(order.status)
      expect(order.marketplace_code).toBe(code)
      expect(order.currency).toBe(connected.shop.market.currency)
      expect(order.totals.items).not.toBeNull()
      expect(raw.platformShopId).toBe(mallId)
      if (order.shipping_address) expect(order.shipping_address.pii_state).toBe('clear')
    }
  }
  expect([...statuses].toSorted()).toEqual([
    'awaiting_fulfillment',
    'cancelled',
    'on_hold',
    'partially_shipped',
    'shipped',
  ])
  expect(rig.sim.unknownParameters()).toEqual({})
})

test('every step of every kind: the canonical life of an order', async () => {
  const rig = await start({ amountsApproved: false })
  const connected = await connect(rig)
  const { call, account, grant } = connected
  const kinds = ['standard', 'partial', 'cancelled_pending', 'cancelled_by_buyer', 'cancel_refused']
  const more = ['units_cancelled', 'out_of_stock', 'address_changed', 'risk_review', 'cash_on_delivery']
  const rest = ['cooperative', 'presale', 'consolidated', 'refunded']
  const lives: Record<string, string[]> = {}
  for (const kind of [...kinds, ...more, ...rest]) {
    const orderId = rig.sim.createOrder({ kind, accountId: grant.platformMerchantId })
    const life: string[] = (lives[kind] = [])
    do {
      const order = mapRaw(await temu.orders.one(call, account, orderId))
      const word = `${order.status}${order.is_fulfillable ? '!' : ''}`
      life.push([word, ...order.hold_reasons].join('/'))
      expect(order.totals.items).toBeNull()
    } while (rig.sim.advance(orderId) !== null)
  }
  const pending = 'on_hold/remorse_period'
  expect(lives['standard']).toEqual([pending, 'awaiting_fulfillment!', 'shipped', 'delivered'])
  expect(lives['partial']).toEqual([
    pending,
    'awaiting_fulfillment!',
    'partially_shipped!',
    'shipped',
    'shipped',
    'delivered',
  ])
  expect(lives['cancelled_by_buyer']).toEqual([
    pending,
    'awaiting_fulfillment!',
    'awaiting_fulfillment/cancellation_requested',
    'cancelled',
  ])
  expect(lives['address_changed']!.slice(2, 4)).toEqual([
    'awaiting_fulfillment/address_pending',
    'awaiting_fulfillment!',
  ])
  expect(lives['cooperative']![1]).toBe('awaiting_fulfillment')
  expect(lives['consolidated']![1]).toBe('awaiting_fulfillment/platform_hold')
  const asked = rig.sent.filter(({ operation }) => operation === 'orders.amount')
  expect(asked).toEqual([])
})

test('amounts that the grant does not tell of are asked for once and then left out', async () => {
  const rig = await start({ amountsApproved: false, orders: 60 })
  const connected = await connect(rig)
  const account = { ...connected.account, facts: {} }
  const orders = await walk(rig, { ...connected, account })
  expect(orders.length).toBeGreaterThan(5)
  const asked = rig.sent.filter(({ operation }) => operation === 'orders.amount')
  expect(asked.length).toBeLessThanOrEqual(5)
})

test('one order: by the list, by the detail when the list hides it, missing when there is none', async () => {
  const rig = await start()
  const { call, account, grant } = await connect(rig)
  const orderId = rig.sim.createOrder({ accountId: grant.platformMerchantId })
  const listed = await temu.orders.one(call, account, orderId)
  expect(listed).toMatchObject({ platformOrderId: orderId, platformShopId: grant.platformMerchantId })
  rig.sim.setFault('hidden_order', { only: [orderId] })
  await rig.clock.advance(5000)
  const hidden = await temu.orders.one(call, account, orderId)
  expect(hidden.endpoint).toContain('bg.order.detail.v2.get')
  mapRaw(hidden)
  expect(await failureOf(temu.orders.one(call, account, 'PO-211-0'))).toMatchObject({ kind: 'missing' })
  const other = rig.sim.createOrder({ countryCode: 'DE' })
  expect(await failureOf(temu.orders.one(call, account, other))).toMatchObject({ kind: 'missing' })
})

test('faults of lists: nothing is lost, a loop is told', async () => {
  const rig = await start({ orders: 1500 })
  const connected = await connect(rig)
  const wanted = truthIds(rig, connected.grant.platformMerchantId)
  expect(wanted.length).toBeGreaterThan(200)
  for (const name of ['low_total', 'window_end'] as const) {
    rig.sim.setFault(name, true)
    expect(idsOf(await walk(rig, connected, 'created')), name).toEqual(wanted)
    rig.sim.setFault(name, false)
  }
  // A page in place of another is read again on the way back, or told.
  rig.sim.setFault('repeated_page', { count: 1 })
  expect(idsOf(await walk(rig, connected))).toEqual(wanted)
  rig.sim.setFault('repeated_page', true)
  expect(await failureOf(walk(rig, connected))).toMatchObject({ kind: 'contract_broken', code: 'PAGE_LOOP' })
  rig.sim.setFault('repeated_page', false)
  expect(idsOf(await walk(rig, connected))).toEqual(wanted)
})

test('orders that change while the list is walked are not lost', async () => {
  const rig = await start({ orders: 1500 })
  const connected = await connect(rig)
  const { accountId, orders } = { accountId: connected.grant.platformMerchantId, orders: rig.sim.truth() }
  const movable = orders.filter((order) => order.accountId === accountId && order.status === '2')
  let listed = 0
  const call: Call = async (request) => {
    if (request.operation !== 'orders.list') return connected.call(request)
    if (listed++ > 0) for (const { orderId } of movable.splice(0, 7)) rig.sim.advance(orderId)
    return connected.call(request)
  }
  const toMs = rig.clock.nowMs()
  const seen = new Set<string>()
  for await (const page of temu.orders.walk(call, connected.account, {
    by: 'updated',
    window: { fromMs: toMs - 3 * dayMs, toMs },
  }))
    for (const { platformOrderId } of page.orders) seen.add(platformOrderId)
  const stayed = rig.sim
    .truth()
    .filter((order) => order.accountId === accountId && order.lastUpdatedMs < toMs)
  expect(stayed.length).toBeGreaterThan(200)
  expect(stayed.filter(({ orderId }) => !seen.has(orderId))).toEqual([])
})

test('each fault of a call has its kind of failure', async () => {
  const rig = await start({ orders: 10 })
  const connected = await connect(rig)
  for (const [name, kind, code] of [
    ['throttle_storm', 'throttled', '4000004'],
    ['server_error', 'platform_down', '4000000'],
    ['html_error', 'platform_down', 'HTML'],
    ['cut_body', 'platform_down', 'NO_ANSWER'],
    ['wrong_signature', 'rejected', '3000001'],
    ['hidden_inner_failure', 'platform_down', '2000000'],
    ['revoked_grant', 'auth_revoked', '3000031'],
  ] as const) {
    rig.sim.setFault(name, { count: 1 })
    expect(await failureOf(walk(rig, connected)), name).toMatchObject({ kind, code })
    expect((await walk(rig, connected)).length).toBeGreaterThan(0)
  }
  rig.sim.setFault('expired_code', { count: 1 })
  expect(await failureOf(authorise(rig, 'temu_us'))).toMatchObject({ kind: 'rejected', code: '110020002' })
  const foreign = rig.sim.faults().filter(({ applies }) => !applies)
  expect(foreign.map(({ name }) => name)).toEqual(['same_token_twice', 'refresh_race'])
})

test('odd orders: unknown status and field are kept, wrong units and missing currencies are faults', async () => {
  const rig = await start()
  const { call, account, grant } = await connect(rig)
  const orderId = rig.sim.createOrder({ accountId: grant.platformMerchantId, kind: 'standard' })
  const read = async () => parseJson((await temu.orders.one(call, account, orderId)).payload)
  rig.sim.setFault('unknown_status', true)
  expect(transform(await read())).toMatchObject({
    ok: true,
    value: { status: 'unknown', platform_status: '77' },
  })
  rig.sim.setFault('unknown_status', false)
  rig.sim.setFault('unknown_field', true)
  expect(findDrift(known, await read())).toEqual([
    { path: 'order.parentOrderMap.carbonFootprint', type: 'object' },
  ])
  for (const name of ['mixed_time_units', 'missing_currency'] as const) {
    rig.sim.setFault(name, true)
    expect(transform(await read()), name).toMatchObject({ ok: false })
    rig.sim.setFault(name, false)
  }
})

test('tokens: replaced, withdrawn, over, and on another gateway', async () => {
  const rig = await start()
  const first = await connect(rig)
  const second = await connect(rig)
  expect(await failureOf(walk(rig, first))).toMatchObject({ kind: 'auth_expired', code: '3000034' })
  const elsewhere = { ...second, account: { ...second.account, region: 'eu' } }
  expect(await failureOf(walk(rig, elsewhere))).toMatchObject({ kind: 'rejected', code: '120011072' })
  rig.sim.revoke(second.grant.platformMerchantId)
  expect(await failureOf(walk(rig, second))).toMatchObject({ kind: 'auth_revoked' })
  const third = await connect(rig)
  await rig.clock.advance(366 * dayMs)
  expect(await failureOf(walk(rig, third))).toMatchObject({ kind: 'auth_expired' })
})

test('the gate: clocks, forms, signatures over the raw text, and the rate', async () => {
  const rig = await start()
  const { sim, app, clock } = rig
  const send = async (bodyText: string): Promise<unknown> => {
    const answer = await fetch(`${sim.hosts['api.us']}/openapi/router`, { method: 'POST', body: bodyText })
    expect(answer.status).toBe(200)
    return ((await answer.json()) as { errorCode: unknown }).errorCode
  }
  const signed = (bodyText: string, nowMs = clock.nowMs()): string =>
    temu.sign(
      { operation: '', method: 'POST', host: '', path: '', bodyText, auth: 'none', repeatable: true },
      '',
      app,
      'token',
      nowMs,
    ).body!
  const nested = '{"type":"bg.order.list.v2.get","ids":[ {"b":1, "a":[1, 2]} ]}'
  expect(await send('[]')).toBe(3000000)
  expect(await send(signed('{}'))).toBe(3000002)
  expect(await send(signed(nested))).toBe(3000031)
  expect(await send(signed(nested).replace('"b":1,"a":[1,2]', '"a":[1,2],"b":1'))).toBe(3000001)
  expect(await send(signed(nested).replace('"b":1', '"b": 1'))).toBe(3000031)
  expect(await send(signed(nested).replace('{', '{"sign":"x",'))).toBe(3000001)
  expect(await send(signed(nested).replace(/,"sign":"\w+"/, ''))).toBe(3000040)
  expect(await send(signed(nested).replace(',"data_type":"JSON"', ''))).toBe(3000013)
  expect(await send(signed(nested, clock.nowMs() - 301_000))).toBe(3000012)
  expect(await send(signed(nested, clock.nowMs() + 301_000))).toBe(3000011)
  expect(await send(signed('{"type":"bg.nothing"}'))).toBe(3000003)
  await clock.advance(2000)
  const codes = await Promise.all(Array.from({ length: 25 }, () => send(signed(nested))))
  expect(codes.filter((code) => code === 4000004)).toHaveLength(5)
})

/** The app's callback: answers with what is next in the row, then 200. */
async function openCallback(statuses: number[]) {
  const received: { headers: Record<string, string>; rawBody: Buffer }[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      received.push({
        headers: request.headers as Record<string, string>,
        rawBody: Buffer.concat(parts),
      })
      response.writeHead(statuses.shift() ?? 200).end('{"result":{}}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received }
}

test.each([true, false])(
  'pushes are sent, verified and sent again until taken (extension: %s)',
  async (sendsExtension) => {
    const callback = await openCallback([500])
    const rig = await start({ pushUrl: callback.url, sendsExtension })
    const { call, account, grant } = await connect(rig)
    const silent = rig.sim.createOrder({ accountId: grant.platformMerchantId })
    await temu.push!.subscribe!(call, rig.app, account.region)
    const orderId = rig.sim.createOrder({ accountId: grant.platformMerchantId, kind: 'address_changed' })
    await rig.sim.pushesSettled()
    expect(callback.received).toHaveLength(1)
    await rig.clock.advance(2 * 60_000)
    rig.sim.tick()
    while (rig.sim.advance(orderId) !== null) await rig.sim.pushesSettled()
    await rig.sim.pushesSettled()
    expect(rig.sim.deliveries().map(({ status }) => status)).toEqual([500, 200, 200, 200, 200, 200])

    const webhook = temu.push!.webhook! as NonNullable<NonNullable<typeof temu.push>['webhook']> & {
      readonly open: (push: unknown, app: PlatformApp) => unknown
    }
    const keys = new Set<string>()
    for (const { headers, rawBody } of callback.received) {
      const push = { method: 'POST', url: '', headers, rawBody }
      expect(webhook.verify(push, rig.app)).toEqual({ valid: true, reason: null })
      const read = temu.push!.readHint(webhook.open(push, rig.app))
      if (read.kind !== 'order') throw new Error(read.reason)
      expect(read.hint).toMatchObject({ platformOrderId: orderId, platformShopId: grant.platformMerchantId })
      if (read.hint.occurredAtMs !== null)
        expect(Math.abs(read.hint.occurredAtMs - rig.clock.nowMs())).toBeLessThan(3_600_000)
      keys.add(read.hint.dedupeKey)
    }
    expect(keys.size).toBeLessThan(callback.received.length)
    expect(silent).not.toBe(orderId)
  },
)

test('lost, doubled and late pushes', async () => {
  const callback = await openCallback([])
  const rig = await start({ pushUrl: callback.url })
  const { call, account, grant } = await connect(rig)
  await temu.push!.subscribe!(call, rig.app, account.region)
  const make = async () => {
    rig.sim.createOrder({ accountId: grant.platformMerchantId })
    await rig.sim.pushesSettled()
    return callback.received.splice(0).length
  }
  rig.sim.setFault('lost_notification', { count: 1 })
  expect(await make()).toBe(0)
  rig.sim.setFault('duplicate_notification', { count: 1 })
  expect(await make()).toBe(2)
  rig.sim.setFault('out_of_order_notification', { count: 1 })
  expect(await make()).toBe(0)
  await rig.clock.advance(30_000)
  rig.sim.tick()
  await rig.sim.pushesSettled()
  expect(callback.received).toHaveLength(1)
  expect(() => rig.sim.setPushUrl('https://example.com/')).toThrow(RangeError)
})
