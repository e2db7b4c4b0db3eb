import { apiVersion } from '#canonical/event.ts'
import type { EventType } from '#canonical/event.ts'
import type { OrderContent } from '#canonical/order.ts'
import { isoTime } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import type { Tx } from '#store/db.ts'
import { fanOut } from '#store/deliveries.ts'
import { appendEvents, takeOffsets } from '#store/events.ts'
import type { OrderRow } from '#store/orders.ts'
import type { IncomingDocument } from './apply.ts'
import type { Feed, SyncDeps } from './sync.ts'

/** An event that is decided but has no offset yet. `dataText` is the JSON text of its `data`. */
export type PendingEvent = {
  readonly type: EventType
  readonly order: OrderRow
  readonly seq: number
  readonly dataText: string
  readonly previousVersion: number | null
  readonly changed: readonly string[]
  readonly incoming: IncomingDocument
}

/** A status the order cannot go to: the order as it stays, and what the platform claimed. */
export function rejection(
  row: OrderRow,
  incoming: IncomingDocument,
  content: OrderContent,
  orderText: string,
): PendingEvent {
  const refused = JSON.stringify({
    refused_status: content.status,
    refused_platform_status: content.platform_status,
  })
  return {
    type: 'order.transition_rejected',
    order: row,
    seq: row.event_seq,
    dataText: `{"order":${orderText},${refused.slice(1)}`,
    previousVersion: row.version,
    changed: [],
    incoming,
  }
}

/** Events with their offsets and deliveries; the offset counter is locked from here to the commit. */
export async function announce(
  deps: SyncDeps,
  feed: Feed,
  tx: Tx,
  pending: readonly PendingEvent[],
  now: Date,
): Promise<void> {
  if (pending.length === 0) return
  const last = await takeOffsets(tx, feed.scope, pending.length)
  const rows = pending.map((event, index) => {
    const id = newId('evt', now.getTime())
    const offset = last + 1 + index
    return {
      offset,
      id,
      type: event.type,
      shop_id: event.order.shop_id,
      platform: event.order.platform,
      entity_type: 'order',
      entity_id: event.order.id,
      seq: event.seq,
      recorded_at: now,
      body: deps.vault.seal(eventText(feed, event, id, offset, now), `event:${id}`),
    }
  })
  await appendEvents(tx, feed.scope, rows)
  await fanOut(
    tx,
    feed.scope,
    rows.map((row) => ({
      offset: row.offset,
      id: row.id,
      type: row.type,
      shopId: row.shop_id,
      platform: row.platform,
      entityId: row.entity_id,
    })),
  )
}

/** The body as it is sent. The order's text goes in as it stands, so it is written out only once. */
function eventText(feed: Feed, event: PendingEvent, id: string, offset: number, now: Date): string {
  const head = JSON.stringify({
    id,
    object: 'event',
    type: event.type,
    environment: feed.scope.environment,
    api_version: apiVersion,
    shop_id: event.order.shop_id,
    entity_type: 'order',
    entity_id: event.order.id,
    seq: event.seq,
    offset,
    occurred_at: event.order.platform_updated_at.toISOString(),
    recorded_at: isoTime(now.getTime()),
    previous_version: event.previousVersion,
    changed_fields: event.changed,
    cause: { source: event.incoming.source, raw_ref: event.incoming.id },
  })
  return `${head.slice(0, -1)},"data":${event.dataText}}`
}
