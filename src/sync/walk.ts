import type { CauseSource } from '#canonical/event.ts'
import type { Call, OrderWalk, Window } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import type { OpenFeed } from './feeds.ts'
import { ingest, setAsideUnreadable } from './ingest.ts'
import { smallestPieceMs } from './pace.ts'
import type { SyncDeps } from './sync.ts'

/** A piece of a walk that is done: everything up to `syncedUntilMs` (unix ms) is known and stored. */
export type Walked = {
  readonly syncedUntilMs: number
  readonly orders: number
  readonly changed: number
  /** Length that the next piece would have, ms. */
  readonly nextMs: number
}

export type WalkWish = {
  readonly by: OrderWalk['by']
  readonly span: Window
  /** Longest first piece, ms; the platform's own bound holds too. */
  readonly longestMs: number
  readonly source: CauseSource
}

const secondMs = 1_000
const dayMs = 24 * 3600_000

/**
 * Walks the orders of a span piece by piece, oldest first, and stores every page before the next is asked
 * for. Pieces grow and shrink to a few pages each. One in which the platform loops (the same page or token
 * again) or answers with more than can be read is halved. Ends early where the platform says that it does
 * not know later orders yet.
 * Throws `PlatformFailure`; the pieces before it hold, and the rest may simply be walked again.
 */
export async function* walkOrders(
  deps: SyncDeps,
  open: OpenFeed,
  { by, span, longestMs, source }: WalkWish,
  signal: AbortSignal,
): AsyncGenerator<Walked> {
  const { feed, connector } = open
  const boundMs = connector.about.maxWindowDays * dayMs
  let pieceMs = Math.min(longestMs, boundMs)
  let hasHalved = false
  for (let { fromMs } = span; fromMs < span.toMs;) {
    signal.throwIfAborted()
    const window = { fromMs, toMs: Math.min(fromMs + pieceMs, span.toMs) }
    try {
      const { pages, ...walked } = await walkPiece(deps, open, { by, window }, source, signal)
      if (!(hasHalved && pages < manyPages)) pieceMs = fitting(pieceMs, pages, boundMs)
      yield { ...walked, nextMs: pieceMs }
      // A platform that counts in whole seconds ends a little before it was asked to.
      if (window.toMs === span.toMs || walked.syncedUntilMs <= window.toMs - secondMs) return
      fromMs = walked.syncedUntilMs
    } catch (error) {
      const lengthMs = window.toMs - window.fromMs
      if (!isTooMuch(error) || lengthMs <= smallestPieceMs) throw error
      const { code } = error
      deps.log.warn({ platform: feed.platform, grantId: feed.grantId, code }, 'walking smaller spans')
      pieceMs = Math.floor(lengthMs / 2)
      hasHalved = true
    }
  }
}

/** Pages after which a piece is long: if it had to be begun again, that many would be read in vain. */
const manyPages = 4

/** The length of the next piece after one of `pages` pages. */
function fitting(pieceMs: number, pages: number, boundMs: number): number {
  if (pages >= manyPages) return Math.max(Math.min(smallestPieceMs, pieceMs), Math.floor(pieceMs / 2))
  return pages <= 1 ? Math.min(boundMs, pieceMs * 2) : pieceMs
}

const tooMuch: ReadonlySet<string> = new Set(['PAGE_LOOP', 'ANSWER_TOO_LARGE'])
const isTooMuch = (error: unknown): error is PlatformFailure =>
  error instanceof PlatformFailure && tooMuch.has(error.code)

async function walkPiece(
  deps: SyncDeps,
  { feed, connector, call }: OpenFeed,
  walk: OrderWalk,
  source: CauseSource,
  signal: AbortSignal,
): Promise<Omit<Walked, 'nextMs'> & { readonly pages: number }> {
  let syncedUntilMs = walk.window.toMs
  let pages = 0
  let orders = 0
  let changed = 0
  const door: Call = (request) => call(request, signal)
  for await (const page of connector.orders.walk(door, feed.account, walk)) {
    signal.throwIfAborted()
    await setAsideUnreadable(deps, feed, connector, page.unreadable, source)
    const stored = await ingest(deps, feed, page.orders, source)
    pages++
    orders += stored.seen
    changed += stored.created + stored.updated
    if (page.syncedUntilMs !== null) syncedUntilMs = page.syncedUntilMs
  }
  return { syncedUntilMs, pages, orders, changed }
}
