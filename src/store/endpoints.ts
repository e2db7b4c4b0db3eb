import { sql } from 'kysely'
import type { Environment, Scope } from '#kernel/environment.ts'
import type { Db, Tx } from './db.ts'

export type EndpointStatus = 'enabled' | 'disabled'

/** Where an ERP wants its events. Empty filter lists filter nothing; limits are per worker process. */
export type EndpointRow = {
  org_id: string
  environment: Environment
  id: string
  url: string
  description: string
  event_types: string[]
  shop_ids: string[]
  platforms: string[]
  status: EndpointStatus
  disabled_reason: string | null
  max_concurrency: number
  per_second: number | null
  version: number
  created_at: Date
  updated_at: Date
  deleted_at: Date | null
}

/** `secret` is the sealed `whsec_…` text, context `secret:<id>`. */
export type EndpointSecretRow = {
  org_id: string
  endpoint_id: string
  id: string
  secret: Buffer
  created_at: Date
  expires_at: Date | null
}
export type EndpointTables = { webhook_endpoints: EndpointRow; endpoint_secrets: EndpointSecretRow }

export type NewEndpoint = Pick<
  EndpointRow,
  | 'id'
  | 'url'
  | 'description'
  | 'event_types'
  | 'shop_ids'
  | 'platforms'
  | 'status'
  | 'max_concurrency'
  | 'per_second'
  | 'created_at'
>
export type NewSecret = Pick<EndpointSecretRow, 'id' | 'secret'>

export async function insertEndpoint(
  db: Db,
  scope: Scope,
  endpoint: NewEndpoint,
  secret: NewSecret,
): Promise<EndpointRow> {
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('webhook_endpoints')
      .values({
        ...endpoint,
        org_id: scope.orgId,
        environment: scope.environment,
        disabled_reason: null,
        version: 1,
        updated_at: endpoint.created_at,
        deleted_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await insertSecret(tx, scope, endpoint.id, secret, endpoint.created_at)
    return row
  })
}

const insertSecret = (tx: Tx, scope: Scope, endpointId: string, secret: NewSecret, at: Date) =>
  tx
    .insertInto('endpoint_secrets')
    .values({ ...secret, org_id: scope.orgId, endpoint_id: endpointId, created_at: at, expires_at: null })
    .execute()

const living = (db: Db | Tx, scope: Scope) =>
  db
    .selectFrom('webhook_endpoints')
    .selectAll()
    .where('org_id', '=', scope.orgId)
    .where('environment', '=', scope.environment)
    .where('deleted_at', 'is', null)

export const findEndpoint = (db: Db | Tx, scope: Scope, id: string): Promise<EndpointRow | undefined> =>
  living(db, scope).where('id', '=', id).executeTakeFirst()

/** By id, `after` exclusive. */
export const listEndpoints = (
  db: Db,
  scope: Scope,
  page: { readonly after: string | null; readonly limit: number },
): Promise<EndpointRow[]> =>
  living(db, scope)
    .where('id', '>', page.after ?? '')
    .orderBy('id')
    .limit(page.limit)
    .execute()

export type EndpointChange = Partial<
  Pick<
    EndpointRow,
    | 'url'
    | 'description'
    | 'event_types'
    | 'shop_ids'
    | 'platforms'
    | 'status'
    | 'disabled_reason'
    | 'max_concurrency'
    | 'per_second'
  >
>

/** Changes what is given; nothing when `version` is given and no longer current. What waits stays as it is. */
export const updateEndpoint = (
  db: Db | Tx,
  scope: Scope,
  id: string,
  change: EndpointChange,
  at: Date,
  version: number | null = null,
): Promise<EndpointRow | undefined> =>
  db
    .updateTable('webhook_endpoints')
    .set((eb) => ({ ...change, updated_at: at, version: eb('version', '+', 1) }))
    .where('org_id', '=', scope.orgId)
    .where('environment', '=', scope.environment)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .$if(version !== null, (query) => query.where('version', '=', version))
    .returningAll()
    .executeTakeFirst()

/**
 * Stops an endpoint for good and forgets its secrets. Its waiting deliveries are refused by the worker,
 * each with its entry in the log. False when there was none.
 */
export const deleteEndpoint = (db: Db, scope: Scope, id: string, at: Date): Promise<boolean> =>
  db.transaction().execute(async (tx) => {
    const change = { status: 'disabled' as const, disabled_reason: 'deleted' }
    const row = await updateEndpoint(tx, scope, id, change, at)
    if (!row) return false
    await tx
      .updateTable('webhook_endpoints')
      .set({ deleted_at: at })
      .where('org_id', '=', scope.orgId)
      .where('id', '=', id)
      .execute()
    await tx
      .deleteFrom('endpoint_secrets')
      .where('org_id', '=', scope.orgId)
      .where('endpoint_id', '=', id)
      .execute()
    return true
  })

/**
 * Adds a secret and lets the older ones end at `oldExpireAt`; those that ended already are removed.
 * Undefined when there is no such endpoint.
 */
export const rotateSecret = (
  db: Db,
  scope: Scope,
  id: string,
  secret: NewSecret,
  times: { readonly at: Date; readonly oldExpireAt: Date },
): Promise<EndpointRow | undefined> =>
  db.transaction().execute(async (tx) => {
    const row = await updateEndpoint(tx, scope, id, {}, times.at)
    if (!row) return undefined
    await sql`
      update endpoint_secrets set expires_at = least(expires_at, ${times.oldExpireAt}::timestamptz)
      where org_id = ${scope.orgId} and endpoint_id = ${id}`.execute(tx)
    await sql`
      delete from endpoint_secrets
      where org_id = ${scope.orgId} and endpoint_id = ${id} and expires_at <= ${times.at}`.execute(tx)
    await insertSecret(tx, scope, id, secret, times.at)
    return row
  })

/** What a worker needs to send: also endpoints that are going away. Secrets newest first. */
export type SendingEndpoint = Pick<
  EndpointRow,
  'org_id' | 'environment' | 'id' | 'url' | 'version' | 'max_concurrency' | 'per_second'
> & { readonly secrets: readonly Pick<EndpointSecretRow, 'id' | 'secret' | 'expires_at'>[] }

/** Worker query over all organisations: the ids come from deliveries it has claimed. */
export async function loadSendingEndpoints(
  db: Db,
  keys: readonly { readonly orgId: string; readonly id: string }[],
): Promise<readonly SendingEndpoint[]> {
  const { rows: endpoints } = await sql<Omit<SendingEndpoint, 'secrets'>>`
    select e.org_id, e.environment, e.id, e.url, e.version, e.max_concurrency, e.per_second
    from unnest(${keys.map((key) => key.orgId)}::text[], ${keys.map((key) => key.id)}::text[]) as k (org_id, id)
    join webhook_endpoints e using (org_id, id)`.execute(db)
  const { rows: secrets } = await sql<EndpointSecretRow>`
    select s.* from
      unnest(${keys.map((key) => key.orgId)}::text[], ${keys.map((key) => key.id)}::text[]) as k (org_id, endpoint_id)
    join endpoint_secrets s using (org_id, endpoint_id)
    order by s.created_at desc, s.id desc`.execute(db)
  return endpoints.map((endpoint) => ({
    ...endpoint,
    secrets: secrets.filter(
      (secret) => secret.org_id === endpoint.org_id && secret.endpoint_id === endpoint.id,
    ),
  }))
}
