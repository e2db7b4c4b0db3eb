import { apiVersion } from '#canonical/event.ts'
import type { EventType } from '#canonical/event.ts'
import type { Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import type { Vault } from '#kernel/seal.ts'
import type { Tx } from './db.ts'
import { fanOut } from './deliveries.ts'
import { appendEvents, takeOffsets } from './events.ts'

/** An event that is decided but has no offset yet. */
export type EventDraft = {
  readonly type: EventType
  readonly shopId: string | null
  readonly platform: string | null
  readonly entityType: string
  readonly entityId: string
  /** Position among the events of this entity, from 1. */
  readonly seq: number
  readonly occurredAt: Date
  readonly previousVersion: number | null
  readonly changedFields: readonly string[]
  readonly cause: { readonly source: string; readonly rawRef: string | null }
  /** JSON text of `data`; put into the body as it stands. */
  readonly dataText: string
}

/**
 * Writes events and their deliveries. The offset counter is locked from here to the commit, so this is
 * the last thing a transaction does: offsets are gapless and in commit order.
 */
export async function recordEvents(
  tx: Tx,
  vault: Vault,
  scope: Scope,
  drafts: readonly EventDraft[],
  now: Date,
): Promise<void> {
  if (drafts.length === 0) return
  const last = await takeOffsets(tx, scope, drafts.length)
  const rows = drafts.map((draft, index) => {
    const id = newId('evt', now.getTime())
    const offset = last + 1 + index
    return {
      offset,
      id,
      type: draft.type,
      shop_id: draft.shopId,
      platform: draft.platform,
      entity_type: draft.entityType,
      entity_id: draft.entityId,
      seq: draft.seq,
      recorded_at: now,
      body: vault.seal(bodyText(scope, draft, id, offset, now), `event:${id}`),
    }
  })
  await appendEvents(tx, scope, rows)
  await fanOut(
    tx,
    scope,
    rows.map((row) => ({
      offset: row.offset,
      id: row.id,
      type: row.type,
      shopId: row.shop_id,
      platform: row.platform,
      entityId: row.entity_id,
    })),
    now,
  )
}

function bodyText(scope: Scope, draft: EventDraft, id: string, offset: number, now: Date): string {
  const head = JSON.stringify({
    id,
    object: 'event',
    type: draft.type,
    environment: scope.environment,
    api_version: apiVersion,
    shop_id: draft.shopId,
    entity_type: draft.entityType,
    entity_id: draft.entityId,
    seq: draft.seq,
    offset,
    occurred_at: draft.occurredAt.toISOString(),
    recorded_at: now.toISOString(),
    previous_version: draft.previousVersion,
    changed_fields: draft.changedFields,
    cause: { source: draft.cause.source, raw_ref: draft.cause.rawRef },
  })
  return `${head.slice(0, -1)},"data":${draft.dataText}}`
}
