import { paceOf } from '../clock-scale.ts'
import { faultTable, openFaults, type FaultName, type FaultSetting } from '../faults.ts'
import { listen } from '../http.ts'
import { rollDice } from '../random.ts'
import type { OrderTruth, Simulator, SimulatorOptions } from '../simulator.ts'
import { openOrderBook } from './order-book.ts'
import { openPushes } from './pushes.ts'
import { openServer } from './server.ts'
import { accountsOf, foundShops, type Account } from './shops.ts'
import { openTokens } from './tokens.ts'
import type { App, World } from './world.ts'

const historyMs = 2 * 86_400_000
/** Longest sleep of `run` between two looks at what is due. */
const idleMs = 1000

/** The list has no total count that could be too low. */
const foreignFaults: ReadonlySet<FaultName> = new Set(['low_total'])
const faultNamesHere = faultTable.map(({ name }) => name).filter((name) => !foreignFaults.has(name))

export type ShopeeSimulator = Simulator & {
  /** Who can give consent: each shop, and a main account over several. `?account=<id>` on the consent page picks one. */
  readonly accounts: readonly Account[]
  /** Resolves when no push is on its way. */
  readonly pushesSent: () => Promise<void>
}

function registerApp(seed: string, options: SimulatorOptions): App {
  const dice = rollDice(`${seed}/app`)
  const hex = '0123456789abcdef'
  return {
    partnerId: 2_000_000 + dice.whole(1, 99_999),
    partnerKey: `shpk${dice.letters(60, hex)}`,
    pushKey: dice.letters(64, hex),
    redirectUris: options.redirectUris ?? null,
  }
}

function foundWorld(options: SimulatorOptions): World {
  const seed = `shopee/${options.seed ?? 1}`
  const orderSeed = `${seed}/${options.series ?? 0}`
  const pace = paceOf(options.clock, options.timeScale ?? 1)
  const faults = openFaults(rollDice(`${seed}/faults`).next, faultNamesHere)
  const app = registerApp(seed, options)
  const shops = foundShops(seed)
  const startedMs = options.clock.nowMs()
  const pushes = openPushes(app, pace, faults, rollDice(`${orderSeed}/pushes/${startedMs}`))
  const book = openOrderBook(orderSeed, shops, pace, pushes.tell)
  book.seedHistory(options.orders ?? 0, historyMs, startedMs)
  pushes.config.url = options.pushUrl ?? null
  return {
    pace,
    faults,
    app,
    shops,
    accounts: accountsOf(shops),
    book,
    tokens: openTokens(seed, options.clock, faults),
    pushes,
  }
}

const truthOf = (world: World): readonly OrderTruth[] =>
  world.book.all().map((order) => ({
    orderId: order.orderSn,
    accountId: String(order.shopId),
    region: 'global',
    marketId: order.region,
    kind: order.kind,
    status: order.status,
    createdMs: order.createdMs,
    lastUpdatedMs: order.updatedMs,
  }))

/** What beats while the platform lives: due steps and pushes, and new orders at an even pace. */
function openHeart(world: World, ordersPerMinute: number) {
  const { clock } = world.pace
  const everyMs = ordersPerMinute > 0 ? 60_000 / ordersPerMinute : Number.POSITIVE_INFINITY
  const halted = new AbortController()
  let nextBirthMs = clock.nowMs() + everyMs

  function tick(): void {
    const nowMs = clock.nowMs()
    for (; nextBirthMs <= nowMs; nextBirthMs += everyMs) world.book.create({}, nextBirthMs)
    world.book.advanceDue()
    world.pushes.sendDue()
  }

  async function run(signal?: AbortSignal): Promise<void> {
    const over = signal ? AbortSignal.any([signal, halted.signal]) : halted.signal
    while (!over.aborted) {
      tick()
      const nextMs = Math.min(nextBirthMs, world.book.nextDueMs(), world.pushes.nextDueMs())
      await clock.sleep(Math.min(idleMs, Math.max(1, nextMs - clock.nowMs())), over)
    }
  }

  return { tick, run, halt: () => halted.abort() }
}

function withdraw(world: World, accountId: string): void {
  const account = world.accounts.find(({ id }) => String(id) === accountId)
  if (!account) throw new RangeError(`no account ${accountId}`)
  for (const shopId of account.shopIds) {
    world.tokens.revoke(`shop:${shopId}`)
    world.pushes.tellAuthorisation(2, {
      authorize_type: 'user cancel shop authorization',
      success: 1,
      extra: `shop id ${shopId} has been cancelled its authorization`,
    })
  }
  for (const merchantId of account.merchantIds) world.tokens.revoke(`merchant:${merchantId}`)
}

/** Starts the simulated platform on loopback: consent pages and API on one port. Rejects when it is taken. */
export async function startShopeeSimulator(options: SimulatorOptions): Promise<ShopeeSimulator> {
  const world = foundWorld(options)
  for (const [name, setting] of Object.entries(options.faults ?? {}) as [FaultName, FaultSetting][])
    world.faults.set(name, setting)
  const heart = openHeart(world, options.ordersPerMinute ?? 0)
  const started: { simulator?: ShopeeSimulator } = {}
  const answer = openServer(world, options.autoApprove ?? false, () => started.simulator!)
  const http = await listen(options.port ?? 0, options.clock, answer)
  const { app, book, pushes } = world

  const simulator: ShopeeSimulator = {
    platform: 'shopee',
    url: http.url,
    authUrl: `${http.url}/auth?partner_id=${app.partnerId}&auth_type=seller&response_type=code`,
    hosts: { api: http.url, seller: http.url },
    credentials: {
      partner_id: String(app.partnerId),
      partner_key: app.partnerKey,
      push_key: app.pushKey,
    },
    shops: world.shops.map(({ shopId, region, name }) => ({
      accountId: String(shopId),
      region: 'global',
      marketId: region,
      countryCode: region,
      name,
      refreshToken: null,
    })),
    accounts: world.accounts,
    setFault: world.faults.set,
    faults: world.faults.list,
    createOrder: (wish = {}) => book.create(wish, options.clock.nowMs()).orderSn,
    advance: (orderId) => {
      const order = book.find(orderId)
      if (!order) throw new RangeError(`no order ${orderId}`)
      return book.advance(order) ? order.status : null
    },
    orderIds: () => book.all().map(({ orderSn }) => orderSn),
    truth: () => truthOf(world),
    revoke: (accountId) => withdraw(world, accountId),
    now: options.clock.nowMs,
    tick: heart.tick,
    run: heart.run,
    pushesSent: pushes.idle,
    stop: async () => {
      heart.halt()
      pushes.stop()
      await pushes.idle()
      await http.close()
    },
  }
  started.simulator = simulator
  return simulator
}
