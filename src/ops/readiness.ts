import type { Store } from '#store/db.ts'
import { isMigrated } from '#store/migrate.ts'

/** Whether the hub can do its work: the database answers and has this version's schema. */
export async function checkReadiness(
  store: Store,
): Promise<{ readonly ready: boolean; readonly parts: Readonly<Record<string, boolean>> }> {
  const schema = await isMigrated(store.pool).catch(() => null)
  const parts = { database: schema !== null, migrations: schema === true }
  return { ready: Object.values(parts).every(Boolean), parts }
}
