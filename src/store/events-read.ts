import { sql } from 'kysely'
import type { Scope } from '#kernel/environment.ts'
import type { Db } from './db.ts'

/** An event as stored: `body` is sealed, context `event:<id>`. */
export type StoredEvent = { readonly id: string; readonly offset: number; readonly body: Buffer }

/**
 * Events after an offset, in order, without gaps: offsets are given in commit order. `shopIds` narrows to
 * some shops; empty means all.
 */
export async function listEvents(
  db: Db,
  scope: Scope,
  after: number,
  limit: number,
  shopIds: readonly string[],
): Promise<readonly StoredEvent[]> {
  const { rows } = await sql<StoredEvent>`
    select id, "offset", body from events
    where org_id = ${scope.orgId} and environment = ${scope.environment} and "offset" > ${after}
      ${shopIds.length === 0 ? sql`` : sql`and shop_id = any(${[...shopIds]}::text[])`}
    order by "offset"
    limit ${limit}`.execute(db)
  return rows
}
