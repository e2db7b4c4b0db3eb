import { paceOf } from '../clock-scale.ts'
import { faultTable, openFaults, type FaultName, type FaultSetting } from '../faults.ts'
import { listen } from '../http.ts'
import { rollDice } from '../random.ts'
import type { OrderTruth, Simulator, SimulatorOptions } from '../simulator.ts'
import { openGrants } from './grants.ts'
import { marketplaces, regions, tradingCountries } from './marketplaces.ts'
import { openNoticeBoard } from './notice-board.ts'
import { OrderBook, type Seller } from './order-book.ts'
import { openQueues, queueRegion, type Queue } from './queues.ts'
import { openServer } from './server.ts'
import { queueUrl } from './sqs.ts'
import type { App, World } from './world.ts'

const historyMs = 2 * 86_400_000
const visibilityMs = 2 * 60_000
/** Longest sleep of `run` between two looks at what is due. */
const idleMs = 1000

/** Faults that this platform has no place for: it signs nothing and counts no totals. */
const foreignFaults: ReadonlySet<FaultName> = new Set(['wrong_signature', 'low_total'])
const faultNamesHere = faultTable.map(({ name }) => name).filter((name) => !foreignFaults.has(name))

export type AmazonSimulatorOptions = SimulatorOptions & {
  readonly sellersPerRegion?: number
  /** The app is a draft: consent needs `version=beta`. */
  readonly draft?: boolean
  /** False: the app lacks the role for personal data, which is then silently left out. */
  readonly piiRole?: boolean
  readonly taxRole?: boolean
}

export type AmazonSimulator = Simulator & {
  /** A queue that may be given to createDestination. */
  readonly queue: {
    readonly url: string
    readonly arn: string
    readonly region: string
    readonly endpoint: string
  }
}

const storeNames = [
  'Northwind Home',
  'Lindenhof Living',
  'Aozora Goods',
  'Harbor Lane',
  'Copper Fern',
  'Blue Heron',
]

function foundSellers(seed: string, perRegion: number): readonly Seller[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  return Array.from({ length: perRegion }, (_, round) =>
    regions.map((region, index) => ({
      sellerId: `A${rollDice(`${seed}/seller/${region}/${round}`).letters(13, alphabet)}`,
      region,
      storeName: storeNames[(round * regions.length + index) % storeNames.length]!,
    })),
  ).flat()
}

function registerApp(seed: string, options: AmazonSimulatorOptions): App {
  const dice = rollDice(`${seed}/app`)
  const hex = '0123456789abcdef'
  return {
    clientId: `amzn1.application-oa2-client.${dice.letters(32, hex)}`,
    clientSecret: `amzn1.oa2-cs.v1.${dice.letters(64, hex)}`,
    applicationId: `amzn1.sp.solution.${dice.uuid()}`,
    draft: options.draft ?? false,
    redirectUris: options.redirectUris ?? null,
    loginUri: options.loginUri ?? null,
    piiRole: options.piiRole ?? true,
    taxRole: options.taxRole ?? true,
  }
}

function foundWorld(options: AmazonSimulatorOptions): { readonly world: World; readonly queue: Queue } {
  const seed = `amazon/${options.seed ?? 1}`
  const orderSeed = `${seed}/${options.series ?? 0}`
  const pace = paceOf(options.clock, options.timeScale ?? 1)
  const faults = openFaults(rollDice(`${seed}/faults`).next, faultNamesHere)
  const app = registerApp(seed, options)
  const sellers = foundSellers(seed, options.sellersPerRegion ?? 1)
  const startedMs = options.clock.nowMs()
  const queues = openQueues(options.clock, rollDice(`${orderSeed}/queues/${startedMs}`))
  const queue = queues.open('openclaw-order-changes')
  const notices = openNoticeBoard(
    app.applicationId,
    pace,
    faults,
    queues,
    rollDice(`${orderSeed}/notices/${startedMs}`),
  )
  const book = new OrderBook(orderSeed, sellers, pace, notices.announce)
  book.seedHistory(options.orders ?? 0, historyMs, startedMs)
  const world: World = {
    pace,
    faults,
    app,
    sellers,
    book,
    grants: openGrants(seed, options.clock, faults),
    queues,
    notices,
    secret: `${seed}/pages`,
    visibilityMs: pace.spanMs(visibilityMs),
  }
  return { world, queue }
}

