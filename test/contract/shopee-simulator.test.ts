import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { OrderContent } from '#canonical/order.ts'
import type { Account, Call, Grant, PlatformApp, RawOrder, ReceivedPush } from '#connectors/connector.ts'
import { shopee } from '#connectors/shopee/index.ts'
import { classify } from '#connectors/transport/classify.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { parseJson } from '#kernel/json.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import { startShopeeSimulator, type ShopeeSimulator } from '#simulators/shopee/index.ts'
import type { SimulatorOptions } from '#simulators/simulator.ts'
import { manualClock, type ManualClock } from '#test/support/manual-clock.ts'
import { openSchema } from '#test/support/official-schema.ts'

const map = compile(shopee.maps.order)
const known = knownPaths(shopee.maps.order)
const isCanonical = openSchema(JSON.parse(JSON.stringify(OrderContent)))

const open: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const running of open.splice(0)) await running.stop()
})

type World = { readonly sim: ShopeeSimulator; readonly clock: ManualClock; readonly app: PlatformApp }

async function start(options: Partial<SimulatorOptions> = {}, credentials = {}): Promise<World> {
  const clock = manualClock()
  const sim = await startShopeeSimulator({ clock, autoApprove: true, ...options })
  open.push(sim)
  const app = {
    platform: 'shopee',
    credentials: { ...sim.credentials, ...credentials },
    hosts: sim.hosts,
  } as const
  return { sim, clock, app }
}

/** A call as the transport makes it, without limits and repeats. */
const callWith =
  ({ app, clock }: World, token: string | null): Call =>
  async (request) => {
    const signed = shopee.sign(request, app.hosts[request.host]!, app, token, clock.nowMs())
    const answer = await fetch(signed.url, {
      method: signed.method,
      headers: signed.headers,
      ...(signed.body === null ? {} : { body: signed.body }),
    })
    const text = await answer.text()
    const body = /^[{[]/.test(text) ? parseJson(text) : null
    const received = {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body,
      text,
      sentAtMs: clock.nowMs(),
    }
    const failure = classify(shopee, received, clock.nowMs())
    if (failure) throw failure
    return received
  }

const redirectUri = 'http://127.0.0.1:4000/authorize/shopee/callback'

/** Goes through the consent page as the seller of the account named. */
async function consent(world: World, account: string | number): Promise<readonly Grant[]> {
  const { app, clock } = world
  const market = shopee.markets[0]!
  const url = new URL(shopee.auth.authorizeUrl(app, market, 'state-1', redirectUri, clock.nowMs()))
  url.searchParams.set('account', String(account))
  const answer = await fetch(url, { redirect: 'manual' })
  const back = new URL(answer.headers.get('location')!)
  const read = shopee.auth.readCallback(Object.fromEntries(back.searchParams))
  if (!read.ok) throw new Error(read.code)
  expect(read.state).toBe('state-1')
  const context = { market, redirectUri, nowMs: clock.nowMs() }
  return shopee.auth.exchange(callWith(world, null), app, read, context)
}

async function connect(
  world: World,
  account: string,
): Promise<{ call: Call; account: Account; grant: Grant }> {
  const [grant] = await consent(world, account)
  const call = callWith(world, grant!.accessToken)
  const shops = await shopee.auth.shops(call, grant!)
  return {
    call,
    grant: grant!,
    account: {
      region: grant!.region,
      platformMerchantId: grant!.platformMerchantId,
      facts: {},
      shops: shops.map(({ platformShopId, market }) => ({ platformShopId, market, facts: {} })),
    },
  }
}

async function walk(
  { clock }: World,
  call: Call,
  account: Account,
  hours = 72,
): Promise<readonly RawOrder[]> {
  const window = { fromMs: clock.nowMs() - hours * 3_600_000, toMs: clock.nowMs() }
  const orders: RawOrder[] = []
  for await (const page of shopee.orders.walk(call, account, { by: 'updated', window })) {
    expect(page.unreadable).toEqual([])
    orders.push(...page.orders)
  }
  return orders
}

const idsOf = (orders: readonly { platformOrderId: string }[]): string[] =>
  orders.map(({ platformOrderId }) => platformOrderId).toSorted()

const truthOf = (sim: ShopeeSimulator, shopId: string): string[] =>
  sim
    .truth()
    .filter(({ accountId }) => accountId === shopId)
    .map(({ orderId }) => orderId)
    .toSorted()

const failureOf = async (work: Promise<unknown>): Promise<PlatformFailure> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof PlatformFailure) return error
  throw new Error(`no PlatformFailure: ${String(error)}`)
}

