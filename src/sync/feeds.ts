import type { Platform } from '#canonical/platform.ts'
import type { Call, Connector } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import type { Jobs } from '#jobs/jobs.ts'
import { findGrant, shopsOfGrant } from '#store/shops.ts'
import type { GrantRow, ShopRow } from '#store/shops.ts'
import { pausesAccount } from './after-failure.ts'
import type { Feed, SyncDeps } from './sync.ts'

export type Ref = { readonly orgId: string; readonly id: string }

/** An account that may be worked on now: its feed, its connector and its door to the platform. */
export type OpenFeed = { readonly feed: Feed; readonly connector: Connector; readonly call: Call }

export type FeedDeps = SyncDeps & {
  readonly jobs: Pick<Jobs, 'enqueue'>
  /** The door for a stored grant; `undefined` when its platform is not configured. */
  readonly callFor: (grant: GrantRow) => Call | undefined
  /** Pauses an account: stores the state on the grant and its shops and tells the organisation. */
  readonly pause: (ref: Ref, failure: PlatformFailure) => Promise<void>
}

const working = new Set(['active', 'auth_expiring'])

/** The feed of a grant; `null` when it is paused, gone or not configured: its work waits. */
export async function openFeedOf(deps: FeedDeps, ref: Ref): Promise<OpenFeed | null> {
  const grant = await findGrant(deps.db, ref)
  if (!grant || !working.has(grant.status)) return null
  const connector = deps.connectors[grant.platform as Platform]
  const call = deps.callFor(grant)
  if (!connector || !call) return null
  return { feed: feedOf(grant, connector, await shopsOfGrant(deps.db, ref)), connector, call }
}

/** A feed whatever the state of its grant: stored documents are applied even while the shop is paused. */
export async function feedOfAny(deps: SyncDeps, ref: Ref): Promise<Feed | null> {
  const grant = await findGrant(deps.db, ref)
  const connector = grant && deps.connectors[grant.platform as Platform]
  if (!grant || !connector) return null
  return feedOf(grant, connector, await shopsOfGrant(deps.db, ref))
}

function feedOf(grant: GrantRow, connector: Connector, shops: readonly ShopRow[]): Feed {
  const markets = new Map(connector.markets.map((market) => [market.code, market]))
  const known = shops.flatMap((shop) => {
    if (shop.status === 'disabled') return []
    const market = markets.get(shop.marketplace_code)
    const { id, platform_shop_id: platformShopId, platform_market_id: platformMarketId, facts } = shop
    return market ? [{ id, platformShopId, platformMarketId, market, facts }] : []
  })
  return {
    scope: { orgId: grant.org_id, environment: grant.environment },
    grantId: grant.id,
    platform: connector.platform,
    account: {
      region: grant.region,
      platformMerchantId: grant.platform_merchant_id,
      facts: grant.facts,
      shops: known,
    },
    shops: known,
  }
}

/** Whether a failure pauses the account; if so it is stored and told. */
export async function pausedBy(deps: FeedDeps, ref: Ref, error: unknown): Promise<boolean> {
  if (!(error instanceof PlatformFailure)) return false
  if (!pausesAccount(error.kind)) return false
  await deps.pause(ref, error)
  return true
}
