import type { Db } from './db.ts'

/** All drift there is, newest field first: platform facts, the same for every organisation. */
export async function listDrift(db: Db, platform: string | null) {
  const rows = await db
    .selectFrom('drift')
    .selectAll()
    .$if(platform !== null, (query) => query.where('platform', '=', platform!))
    .orderBy('first_seen_at', 'desc')
    .orderBy('path')
    .limit(1000)
    .execute()
  return rows.map((row) => ({
    platform: row.platform,
    document: row.document,
    api_version: row.api_version,
    path: row.path,
    type: row.type,
    first_seen_at: row.first_seen_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    count: row.seen_count,
  }))
}
