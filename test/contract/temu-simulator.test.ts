import { afterEach, expect, test } from 'vitest'
import type { Call, Grant } from '#connectors/connector.ts'
import { temu } from '#connectors/temu/index.ts'
import { parseJson } from '#kernel/json.ts'
import { findDrift } from '#mapping/index.ts'
import {
  authorise,
  connect,
  dayMs,
  failureOf,
  idsOf,
  known,
  mapRaw,
  marketOf,
  redirectUri,
  start,
  stopAll,
  transform,
  truthIds,
  walk,
} from './temu-rig.ts'

afterEach(stopAll)

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
