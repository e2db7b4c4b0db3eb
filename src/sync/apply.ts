import type { Order, OrderContent } from '#canonical/order.ts'
import type { Tx } from '#store/db.ts'
import { recordEvents } from '#store/event-log.ts'
import type { EventDraft } from '#store/event-log.ts'
import { loadOrders, lockGrantOrders, saveOrders, touchOrders } from '#store/orders.ts'
import type { OrderKey, OrderRow } from '#store/orders.ts'
import { clearInbox, quarantine, resolveQuarantine } from '#store/raw-documents.ts'
import type { RawDocument } from '#store/raw-documents.ts'
import { changedFields, decide, eventsOf } from './decide.ts'
import { orderEvent, rejection } from './order-events.ts'
import { orderIdOf, sha256, withPartIds } from './identity.ts'
import { nextRow, orderText } from './next-order.ts'
import type { ReadDocument } from './read.ts'
import type { Feed, SyncDeps } from './sync.ts'

/** A document on its way: `text` is the payload in the clear, alive only while it is applied. */
export type IncomingDocument = RawDocument & { readonly text: string; readonly value?: unknown }

export type Applied = {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly rejected: number
  readonly quarantined: number
}

/** What a batch comes to, collected document by document before anything is written. */
type Batch = {
  readonly rows: Map<string, OrderRow>
  readonly touched: Map<string, OrderRow>
  readonly events: EventDraft[]
  /** Orders that were read well, and when: what was set aside of them before is settled. */
  readonly settled: (OrderKey & { readonly fetchedAt: Date })[]
  created: number
  updated: number
  unchanged: number
  rejected: number
}

/** Applies read documents in one transaction, under the grant's ingest lock. */
export async function applyDocuments(
  deps: SyncDeps,
  feed: Feed,
  batchId: string,
  documents: readonly ReadDocument[],
): Promise<Applied> {
  const good = documents.filter((document) => usable(document))
  const bad = documents.filter((document) => !usable(document))
  return deps.db.transaction().execute(async (tx) => {
    const now = await lockGrantOrders(tx, feed.grantId)
    const batch = await decideAll(deps, feed, tx, good, now)
    await saveOrders(tx, feed.scope, [...batch.rows.values()])
    await touchOrders(tx, feed.scope, [...batch.touched.values()].map(touch))
    await quarantine(tx, feed.scope, feed.platform, bad.map(quarantineEntry))
    await resolveQuarantine(tx, feed.scope, batch.settled)
    await clearInbox(tx, feed.scope, batchId)
    await recordEvents(tx, deps.vault, feed.scope, batch.events, now)
    const { created, updated, unchanged, rejected } = batch
    return { created, updated, unchanged, rejected, quarantined: bad.length }
  })
}

const usable = (document: ReadDocument): boolean =>
  document.content !== null && document.incoming.shopId !== null

const keyOf = ({ incoming, content }: ReadDocument) => ({
  shopId: incoming.shopId!,
  platformOrderId: content!.platform_order_id,
})

const touch = (row: OrderRow) => ({
  id: row.id,
  rawId: row.raw_id,
  rawSha256: row.raw_sha256,
  fetchedAt: row.fetched_at,
  rejectedHash: row.rejected_hash,
  eventSeq: row.event_seq,
})

const quarantineEntry = ({ incoming, mappingVersion, faults, content }: ReadDocument) => ({
  rawId: incoming.id,
  shopId: incoming.shopId,
  platformOrderId: incoming.platformOrderId,
  document: incoming.document,
  mappingVersion,
  faults: content
    ? [{ path: '', wanted: 'an order of a connected shop', got: 'another marketplace' }]
    : faults,
})

async function decideAll(
  deps: SyncDeps,
  feed: Feed,
  tx: Tx,
  documents: readonly ReadDocument[],
  now: Date,
): Promise<Batch> {
  const known = await loadOrders(tx, feed.scope, documents.map(keyOf))
  const current = new Map(known.map((row) => [`${row.shop_id}:${row.platform_order_id}`, row]))
  const batch: Batch = {
    rows: new Map(),
    touched: new Map(),
    events: [],
    settled: [],
    created: 0,
    updated: 0,
    unchanged: 0,
    rejected: 0,
  }
  for (const document of documents) {
    const key = keyOf(document)
    const name = `${key.shopId}:${key.platformOrderId}`
    const row = decideOne(deps, feed, batch, current.get(name) ?? null, document, now)
    if (row) current.set(name, row)
  }
  return batch
}

/** The order's row after this document, or `null` when an older snapshot changes nothing at all. */
function decideOne(
  deps: SyncDeps,
  feed: Feed,
  batch: Batch,
  before: OrderRow | null,
  document: ReadDocument,
  now: Date,
): OrderRow | null {
  const { incoming } = document
  const content = withMarket(feed, incoming.shopId!, document.content!)
  const orderId = before?.id ?? orderIdOf(incoming.shopId!, content)
  const named = withPartIds(orderId, content)
  const contentText = JSON.stringify(named)
  const contentHash = sha256(contentText)
  const verdict = decide(before, content, contentHash, incoming.fetchedAt)
  if (verdict === 'stale') {
    batch.unchanged++
    return null
  }
  batch.settled.push({ ...keyOf(document), fetchedAt: incoming.fetchedAt })
  if (before && verdict !== 'accepted') return keep(deps, batch, before, verdict, document, contentHash)

  const beforeText = before && deps.vault.openText(before.document, `order:${before.id}`)
  const previous = beforeText ? (JSON.parse(beforeText) as Order) : null
  const row = nextRow(feed, orderId, before, content, contentHash, document.mappingVersion, incoming, now)
  const dataText = orderText(row, contentText)
  row.document = deps.vault.seal(dataText, `order:${row.id}`)
  const changed = changedFields(previous, named)
  for (const type of eventsOf(previous, content))
    batch.events.push(orderEvent(type, row, incoming, dataText, before?.version ?? null, changed))
  if (before) batch.updated++
  else batch.created++
  batch.rows.set(row.id, row)
  batch.touched.delete(row.id)
  return row
}

/** An order that does not name its market is of the market of the shop it was read from. */
function withMarket(feed: Feed, shopId: string, content: OrderContent): OrderContent {
  if (content.marketplace_code !== null) return content
  const shop = feed.shops.find(({ id }) => id === shopId)
  return shop ? { ...content, marketplace_code: shop.market.code } : content
}

/**
 * The order stays as it is; only what was last seen of it moves on, and a refusal is told once. A refused
 * document is remembered by its hash alone: the raw document of the order is the one it was made from.
 */
function keep(
  deps: SyncDeps,
  batch: Batch,
  before: OrderRow,
  verdict: 'unchanged' | 'rejected' | 'rejected_again',
  { incoming, content }: ReadDocument,
  contentHash: Buffer,
): OrderRow {
  const row: OrderRow = {
    ...before,
    raw_id: verdict === 'unchanged' ? incoming.id : before.raw_id,
    raw_sha256: incoming.sha256,
    fetched_at: incoming.fetchedAt,
  }
  if (verdict === 'unchanged') batch.unchanged++
  else {
    batch.rejected++
    row.rejected_hash = contentHash
  }
  if (verdict === 'rejected') {
    const text = deps.vault.openText(row.document, `order:${row.id}`)
    batch.events.push(rejection(row, incoming, content!, text))
  }
  remember(batch, row)
  return row
}

function remember(batch: Batch, row: OrderRow): void {
  if (batch.rows.has(row.id)) batch.rows.set(row.id, row)
  else batch.touched.set(row.id, row)
}
