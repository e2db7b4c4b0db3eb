import { sql } from 'kysely'
import type { ColumnType, Generated } from 'kysely'
import type { Environment, Scope } from '#kernel/environment.ts'
import { asBlob } from './blobs.ts'
import type { Db, Tx } from './db.ts'

export type RawDocumentRow = {
  org_id: string
  environment: Environment
  id: string
  shop_id: string | null
  grant_id: string
  platform: string
  document: string
  platform_order_id: string | null
  source: string
  endpoint: string
  fetched_at: Date
  sha256: Buffer
  payload: Buffer
}
export type RawInboxRow = {
  org_id: string
  environment: Environment
  batch_id: string
  raw_ids: string[]
  received_at: Generated<Date>
}
export type QuarantineRow = {
  org_id: string
  environment: Environment
  raw_id: string
  shop_id: string | null
  platform: string
  document: string
  platform_order_id: string | null
  mapping_version: string
  faults: ColumnType<unknown, string, string>
  created_at: Generated<Date>
  resolved_at: Date | null
}
export type DriftRow = {
  platform: string
  document: string
  api_version: string
  path: string
  type: string
  first_seen_at: Date
  last_seen_at: Date
  seen_count: number
}
export type RawTables = {
  raw_documents: RawDocumentRow
  raw_inbox: RawInboxRow
  quarantine: QuarantineRow
  drift: DriftRow
}

/** A document to keep. `shopId` and `platformOrderId` are null when they could not be told. */
export type RawDocument = {
  readonly id: string
  readonly shopId: string | null
  readonly platformOrderId: string | null
  readonly document: string
  readonly source: string
  readonly endpoint: string
  readonly fetchedAt: Date
  readonly sha256: Buffer
  readonly payload: Buffer
}

/** Stores documents and notes them as one batch that is not yet applied, in one statement. */
export async function storeRawDocuments(
  db: Db | Tx,
  scope: Scope,
  grant: { readonly id: string; readonly platform: string },
  batchId: string,
  documents: readonly RawDocument[],
): Promise<void> {
  if (documents.length === 0) return
  const column = <T>(pick: (document: RawDocument) => T): T[] => documents.map(pick)
  const payloads = asBlob(documents.map((document) => document.payload))
  await sql`
    with stored as (
      insert into raw_documents (org_id, environment, id, shop_id, grant_id, platform, document,
                                 platform_order_id, source, endpoint, fetched_at, sha256, payload)
      select ${scope.orgId}, ${scope.environment}, id, shop_id, ${grant.id}, ${grant.platform}, document,
             platform_order_id, source, endpoint, fetched_at, sha256, ${payloads.at('u.start', 'u.length')}
      from unnest(${column((d) => d.id)}::text[], ${column((d) => d.shopId)}::text[],
                  ${column((d) => d.document)}::text[], ${column((d) => d.platformOrderId)}::text[],
                  ${column((d) => d.source)}::text[], ${column((d) => d.endpoint)}::text[],
                  ${column((d) => d.fetchedAt)}::timestamptz[], ${column((d) => d.sha256)}::bytea[],
                  ${payloads.columns})
        as u (id, shop_id, document, platform_order_id, source, endpoint, fetched_at, sha256, start, length)
      returning id
    )
    insert into raw_inbox (org_id, environment, batch_id, raw_ids)
    select ${scope.orgId}, ${scope.environment}, ${batchId}, array_agg(id) from stored`.execute(db)
}

/** Takes a batch out of the inbox; call it in the transaction that applies its documents. */
export async function clearInbox(tx: Tx, scope: Scope, batchId: string): Promise<void> {
  await tx.deleteFrom('raw_inbox').where('org_id', '=', scope.orgId).where('batch_id', '=', batchId).execute()
}

/** A batch as it waits in the inbox. */
export type WaitingBatch = {
  readonly scope: Scope
  readonly batchId: string
  readonly grantId: string
  readonly documents: readonly RawDocument[]
}

