import type { CauseSource } from '#canonical/event.ts'
import type { Call, Connector, OrderWalk, Window } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { ingest, setAsideUnreadable } from './ingest.ts'
import type { Feed, SyncDeps } from './sync.ts'

export type Walked = { readonly syncedUntilMs: number; readonly orders: number; readonly changed: number }

/** A platform that repeats itself is asked for ever smaller spans, down to this. */
const smallestSliceMs = 10 * 60_000
const dayMs = 24 * 3600_000

/**
 * Walks the orders of a span and stores every page before the next is asked for. The span is cut to what
 * the platform allows; when it loops inside one (the same page or token again), the span is halved.
 * Throws `PlatformFailure`; everything before it is stored, and the walk may simply be made again.
 * @returns how far the account is now completely known, unix ms.
 */
export async function walkOrders(
  deps: SyncDeps,
  feed: Feed,
  connector: Connector,
  call: Call,
  by: OrderWalk['by'],
  span: Window,
  source: CauseSource,
  signal: AbortSignal,
): Promise<Walked> {
  const spans = slices(span, connector.about.maxWindowDays * dayMs)
  let syncedUntilMs = span.fromMs
  let orders = 0
  let changed = 0
  for (let next = spans.shift(); next; next = spans.shift()) {
    signal.throwIfAborted()
    try {
      const walked = await walkSlice(deps, feed, connector, call, { by, window: next }, source, signal)
      syncedUntilMs = walked.syncedUntilMs
      orders += walked.orders
      changed += walked.changed
    } catch (error) {
      const length = next.toMs - next.fromMs
      if (!isPageLoop(error) || length <= smallestSliceMs) throw error
      const middle = next.fromMs + Math.floor(length / 2)
      deps.log.warn({ platform: feed.platform, grantId: feed.grantId }, 'page loop: walking smaller spans')
      spans.unshift({ fromMs: next.fromMs, toMs: middle }, { fromMs: middle, toMs: next.toMs })
    }
  }
  return { syncedUntilMs, orders, changed }
}

const isPageLoop = (error: unknown): boolean => error instanceof PlatformFailure && error.code === 'PAGE_LOOP'

async function walkSlice(
  deps: SyncDeps,
  feed: Feed,
  connector: Connector,
  call: Call,
  walk: Pick<OrderWalk, 'by' | 'window'>,
  source: CauseSource,
  signal: AbortSignal,
): Promise<Walked> {
  let syncedUntilMs = walk.window.toMs
  let orders = 0
  let changed = 0
  for await (const page of connector.orders.walk(call, feed.account, walk)) {
    signal.throwIfAborted()
    await setAsideUnreadable(deps, feed, connector, page.unreadable, source)
    const stored = await ingest(deps, feed, page.orders, source)
    orders += stored.seen
    changed += stored.created + stored.updated
    if (page.syncedUntilMs !== null) syncedUntilMs = page.syncedUntilMs
  }
  return { syncedUntilMs, orders, changed }
}

/** A span cut into pieces of at most `longestMs`, oldest first. */
export function slices(span: Window, longestMs: number): Window[] {
  const pieces: Window[] = []
  for (let fromMs = span.fromMs; fromMs < span.toMs; fromMs += longestMs)
    pieces.push({ fromMs, toMs: Math.min(fromMs + longestMs, span.toMs) })
  return pieces
}
