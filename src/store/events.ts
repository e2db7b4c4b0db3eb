import { sql } from 'kysely'
import type { Generated } from 'kysely'
import type { Environment, Scope } from '#kernel/environment.ts'
import { asBlob } from './blobs.ts'
import type { Tx } from './db.ts'

/** `body` is the sealed JSON text of the canonical Event as it is sent, context `event:<id>`. */
export type EventRow = {
  org_id: string
  environment: Environment
  offset: number
  id: string
  type: string
  shop_id: string | null
  platform: string | null
  entity_type: string
  entity_id: string
  seq: number
  recorded_at: Date
  body: Buffer
}
export type EventStreamRow = { org_id: string; environment: Environment; last_offset: Generated<number> }
export type EventTables = { events: EventRow; event_streams: EventStreamRow }

/**
 * Reserves `count` offsets and returns the one before the first. The counter's row stays locked until the
 * transaction ends: offsets are gapless and in commit order, so take them last.
 */
export async function takeOffsets(tx: Tx, scope: Scope, count: number): Promise<number> {
  const { rows } = await sql<{ last_offset: number }>`
    insert into event_streams as s (org_id, environment, last_offset)
    values (${scope.orgId}, ${scope.environment}, ${count})
    on conflict (org_id, environment) do update set last_offset = s.last_offset + excluded.last_offset
    returning last_offset`.execute(tx)
  return rows[0]!.last_offset - count
}

/** Appends events in one statement. */
export async function appendEvents(
  tx: Tx,
  scope: Scope,
  rows: readonly Omit<EventRow, 'org_id' | 'environment'>[],
): Promise<void> {
  if (rows.length === 0) return
  const bodies = asBlob(rows.map((row) => row.body))
  await sql`
    insert into events (org_id, environment, "offset", id, type, shop_id, platform, entity_type, entity_id,
                        seq, recorded_at, body)
    select ${scope.orgId}, ${scope.environment}, u."offset", u.id, u.type, u.shop_id, u.platform, u.entity_type,
           u.entity_id, u.seq, u.recorded_at, ${bodies.at('u.start', 'u.length')}
    from unnest(${rows.map((r) => r.offset)}::bigint[], ${rows.map((r) => r.id)}::text[],
                ${rows.map((r) => r.type)}::text[], ${rows.map((r) => r.shop_id)}::text[],
                ${rows.map((r) => r.platform)}::text[], ${rows.map((r) => r.entity_type)}::text[],
                ${rows.map((r) => r.entity_id)}::text[], ${rows.map((r) => r.seq)}::integer[],
                ${rows.map((r) => r.recorded_at)}::timestamptz[], ${bodies.columns})
      as u ("offset", id, type, shop_id, platform, entity_type, entity_id, seq, recorded_at, start, length)`.execute(
    tx,
  )
}
