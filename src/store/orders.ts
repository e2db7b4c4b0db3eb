import { sql } from 'kysely'
import type { Environment, Scope } from '#kernel/environment.ts'
import { asBlob } from './blobs.ts'
import type { Db, Tx } from './db.ts'

/** `document` is the sealed JSON text of the canonical Order, context `order:<id>`. */
export type OrderRow = {
  org_id: string
  environment: Environment
  id: string
  shop_id: string
  platform: string
  marketplace_code: string | null
  platform_order_id: string
  status: string
  payment_status: string
  is_fulfillable: boolean
  ordered_at: Date | null
  platform_updated_at: Date
  fetched_at: Date
  first_seen_at: Date
  updated_at: Date
  acknowledged_at: Date | null
  version: number
  event_seq: number
  content_hash: Buffer
  mapping_version: string
  raw_id: string
  raw_sha256: Buffer
  rejected_hash: Buffer | null
  document: Buffer
}
export type OrderTables = { orders: OrderRow }

/** The shop and the platform's id: the natural key of an order. */
export type OrderKey = { readonly shopId: string; readonly platformOrderId: string }

const keyColumns = (keys: readonly OrderKey[]) => sql`
  unnest(${keys.map((key) => key.shopId)}::text[], ${keys.map((key) => key.platformOrderId)}::text[])
    as k (shop_id, platform_order_id)`

/** Hash of the raw document each known order was last read from, by `shop:platform order id`. */
export async function lastRawHashes(
  db: Db,
  scope: Scope,
  keys: readonly OrderKey[],
): Promise<ReadonlyMap<string, Buffer>> {
  const { rows } = await sql<{ shop_id: string; platform_order_id: string; raw_sha256: Buffer }>`
    select o.shop_id, o.platform_order_id, o.raw_sha256
    from ${keyColumns(keys)} join orders o using (shop_id, platform_order_id)
    where o.org_id = ${scope.orgId} and o.environment = ${scope.environment}`.execute(db)
  return new Map(rows.map((row) => [`${row.shop_id}:${row.platform_order_id}`, row.raw_sha256]))
}

/** The known ones among these orders. Call it under the grant's ingest lock. */
export async function loadOrders(
  tx: Tx,
  scope: Scope,
  keys: readonly OrderKey[],
): Promise<readonly OrderRow[]> {
  const { rows } = await sql<OrderRow>`
    select o.* from ${keyColumns(keys)} join orders o using (shop_id, platform_order_id)
    where o.org_id = ${scope.orgId} and o.environment = ${scope.environment}`.execute(tx)
  return rows
}

/**
 * One writer per grant: whoever applies documents of a grant holds this until its transaction ends, so
 * "read, decide, write" cannot interleave with itself.
 */
export async function lockGrantOrders(tx: Tx, grantId: string): Promise<Date> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`orders:${grantId}`}, 0))`.execute(tx)
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx)
  return rows[0]!.now
}

const columns = [
  ['id', 'text'],
  ['shop_id', 'text'],
  ['platform', 'text'],
  ['marketplace_code', 'text'],
  ['platform_order_id', 'text'],
  ['status', 'text'],
  ['payment_status', 'text'],
  ['is_fulfillable', 'boolean'],
  ['ordered_at', 'timestamptz'],
  ['platform_updated_at', 'timestamptz'],
  ['fetched_at', 'timestamptz'],
  ['first_seen_at', 'timestamptz'],
  ['updated_at', 'timestamptz'],
  ['acknowledged_at', 'timestamptz'],
  ['version', 'integer'],
  ['event_seq', 'integer'],
  ['content_hash', 'bytea'],
  ['mapping_version', 'text'],
  ['raw_id', 'text'],
  ['raw_sha256', 'bytea'],
  ['rejected_hash', 'bytea'],
] as const satisfies readonly (readonly [keyof OrderRow, string])[]

const names = sql.raw(columns.map(([name]) => name).join(', '))
const taken = sql.raw(columns.map(([name]) => `u.${name}`).join(', '))
const changing = sql.raw(
  [...columns.map(([name]) => name), 'document']
    .filter((name) => !['id', 'shop_id', 'platform', 'platform_order_id', 'first_seen_at'].includes(name))
    .map((name) => `${name} = excluded.${name}`)
    .join(', '),
)

/** Inserts and updates orders in one statement. The caller holds the ingest lock and has decided. */
export async function saveOrders(tx: Tx, scope: Scope, rows: readonly OrderRow[]): Promise<void> {
  if (rows.length === 0) return
  const arrays = sql.join(
    columns.map(([name, type]) => sql`${rows.map((row) => row[name])}::${sql.raw(type)}[]`),
  )
  const documents = asBlob(rows.map((row) => row.document))
  await sql`
    insert into orders (org_id, environment, ${names}, document)
    select ${scope.orgId}, ${scope.environment}, ${taken}, ${documents.at('u.start', 'u.length')}
    from unnest(${arrays}, ${documents.columns}) as u (${names}, start, length)
    on conflict (org_id, shop_id, platform_order_id) do update set ${changing}`.execute(tx)
}

/** Remembers that newer documents of these orders were seen without changing anything. */
export async function touchOrders(
  tx: Tx,
  scope: Scope,
  rows: readonly {
    readonly id: string
    readonly rawId: string
    readonly rawSha256: Buffer
    readonly fetchedAt: Date
    readonly rejectedHash: Buffer | null
    readonly eventSeq: number
  }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`
    update orders o set raw_id = u.raw_id, raw_sha256 = u.raw_sha256, fetched_at = u.fetched_at,
                        rejected_hash = coalesce(u.rejected_hash, o.rejected_hash), event_seq = u.event_seq
    from unnest(${rows.map((r) => r.id)}::text[], ${rows.map((r) => r.rawId)}::text[],
                ${rows.map((r) => r.rawSha256)}::bytea[], ${rows.map((r) => r.fetchedAt)}::timestamptz[],
                ${rows.map((r) => r.rejectedHash)}::bytea[], ${rows.map((r) => r.eventSeq)}::integer[])
      as u (id, raw_id, raw_sha256, fetched_at, rejected_hash, event_seq)
    where o.org_id = ${scope.orgId} and o.id = u.id`.execute(tx)
}
