import { paceOf } from '../clock-scale.ts'
import { faultTable, openFaults, type FaultName, type FaultSetting } from '../faults.ts'
import { listen } from '../http.ts'
import { rollDice } from '../random.ts'
import type { OrderTruth, Simulator, SimulatorOptions } from '../simulator.ts'
import { openGrants } from './grants.ts'
import { markets, type Market } from './markets.ts'
import { OrderBook } from './order-book.ts'
import type { Account, Shop } from './order.ts'
import { openPushes, type Pushes } from './pushes.ts'
import { openServer } from './server.ts'
import type { App, World } from './world.ts'

const historyMs = 2 * 86_400_000
/** Longest sleep of `run` between two looks at what is due. */
const idleMs = 1000

export type TiktokShopSimulatorOptions = SimulatorOptions & {
  /** Where pushes of all shops go, beside those that a shop subscribes itself. Loopback only. */
  readonly pushUrl?: string
  /** What the app may do; absent: everything that it needs. */
  readonly scopes?: readonly string[]
}

export type TiktokShopSimulator = Simulator & {
  readonly pushes: Pick<Pushes, 'sent' | 'idle' | 'deliverDue'>
}

/** Sellers: one of the United States, and two that sell across borders with one consent. */
const sellers: readonly (readonly [name: string, countries: readonly string[]])[] = [
  ['Harbor Lane', ['US']],
  ['Northwind Goods', ['GB', 'DE', 'FR', 'BR', 'JP']],
  ['Copper Fern', ['ID', 'MY', 'TH', 'VN', 'PH', 'SG']],
]

function foundShop(seed: string, name: string, market: Market, isAbroad: boolean): Shop {
  const dice = rollDice(`${seed}/shop/${name}/${market.country}`)
  const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  return {
    shopId: `74955${dice.letters(14)}`,
    name: `${name} ${market.country}`,
    market,
    sellerType: isAbroad ? 'CROSS_BORDER' : 'LOCAL',
    cipher: `GCP_${dice.letters(32, `${upper}abcdefghijklmnopqrstuvwxyz`)}`,
    code: `${market.country}${isAbroad ? 'CB' : 'LC'}${dice.letters(8, upper)}`,
  }
}

const foundAccounts = (seed: string): readonly Account[] =>
  sellers.map(([name, countries]) => ({
    openId: `70107${rollDice(`${seed}/account/${name}`).letters(14)}`,
    name,
    consentRegion: countries[0] === 'US' ? 'us' : 'global',
    shops: markets
      .filter(({ country }) => countries.includes(country))
      .map((market) => foundShop(seed, name, market, countries.length > 1)),
  }))

function registerApp(seed: string, options: TiktokShopSimulatorOptions): App {
  const dice = rollDice(`${seed}/app`)
  return {
    appKey: dice.letters(12, '0123456789abcdefghijklmnopqrstuvwxyz'),
    appSecret: dice.letters(40, '0123456789abcdef'),
    serviceId: `73${dice.letters(17)}`,
    redirectUris: options.redirectUris ?? null,
    scopes: options.scopes ?? ['seller.authorization.info', 'seller.order.info'],
  }
}

function foundWorld(options: TiktokShopSimulatorOptions): World {
  const seed = `tiktok_shop/${options.seed ?? 1}`
  const orderSeed = `${seed}/${options.series ?? 0}`
  const pace = paceOf(options.clock, options.timeScale ?? 1)
  const faults = openFaults(
    rollDice(`${seed}/faults`).next,
    faultTable.map(({ name }) => name),
  )
  const app = registerApp(seed, options)
  const accounts = foundAccounts(seed)
  const startedMs = options.clock.nowMs()
  const dice = rollDice(`${orderSeed}/pushes/${startedMs}`)
  const pushes = openPushes({ app, pace, faults, dice, pushUrl: options.pushUrl ?? null })
  const book = new OrderBook(orderSeed, accounts, pace, pushes.announce)
  book.seedHistory(options.orders ?? 0, historyMs, startedMs)
  const grants = openGrants(seed, options.clock, faults)
  return { pace, faults, app, accounts, book, grants, pushes, secret: `${seed}/pages` }
}