test('every shop: consent, walk of several pages, mapping without drift, one by its id', async () => {
  const world = await start({ orders: 900, timeScale: 1e6 })
  const statuses = new Set<string>()
  for (const shop of world.sim.shops) {
    const { call, account } = await connect(world, shop.accountId)
    expect(account.shops).toMatchObject([{ platformShopId: shop.accountId }])
    expect(account.shops[0]!.market.countryCode).toBe(shop.countryCode)
    const orders = await walk(world, call, account)
    expect(idsOf(orders)).toEqual(truthOf(world.sim, shop.accountId))
    expect(orders.length).toBeGreaterThan(60)
    for (const order of orders) {
      expect(order.platformShopId).toBe(shop.accountId)
      const raw = JSON.parse(order.payload) as unknown
      expect(findDrift(known, raw)).toEqual([])
      const mapped = map(raw)
      if (!mapped.ok) throw new Error(JSON.stringify(mapped.faults))
      expect(mapped.value.marketplace_code).toBe(`shopee_${shop.countryCode.toLowerCase()}`)
      statuses.add(mapped.value.status)
      if (mapped.value.platform_order_id.endsWith('A')) expect(isCanonical(mapped.value)).toEqual([])
    }
    const one = await shopee.orders.one(call, account, orders[0]!.platformOrderId, shop.accountId)
    expect(one.payload).toBe(orders[0]!.payload)
  }
  expect(statuses.size).toBeGreaterThanOrEqual(7)
})

test('every kind of order maps at every step of its life', async () => {
  const world = await start({ timeScale: 1e6 })
  const shop = world.sim.shops.find(({ countryCode }) => countryCode === 'BR')!
  const { call, account } = await connect(world, shop.accountId)
  const lives: Record<string, string[]> = {}
  for (const kind of [
    'standard',
    'split',
    'returned',
    'cancelled_by_buyer',
    'retry',
    'pending',
    'invoice',
    'bundle',
  ]) {
    const id = world.sim.createOrder({ accountId: shop.accountId, kind })
    lives[kind] = []
    do {
      const raw = await shopee.orders.one(call, account, id)
      const mapped = map(JSON.parse(raw.payload))
      if (!mapped.ok) throw new Error(`${kind}: ${JSON.stringify(mapped.faults)}`)
      lives[kind].push(mapped.value.status)
      await world.clock.advance(1000)
    } while (world.sim.advance(id) !== null)
  }
  expect(lives['standard']).toEqual([
    'awaiting_payment',
    'awaiting_fulfillment',
    'processing',
    'shipped',
    'delivered',
    'completed',
  ])
  expect(lives['split']).toContain('partially_shipped')
  expect(lives['returned']!.slice(-3)).toEqual(['delivered', 'delivered', 'completed'])
  expect(lives['cancelled_by_buyer']!.slice(-2)).toEqual(['awaiting_fulfillment', 'cancelled'])
  expect(lives['pending']![1]).toBe('on_hold')
  expect(lives['invoice']![1]).toBe('on_hold')
})

test('a main account connects its shops and merchant, each with tokens of its own', async () => {
  const world = await start({ orders: 30 }, { consent_link: 'signed' })
  const main = world.sim.accounts.find(({ kind }) => kind === 'main')!
  const mains = ['MY', 'TH', 'PH'].map(
    (country) => world.sim.shops.find(({ countryCode }) => countryCode === country)!.accountId,
  )
  const grants = await consent(world, main.id)
  expect(grants.map(({ platformMerchantId }) => platformMerchantId).toSorted()).toEqual(
    [...mains, expect.stringMatching(/^merchant:\d+$/) as string].toSorted(),
  )
  expect(new Set(grants.map(({ accessToken }) => accessToken)).size).toBe(4)
  for (const grant of grants) {
    const renewed = await shopee.auth.refresh(callWith(world, null), world.app, grant, world.clock.nowMs())
    expect(renewed.refreshToken).not.toBe(grant.refreshToken)
  }
})

