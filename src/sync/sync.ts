import type { Platform } from '#canonical/platform.ts'
import type { Account, Connector, Facts, Market } from '#connectors/connector.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/environment.ts'
import type { Log } from '#kernel/log.ts'
import type { Vault } from '#kernel/seal.ts'
import type { Db } from '#store/db.ts'
import type { CompiledMaps } from './read.ts'

/** One account's stream of orders: everything ingest needs to know about where a document came from. */
export type Feed = {
  readonly scope: Scope
  readonly grantId: string
  readonly platform: Platform
  /** The account as calls to the platform need it. */
  readonly account: Account
  readonly shops: readonly FeedShop[]
}
export type FeedShop = {
  readonly id: string
  readonly platformShopId: string
  readonly platformMarketId: string
  readonly market: Market
  readonly facts: Facts
}

export type SyncDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
  readonly log: Log
  readonly connectors: Readonly<Partial<Record<Platform, Connector>>>
  readonly compiled: (connector: Connector) => CompiledMaps
  /** Called after a commit that added events: wakes delivery in this process. A hint, nothing depends on it. */
  readonly onEvents: () => void
}
