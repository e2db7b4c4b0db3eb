import { sql } from 'kysely'
import type { ColumnType, Generated, Selectable } from 'kysely'
import type { Environment, Scope } from '#kernel/environment.ts'
import type { Db, Tx } from './db.ts'

export type OrganisationRow = {
  org_id: string
  name: string
  production_granted: Generated<boolean>
  created_at: Generated<Date>
}
export type GrantColumns = {
  org_id: string
  environment: Environment
  id: string
  platform: string
  region: string
  platform_merchant_id: string
  access_token: Buffer | null
  access_expires_at: Date | null
  refresh_token: Buffer | null
  refresh_expires_at: Date | null
  scopes: string[]
  facts: ColumnType<Readonly<Record<string, string>>, string | undefined, string>
  status: string
  granted_at: Date
  last_refreshed_at: Date | null
  last_error_code: string | null
  expiry_notice_days: Generated<number | null>
}
export type GrantRow = Selectable<GrantColumns>
export type ShopColumns = {
  org_id: string
  environment: Environment
  id: string
  grant_id: string
  platform: string
  region: string
  marketplace_code: string
  platform_market_id: string
  country_code: string
  platform_shop_id: string
  platform_merchant_id: string | null
  stock_scope_key: string
  display_name: string
  currency: string
  time_zone: string
  facts: ColumnType<Readonly<Record<string, string>>, string | undefined, string>
  status: string
  event_seq: Generated<number>
  created_at: Generated<Date>
}
export type ShopRow = Selectable<ShopColumns>
export type AuthorizationStateRow = {
  state_hash: Buffer
  org_id: string
  environment: Environment
  platform: string
  region: string
  marketplace_code: string
  redirect_uri: string
  return_url: string | null
  started_by: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
}
export type ShopTables = {
  organisations: OrganisationRow
  grants: GrantColumns
  shops: ShopColumns
  authorization_states: AuthorizationStateRow
}

export type GrantRef = { readonly orgId: string; readonly id: string }

/** Held until the transaction ends: consents for one account are stored one after the other. */
export async function lockAccount(
  tx: Tx,
  environment: Environment,
  platform: string,
  region: string,
  platformMerchantId: string,
): Promise<void> {
  const name = `account:${environment}:${platform}:${region}:${platformMerchantId}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx)
}

/** The grant, locked until the transaction ends: whoever refreshes its tokens holds this. */
export const lockGrant = (tx: Tx, ref: GrantRef): Promise<GrantRow | undefined> =>
  tx
    .selectFrom('grants')
    .selectAll()
    .where('org_id', '=', ref.orgId)
    .where('id', '=', ref.id)
    .forUpdate()
    .executeTakeFirst()

export const findGrant = (db: Db | Tx, ref: GrantRef): Promise<GrantRow | undefined> =>
  db
    .selectFrom('grants')
    .selectAll()
    .where('org_id', '=', ref.orgId)
    .where('id', '=', ref.id)
    .executeTakeFirst()

/** The grant for an account, whichever organisation holds it. */
export const findGrantOfAccount = (
  db: Db | Tx,
  environment: Environment,
  platform: string,
  region: string | null,
  platformMerchantId: string,
): Promise<GrantRow | undefined> =>
  db
    .selectFrom('grants')
    .selectAll()
    .where('environment', '=', environment)
    .where('platform', '=', platform)
    .where('platform_merchant_id', '=', platformMerchantId)
    .$if(region !== null, (query) => query.where('region', '=', region!))
    .executeTakeFirst()

/** The grant behind a shop that a message names; a shop in several markets has one grant. */
export async function findGrantOfShop(
  db: Db | Tx,
  environment: Environment,
  platform: string,
  platformShopId: string,
): Promise<GrantRef | null> {
  const row = await db
    .selectFrom('shops')
    .select(['org_id', 'grant_id'])
    .where('environment', '=', environment)
    .where('platform', '=', platform)
    .where('platform_shop_id', '=', platformShopId)
    .limit(1)
    .executeTakeFirst()
  return row ? { orgId: row.org_id, id: row.grant_id } : null
}

export const shopsOfGrant = (db: Db | Tx, ref: GrantRef): Promise<ShopRow[]> =>
  db
    .selectFrom('shops')
    .selectAll()
    .where('org_id', '=', ref.orgId)
    .where('grant_id', '=', ref.id)
    .orderBy('id')
    .execute()

/** Grants on which work goes on, over all organisations: what the scheduler starts from. */
export const activeGrants = (db: Db): Promise<GrantRow[]> =>
  db
    .selectFrom('grants')
    .selectAll()
    .where('status', 'in', ['active', 'auth_expiring'])
    .orderBy('id')
    .execute()

/** Working grants whose authorisation ends before `before`. */
export const endingGrants = (db: Db, before: Date): Promise<GrantRow[]> =>
  db
    .selectFrom('grants')
    .selectAll()
    .where('status', 'in', ['active', 'auth_expiring'])
    .where('refresh_expires_at', '<', before)
    .orderBy('id')
    .execute()

export const findShopRow = (db: Db | Tx, scope: Scope, shopId: string): Promise<ShopRow | undefined> =>
  db
    .selectFrom('shops')
    .selectAll()
    .where('org_id', '=', scope.orgId)
    .where('environment', '=', scope.environment)
    .where('id', '=', shopId)
    .executeTakeFirst()

/** Takes a shop out of work, and counts an event on it. */
export const disableShop = (tx: Tx, scope: Scope, shopId: string): Promise<ShopRow> =>
  tx
    .updateTable('shops')
    .set((eb) => ({ status: 'disabled', event_seq: eb('event_seq', '+', 1) }))
    .where('org_id', '=', scope.orgId)
    .where('environment', '=', scope.environment)
    .where('id', '=', shopId)
    .returningAll()
    .executeTakeFirstOrThrow()

/** Forgets an account's tokens; its work stops. */
export async function eraseTokens(tx: Tx, ref: GrantRef): Promise<void> {
  await tx
    .updateTable('grants')
    .set({ access_token: null, refresh_token: null, access_expires_at: null, status: 'disabled' })
    .where('org_id', '=', ref.orgId)
    .where('id', '=', ref.id)
    .execute()
}

export async function setExpiryNotice(tx: Tx, ref: GrantRef, days: number): Promise<void> {
  await tx
    .updateTable('grants')
    .set({ expiry_notice_days: days })
    .where('org_id', '=', ref.orgId)
    .where('id', '=', ref.id)
    .execute()
}

/** Moves a grant and its shops to a status, and counts one event on each shop; gives the shops as they are now. */
export async function setGrantStatus(
  tx: Tx,
  ref: GrantRef,
  status: string,
  errorCode: string | null,
): Promise<ShopRow[]> {
  await tx
    .updateTable('grants')
    .set({ status, last_error_code: errorCode })
    .where('org_id', '=', ref.orgId)
    .where('id', '=', ref.id)
    .execute()
  return tx
    .updateTable('shops')
    .set((eb) => ({ status, event_seq: eb('event_seq', '+', 1) }))
    .where('org_id', '=', ref.orgId)
    .where('grant_id', '=', ref.id)
    .where('status', '!=', 'disabled')
    .returningAll()
    .execute()
}
