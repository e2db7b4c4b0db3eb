import { paceOf } from '../clock-scale.ts'
import { faultTable, openFaults, type FaultName, type FaultSetting } from '../faults.ts'
import { listen } from '../http.ts'
import { rollDice } from '../random.ts'
import type { OrderTruth, Simulator, SimulatorOptions } from '../simulator.ts'
import { countries, type Country } from './countries.ts'
import { openGrants } from './grants.ts'
import { openOrderBook } from './order-book.ts'
import { statusesOf, type Account, type Store } from './order.ts'
import { openPusher, type Pusher } from './pusher.ts'
import { openServer } from './server.ts'
import type { App, World } from './world.ts'

const historyMs = 2 * 86_400_000
/** Longest sleep of `run` between two looks at what is due. */
const idleMs = 1000

/** The platform pages by offset: there is no token that could come twice. */
const foreignFaults: ReadonlySet<FaultName> = new Set(['same_token_twice'])
const faultNamesHere = faultTable.map(({ name }) => name).filter((name) => !foreignFaults.has(name))

export type LazadaSimulatorOptions = SimulatorOptions & {
  /** The app's callback for pushes; without it nothing is pushed. */
  readonly pushUrl?: string
  /** True: the app passed the security review, personal data is clear. */
  readonly clearData?: boolean
}

export type LazadaSimulator = Simulator & {
  /** Delivers the pushes that are due and waits for the callback's answers. */
  readonly flushPushes: () => Promise<void>
}

/** Local sellers of three countries, and one who sells across the border into the other three and Malaysia. */
const accountPlan: readonly (readonly [
  name: string,
  region: Account['region'],
  countries: readonly Country[],
])[] = [
  ['Kenari Home', 'my', ['my']],
  ['Rumah Melati', 'id', ['id']],
  ['Sen Vàng Living', 'vn', ['vn']],
  ['Northwind Travel Goods', 'cb', ['my', 'ph', 'sg', 'th']],
]

function foundAccounts(seed: string): readonly Account[] {
  return accountPlan.map(([name, region, sellsIn], index) => {
    const stores = sellsIn.map((country): Store => {
      const dice = rollDice(`${seed}/store/${index}/${country}`)
      const number = dice.letters(7)
      return {
        country,
        sellerId: `1000${number}`,
        userId: `4000${dice.letters(8)}`,
        shortCode: `${country.toUpperCase()}${rollDice(number).letters(6, 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789')}`,
      }
    })
    const accountId =
      region === 'cb' ? `70${rollDice(`${seed}/account/${index}`).letters(5)}` : stores[0]!.sellerId
    return { accountId, region, name, stores }
  })
}

function registerApp(seed: string, options: LazadaSimulatorOptions): App {
  const dice = rollDice(`${seed}/app`)
  return {
    appKey: `10${dice.letters(4)}`,
    appSecret: dice.letters(32, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'),
    redirectUris: options.redirectUris ?? null,
    clearData: options.clearData ?? false,
  }
}

function foundWorld(options: LazadaSimulatorOptions): { readonly world: World; readonly pusher: Pusher } {
  const seed = `lazada/${options.seed ?? 1}`
  const pace = paceOf(options.clock, options.timeScale ?? 1)
  const faults = openFaults(rollDice(`${seed}/faults`).next, faultNamesHere)
  const app = registerApp(seed, options)
  const accounts = foundAccounts(seed)
  const pusher = openPusher(app, options.pushUrl ?? null, pace, faults)
  const book = openOrderBook(`${seed}/${options.series ?? 0}`, accounts, pace, pusher.announce)
  book.seedHistory(options.orders ?? 0, historyMs, options.clock.nowMs())
  const grants = openGrants(seed, app.appKey, options.clock, faults)
  return { world: { pace, faults, app, accounts, book, grants }, pusher }
}

const truthOf = ({ book, accounts }: World): readonly OrderTruth[] =>
  book.all().map((order) => ({
    orderId: order.orderId,
    accountId: order.accountId,
    region: accounts.find(({ accountId }) => accountId === order.accountId)!.region,
    marketId: order.store.country,
    kind: order.kind,
    status: statusesOf(order).join(','),
    createdMs: order.createdMs,
    lastUpdatedMs: order.updatedMs,
  }))

/** Addresses by the names that a connector looks its hosts up with. */
const hostsOf = (url: string): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(countries.map((country) => [`api.${country}`, `${url}/${country}/rest`])),
  auth: `${url}/auth/rest`,
  consent: `${url}/oauth`,
})

