import { sql } from 'kysely'
import type { Pool } from 'pg'
import type { Scope } from '#kernel/environment.ts'
import type { Db } from './db.ts'
import { lockGrantOrders } from './orders.ts'

/** An order as stored: `document` is sealed, context `order:<id>`. */
export type StoredOrder = { readonly id: string; readonly shop_id: string; readonly document: Buffer }

/** The hottest query of the API: planned once per connection. */
export async function findOrder(pool: Pool, scope: Scope, id: string): Promise<StoredOrder | undefined> {
  const { rows } = await pool.query<StoredOrder>(findOrderQuery(scope, id))
  return rows[0]
}

const findOrderQuery = (scope: Scope, id: string) => ({
  name: 'find-order',
  text: 'select id, shop_id, document from orders where org_id = $1 and environment = $2 and id = $3',
  values: [scope.orgId, scope.environment, id],
})

export type OrderFilter = {
  readonly shopId: string
  /** Half-open: changed at or after, and before. RFC 3339. */
  readonly updatedSince?: string | undefined
  readonly updatedBefore?: string | undefined
  readonly statuses?: readonly string[] | undefined
  /** Last order of the page before: its `position` and id. */
  readonly after?: { readonly position: string; readonly id: string } | undefined
}

/** One page in the order of change. `position` is the time of change with all the digits the database keeps. */
export async function listOrders(
  db: Db,
  scope: Scope,
  filter: OrderFilter,
  limit: number,
): Promise<readonly (StoredOrder & { readonly position: string })[]> {
  const { updatedSince, updatedBefore, statuses, after } = filter
  const { rows } = await sql<StoredOrder & { position: string }>`
    select id, shop_id, document, 
      to_char(updated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as position
    from orders
    where org_id = ${scope.orgId} and environment = ${scope.environment} and shop_id = ${filter.shopId}
      ${updatedSince === undefined ? sql`` : sql`and updated_at >= ${updatedSince}::timestamptz`}
      ${updatedBefore === undefined ? sql`` : sql`and updated_at < ${updatedBefore}::timestamptz`}
      ${statuses === undefined ? sql`` : sql`and status = any(${[...statuses]}::text[])`}
      ${after === undefined ? sql`` : sql`and (updated_at, id) > (${after.position}::timestamptz, ${after.id})`}
    order by updated_at, id
    limit ${limit}`.execute(db)
  return rows
}

/** The raw document an order was last read from; `payload` is sealed, context `raw:<id>`. */
export type RawOfOrder = {
  readonly shop_id: string
  readonly id: string
  readonly platform: string
  readonly document: string
  readonly source: string
  readonly endpoint: string
  readonly fetched_at: Date
  readonly sha256: Buffer
  readonly payload: Buffer
}

export async function findRawOfOrder(db: Db, scope: Scope, orderId: string): Promise<RawOfOrder | undefined> {
  return db
    .selectFrom('orders')
    .innerJoin('raw_documents', (join) =>
      join
        .onRef('raw_documents.org_id', '=', 'orders.org_id')
        .onRef('raw_documents.id', '=', 'orders.raw_id'),
    )
    .select([
      'orders.shop_id',
      'raw_documents.id',
      'raw_documents.platform',
      'raw_documents.document',
      'raw_documents.source',
      'raw_documents.endpoint',
      'raw_documents.fetched_at',
      'raw_documents.sha256',
      'raw_documents.payload',
    ])
    .where('orders.org_id', '=', scope.orgId)
    .where('orders.environment', '=', scope.environment)
    .where('orders.id', '=', orderId)
    .executeTakeFirst()
}

/**
 * Marks an order as imported, once: a second call keeps the first time. `restamp` gets the sealed document
 * and returns it with the time in it. Gives the time that holds; the caller has checked that the order is there.
 */
export function acknowledgeOrder(
  db: Db,
  scope: Scope,
  order: { readonly id: string; readonly shopId: string },
  acknowledgedAt: Date,
  restamp: (document: Buffer) => Buffer,
): Promise<Date> {
  return db.transaction().execute(async (tx) => {
    const { grant_id: grantId } = await tx
      .selectFrom('shops')
      .select('grant_id')
      .where('org_id', '=', scope.orgId)
      .where('id', '=', order.shopId)
      .executeTakeFirstOrThrow()
    // Whoever applies documents reads, decides and writes whole rows: without its lock the mark could be undone.
    await lockGrantOrders(tx, grantId)
    const row = await tx
      .selectFrom('orders')
      .select(['acknowledged_at', 'document'])
      .where('org_id', '=', scope.orgId)
      .where('id', '=', order.id)
      .executeTakeFirstOrThrow()
    if (row.acknowledged_at) return row.acknowledged_at
    await tx
      .updateTable('orders')
      .set({ acknowledged_at: acknowledgedAt, document: restamp(row.document) })
      .where('org_id', '=', scope.orgId)
      .where('id', '=', order.id)
      .execute()
    return acknowledgedAt
  })
}