/** Batches stored before `before` and never applied, oldest first: what a killed worker left behind. */
export async function waitingBatches(db: Db, before: Date, limit: number): Promise<readonly WaitingBatch[]> {
  const batches = await db
    .selectFrom('raw_inbox')
    .selectAll()
    .where('received_at', '<', before)
    .orderBy('received_at')
    .limit(limit)
    .execute()
  const found = await Promise.all(batches.map((batch) => documentsOf(db, batch)))
  return batches.map((batch, index) => ({
    scope: { orgId: batch.org_id, environment: batch.environment },
    batchId: batch.batch_id,
    grantId: found[index]![0]?.grant_id ?? '',
    documents: found[index]!.map((row) => ({
      id: row.id,
      shopId: row.shop_id,
      platformOrderId: row.platform_order_id,
      document: row.document,
      source: row.source,
      endpoint: row.endpoint,
      fetchedAt: row.fetched_at,
      sha256: row.sha256,
      payload: row.payload,
    })),
  }))
}

const documentsOf = (db: Db, batch: { readonly org_id: string; readonly raw_ids: readonly string[] }) =>
  db
    .selectFrom('raw_documents')
    .selectAll()
    .where('org_id', '=', batch.org_id)
    .where('id', 'in', [...batch.raw_ids])
    .orderBy('id')
    .execute()

export type QuarantineEntry = {
  readonly rawId: string
  readonly shopId: string | null
  readonly platformOrderId: string | null
  readonly document: string
  readonly mappingVersion: string
  readonly faults: readonly { readonly path: string; readonly wanted: string; readonly got: string }[]
}

/** Sets documents aside with what is wrong with them. */
export async function quarantine(
  tx: Tx,
  scope: Scope,
  platform: string,
  entries: readonly QuarantineEntry[],
): Promise<void> {
  if (entries.length === 0) return
  await tx
    .insertInto('quarantine')
    .values(
      entries.map((entry) => ({
        org_id: scope.orgId,
        environment: scope.environment,
        raw_id: entry.rawId,
        shop_id: entry.shopId,
        platform,
        document: entry.document,
        platform_order_id: entry.platformOrderId,
        mapping_version: entry.mappingVersion,
        faults: JSON.stringify(entry.faults),
        resolved_at: null,
      })),
    )
    .onConflict((conflict) => conflict.columns(['org_id', 'raw_id']).doNothing())
    .execute()
}

/** A document of the same order that was fetched later could be read: what was set aside is settled. */
export async function resolveQuarantine(
  tx: Tx,
  scope: Scope,
  readWell: readonly {
    readonly shopId: string
    readonly platformOrderId: string
    readonly fetchedAt: Date
  }[],
): Promise<void> {
  if (readWell.length === 0) return
  await sql`
    update quarantine q set resolved_at = now()
    from unnest(${readWell.map((o) => o.shopId)}::text[], ${readWell.map((o) => o.platformOrderId)}::text[],
                ${readWell.map((o) => o.fetchedAt)}::timestamptz[]) as u (shop_id, platform_order_id, fetched_at),
         raw_documents r
    where q.org_id = ${scope.orgId} and q.environment = ${scope.environment} and q.resolved_at is null
      and q.shop_id = u.shop_id and q.platform_order_id = u.platform_order_id
      and r.org_id = q.org_id and r.id = q.raw_id and r.fetched_at <= u.fetched_at`.execute(tx)
}

export type DriftSighting = {
  readonly platform: string
  readonly document: string
  readonly apiVersion: string
  readonly path: string
  readonly type: string
  readonly count: number
}

/** Counts fields that no table names. Platform facts, so not kept per organisation; never a value. */
export async function recordDrift(db: Db, seenAt: Date, sightings: readonly DriftSighting[]): Promise<void> {
  if (sightings.length === 0) return
  const column = <T>(pick: (sighting: DriftSighting) => T): T[] => sightings.map(pick)
  await sql`
    insert into drift as d (platform, document, api_version, path, type, first_seen_at, last_seen_at, seen_count)
    select platform, document, api_version, path, type, ${seenAt}, ${seenAt}, seen_count
    from unnest(${column((s) => s.platform)}::text[], ${column((s) => s.document)}::text[],
                ${column((s) => s.apiVersion)}::text[], ${column((s) => s.path)}::text[],
                ${column((s) => s.type)}::text[], ${column((s) => s.count)}::bigint[])
      as u (platform, document, api_version, path, type, seen_count)
    order by 1, 2, 3, 4
    on conflict (platform, document, api_version, path) do update
      set last_seen_at = excluded.last_seen_at, type = excluded.type,
          seen_count = d.seen_count + excluded.seen_count`.execute(db)
}
