import type { Generated } from 'kysely'
import type { Environment, Scope } from '#kernel/environment.ts'
import type { Db, Tx } from './db.ts'
import type { OauthArtefactRow } from './oauth-artefacts.ts'

export type ApplicationStatus = 'active' | 'suspended'

/** An ERP or tool that calls the API for one organisation in one environment. */
export type ApplicationRow = {
  org_id: string
  environment: Environment
  id: string
  client_id: string
  name: string
  scopes: string[]
  /** Shops it may see; empty means all of the organisation's. */
  shop_ids: string[]
  status: ApplicationStatus
  created_at: Date
  updated_at: Date
}

/** Only the SHA-256 of a secret is kept. Without `expires_at` it lives until it is rotated away. */
export type ApplicationSecretRow = {
  org_id: string
  id: string
  application_id: string
  digest: Buffer
  created_at: Generated<Date>
  expires_at: Date | null
}

export type ApplicationTables = {
  applications: ApplicationRow
  application_secrets: ApplicationSecretRow
  oauth_artefacts: OauthArtefactRow
}

export type Application = {
  readonly orgId: string
  readonly environment: Environment
  readonly id: string
  readonly clientId: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly shopIds: readonly string[]
  readonly status: ApplicationStatus
}

const applicationOf = (row: ApplicationRow): Application => ({
  orgId: row.org_id,
  environment: row.environment,
  id: row.id,
  clientId: row.client_id,
  name: row.name,
  scopes: row.scopes,
  shopIds: row.shop_ids,
  status: row.status,
})

export async function insertApplication(
  db: Db | Tx,
  application: Application,
  secret: { readonly id: string; readonly digest: Buffer },
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs)
  await db
    .with('application', (query) =>
      query.insertInto('applications').values({
        org_id: application.orgId,
        environment: application.environment,
        id: application.id,
        client_id: application.clientId,
        name: application.name,
        scopes: [...application.scopes],
        shop_ids: [...application.shopIds],
        status: application.status,
        created_at: now,
        updated_at: now,
      }),
    )
    .insertInto('application_secrets')
    .values({
      org_id: application.orgId,
      id: secret.id,
      application_id: application.id,
      digest: secret.digest,
      created_at: now,
      expires_at: null,
    })
    .execute()
}

/** The application and the digests of its secrets that are valid at `nowMs`; `null` when there is none. */
export async function findClient(
  db: Db,
  clientId: string,
  nowMs: number,
): Promise<{ readonly application: Application; readonly secretDigests: readonly Buffer[] } | null> {
  const row = await db
    .selectFrom('applications')
    .selectAll()
    .where('client_id', '=', clientId)
    .executeTakeFirst()
  if (!row) return null
  const secrets = await db
    .selectFrom('application_secrets')
    .select('digest')
    .where('org_id', '=', row.org_id)
    .where('application_id', '=', row.id)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', new Date(nowMs))]))
    .orderBy('id')
    .execute()
  return { application: applicationOf(row), secretDigests: secrets.map(({ digest }) => digest) }
}

/** Returns whether there was such an application. */
export async function updateApplicationStatus(
  db: Db,
  scope: Scope,
  applicationId: string,
  status: ApplicationStatus,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('applications')
    .set({ status, updated_at: new Date(nowMs) })
    .where('org_id', '=', scope.orgId)
    .where('environment', '=', scope.environment)
    .where('id', '=', applicationId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/**
 * Adds a secret. The one used so far ends at `previousEndsAtMs`; any older one ends now, so at most two
 * are ever alive. Returns whether there was such an application.
 */
export function replaceSecret(
  db: Db,
  scope: Scope,
  applicationId: string,
  secret: { readonly id: string; readonly digest: Buffer },
  previousEndsAtMs: number,
  nowMs: number,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    // The row lock makes two rotations at once follow each other.
    const application = await tx
      .selectFrom('applications')
      .select('id')
      .where('org_id', '=', scope.orgId)
      .where('environment', '=', scope.environment)
      .where('id', '=', applicationId)
      .forUpdate()
      .executeTakeFirst()
    if (!application) return false
    const own = tx
      .selectFrom('application_secrets')
      .select('id')
      .where('org_id', '=', scope.orgId)
      .where('application_id', '=', applicationId)
      // The one in use has no end yet.
      .orderBy('expires_at', (order) => order.desc().nullsFirst())
    await tx
      .deleteFrom('application_secrets')
      .where('org_id', '=', scope.orgId)
      .where('id', 'in', own.offset(1))
      .execute()
    await tx
      .updateTable('application_secrets')
      .set({ expires_at: new Date(previousEndsAtMs) })
      .where('org_id', '=', scope.orgId)
      .where('application_id', '=', applicationId)
      .execute()
    await tx
      .insertInto('application_secrets')
      .values({
        org_id: scope.orgId,
        id: secret.id,
        application_id: applicationId,
        digest: secret.digest,
        created_at: new Date(nowMs),
        expires_at: null,
      })
      .execute()
    return true
  })
}
