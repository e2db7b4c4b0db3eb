import type { Scope } from '#kernel/environment.ts'
import type { Shop } from '#canonical/shop.ts'
import type { Db } from './db.ts'

const shopQuery = (db: Db, scope: Scope) =>
  db
    .selectFrom('shops')
    .leftJoin('grants', (join) =>
      join.onRef('grants.org_id', '=', 'shops.org_id').onRef('grants.id', '=', 'shops.grant_id'),
    )
    .leftJoin('order_feeds', (join) =>
      join
        .onRef('order_feeds.org_id', '=', 'shops.org_id')
        .onRef('order_feeds.grant_id', '=', 'shops.grant_id'),
    )
    .selectAll('shops')
    .select([
      'grants.granted_at',
      'grants.access_expires_at',
      'grants.refresh_expires_at',
      'grants.last_refreshed_at',
      'grants.last_error_code as auth_error_code',
      'order_feeds.synced_until',
      'order_feeds.last_success_at',
      'order_feeds.last_error_code as sync_error_code',
    ])
    .where('shops.org_id', '=', scope.orgId)
    .where('shops.environment', '=', scope.environment)

type ShopRow = Awaited<ReturnType<ReturnType<typeof shopQuery>['executeTakeFirstOrThrow']>>

/** Shops with an id above `afterId`, in the order of connection. `shopIds` narrows; empty means all. */
export async function listShops(
  db: Db,
  scope: Scope,
  afterId: string,
  limit: number,
  shopIds: readonly string[],
): Promise<readonly Shop[]> {
  const rows = await shopQuery(db, scope)
    .where('shops.id', '>', afterId)
    .$if(shopIds.length > 0, (query) => query.where('shops.id', 'in', [...shopIds]))
    .orderBy('shops.id')
    .limit(limit)
    .execute()
  return rows.map(shopOf)
}

export async function findShop(db: Db, scope: Scope, id: string): Promise<Shop | null> {
  const row = await shopQuery(db, scope).where('shops.id', '=', id).executeTakeFirst()
  return row ? shopOf(row) : null
}

const instant = (at: Date | null): string | null => at?.toISOString() ?? null

const shopOf = (row: ShopRow): Shop => ({
  id: row.id,
  object: 'shop',
  environment: row.environment,
  platform: row.platform as Shop['platform'],
  marketplace_code: row.marketplace_code,
  country_code: row.country_code,
  platform_shop_id: row.platform_shop_id,
  platform_merchant_id: row.platform_merchant_id,
  stock_scope_key: row.stock_scope_key,
  display_name: row.display_name,
  currency: row.currency,
  time_zone: row.time_zone,
  status: row.status as Shop['status'],
  auth: {
    granted_at: instant(row.granted_at),
    access_expires_at: instant(row.access_expires_at),
    refresh_expires_at: instant(row.refresh_expires_at),
    last_refreshed_at: instant(row.last_refreshed_at),
    last_error_code: row.auth_error_code,
  },
  sync: {
    orders_synced_until: instant(row.synced_until),
    last_success_at: instant(row.last_success_at),
    last_error_code: row.sync_error_code,
  },
  created_at: row.created_at.toISOString(),
})

/** The grant behind a shop; `null` when this organisation has no such shop. */
export async function findGrantOfShopId(db: Db, scope: Scope, shopId: string): Promise<string | null> {
  const row = await db
    .selectFrom('shops')
    .select('grant_id')
    .where('org_id', '=', scope.orgId)
    .where('environment', '=', scope.environment)
    .where('id', '=', shopId)
    .executeTakeFirst()
  return row?.grant_id ?? null
}