function truthOf(world: World): readonly OrderTruth[] {
  return [...world.book.all()].map((order) => ({
    orderId: order.orderId,
    accountId: order.sellerId,
    region: order.marketplace.region,
    marketId: order.marketplace.id,
    kind: order.kind,
    status: order.status,
    createdMs: order.createdMs,
    lastUpdatedMs: order.updatedMs,
  }))
}

/** Addresses by the names that a connector looks its hosts up with. */
const hostsOf = (url: string): Readonly<Record<string, string>> => ({
  lwa: url,
  ...Object.fromEntries(regions.map((region) => [`api.${region}`, `${url}/${region}`])),
  seller: `${url}/seller`,
  ...Object.fromEntries(
    marketplaces.map(({ sellerHost, region }) => [`seller.${sellerHost}`, `${url}/seller/${region}`]),
  ),
})

type Heart = Pick<Simulator, 'tick' | 'run'> & { readonly halt: () => void }

/** What beats while the platform lives: due steps, and new orders at an even pace. */
function openHeart(world: World, ordersPerMinute: number): Heart {
  const { clock } = world.pace
  const everyMs = ordersPerMinute > 0 ? 60_000 / ordersPerMinute : Number.POSITIVE_INFINITY
  const halted = new AbortController()
  let nextBirthMs = clock.nowMs() + everyMs

  function tick(): void {
    const nowMs = clock.nowMs()
    for (; nextBirthMs <= nowMs; nextBirthMs += everyMs) world.book.create({}, nextBirthMs)
    world.book.advanceDue()
  }

  return {
    tick,
    halt: () => halted.abort(),
    run: async (signal) => {
      const over = signal ? AbortSignal.any([signal, halted.signal]) : halted.signal
      while (!over.aborted) {
        tick()
        const waitMs = Math.min(nextBirthMs, world.book.nextDueMs()) - clock.nowMs()
        await clock.sleep(Math.min(idleMs, Math.max(1, waitMs)), over)
      }
    },
  }
}

/**
 * Starts the simulated platform on loopback: LWA, seller pages, the API of three regions and the queue
 * service on one port. Rejects when the port is taken.
 */
export async function startAmazonSimulator(options: AmazonSimulatorOptions): Promise<AmazonSimulator> {
  const { world, queue } = foundWorld(options)
  for (const [name, setting] of Object.entries(options.faults ?? {}) as [FaultName, FaultSetting][])
    world.faults.set(name, setting)
  const heart = openHeart(world, options.ordersPerMinute ?? 0)
  const started: { simulator?: AmazonSimulator } = {}
  const answer = openServer(world, { autoApprove: options.autoApprove ?? false }, () => started.simulator!)
  const http = await listen(options.port ?? 0, options.clock, answer)
  const { app, book, grants } = world

  const simulator: AmazonSimulator = {
    platform: 'amazon',
    url: http.url,
    authUrl: `${http.url}/seller/apps/authorize/consent?application_id=${app.applicationId}${app.draft ? '&version=beta' : ''}`,
    hosts: hostsOf(http.url),
    credentials: {
      client_id: app.clientId,
      client_secret: app.clientSecret,
      application_id: app.applicationId,
    },
    shops: world.sellers.flatMap((seller) =>
      tradingCountries[seller.region].map((countryCode) => ({
        accountId: seller.sellerId,
        region: seller.region,
        marketId: marketplaces.find((market) => market.countryCode === countryCode)!.id,
        countryCode,
        name: seller.storeName,
        refreshToken: grants.selfAuthorised(seller.sellerId),
      })),
    ),
    queue: { url: queueUrl(http.url, queue), arn: queue.arn, region: queueRegion, endpoint: http.url },
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
    revoke: grants.revoke,
    now: options.clock.nowMs,
    tick: heart.tick,
    run: heart.run,
    stop: async () => {
      heart.halt()
      await http.close()
    },
  }
  started.simulator = simulator
  return simulator
}
