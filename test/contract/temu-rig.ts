import { expect } from 'vitest'
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

export const redirectUri = 'http://127.0.0.1/authorize/temu/callback'
export const transform = compile(temu.maps.order)
export const known = knownPaths(temu.maps.order)
const isCanonical = openSchema(JSON.parse(JSON.stringify(OrderSchema)))
export const dayMs = 86_400_000

type Rig = {
  readonly clock: ManualClock
  readonly sim: TemuSimulator
  readonly app: PlatformApp
  /** A door with one token, none when it is null. The clock moves a little with each call, so that limits hold. */
  readonly door: (token: string | null) => Call
  readonly sent: PlatformRequest[]
}

export const stops: (() => Promise<void>)[] = []
export async function stopAll(): Promise<void> {
  for (const stop of stops.splice(0)) await stop()
}

export async function start(options: Partial<TemuSimulatorOptions> = {}): Promise<Rig> {
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

export const marketOf = (code: string) => temu.markets.find((market) => market.code === code)!

/** Through the consent page and the callback to grants. */
export async function authorise(
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

export async function connect(rig: Rig, code = 'temu_us', countryCode = 'US'): Promise<Connected> {
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

export async function walk(
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

export function mapRaw({ payload }: RawOrder): OrderContent {
  const raw = parseJson(payload)
  expect(findDrift(known, raw)).toEqual([])
  const mapped = transform(raw)
  if (!mapped.ok) throw new Error(JSON.stringify(mapped.faults))
  expect(isCanonical(mapped.value)).toEqual([])
  expect(temu.unwrap(raw, 'order')).toEqual([raw])
  return mapped.value
}

export const idsOf = (orders: readonly RawOrder[]): readonly string[] =>
  [...new Set(orders.map(({ platformOrderId }) => platformOrderId))].toSorted()
export const truthIds = ({ sim }: Rig, mallId: string): readonly string[] =>
  sim
    .truth()
    .flatMap(({ accountId, orderId }) => (accountId === mallId ? [orderId] : []))
    .toSorted()

export const failureOf = async (work: Promise<unknown>): Promise<PlatformFailure> =>
  work.then(
    () => {
      throw new Error('no failure')
    },
    (error: unknown) => error as PlatformFailure,
  )
