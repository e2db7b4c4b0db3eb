import type { Order, OrderContent } from '#canonical/order.ts'
import type { OrderRow } from '#store/orders.ts'
import type { IncomingDocument } from './apply.ts'
import type { Feed } from './sync.ts'

/** The row of the order's next version, its document still empty. */
export function nextRow(
  feed: Feed,
  orderId: string,
  before: OrderRow | null,
  content: OrderContent,
  contentHash: Buffer,
  mappingVersion: string,
  incoming: IncomingDocument,
  now: Date,
): OrderRow {
  const shopId = incoming.shopId!
  return {
    org_id: feed.scope.orgId,
    environment: feed.scope.environment,
    id: orderId,
    shop_id: shopId,
    platform: feed.platform,
    marketplace_code: content.marketplace_code,
    platform_order_id: content.platform_order_id,
    status: content.status,
    payment_status: content.payment_status,
    is_fulfillable: content.is_fulfillable,
    ordered_at: content.ordered_at === null ? null : new Date(content.ordered_at),
    platform_updated_at: new Date(content.platform_updated_at),
    fetched_at: incoming.fetchedAt,
    first_seen_at: before?.first_seen_at ?? now,
    updated_at: now,
    acknowledged_at: before?.acknowledged_at ?? null,
    version: (before?.version ?? 0) + 1,
    event_seq: before?.event_seq ?? 0,
    content_hash: contentHash,
    mapping_version: mappingVersion,
    raw_id: incoming.id,
    raw_sha256: incoming.sha256,
    rejected_hash: null,
    document: Buffer.alloc(0),
  }
}

/**
 * The order as the API and webhooks show it, as text: what the hub adds around the content, whose text was
 * written once for its hash.
 */
export function orderText(row: OrderRow, contentText: string): string {
  const head: Pick<Order, 'id' | 'object' | 'shop_id' | 'platform'> = {
    id: row.id,
    object: 'order',
    shop_id: row.shop_id,
    platform: row.platform as Order['platform'],
  }
  const tail: Omit<Order, keyof typeof head | keyof OrderContent> = {
    first_seen_at: row.first_seen_at.toISOString(),
    acknowledged_at: row.acknowledged_at?.toISOString() ?? null,
    version: row.version,
    content_hash: row.content_hash.toString('hex'),
    mapping_version: row.mapping_version,
  }
  return `${JSON.stringify(head).slice(0, -1)},${contentText.slice(1, -1)},${JSON.stringify(tail).slice(1)}`
}
