import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type {
  Account,
  Call,
  Grant,
  GrantedShop,
  OrderPage,
  OrderWalk,
  PlatformApp,
  RawOrder,
} from '#connectors/connector.ts'
import { lazada } from '#connectors/lazada/index.ts'
import { classify } from '#connectors/transport/classify.ts'
import { exchange } from '#connectors/transport/exchange.ts'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import { startLazadaSimulator } from '#simulators/lazada/index.ts'
import type { LazadaSimulator, LazadaSimulatorOptions } from '#simulators/lazada/index.ts'
import { manualClock } from '#test/support/manual-clock.ts'
import type { ManualClock } from '#test/support/manual-clock.ts'

const redirectUri = 'http://127.0.0.1:4000/authorize/lazada/callback'
const map = compile(lazada.maps.order)
const known = knownPaths(lazada.maps.order)

type Lab = {
  readonly clock: ManualClock
  readonly sim: LazadaSimulator
  readonly app: PlatformApp
  readonly callWith: (token: string | null) => Call
}

const running: LazadaSimulator[] = []
afterEach(async () => {
  for (const sim of running.splice(0)) await sim.stop()
})

async function openLab(options: Partial<LazadaSimulatorOptions> = {}): Promise<Lab> {
  const clock = manualClock()
  const sim = await startLazadaSimulator({ clock, autoApprove: true, timeScale: 1e6, ...options })
  running.push(sim)
  const app: PlatformApp = { platform: 'lazada', credentials: sim.credentials, hosts: sim.hosts }
  const callWith =
    (token: string | null): Call =>
    async (request) => {
      const baseUrl = sim.hosts[request.host]!
      const sent = request.auth === 'seller' ? token : null
      const signed = lazada.sign(request, baseUrl, app, sent, clock.nowMs())
      const answer = await exchange(fetch, clock, signed)
      const failure = classify(lazada, answer, clock.nowMs())
      if (failure) throw failure
      return answer
    }
  return { clock, sim, app, callWith }
}

type Connected = {
  readonly grant: Grant
  readonly shops: readonly GrantedShop[]
  readonly account: Account
  readonly call: Call
}

/** Through the consent page, as a browser would go. */
async function connect({ app, clock, callWith }: Lab, code = 'lazada_my'): Promise<Connected> {
  const market = lazada.markets.find((known) => known.code === code)!
  const url = lazada.auth.authorizeUrl(app, market, 'state-1', redirectUri, clock.nowMs())
  const back = new URL((await fetch(url, { redirect: 'manual' })).headers.get('location')!)
  expect(back.href.startsWith(redirectUri)).toBe(true)
  const consent = lazada.auth.readCallback(Object.fromEntries(back.searchParams))
  if (!consent.ok) throw new Error(consent.code)
  expect(consent.state).toBe('state-1')
  const context = { market, redirectUri, nowMs: clock.nowMs() }
  const [grant] = await lazada.auth.exchange(callWith(null), app, consent, context)
  const call = callWith(grant!.accessToken)
  const shops = await lazada.auth.shops(call, grant!)
  const { region, platformMerchantId, facts = {} } = grant!
  const account: Account = {
    region,
    platformMerchantId,
    facts,
    shops: shops.map(({ platformShopId, market, facts = {} }) => ({ platformShopId, market, facts })),
  }
  return { grant: grant!, shops, account, call }
}

/** All accounts, one consent each: four. */
async function connectAll(lab: Lab): Promise<readonly Connected[]> {
  const connected: Connected[] = []
  for (let i = 0; i < 4; i++) connected.push(await connect({ ...lab, app: lab.app }))
  return connected
}

async function walkAll(
  { account, call }: Connected,
  window: OrderWalk['window'],
  by: OrderWalk['by'] = 'updated',
) {
  const pages: OrderPage[] = []
  for await (const page of lazada.orders.walk(call, account, { by, window })) pages.push(page)
  return { pages, orders: pages.flatMap((page) => page.orders) }
}

const everything = (clock: ManualClock) => ({
  fromMs: clock.nowMs() - 3 * 86_400_000,
  toMs: clock.nowMs() + 1000,
})