const truthOf = ({ book }: World): readonly OrderTruth[] =>
  [...book.all()].map((order) => ({
    orderId: order.orderId,
    accountId: order.account.openId,
    region: order.account.consentRegion,
    marketId: order.shop.market.country,
    kind: order.kind,
    status: order.status,
    createdMs: order.createdMs,
    lastUpdatedMs: order.updatedMs,
  }))

type Heart = Pick<Simulator, 'tick' | 'run'> & { readonly halt: () => void }

/** What beats while the platform lives: due steps and pushes, and new orders at an even pace. */
function openHeart({ pace: { clock }, book, pushes }: World, ordersPerMinute: number): Heart {
  const everyMs = ordersPerMinute > 0 ? 60_000 / ordersPerMinute : Number.POSITIVE_INFINITY
  const halted = new AbortController()
  let nextBirthMs = clock.nowMs() + everyMs

  function tick(): void {
    const nowMs = clock.nowMs()
    for (; nextBirthMs <= nowMs; nextBirthMs += everyMs) book.create({}, nextBirthMs)
    book.advanceDue()
    pushes.deliverDue()
  }

  return {
    tick,
    halt: () => halted.abort(),
    run: async (signal) => {
      const over = signal ? AbortSignal.any([signal, halted.signal]) : halted.signal
      while (!over.aborted) {
        tick()
        const waitMs = Math.min(nextBirthMs, book.nextDueMs()) - clock.nowMs()
        await clock.sleep(Math.min(idleMs, Math.max(1, waitMs)), over)
      }
    },
  }
}

/** Starts the simulated platform on loopback: consent pages, tokens and API on one port. Rejects when the port is taken. */
export async function startTiktokShopSimulator(
  options: TiktokShopSimulatorOptions,
): Promise<TiktokShopSimulator> {
  const world = foundWorld(options)
  for (const [name, setting] of Object.entries(options.faults ?? {}) as [FaultName, FaultSetting][])
    world.faults.set(name, setting)
  const heart = openHeart(world, options.ordersPerMinute ?? 0)
  const started: { simulator?: TiktokShopSimulator } = {}
  const answer = openServer(world, { autoApprove: options.autoApprove ?? false }, () => started.simulator!)
  const { url, close } = await listen(options.port ?? 0, options.clock, answer)
  const { app, accounts, book, grants, pushes } = world

  const simulator: TiktokShopSimulator = {
    platform: 'tiktok_shop',
    url,
    authUrl: `${url}/global/open/authorize?service_id=${app.serviceId}`,
    hosts: { api: url, auth: url, 'seller.us': `${url}/us`, 'seller.global': `${url}/global` },
    credentials: { app_key: app.appKey, app_secret: app.appSecret, service_id: app.serviceId },
    shops: accounts.flatMap(({ openId, consentRegion, shops }) =>
      shops.map(({ name, market }) => ({
        accountId: openId,
        region: consentRegion,
        marketId: market.country,
        countryCode: market.country,
        name,
        // Partner Center has no grant to copy for an app that sellers install.
        refreshToken: null,
      })),
    ),
    pushes,
    setFault: world.faults.set,
    faults: world.faults.list,
    createOrder: (wish = {}) => book.create(wish, options.clock.nowMs()).orderId,
    advance: (orderId) => {
      const order = book.find(orderId)
      if (!order) throw new RangeError(`no order ${orderId}`)
      return book.advance(order) === undefined ? null : order.status
    },
    orderIds: () => [...book.all()].map(({ orderId }) => orderId),
    truth: () => truthOf(world),
    revoke: (accountId) => {
      const account = accounts.find(({ openId }) => openId === accountId)
      if (!account) throw new RangeError(`no account ${accountId}`)
      grants.revoke(accountId)
      pushes.announceEnd(account)
    },
    now: options.clock.nowMs,
    tick: heart.tick,
    run: heart.run,
    stop: async () => {
      heart.halt()
      await pushes.idle()
      await close()
    },
  }
  started.simulator = simulator
  return simulator
}
