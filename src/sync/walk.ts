import type { CauseSource } from '#canonical/event.ts'
import type { Call, OrderWalk, Window } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import type { OpenFeed } from './feeds.ts'
import { ingest, setAsideUnreadable } from './ingest.ts'
import { smallestPieceMs } from './pace.ts'
import type { SyncDeps } from './sync.ts'

/** A piece of a walk that is done: everything up to `syncedUntilMs` (unix ms) is known and stored. */
export type Walked = { readonly syncedUntilMs: number; readonly orders: number; readonly changed: number }

export type WalkWish = {
  readonly by: OrderWalk['by']
  readonly span: Window
  /** Longest span to walk in one piece, ms; the platform's own bound holds too. */
  readonly longestMs: number
  readonly source: CauseSource
}

const dayMs = 24 * 3600_000

/**
 * Walks the orders of a span piece by piece, oldest first, and stores every page before the next is asked
 * for. A piece in which the platform loops (the same page or token again) or answers with more than can be
 * read is halved. Ends early where the platform says that it does not know later orders yet.
 * Throws `PlatformFailure`; the pieces before it hold, and the rest may simply be walked again.
 */
export async function* walkOrders(
  deps: SyncDeps,
  open: OpenFeed,
  { by, span, longestMs, source }: WalkWish,
  signal: AbortSignal,
): AsyncGenerator<Walked> {
  const { feed, connector } = open
  const pieces = slices(span, Math.min(longestMs, connector.about.maxWindowDays * dayMs))
  for (let window = pieces.shift(); window; window = pieces.shift()) {
    signal.throwIfAborted()
    try {
      const walked = await walkPiece(deps, open, { by, window }, source, signal)
      yield walked
      if (walked.syncedUntilMs < window.toMs) return
    } catch (error) {
      const length = window.toMs - window.fromMs
      if (!isTooMuch(error) || length <= smallestPieceMs) throw error
      const { code } = error
      deps.log.warn({ platform: feed.platform, grantId: feed.grantId, code }, 'walking smaller spans')
      const middle = window.fromMs + Math.floor(length / 2)
      pieces.unshift({ fromMs: window.fromMs, toMs: middle }, { fromMs: middle, toMs: window.toMs })
    }
  }
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
): Promise<Walked> {
  let syncedUntilMs = walk.window.toMs
  let orders = 0
  let changed = 0
  const door: Call = (request) => call(request, signal)
  for await (const page of connector.orders.walk(door, feed.account, walk)) {
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
  for (let { fromMs } = span; fromMs < span.toMs; fromMs += longestMs)
    pieces.push({ fromMs, toMs: Math.min(fromMs + longestMs, span.toMs) })
  return pieces
}