function mapped(raw: RawOrder) {
  const document: unknown = JSON.parse(raw.payload)
  expect(findDrift(known, document)).toEqual([])
  const result = map(document)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  return result.value
}

describe('the Lazada connector against its simulator', () => {
  test('consent, shops, walk, one, refresh: local and cross-border, no order lost, none doubled', async () => {
    const lab = await openLab({ orders: 1200 })
    const all = await connectAll(lab)
    expect(
      all.map(({ account }) => [account.region, account.shops.map(({ market }) => market.code)]),
    ).toEqual([
      ['my', ['lazada_my']],
      ['id', ['lazada_id']],
      ['vn', ['lazada_vn']],
      ['cb', ['lazada_my', 'lazada_ph', 'lazada_sg', 'lazada_th']],
    ])
    const truth = new Map(lab.sim.truth().map((order) => [order.orderId, order]))
    const seen = new Set<string>()
    for (const connected of all) {
      const { pages, orders } = await walkAll(connected, everything(lab.clock))
      expect(pages.map(({ syncedUntilMs }) => syncedUntilMs !== null)).toEqual(
        pages.map((_, i) => i === pages.length - 1),
      )
      for (const raw of orders) {
        expect(seen.has(raw.platformOrderId)).toBe(false)
        seen.add(raw.platformOrderId)
        const order = mapped(raw)
        const { status, marketId } = truth.get(raw.platformOrderId)!
        expect([order.platform_status, order.marketplace_code]).toEqual([status, `lazada_${marketId}`])
        expect(raw.platformShopId).toMatch(new RegExp(`^\\d+:${marketId}$`))
        expect(order.status).not.toBe('unknown')
        expect(order.shipping_address?.pii_state).toBe('masked')
      }
      // By id, an order is the same as in the list, but for the spelling of one member.
      const [first] = orders
      const read = await lazada.orders.one(connected.call, connected.account, first!.platformOrderId)
      expect(mapped(read)).toEqual(mapped(first!))
    }
    expect(seen).toEqual(new Set(truth.keys()))

    const [local] = all
    await lab.clock.advance(86_400_000)
    const fresh = await lazada.auth.refresh(lab.callWith(null), lab.app, local!.grant, lab.clock.nowMs())
    expect(fresh.accessToken).not.toBe(local!.grant.accessToken)
    expect(fresh.refreshExpiresAtMs).toBe(local!.grant.refreshExpiresAtMs)
    expect(fresh.facts).toEqual(local!.grant.facts)
  })

  test('every step of every kind of order maps', async () => {
    const lab = await openLab()
    const all = await connectAll(lab)
    const statuses = new Set<string>()
    const kinds = [
      'standard',
      'cod',
      'fbl',
      'own_fleet',
      'digital',
      'gift',
      'split',
      'preorder',
      'cancelled_by_buyer',
      'cancelled_by_seller',
      'unpaid',
      'returned',
      'failed_delivery',
      'lost',
    ]
    for (const kind of kinds) {
      const { account, call } = all[kinds.indexOf(kind) % all.length]!
      const orderId = lab.sim.createOrder({ kind, accountId: account.platformMerchantId })
      do statuses.add(mapped(await lazada.orders.one(call, account, orderId)).status)
      while (lab.sim.advance(orderId) !== null)
    }
    expect([...statuses].toSorted()).toEqual([
      'awaiting_fulfillment',
      'awaiting_payment',
      'cancelled',
      'delivered',
      'failed',
      'partially_shipped',
      'processing',
      'shipped',
    ])
  })

  test('orders of one second, more than a page: all are found', async () => {
    const lab = await openLab()
    const connected = await connect(lab)
    for (let i = 0; i < 250; i++)
      lab.sim.createOrder({ accountId: connected.account.platformMerchantId, kind: 'unpaid' })
    for (const by of ['updated', 'created'] as const) {
      const { orders } = await walkAll(connected, everything(lab.clock), by)
      expect(new Set(orders.map(({ platformOrderId }) => platformOrderId)).size).toBe(250)
      expect(orders).toHaveLength(250)
    }
  })

  test.each([
    ['throttle_storm', '/orders/get', 'throttled'],
    ['server_error', '/orders/get', 'platform_down'],
    ['html_error', '/orders/get', 'platform_down'],
    ['cut_body', '/orders/get', 'platform_down'],
    ['hidden_inner_failure', '/orders/get', 'platform_down'],
    ['wrong_signature', '/orders/get', 'rejected'],
    ['repeated_page', '/orders/get', 'contract_broken'],
  ] as const)('%s at %s is %s, and the next walk is whole', async (fault, subject, kind) => {
    const lab = await openLab({ orders: 1000 })
    const connected = await connect(lab)
    lab.sim.setFault(fault, fault === 'repeated_page' ? true : { only: [subject] })
    await expect(walkAll(connected, everything(lab.clock))).rejects.toMatchObject({ kind })
    lab.sim.setFault(fault, false)
    await lab.clock.advance(60_000)
    const { orders } = await walkAll(connected, everything(lab.clock))
    const own = lab.sim.truth().filter(({ region }) => region === 'my')
    expect(own.length).toBeGreaterThan(100)
    expect(new Set(orders.map(({ platformOrderId }) => platformOrderId))).toEqual(
      new Set(own.map(({ orderId }) => orderId)),
    )
  })

  test.each(['low_total', 'window_end', 'mixed_time_units'] as const)('%s loses no order', async (fault) => {
    const lab = await openLab({ orders: 900 })
    const connected = await connect(lab)
    lab.sim.setFault(fault, true)
    const { orders } = await walkAll(connected, everything(lab.clock))
    const own = lab.sim.truth().filter(({ region }) => region === 'my')
    expect(own.length).toBeGreaterThan(100)
    expect(new Set(orders.map(({ platformOrderId }) => platformOrderId))).toEqual(
      new Set(own.map(({ orderId }) => orderId)),
    )
    for (const raw of orders.slice(0, 20)) expect(mapped(raw).platform_updated_at).toMatch(/^2026-09-1/)
  })

  test('unknown status, unknown field, missing currency: said, not guessed', async () => {
    const lab = await openLab()
    const { account, call } = await connect(lab)
    const orderId = lab.sim.createOrder({ accountId: account.platformMerchantId, kind: 'cod' })
    const read = async (): Promise<unknown> =>
      JSON.parse((await lazada.orders.one(call, account, orderId)).payload)
    lab.sim.setFault('unknown_status', true)
    expect(map(await read())).toMatchObject({
      value: { status: 'unknown', platform_status: 'teleported', is_fulfillable: false },
    })
    lab.sim.setFault('unknown_status', false)
    lab.sim.setFault('unknown_field', true)
    expect(findDrift(known, await read())).toEqual([{ path: 'order.delivery_mood', type: 'object' }])
    lab.sim.setFault('unknown_field', false)
    lab.sim.setFault('missing_currency', true)
    expect(map(await read())).toMatchObject({ ok: false })
  })

  test('codes, tokens and stores: the refusals', async () => {
    const lab = await openLab()
    const [my, id] = await connectAll(lab)
    const consent = { ok: true, code: '0_x', state: 's', query: {} } as const
    const context = { market: lazada.markets[0]!, redirectUri, nowMs: lab.clock.nowMs() }
    await expect(lazada.auth.exchange(lab.callWith(null), lab.app, consent, context)).rejects.toMatchObject({
      kind: 'rejected',
      code: 'InvalidCode',
    })
    // A token of one country on the host of another is answered as ended.
    await expect(lazada.orders.one(id!.call, my!.account, '1')).rejects.toMatchObject({
      kind: 'auth_expired',
    })
    await expect(lazada.orders.one(my!.call, my!.account, '1')).rejects.toMatchObject({
      kind: 'missing',
      code: '16',
    })

    lab.sim.setFault('refresh_race', true)
    const race = await Promise.allSettled(
      [1, 2].map(() => lazada.auth.refresh(lab.callWith(null), lab.app, my!.grant, lab.clock.nowMs())),
    )
    expect(race.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])

    lab.sim.revoke(id!.account.platformMerchantId)
    await expect(lazada.auth.shops(id!.call, id!.grant)).rejects.toMatchObject({ kind: 'auth_expired' })
    await expect(
      lazada.auth.refresh(lab.callWith(null), lab.app, id!.grant, lab.clock.nowMs()),
    ).rejects.toMatchObject({ kind: 'auth_revoked' })
    const late = lab.clock.nowMs() + 51 * 86_400_000
    await expect(lazada.auth.refresh(lab.callWith(null), lab.app, my!.grant, late)).rejects.toMatchObject({
      kind: 'auth_expired',
      code: 'CONSENT_ENDED',
    })
  })

  test('the consent page: languages, choice, refusal, foreign callbacks', async () => {
    const lab = await openLab({ autoApprove: false, redirectUris: [redirectUri] })
    const url = lazada.auth.authorizeUrl(lab.app, lazada.markets[0]!, 's1', redirectUri, 0)
    expect(await (await fetch(`${url}&language=zh-CN`)).text()).toContain('应用授权')
    expect(await (await fetch(url)).text()).toContain('Authorise application')
    const post = async (fields: Record<string, string>) =>
      new URL(
        (
          await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
        ).headers.get('location')!,
      )
    const { accountId } = lab.sim.shops.at(-1)!
    const yes = await post({ decision: 'approve', account_id: accountId })
    expect(yes.searchParams.get('code')).toMatch(/^0_\d+_/)
    const no = Object.fromEntries((await post({ decision: 'decline' })).searchParams)
    expect(lazada.auth.readCallback(no)).toEqual({
      ok: false,
      code: 'access_denied',
      detail: '',
      state: 's1',
    })
    const foreign = lazada.auth.authorizeUrl(lab.app, lazada.markets[0]!, 's1', 'http://127.0.0.1:1/x', 0)
    expect((await fetch(foreign)).status).toBe(400)
  })

  test('pushes: signed, one per unit, repeated until taken', async () => {
    const received: { body: Buffer; headers: Record<string, string> }[] = []
    let status = 500
    const callback = createServer((request, response) => {
      void (async () => {
        const parts: Buffer[] = []
        for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
        received.push({ body: Buffer.concat(parts), headers: request.headers as Record<string, string> })
        response.writeHead(status).end()
      })()
    })
    await new Promise<void>((resolve) => callback.listen(0, '127.0.0.1', resolve))
    const pushUrl = `http://127.0.0.1:${(callback.address() as AddressInfo).port}/ingest/lazada/app`
    try {
      const lab = await openLab({ pushUrl, timeScale: 1 })
      const { account, shops } = await connect(lab)
      const orderId = lab.sim.createOrder({ accountId: account.platformMerchantId, kind: 'split' })
      await lab.sim.flushPushes()
      const refused = received.splice(0)
      expect(refused.length).toBeGreaterThanOrEqual(2)
      status = 200
      await lab.sim.flushPushes()
      expect(received).toEqual([])
      await lab.clock.advance(30 * 60_000)
      await lab.sim.flushPushes()
      expect(received).toHaveLength(refused.length)
      lab.sim.advance(orderId)
      lab.sim.setFault('lost_notification', true)
      lab.sim.advance(orderId)
      await lab.sim.flushPushes()
      expect(received).toHaveLength(2 * refused.length)
      const keys = new Set<string>()
      for (const { body, headers } of received) {
        const push = { method: 'POST', url: pushUrl, headers, rawBody: body }
        expect(lazada.push!.webhook!.verify(push, lab.app)).toEqual({ valid: true, reason: null })
        const forged = { ...push, rawBody: Buffer.concat([body, Buffer.from(' ')]) }
        expect(lazada.push!.webhook!.verify(forged, lab.app).valid).toBe(false)
        const read = lazada.push!.readHint(JSON.parse(body.toString()))
        expect(read).toMatchObject({
          kind: 'order',
          hint: { platformOrderId: orderId, platformShopId: shops[0]!.platformShopId },
        })
        if (read.kind === 'order') keys.add(read.hint.dedupeKey)
      }
      expect(keys.size).toBe(received.length)
    } finally {
      callback.close()
    }
  })
})
