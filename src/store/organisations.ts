import type { Db } from './db.ts'

export const insertOrganisation = async (db: Db, id: string, name: string): Promise<void> => {
  await db.insertInto('organisations').values({ org_id: id, name }).execute()
}

export const findOrganisation = (db: Db, id: string) =>
  db.selectFrom('organisations').selectAll().where('org_id', '=', id).executeTakeFirst()

/** Every organisation, for the operator. */
export const listOrganisations = (db: Db) =>
  db
    .selectFrom('organisations')
    .select(['org_id as id', 'name', 'production_granted', 'created_at'])
    .orderBy('org_id')
    .execute()

/** Opens production to an organisation. False when there is none of that id. */
export async function grantProduction(db: Db, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('organisations')
    .set({ production_granted: true })
    .where('org_id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
