import type { Connector, RawOrder } from '#connectors/connector.ts'
import { newId } from '#kernel/ids.ts'
import { lastRawHashes } from '#store/orders.ts'
import { recordDrift, storeRawDocuments } from '#store/raw-documents.ts'
import { applyDocuments } from './apply.ts'
import type { Applied, IncomingDocument } from './apply.ts'
import { isPlainId, sha256 } from './identity.ts'
import { readDocuments } from './read.ts'
import type { Feed, SyncDeps } from './sync.ts'
import type { CauseSource } from '#canonical/event.ts'

/** Bounds the memory that one transaction's texts take; more per statement gains little. */
const mostAtOnce = 250

export type Ingested = Applied & { readonly seen: number; readonly known: number }

/**
 * An order's way in, top to bottom:
 *  1. documents that were already read in exactly this form are left out;
 *  2. the rest is stored as received, before anything looks inside;
 *  3. each is mapped by its field table; a faulty one is set aside, the others go on;
 *  4. what the state machine accepts becomes the order's next version, together with its events and
 *     their deliveries, in one transaction; then the documents leave the inbox.
 * Killed anywhere, it loses nothing: before 2 the platform is asked again (the watermark has not moved),
 * after 2 the inbox is taken up by `drainInbox`.
 */
export async function ingest(
  deps: SyncDeps,
  feed: Feed,
  orders: readonly RawOrder[],
  source: CauseSource,
): Promise<Ingested> {
  if (orders.length > mostAtOnce) return ingestInParts(deps, feed, orders, source)
  const documents = orders.map((order) => prepare(deps, feed, order, source))
  const fresh = await leaveOutKnown(deps, feed, documents)
  const applied = await storeAndApply(deps, feed, fresh)
  return { ...applied, seen: orders.length, known: orders.length - fresh.length }
}

async function ingestInParts(
  deps: SyncDeps,
  feed: Feed,
  orders: readonly RawOrder[],
  source: CauseSource,
): Promise<Ingested> {
  const sum = { created: 0, updated: 0, unchanged: 0, rejected: 0, quarantined: 0, seen: 0, known: 0 }
  for (let at = 0; at < orders.length; at += mostAtOnce) {
    const part = await ingest(deps, feed, orders.slice(at, at + mostAtOnce), source)
    for (const count of Object.keys(sum) as (keyof typeof sum)[]) sum[count] += part[count]
  }
  return sum
}

/** Steps 2 to 4. */
async function storeAndApply(
  deps: SyncDeps,
  feed: Feed,
  documents: readonly PreparedDocument[],
): Promise<Applied> {
  const batchId = newId('raw', deps.clock.nowMs())
  const grant = { id: feed.grantId, platform: feed.platform }
  const sealed = documents.map((document) => ({
    ...document,
    payload: deps.vault.seal(document.text, `raw:${document.id}`),
  }))
  await storeRawDocuments(deps.db, feed.scope, grant, batchId, sealed)
  return applyIncoming(deps, feed, batchId, sealed)
}

/** Steps 3 and 4, also for documents found in the inbox. */
export async function applyIncoming(
  deps: SyncDeps,
  feed: Feed,
  batchId: string,
  documents: readonly IncomingDocument[],
): Promise<Applied> {
  if (documents.length === 0) return { created: 0, updated: 0, unchanged: 0, rejected: 0, quarantined: 0 }
  const connector = deps.connectors[feed.platform]
  if (!connector) throw new Error(`no connector for ${feed.platform}`)
  const read = readDocuments(deps.compiled(connector), documents)
  await recordDrift(deps.db, new Date(deps.clock.nowMs()), read.drift)
  const applied = await applyDocuments(deps, feed, batchId, read.documents)
  if (applied.created + applied.updated + applied.rejected > 0) deps.onEvents()
  return applied
}

/** A document before it is sealed: most are known already, and sealing those would be for nothing. */
type PreparedDocument = Omit<IncomingDocument, 'payload'>

function prepare(deps: SyncDeps, feed: Feed, order: RawOrder, source: CauseSource): PreparedDocument {
  const id = newId('raw', deps.clock.nowMs())
  return {
    id,
    shopId: shopOf(feed, order),
    platformOrderId: isPlainId(order.platformOrderId) ? order.platformOrderId : null,
    document: order.document,
    source,
    endpoint: order.endpoint,
    fetchedAt: new Date(order.fetchedAtMs),
    sha256: sha256(order.payload),
    text: order.payload,
    ...(order.value === undefined ? {} : { value: order.value }),
  }
}

/** The shop among those of the grant that the order belongs to; `null` when none fits. */
function shopOf(feed: Feed, order: RawOrder): string | null {
  if (order.platformShopId !== undefined)
    return feed.shops.find((shop) => shop.platformShopId === order.platformShopId)?.id ?? null
  if (order.platformMarketId === null) return feed.shops.length === 1 ? feed.shops[0]!.id : null
  return feed.shops.find((shop) => shop.platformMarketId === order.platformMarketId)?.id ?? null
}

async function leaveOutKnown(
  deps: SyncDeps,
  feed: Feed,
  documents: readonly PreparedDocument[],
): Promise<readonly PreparedDocument[]> {
  const keys = documents.flatMap(({ shopId, platformOrderId }) =>
    shopId && platformOrderId ? [{ shopId, platformOrderId }] : [],
  )
  if (keys.length === 0) return documents
  const last = await lastRawHashes(deps.db, feed.scope, keys)
  return documents.filter((document) => !last.get(keyOf(document))?.equals(document.sha256))
}

const keyOf = (document: PreparedDocument): string => `${document.shopId}:${document.platformOrderId}`

/** Entries of a page that are not orders at all: kept and set aside under the page's own name. */
export async function setAsideUnreadable(
  deps: SyncDeps,
  feed: Feed,
  connector: Connector,
  unreadable: readonly { readonly payload: string; readonly reason: string }[],
  source: CauseSource,
): Promise<void> {
  if (unreadable.length === 0) return
  const documents = unreadable.map(({ payload }) =>
    prepare(
      deps,
      feed,
      {
        platformOrderId: '',
        platformMarketId: null,
        changedAtMs: null,
        document: connector.maps.order.document as RawOrder['document'],
        payload,
        endpoint: 'page',
        fetchedAtMs: deps.clock.nowMs(),
      },
      source,
    ),
  )
  await storeAndApply(
    deps,
    feed,
    documents.map((document) => ({ ...document, shopId: null, platformOrderId: null })),
  )
}
