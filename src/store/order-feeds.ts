import type { Scope } from '#kernel/environment.ts'
import type { Db, Tx } from './db.ts'
import type { OrderFeedRow } from './feeds.ts'

type Ref = { readonly orgId: string; readonly id: string }

export const findFeed = (db: Db | Tx, grant: Ref): Promise<OrderFeedRow | undefined> =>
  db
    .selectFrom('order_feeds')
    .selectAll()
    .where('org_id', '=', grant.orgId)
    .where('grant_id', '=', grant.id)
    .executeTakeFirst()

/** Starts a feed at `from`; one that exists keeps its place. */
export async function openFeed(tx: Db | Tx, scope: Scope, grantId: string, from: Date): Promise<void> {
  await tx
    .insertInto('order_feeds')
    .values({
      org_id: scope.orgId,
      grant_id: grantId,
      environment: scope.environment,
      synced_until: from,
      last_started_at: null,
      last_success_at: null,
      last_error_code: null,
      blocked_until: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** A walk ended well: the watermark moves, never backwards. */
export async function finishWalk(db: Db, grant: Ref, syncedUntil: Date, now: Date): Promise<void> {
  await db
    .updateTable('order_feeds')
    .set((eb) => ({
      synced_until: eb.fn<Date>('greatest', ['synced_until', eb.val(syncedUntil)]),
      last_success_at: now,
      last_error_code: null,
      blocked_until: null,
    }))
    .where('org_id', '=', grant.orgId)
    .where('grant_id', '=', grant.id)
    .execute()
}

/** A walk ended early. The watermark stays; the next one starts from the same place. */
export async function failWalk(
  db: Db,
  grant: Ref,
  errorCode: string,
  blockedUntil: Date | null,
): Promise<void> {
  await db
    .updateTable('order_feeds')
    .set({ last_error_code: errorCode, blocked_until: blockedUntil })
    .where('org_id', '=', grant.orgId)
    .where('grant_id', '=', grant.id)
    .execute()
}

/** Notes platform messages as seen; gives back the keys that are new. */
export async function noteHints(tx: Tx, grant: Ref, keys: readonly string[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  const fresh = await tx
    .insertInto('seen_hints')
    .values([...new Set(keys)].map((key) => ({ org_id: grant.orgId, grant_id: grant.id, dedupe_key: key })))
    .onConflict((conflict) => conflict.doNothing())
    .returning('dedupe_key')
    .execute()
  return new Set(fresh.map((row) => row.dedupe_key))
}
