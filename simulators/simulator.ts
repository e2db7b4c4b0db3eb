import type { Clock } from '#kernel/clock.ts'
import type { FaultName, FaultSetting, FaultSettings, FaultState } from './faults.ts'

/** What every simulated marketplace can be started with. */
export type SimulatorOptions = {
  readonly clock: Clock
  /** Loopback port; 0 or absent takes a free one. */
  readonly port?: number
  /** Same seed, same accounts, credentials and orders. */
  readonly seed?: number
  /**
   * Changes the orders but not the accounts and credentials: a platform that is started again over a hub
   * that remembers the last run must not give old order ids to new orders.
   */
  readonly series?: number
  /** Orders that exist at the start, spread over the two days before it and grown to their age. */
  readonly orders?: number
  /** New orders per minute of the clock while `run` is going. */
  readonly ordersPerMinute?: number
  /** Speeds up rate limits, order life and visibility; see clock-scale.ts. */
  readonly timeScale?: number
  readonly faults?: FaultSettings
  /** Where sellers may be sent back to. Absent: any loopback address. */
  readonly redirectUris?: readonly string[]
  /** Where the platform's app store sends a seller who installs the app. */
  readonly loginUri?: string
  /** Where pushes go, on platforms that push over HTTP and whose apps set the address in the platform's pages. */
  readonly pushUrl?: string
  /** Consent is given without a click: for demos and scripts. */
  readonly autoApprove?: boolean
}

/** One market of one simulated account. */
export type SimulatedShop = {
  readonly accountId: string
  readonly region: string
  readonly marketId: string
  readonly countryCode: string
  readonly name: string
  /** A grant to paste, as sellers get it from the platform's own pages; `null` where there is none. */
  readonly refreshToken: string | null
}

/** What the platform itself knows of an order: the yardstick for "none lost, none doubled". */
export type OrderTruth = {
  readonly orderId: string
  readonly accountId: string
  readonly region: string
  readonly marketId: string
  readonly kind: string
  /** The platform's own word. */
  readonly status: string
  readonly createdMs: number
  readonly lastUpdatedMs: number
}

/** What is asked of a new order; the rest comes from the seed. */
export type OrderWish = {
  readonly accountId?: string
  readonly countryCode?: string
  /** One of the platform's order kinds, for example `gift`. */
  readonly kind?: string
}

/** A running simulated marketplace. */
export type Simulator = {
  readonly platform: string
  readonly url: string
  /** The consent page, ready to be opened in a browser. */
  readonly authUrl: string
  /** Base URLs by the connector's host names. */
  readonly hosts: Readonly<Record<string, string>>
  readonly credentials: Readonly<Record<string, string>>
  readonly shops: readonly SimulatedShop[]
  /** Where the platform's messages arrive, on platforms that push through a queue. */
  readonly queue?: Readonly<Record<string, string>>
  readonly setFault: (name: FaultName, setting: FaultSetting) => void
  readonly faults: () => readonly FaultState[]
  /** Makes an order now and returns its id. Throws RangeError for a wish that names nothing known. */
  readonly createOrder: (wish?: OrderWish) => string
  /** Takes the order's next step at once. Its status afterwards, `null` when its life is over. */
  readonly advance: (orderId: string) => string | null
  readonly orderIds: () => readonly string[]
  readonly truth: () => readonly OrderTruth[]
  /** Withdraws the consent of an account, every token of it included. */
  readonly revoke: (accountId: string) => void
  readonly now: () => number
  /** Does all that is due by now: orders move on, new ones arrive. */
  readonly tick: () => void
  /** Keeps ticking until `signal` aborts or `stop` is called. */
  readonly run: (signal?: AbortSignal) => Promise<void>
  readonly stop: () => Promise<void>
}

/** The line that `openclaw sim` prints. */
export const announce = (simulator: Simulator): object => ({
  url: simulator.url,
  auth_url: simulator.authUrl,
  credentials: simulator.credentials,
  hosts: simulator.hosts,
  ...(simulator.queue && { queue: simulator.queue }),
  shops: simulator.shops.map((shop) => ({
    account_id: shop.accountId,
    region: shop.region,
    market_id: shop.marketId,
    country_code: shop.countryCode,
    name: shop.name,
    refresh_token: shop.refreshToken,
  })),
})
