import { sql } from 'kysely'
import type { Pool } from 'pg'
import type { Environment } from '#kernel/environment.ts'
import type { ApplicationStatus } from './applications.ts'
import type { Db } from './db.ts'

/**
 * Tokens and the like, as the OAuth server keeps them. The key is the SHA-256 of the token; `payload` is
 * sealed (context `oauth:<digest hex>`) and does not repeat the token.
 */
export type OauthArtefactRow = {
  digest: Buffer
  kind: string
  client_id: string | null
  grant_digest: Buffer | null
  payload: Buffer
  expires_at: Date | null
  consumed_at: Date | null
}

export async function upsertArtefact(db: Db, row: Omit<OauthArtefactRow, 'consumed_at'>): Promise<void> {
  await db
    .insertInto('oauth_artefacts')
    .values({ ...row, consumed_at: null })
    .onConflict((conflict) =>
      conflict.column('digest').doUpdateSet({ payload: row.payload, expires_at: row.expires_at }),
    )
    .execute()
}

export async function findArtefact(
  db: Db,
  kind: string,
  digest: Buffer,
): Promise<Pick<OauthArtefactRow, 'payload' | 'consumed_at'> | undefined> {
  return db
    .selectFrom('oauth_artefacts')
    .select(['payload', 'consumed_at'])
    .where('digest', '=', digest)
    .where('kind', '=', kind)
    .executeTakeFirst()
}

export async function consumeArtefact(db: Db, kind: string, digest: Buffer, nowMs: number): Promise<void> {
  await db
    .updateTable('oauth_artefacts')
    .set({ consumed_at: new Date(nowMs) })
    .where('digest', '=', digest)
    .where('kind', '=', kind)
    .execute()
}

export async function deleteArtefact(db: Db, kind: string, digest: Buffer): Promise<void> {
  await db.deleteFrom('oauth_artefacts').where('digest', '=', digest).where('kind', '=', kind).execute()
}

/** Everything that was issued under one consent. */
export async function deleteGrantArtefacts(db: Db, grantDigest: Buffer): Promise<void> {
  await db.deleteFrom('oauth_artefacts').where('grant_digest', '=', grantDigest).execute()
}

/** Removes what expired before an instant; returns how many. In portions, so that no lock is held long. */
export async function deleteExpiredArtefacts(db: Db, beforeMs: number, portion = 5000): Promise<number> {
  for (let total = 0; ;) {
    const { numAffectedRows } = await sql`
      delete from oauth_artefacts where digest in (
        select digest from oauth_artefacts where expires_at < ${new Date(beforeMs)} limit ${portion}
      )`.execute(db)
    const removed = Number(numAffectedRows ?? 0)
    total += removed
    if (removed < portion) return total
  }
}

export type TokenRow = {
  readonly payload: Buffer
  readonly expires_at: Date
  readonly org_id: string
  readonly environment: Environment
  readonly application_id: string
  readonly scopes: string[]
  readonly shop_ids: string[]
  readonly status: ApplicationStatus
}

/** An access token with the application it was issued to: one round trip, one plan. */
export async function findToken(pool: Pool, digest: Buffer): Promise<TokenRow | undefined> {
  const { rows } = await pool.query<TokenRow>({
    name: 'find-token',
    text: `select t.payload, t.expires_at, a.org_id, a.environment, a.id as application_id, a.scopes, a.shop_ids, a.status
      from oauth_artefacts t join applications a on a.client_id = t.client_id
      where t.digest = $1 and t.kind in ('AccessToken', 'ClientCredentials')`,
    values: [digest],
  })
  return rows[0]
}