test('the consent page in both languages, declined and with a wrong link', async () => {
  const world = await start({ autoApprove: false })
  const url = shopee.auth.authorizeUrl(world.app, shopee.markets[0]!, 's', redirectUri, world.clock.nowMs())
  const page = await (await fetch(url)).text()
  expect(page).toContain('Authorise partner')
  expect(await (await fetch(`${url}&language=zh-CN`)).text()).toContain('授权第三方应用')
  const declined = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({ decision: 'decline' }),
    redirect: 'manual',
  })
  const back = Object.fromEntries(new URL(declined.headers.get('location')!).searchParams)
  expect(shopee.auth.readCallback(back)).toMatchObject({ ok: false, code: 'access_denied', state: 's' })
  expect((await fetch(url.replace('partner_id=', 'partner_id=9'))).status).toBe(400)
})

test('refresh tokens work once; the old access token ends', async () => {
  const world = await start({ orders: 5 })
  const { grant, call, account } = await connect(world, world.sim.shops[0]!.accountId)
  const open2 = callWith(world, null)
  const renewed = await shopee.auth.refresh(open2, world.app, grant, world.clock.nowMs())
  const again = await failureOf(shopee.auth.refresh(open2, world.app, grant, world.clock.nowMs()))
  expect(again).toMatchObject({ kind: 'auth_revoked', code: 'error_auth' })
  await walk(world, call, account)
  await world.clock.advance(6 * 60_000)
  expect(await failureOf(walk(world, call, account))).toMatchObject({ kind: 'auth_expired' })
  await walk(world, callWith(world, renewed.accessToken), account)
  await world.clock.advance(4 * 3_600_000)
  expect(await failureOf(walk(world, callWith(world, renewed.accessToken), account))).toMatchObject({
    kind: 'auth_expired',
  })
  world.sim.revoke(grant.platformMerchantId)
  expect(await failureOf(shopee.auth.refresh(open2, world.app, renewed, world.clock.nowMs()))).toMatchObject({
    kind: 'auth_revoked',
    code: 'shop_no_linked',
  })
})

test.each([
  ['throttle_storm', 'throttled'],
  ['server_error', 'platform_down'],
  ['html_error', 'platform_down'],
  ['wrong_signature', 'rejected'],
  ['hidden_inner_failure', 'platform_down'],
  ['revoked_grant', 'auth_expired'],
  ['repeated_page', 'contract_broken'],
  ['same_token_twice', 'contract_broken'],
] as const)('fault %s is %s', async (name, kind) => {
  const world = await start({ orders: kind === 'contract_broken' ? 1800 : 20, timeScale: 1e6 })
  const { call, account } = await connect(world, world.sim.shops[0]!.accountId)
  world.sim.setFault(name, true)
  const failure = await failureOf(walk(world, call, account))
  expect(failure.kind).toBe(kind)
  if (kind === 'contract_broken') expect(failure.code).toBe('PAGE_LOOP')
})

test('window ends, whichever way they count, lose nothing; hidden orders are there by id', async () => {
  const world = await start({ orders: 0 })
  const shopId = world.sim.shops[0]!.accountId
  const { call, account } = await connect(world, shopId)
  const ids = [world.sim.createOrder({ accountId: shopId })]
  const fromMs = world.clock.nowMs()
  await world.clock.advance(60_000)
  const toMs = world.clock.nowMs()
  for (const fault of [false, true]) {
    world.sim.setFault('window_end', fault)
    const found: string[] = []
    for await (const page of shopee.orders.walk(call, account, { by: 'created', window: { fromMs, toMs } })) {
      found.push(...idsOf(page.orders))
      expect(page.syncedUntilMs).toBe(toMs)
    }
    expect(found).toEqual(ids)
  }
  world.sim.setFault('hidden_order', true)
  expect(await walk(world, call, account)).toEqual([])
  expect((await shopee.orders.one(call, account, ids[0]!)).platformOrderId).toBe(ids[0])
  expect(await failureOf(shopee.orders.one(call, account, 'NO_SUCH'))).toMatchObject({ kind: 'missing' })
})

