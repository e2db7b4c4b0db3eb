import type { EventType } from '#canonical/event.ts'
import type { Platform } from '#canonical/platform.ts'
import type { Grant, GrantedShop } from '#connectors/connector.ts'
import type { Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import type { Tx } from '#store/db.ts'
import { recordEvents } from '#store/event-log.ts'
import type { EventDraft } from '#store/event-log.ts'
import { findGrantOfAccount, lockAccount } from '#store/shops.ts'
import type { ShopRow } from '#store/shops.ts'
import type { ShopDeps } from './accounts.ts'
import { sealTokens } from './tokens.ts'

export type ConnectedShop = {
  readonly id: string
  readonly marketplaceCode: string
  readonly displayName: string
}
export type OnConnected = (
  tx: Tx,
  grant: {
    readonly orgId: string
    readonly id: string
    readonly platform: Platform
    readonly isNew: boolean
  },
  scope: Scope,
) => Promise<void>

/** One grant of a consent with the shops it opens. */
export type GrantedAccount = { readonly grant: Grant; readonly shops: readonly GrantedShop[] }

/**
 * Stores what a consent gave: all grants and shops, or none. Connecting again renews the tokens and wakes
 * paused shops. `null` when an account or a shop belongs to another organisation.
 */
export function storeConnection(
  deps: ShopDeps,
  onConnected: OnConnected,
  scope: Scope,
  platform: Platform,
  accounts: readonly GrantedAccount[],
): Promise<readonly ConnectedShop[] | null> {
  const stored = deps.db.transaction().execute(async (tx) => {
    const now = new Date(deps.clock.nowMs())
    const rows: ShopRow[] = []
    // In one order everywhere, so that two consents never wait for each other.
    const grants = accounts.map(({ grant }) => grant).toSorted(byAccount)
    for (const { region, platformMerchantId } of grants)
      await lockAccount(tx, scope.environment, platform, region, platformMerchantId)
    for (const account of accounts)
      rows.push(...(await storeAccount(tx, deps, onConnected, scope, platform, account, now)))
    const events = rows.map((row) => shopEvent('shop.connected', row, now))
    await recordEvents(tx, deps.vault, scope, events, now)
    return rows.map((row) => ({
      id: row.id,
      marketplaceCode: row.marketplace_code,
      displayName: row.display_name,
    }))
  })
  return stored.catch((error: unknown) => {
    if (error instanceof OwnedElsewhere) return null
    throw error
  })
}

const byAccount = (a: Grant, b: Grant): number =>
  `${a.region}:${a.platformMerchantId}` < `${b.region}:${b.platformMerchantId}` ? -1 : 1

/** Rolls the connection back: the account or one of its shops is somebody else's. */
class OwnedElsewhere extends Error {}

async function storeAccount(
  tx: Tx,
  deps: ShopDeps,
  onConnected: OnConnected,
  scope: Scope,
  platform: Platform,
  { grant, shops }: GrantedAccount,
  now: Date,
): Promise<ShopRow[]> {
  const known = await findGrantOfAccount(
    tx,
    scope.environment,
    platform,
    grant.region,
    grant.platformMerchantId,
  )
  if (known && known.org_id !== scope.orgId) throw new OwnedElsewhere()
  const id = known?.id ?? newId('gnt', now.getTime())
  await saveGrant(tx, deps, scope, platform, id, grant, now)
  const rows: ShopRow[] = []
  for (const shop of shops) rows.push(await saveShop(tx, scope, platform, id, grant, shop, now))
  await onConnected(tx, { orgId: scope.orgId, id, platform, isNew: !known }, scope)
  return rows
}

async function saveGrant(
  tx: Tx,
  deps: ShopDeps,
  scope: Scope,
  platform: Platform,
  id: string,
  grant: Grant,
  now: Date,
): Promise<void> {
  const values = {
    ...sealTokens(deps.vault, id, grant),
    status: 'active',
    granted_at: now,
    last_refreshed_at: now,
    last_error_code: null,
    expiry_notice_days: null,
  }
  await tx
    .insertInto('grants')
    .values({
      org_id: scope.orgId,
      environment: scope.environment,
      id,
      platform,
      region: grant.region,
      platform_merchant_id: grant.platformMerchantId,
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['org_id', 'id']).doUpdateSet(values))
    .execute()
}

async function saveShop(
  tx: Tx,
  scope: Scope,
  platform: Platform,
  grantId: string,
  grant: Grant,
  shop: GrantedShop,
  now: Date,
): Promise<ShopRow> {
  const { market } = shop
  const row = await tx
    .insertInto('shops')
    .values({
      org_id: scope.orgId,
      environment: scope.environment,
      id: newId('shp', now.getTime()),
      grant_id: grantId,
      platform,
      region: market.region,
      marketplace_code: market.code,
      platform_market_id: market.platformMarketId,
      country_code: market.countryCode,
      platform_shop_id: shop.platformShopId,
      platform_merchant_id: grant.platformMerchantId,
      stock_scope_key: shop.stockScopeKey,
      display_name: shop.displayName,
      currency: market.currency,
      time_zone: market.timeZone,
      facts: JSON.stringify(shop.facts ?? {}),
      status: 'active',
      event_seq: 1,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['environment', 'platform', 'platform_shop_id', 'marketplace_code'])
        .doUpdateSet((eb) => ({
          grant_id: grantId,
          status: 'active',
          display_name: shop.displayName,
          facts: JSON.stringify(shop.facts ?? {}),
          event_seq: eb('shops.event_seq', '+', 1),
        }))
        .where('shops.org_id', '=', scope.orgId),
    )
    .returningAll()
    .executeTakeFirst()
  if (!row) throw new OwnedElsewhere()
  return row
}

/** An event about a shop whose `event_seq` was just counted up. */
export const shopEvent = (
  type: EventType,
  row: ShopRow,
  now: Date,
  more: Readonly<Record<string, unknown>> = {},
): EventDraft => ({
  type,
  shopId: row.id,
  platform: row.platform,
  entityType: 'shop',
  entityId: row.id,
  seq: row.event_seq,
  occurredAt: now,
  previousVersion: null,
  changedFields: ['status'],
  cause: { source: 'api', rawRef: null },
  dataText: JSON.stringify({
    id: row.id,
    object: 'shop',
    platform: row.platform,
    marketplace_code: row.marketplace_code,
    platform_shop_id: row.platform_shop_id,
    display_name: row.display_name,
    status: row.status,
    ...more,
  }),
})
