import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { amazon } from '#connectors/amazon/index.ts'
import type { Account, Call, Connector, Grant, PlatformApp, RawOrder } from '#connectors/connector.ts'
import { openTransport } from '#connectors/transport/transport.ts'
import { systemClock } from '#kernel/clock.ts'
import { silentLog } from '#kernel/log.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import { startAmazonSimulator, type AmazonSimulator } from '#simulators/amazon/index.ts'

/** The connector and the real transport against the simulated platform, over HTTP and the real queue client. */

const state = 'c3RhdGUgdGhhdCBub2JvZHkgY2FuIGd1ZXNz'
const redirectUri = 'https://hub.example/authorize/amazon/callback'
const connector: Connector = amazon
let sim: AmazonSimulator
let app: PlatformApp

beforeAll(async () => {
  // Fast enough that no usage plan runs out and everything is visible at once.
  sim = await startAmazonSimulator({
    clock: systemClock,
    orders: 900,
    timeScale: 1e6,
    autoApprove: true,
    redirectUris: [redirectUri],
  })
  app = { platform: 'amazon', credentials: sim.credentials, hosts: sim.hosts, queue: sim.queue }
})
afterAll(() => sim.stop())

const transport = openTransport({
  fetch,
  clock: systemClock,
  random: () => 0.5,
  buckets: {
    take: () => Promise.resolve({ waitMs: 0 }),
    learn: () => Promise.resolve(),
    block: () => Promise.resolve(),
  },
  log: silentLog,
  measured: () => {},
})

function openCall(grant: Grant | null): Call {
  const token = () => Promise.resolve(grant!.accessToken!)
  return transport.open(connector, app, 'test', grant && { current: token, renew: token })
}

/** A seller of the region connects as people do: consent page, callback, code. */
async function connect(marketCode: string): Promise<{ grant: Grant; account: Account; call: Call }> {
  const market = connector.markets.find(({ code }) => code === marketCode)!
  const consentUrl = connector.auth.authorizeUrl(app, market, state, redirectUri, systemClock.nowMs())
  const sent = await fetch(consentUrl, { redirect: 'manual' })
  const consent = connector.auth.readCallback(
    Object.fromEntries(new URL(sent.headers.get('location')!).searchParams),
  )
  if (!consent.ok) throw new Error(consent.code)
  expect(consent.state).toBe(state)
  const context = { market, redirectUri, nowMs: systemClock.nowMs() }
  const [grant] = await connector.auth.exchange(openCall(null), app, consent, context)
  const call = openCall(grant!)
  const shops = await connector.auth.shops(call, grant!)
  const { platformMerchantId, region } = grant!
  const account = {
    region,
    platformMerchantId,
    facts: {},
    shops: shops.map((shop) => ({ platformShopId: shop.platformShopId, market: shop.market, facts: {} })),
  }
  return { grant: grant!, account, call }
}

async function walkAll(call: Call, account: Account): Promise<RawOrder[]> {
  const window = { fromMs: systemClock.nowMs() - 30 * 86_400_000, toMs: systemClock.nowMs() - 150_000 }
  const orders: RawOrder[] = []
  for await (const page of connector.orders.walk(call, account, { by: 'created', window })) {
    expect(page.unreadable).toEqual([])
    orders.push(...page.orders)
  }
  return orders
}

describe.each(['amazon_us', 'amazon_de', 'amazon_jp'])('a seller of %s', (marketCode) => {
  test('connects, and every order is walked, mapped and read again by id', async () => {
    const { grant, account, call } = await connect(marketCode)
    expect(grant.refreshExpiresAtMs).toBeGreaterThan(systemClock.nowMs() + 364 * 86_400_000)
    expect(account.shops.map(({ market }) => market.code)).toContain(marketCode)

    const orders = await walkAll(call, account)
    const truth = sim.truth().filter(({ accountId }) => accountId === grant.platformMerchantId)
    const early = truth.filter(({ createdMs }) => createdMs < systemClock.nowMs() - 160_000)
    expect(new Set(orders.map(({ platformOrderId }) => platformOrderId))).toEqual(
      new Set(early.map(({ orderId }) => orderId)),
    )

    const map = compile(connector.maps.order)
    const known = knownPaths(connector.maps.order)
    for (const order of orders) {
      const raw: unknown = JSON.parse(order.payload)
      expect(map(raw)).toMatchObject({ ok: true, value: { platform_order_id: order.platformOrderId } })
      expect(findDrift(known, raw)).toEqual([])
    }
    const again = await connector.orders.one(call, account, orders[0]!.platformOrderId)
    expect(JSON.parse(again.payload)).toEqual(JSON.parse(orders[0]!.payload))
  })
})

test('a refreshed grant works, a revoked one says so', async () => {
  const { grant, account } = await connect('amazon_us')
  const pasted = { ...grant, accessToken: null, accessExpiresAtMs: null, refreshExpiresAtMs: null }
  const fresh = await connector.auth.refresh(openCall(null), app, pasted, systemClock.nowMs())
  expect(await walkAll(openCall(fresh), account)).not.toHaveLength(0)
  sim.revoke(grant.platformMerchantId)
  await expect(connector.auth.refresh(openCall(null), app, pasted, 0)).rejects.toMatchObject({
    kind: 'auth_revoked',
  })
  await expect(walkAll(openCall(fresh), account)).rejects.toMatchObject({ kind: 'auth_expired' })
})

test('a missing order is missing', async () => {
  const { account, call } = await connect('amazon_jp')
  await expect(connector.orders.one(call, account, '000-0000000-0000000')).rejects.toMatchObject({
    kind: 'missing',
  })
})

test('a platform that gives the same page or token again is noticed', async () => {
  const { account, call } = await connect('amazon_de')
  for (const fault of ['repeated_page', 'same_token_twice'] as const) {
    sim.setFault(fault, true)
    await expect(walkAll(call, account).then(({ length }) => length)).rejects.toMatchObject({
      code: 'PAGE_LOOP',
    })
    sim.setFault(fault, false)
  }
})

test('changes arrive through the queue as hints, and are gone once acknowledged', async () => {
  const { grant, account, call } = await connect('amazon_de')
  await connector.push!.subscribe!(call, app, account.region)
  await connector.push!.subscribe!(call, app, account.region)
  const orderId = sim.createOrder({ accountId: grant.platformMerchantId })
  sim.advance(orderId)

  const queue = connector.push!.openQueue!(app)!
  const messages = await queue.receive(AbortSignal.timeout(5000))
  const hints = messages.map(({ body }) => connector.push!.readHint(body))
  expect(hints.map((read) => (read.kind === 'order' ? read.hint.platformOrderId : read.kind))).toContain(
    orderId,
  )
  await queue.acknowledge(messages.map(({ receipt }) => receipt))
  const over = new AbortController()
  const waiting = queue.receive(over.signal)
  over.abort()
  expect(await waiting).toEqual([])
  queue.close()
})
