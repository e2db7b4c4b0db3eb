import { paceOf } from '../clock-scale.ts'
import { faultTable, openFaults, type FaultName, type FaultSetting } from '../faults.ts'
import { listen } from '../http.ts'
import { rollDice } from '../random.ts'
import type { OrderTruth, Simulator, SimulatorOptions } from '../simulator.ts'
import { openGrants } from './grants.ts'
import { openOrderBook } from './order-book.ts'
import { openPushDesk } from './push-desk.ts'
import type { Delivery } from './push-desk.ts'
import { openServer } from './server.ts'
import { gateways, sites } from './sites.ts'
import type { Mall } from './sites.ts'
import type { App, World } from './world.ts'

const historyMs = 2 * 86_400_000
/** Longest sleep of `run` between two looks at what is due. */
const idleMs = 1000

/** Faults that this platform has no place for: it has neither page tokens nor a refresh. */
const foreignFaults: ReadonlySet<FaultName> = new Set(['same_token_twice', 'refresh_race'])
const faultNamesHere = faultTable.map(({ name }) => name).filter((name) => !foreignFaults.has(name))

export type TemuSimulatorOptions = SimulatorOptions & {
  /** The app's callback for pushes, a loopback address. */
  readonly pushUrl?: string
  /** False: pushes come without `x-tm-ext-param`. */
  readonly sendsExtension?: boolean
  /** False: the app may not see amounts. */
  readonly amountsApproved?: boolean
  /** True: the app may see addresses as they are. */
  readonly clearAddressesApproved?: boolean
}

export type TemuSimulator = Simulator & {
  /** Throws RangeError for an address that is not loopback. */
  readonly setPushUrl: (url: string | null) => void
  /** The last pushes and what became of them. */
  readonly deliveries: () => readonly Delivery[]
  /** Resolves when no push is under way. */
  readonly pushesSettled: () => Promise<void>
  /** Parameters that no API knows, with how often they came. */
  readonly unknownParameters: () => Readonly<Record<string, number>>
}

/** One local mall for each site, and a semi-managed one beside it in the United States. */
function foundMalls(seed: string): readonly Mall[] {
  const names = ['Harbor Lane', 'Copper Fern', 'Lindenhof Living', 'Aozora Goods', 'Verde Casa']
  return sites.flatMap((site, index) => {
    const mallId = (type: Mall['type']): number =>
      Number(`6344${rollDice(`${seed}/mall/${site.country}/${type}`).letters(11)}`)
    const own = { sellerName: names[index]!, site }
    const local: Mall = { ...own, mallId: mallId('local'), type: 'local' }
    return site.country === 'US' ? [local, { ...own, mallId: mallId('semi'), type: 'semi' }] : [local]
  })
}

function registerApp(seed: string, options: TemuSimulatorOptions): App {
  const dice = rollDice(`${seed}/app`)
  return {
    appKey: dice.letters(32, '0123456789abcdef'),
    appSecret: dice.letters(40, '0123456789abcdef'),
    redirectUris: options.redirectUris ?? null,
    amountsApproved: options.amountsApproved ?? true,
    clearAddressesApproved: options.clearAddressesApproved ?? false,
  }
}

/** The simulated platform never calls out of this machine. */
function checkCallback(url: string | null | undefined): string | null {
  if (!url) return null
  if (URL.canParse(url) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname)) return url
  throw new RangeError(`pushes go to a loopback address, not to ${url}`)
}

function foundWorld(options: TemuSimulatorOptions): World {
  const seed = `temu/${options.seed ?? 1}`
  const pace = paceOf(options.clock, options.timeScale ?? 1)
  const faults = openFaults(rollDice(`${seed}/faults`).next, faultNamesHere)
  const app = registerApp(seed, options)
  const malls = foundMalls(seed)
  const pushes = openPushDesk(app, pace, faults, {
    callback: checkCallback(options.pushUrl),
    sendsExtension: options.sendsExtension ?? true,
  })
  const book = openOrderBook(`${seed}/${options.series ?? 0}`, malls, pace, pushes.announce)
  book.seedHistory(options.orders ?? 0, historyMs, options.clock.nowMs())
  const grants = openGrants(seed, options.clock, faults)
  return { pace, faults, app, malls, book, grants, pushes, unknownParameters: new Map() }
}

