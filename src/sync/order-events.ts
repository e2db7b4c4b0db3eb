import type { EventType } from '#canonical/event.ts'
import type { OrderContent } from '#canonical/order.ts'
import type { EventDraft } from '#store/event-log.ts'
import type { OrderRow } from '#store/orders.ts'
import type { IncomingDocument } from './apply.ts'

/** The next event of an order; counts its sequence up. */
export function orderEvent(
  type: EventType,
  row: OrderRow,
  incoming: IncomingDocument,
  dataText: string,
  previousVersion: number | null,
  changedFields: readonly string[],
): EventDraft {
  return {
    type,
    shopId: row.shop_id,
    platform: row.platform,
    entityType: 'order',
    entityId: row.id,
    seq: ++row.event_seq,
    occurredAt: row.platform_updated_at,
    previousVersion,
    changedFields,
    cause: { source: incoming.source, rawRef: incoming.id },
    dataText,
  }
}

/** A status the order cannot go to: the order as it stays, and what the platform claimed. */
export function rejection(
  row: OrderRow,
  incoming: IncomingDocument,
  content: OrderContent,
  orderText: string,
): EventDraft {
  const refused = JSON.stringify({
    refused_status: content.status,
    refused_platform_status: content.platform_status,
  })
  const dataText = `{"order":${orderText},${refused.slice(1)}`
  return orderEvent('order.transition_rejected', row, incoming, dataText, row.version, [])
}