test.each([
  ['mixed_time_units', 'order.update_time'],
  ['missing_currency', 'order.currency'],
] as const)('fault %s is a fault of the document', async (name, path) => {
  const world = await start({ orders: 0 })
  const shopId = world.sim.shops[0]!.accountId
  const { call, account } = await connect(world, shopId)
  world.sim.setFault(name, true)
  const id = world.sim.createOrder({ accountId: shopId, kind: 'standard' })
  world.sim.advance(id)
  const mapped = map(JSON.parse((await shopee.orders.one(call, account, id)).payload))
  expect(mapped.ok ? [] : mapped.faults.map((fault) => fault.path)).toContain(path)
})

test('unknown words and fields are kept and told', async () => {
  const world = await start({ orders: 0 })
  const shopId = world.sim.shops[0]!.accountId
  const { call, account } = await connect(world, shopId)
  world.sim.setFault('unknown_status', true)
  world.sim.setFault('unknown_field', true)
  const id = world.sim.createOrder({ accountId: shopId })
  const raw = JSON.parse((await shopee.orders.one(call, account, id)).payload) as unknown
  expect(findDrift(known, raw)).toEqual([{ path: 'order.delivery_robot', type: 'object' }])
  expect(map(raw)).toMatchObject({
    ok: true,
    value: { status: 'unknown', platform_status: 'AWAITING_DRONE' },
  })
})

/** A receiver that keeps what arrives and answers as told. */
async function receive(): Promise<{
  url: string
  pushes: ReceivedPush[]
  answer: { status: number; body: string }
}> {
  const pushes: ReceivedPush[] = []
  const answer = { status: 200, body: '' }
  const state = { url: '' }
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      pushes.push({ method: 'POST', url: state.url, headers, rawBody: Buffer.concat(parts) })
      response.writeHead(answer.status).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ingest/shopee/app`
  return { url: state.url, pushes, answer }
}

test('pushes are signed, repeated until they are taken, and hint at the order', async () => {
  const receiver = await receive()
  const world = await start({ orders: 0 }, { push_url: receiver.url })
  const shopId = world.sim.shops[0]!.accountId
  await shopee.push!.subscribe!(callWith(world, null), world.app, 'global')
  const { verify } = shopee.push!.webhook!
  expect(receiver.pushes).toHaveLength(1)
  expect(verify(receiver.pushes[0]!, world.app)).toEqual({ valid: true, reason: null })
  expect(shopee.push!.readHint(receiver.pushes[0]!.rawBody.toString())).toMatchObject({ kind: 'ignored' })

  // A body in the answer is no acknowledgement.
  receiver.answer.body = 'ok'
  const id = world.sim.createOrder({ accountId: shopId, kind: 'standard' })
  await world.sim.pushesSent()
  receiver.answer.body = ''
  await world.clock.advance(301_000)
  world.sim.tick()
  await world.sim.pushesSent()
  expect(receiver.pushes.length).toBeGreaterThanOrEqual(3)
  const hints = receiver.pushes.slice(1, 3).map((push) => {
    expect(verify(push, world.app).valid).toBe(true)
    expect(verify({ ...push, rawBody: Buffer.from(`${push.rawBody.toString()} `) }, world.app).valid).toBe(
      false,
    )
    return shopee.push!.readHint(push.rawBody.toString())
  })
  expect(hints[0]).toMatchObject({ kind: 'order', hint: { platformOrderId: id, platformShopId: shopId } })

  world.sim.setFault('lost_notification', true)
  const before = receiver.pushes.length
  world.sim.advance(id)
  await world.sim.pushesSent()
  expect(receiver.pushes).toHaveLength(before)
  world.sim.setFault('lost_notification', false)
  world.sim.setFault('duplicate_notification', true)
  world.sim.advance(id)
  await world.sim.pushesSent()
  const keys = receiver.pushes.slice(before).map((push) => {
    const read = shopee.push!.readHint(push.rawBody.toString())
    return read.kind === 'order' ? read.hint.dedupeKey : ''
  })
  expect(keys.length).toBeGreaterThanOrEqual(4)
  expect(new Set(keys).size).toBe(keys.length / 2)
})
