import type { Insertable, Selectable } from 'kysely'
import type { Db, Tx } from './db.ts'
import type { BackfillRow } from './feeds.ts'

export type Backfill = Selectable<BackfillRow>

export const insertBackfill = async (tx: Tx, row: Insertable<BackfillRow>): Promise<void> => {
  await tx.insertInto('backfills').values(row).execute()
}

export const findBackfill = (db: Db, orgId: string, id: string): Promise<Backfill | undefined> =>
  db.selectFrom('backfills').selectAll().where('org_id', '=', orgId).where('id', '=', id).executeTakeFirst()

export const runningBackfills = (tx: Tx, orgId: string, grantId: string): Promise<Backfill[]> =>
  tx
    .selectFrom('backfills')
    .selectAll()
    .where('org_id', '=', orgId)
    .where('grant_id', '=', grantId)
    .where('state', '=', 'running')
    .execute()

/** Everything created before `doneUntil` is stored. */
export async function advanceBackfill(
  db: Db,
  row: Backfill,
  doneUntil: Date,
  orders: number,
  isDone: boolean,
  now: Date,
): Promise<void> {
  await db
    .updateTable('backfills')
    .set((eb) => ({
      done_until: doneUntil,
      orders_seen: eb('orders_seen', '+', orders),
      state: isDone ? 'done' : 'running',
      last_error_code: null,
      updated_at: now,
    }))
    .where('org_id', '=', row.org_id)
    .where('id', '=', row.id)
    .execute()
}

export async function noteBackfillFailure(db: Db, row: Backfill, code: string, now: Date): Promise<void> {
  await db
    .updateTable('backfills')
    .set({ last_error_code: code, updated_at: now })
    .where('org_id', '=', row.org_id)
    .where('id', '=', row.id)
    .execute()
}