const truthOf = (world: World): readonly OrderTruth[] =>
  [...world.book.all()].map((order) => ({
    orderId: order.parentOrderSn,
    accountId: String(order.mall.mallId),
    region: order.mall.site.gateway,
    marketId: String(order.mall.site.siteId),
    kind: order.kind,
    status: String(order.status),
    createdMs: order.createdMs,
    lastUpdatedMs: order.updatedMs,
  }))

type Heart = Pick<Simulator, 'tick' | 'run'> & { readonly halt: () => void }

/** What beats while the platform lives: due steps, pushes, and new orders at an even pace. */
function openHeart({ pace, book, pushes }: World, ordersPerMinute: number): Heart {
  const { clock } = pace
  const everyMs = ordersPerMinute > 0 ? 60_000 / ordersPerMinute : Number.POSITIVE_INFINITY
  const halted = new AbortController()
  let nextBirthMs = clock.nowMs() + everyMs

  function tick(): void {
    const nowMs = clock.nowMs()
    for (; nextBirthMs <= nowMs; nextBirthMs += everyMs) {
      const order = book.create({}, nextBirthMs)
      pushes.announce(order, 'bg_order_status_change_event')
    }
    book.advanceDue()
    pushes.sendDue()
  }

  return {
    tick,
    halt: () => halted.abort(),
    run: async (signal) => {
      const over = signal ? AbortSignal.any([signal, halted.signal]) : halted.signal
      while (!over.aborted) {
        tick()
        const nextMs = Math.min(nextBirthMs, book.nextDueMs(), pushes.nextDueMs())
        await clock.sleep(Math.min(idleMs, Math.max(1, nextMs - clock.nowMs())), over)
      }
    },
  }
}

/** Addresses by the names that a connector looks its hosts up with. */
const hostsOf = (url: string): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(gateways.map((gateway) => [`api.${gateway}`, `${url}/${gateway}`])),
  seller: `${url}/seller`,
  'seller.seller.temu.com': `${url}/seller/home`,
  'seller.seller-eu.temu.com': `${url}/seller/eu`,
})

/**
 * Starts the simulated platform on loopback: Seller Center's consent page and three gateways on one port,
 * and pushes to the app's callback. Rejects when the port is taken.
 */
export async function startTemuSimulator(options: TemuSimulatorOptions): Promise<TemuSimulator> {
  const world = foundWorld(options)
  for (const [name, setting] of Object.entries(options.faults ?? {}) as [FaultName, FaultSetting][])
    world.faults.set(name, setting)
  const heart = openHeart(world, options.ordersPerMinute ?? 0)
  const started: { simulator?: TemuSimulator } = {}
  const answer = openServer(world, { autoApprove: options.autoApprove ?? false }, () => started.simulator!)
  const http = await listen(options.port ?? 0, options.clock, answer)
  const { app, book, grants, pushes } = world

  const simulator: TemuSimulator = {
    platform: 'temu',
    url: http.url,
    authUrl: `${http.url}/seller/open-platform/client-manage/authorization?appKey=${app.appKey}`,
    hosts: hostsOf(http.url),
    credentials: { app_key: app.appKey, app_secret: app.appSecret },
    shops: world.malls.map(({ mallId, sellerName, type, site }) => ({
      accountId: String(mallId),
      region: site.gateway,
      marketId: String(site.siteId),
      countryCode: site.country,
      name: `${sellerName} (${type})`,
      refreshToken: grants.selfAuthorised(mallId),
    })),
    setFault: world.faults.set,
    faults: world.faults.list,
    createOrder: (wish = {}) => {
      const order = book.create(wish, options.clock.nowMs())
      pushes.announce(order, 'bg_order_status_change_event')
      pushes.sendDue()
      return order.parentOrderSn
    },
    advance: (orderId) => {
      const order = book.find(orderId)
      if (!order) throw new RangeError(`no order ${orderId}`)
      const change = book.advance(order)
      pushes.sendDue()
      return change === undefined ? null : String(order.status)
    },
    orderIds: () => [...book.all()].map(({ parentOrderSn }) => parentOrderSn),
    truth: () => truthOf(world),
    revoke: (accountId) => grants.revoke(Number(accountId)),
    now: options.clock.nowMs,
    tick: heart.tick,
    run: heart.run,
    stop: async () => {
      heart.halt()
      pushes.setCallback(null)
      await pushes.settled()
      await http.close()
    },
    setPushUrl: (url) => pushes.setCallback(checkCallback(url)),
    deliveries: () => pushes.deliveries,
    pushesSettled: pushes.settled,
    unknownParameters: () => Object.fromEntries(world.unknownParameters),
  }
  started.simulator = simulator
  return simulator
}