type Heart = Pick<Simulator, 'tick' | 'run'> & { readonly halt: () => void }

/** What beats while the platform lives: due steps, new orders at an even pace, and pushes. */
function openHeart({ pace, book }: World, pusher: Pusher, ordersPerMinute: number): Heart {
  const { clock } = pace
  const everyMs = ordersPerMinute > 0 ? 60_000 / ordersPerMinute : Number.POSITIVE_INFINITY
  const halted = new AbortController()
  let nextBirthMs = clock.nowMs() + everyMs

  function live(): void {
    const nowMs = clock.nowMs()
    for (; nextBirthMs <= nowMs; nextBirthMs += everyMs) book.create({}, nextBirthMs)
    book.advanceDue()
  }

  return {
    tick: () => {
      live()
      void pusher.flush()
    },
    halt: () => {
      halted.abort()
      pusher.stop()
    },
    run: async (signal) => {
      const over = signal ? AbortSignal.any([signal, halted.signal]) : halted.signal
      while (!over.aborted) {
        live()
        await pusher.flush()
        const dueMs = Math.min(nextBirthMs, book.nextDueMs(), pusher.nextDueMs())
        await clock.sleep(Math.min(idleMs, Math.max(1, dueMs - clock.nowMs())), over)
      }
    },
  }
}

/**
 * Starts the simulated platform on loopback: token host, consent page and the API hosts of six countries
 * on one port. Rejects when the port is taken.
 */
export async function startLazadaSimulator(options: LazadaSimulatorOptions): Promise<LazadaSimulator> {
  const { world, pusher } = foundWorld(options)
  for (const [name, setting] of Object.entries(options.faults ?? {}) as [FaultName, FaultSetting][])
    world.faults.set(name, setting)
  const heart = openHeart(world, pusher, options.ordersPerMinute ?? 0)
  const started: { simulator?: LazadaSimulator } = {}
  const answer = openServer(world, options.autoApprove ?? false, () => started.simulator!)
  const http = await listen(options.port ?? 0, options.clock, answer)
  const { app, book, grants, accounts } = world
  const redirectUri = options.redirectUris?.[0]

  const simulator: LazadaSimulator = {
    platform: 'lazada',
    url: http.url,
    authUrl: `${http.url}/oauth/authorize?${new URLSearchParams({
      response_type: 'code',
      force_auth: 'true',
      client_id: app.appKey,
      ...(redirectUri !== undefined && { redirect_uri: redirectUri }),
    }).toString()}`,
    hosts: hostsOf(http.url),
    credentials: { app_key: app.appKey, app_secret: app.appSecret },
    shops: accounts.flatMap((account) =>
      account.stores.map((store) => ({
        accountId: account.accountId,
        region: account.region,
        marketId: store.country,
        countryCode: store.country.toUpperCase(),
        name: account.name,
        refreshToken: grants.selfAuthorised(account.accountId),
      })),
    ),
    setFault: world.faults.set,
    faults: world.faults.list,
    createOrder: (wish = {}) => book.create(wish, options.clock.nowMs()).orderId,
    advance: (orderId) => {
      const order = book.find(orderId)
      if (!order) throw new RangeError(`no order ${orderId}`)
      return book.advance(order) ? statusesOf(order).join(',') : null
    },
    orderIds: () => book.all().map(({ orderId }) => orderId),
    truth: () => truthOf(world),
    revoke: grants.revoke,
    now: options.clock.nowMs,
    tick: heart.tick,
    run: heart.run,
    flushPushes: pusher.flush,
    stop: async () => {
      heart.halt()
      await http.close()
    },
  }
  started.simulator = simulator
  return simulator
}
