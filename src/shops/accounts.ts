import type { Platform } from '#canonical/platform.ts'
import type { Call, Connector, PlatformApp } from '#connectors/connector.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Environment } from '#kernel/environment.ts'
import type { Log } from '#kernel/log.ts'
import type { Vault } from '#kernel/seal.ts'
import type { Db } from '#store/db.ts'

/** An access token of one account: what the transport asks for. Both throw `PlatformFailure`. */
export type Tokens = {
  readonly current: () => Promise<string>
  readonly renew: (refused: string) => Promise<string>
}

/** Opens the door to a platform for one account; see the transport. */
export type OpenCall = (
  connector: Connector,
  app: PlatformApp,
  account: string,
  tokens: Tokens | null,
) => Call

export type ShopDeps = {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
  readonly log: Log
  readonly connectors: Readonly<Partial<Record<Platform, Connector>>>
  /** The app registered with a platform for an environment; `undefined` when it is not configured. */
  readonly app: (platform: Platform, environment: Environment) => PlatformApp | undefined
  readonly openCall: OpenCall
  readonly onEvents: () => void
}

export type { Call }
