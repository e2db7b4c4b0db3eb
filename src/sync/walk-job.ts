import { PlatformFailure } from '#kernel/failure.ts'
import type { JobHandler, JobRequest } from '#jobs/jobs.ts'
import { failWalk, findFeed, finishWalk } from '#store/order-feeds.ts'
import { comeBackAfterMs } from './after-failure.ts'
import { openFeedOf, pausedBy } from './feeds.ts'
import type { FeedDeps, OpenFeed, Ref } from './feeds.ts'
import { fullPace, paceAfter, paceInPayload, paceOf } from './pace.ts'
import type { Pace } from './pace.ts'
import { walkOrders } from './walk.ts'

/** L1: the recurring walk over an account's changes. One job per account waits or runs at any time. */
export const walkJob = (ref: Ref, runAt: Date, keepWaiting = false, pace = fullPace): JobRequest => ({
  task: 'walk_orders',
  key: `walk:${ref.id}`,
  payload: { orgId: ref.orgId, grantId: ref.id, ...paceInPayload(pace) },
  runAt,
  keepWaiting,
})

/**
 * Walks from the watermark, less the overlap, to as close to now as the platform shows reliably; then
 * plans the next walk. A refusal for one account costs that account its turn and nobody else anything.
 */
export const walkHandler =
  (deps: FeedDeps): JobHandler =>
  async (payload, signal) => {
    const ref: Ref = { orgId: payload['orgId']!, id: payload['grantId']! }
    const pace = paceOf(payload)
    const open = await openFeedOf(deps, ref)
    if (!open) return
    const { ended, hasAdvanced, pieceMs } = await walkOn(deps, ref, open, pace, signal)
    if (!ended) return planNext(deps, ref, open.connector.about.pollEveryMs, fullPace)
    if (await pausedBy(deps, ref, ended)) return
    const next = paceAfter(pace, ended, pieceMs, hasAdvanced)
    const waitMs = comeBackAfterMs(ended, Math.max(0, next.failures - 1))
    const { kind, code } = ended
    deps.log.warn({ grantId: ref.id, platform: open.feed.platform, kind, code, waitMs }, 'walk ended early')
    await failWalk(deps.db, ref, code, new Date(deps.clock.nowMs() + waitMs))
    await planNext(deps, ref, waitMs, next)
  }

type WalkedOn = {
  /** What ended the walk early. */
  readonly ended: PlatformFailure | null
  readonly hasAdvanced: boolean
  /** Length of the piece in which it ended. */
  readonly pieceMs: number
}

/** Moves the watermark with every piece of the walk that is done. */
async function walkOn(
  deps: FeedDeps,
  ref: Ref,
  open: OpenFeed,
  { longestMs }: Pace,
  signal: AbortSignal,
): Promise<WalkedOn> {
  const { feed, connector } = open
  const stored = await findFeed(deps.db, ref)
  if (!stored || feed.shops.length === 0) return { ended: null, hasAdvanced: false, pieceMs: 0 }
  const span = {
    fromMs: stored.synced_until.getTime() - connector.about.overlapMs,
    toMs: deps.clock.nowMs() - connector.about.visibilityLagMs,
  }
  let pieceMs = Math.min(longestMs, span.toMs - span.fromMs)
  let hasAdvanced = false
  let changed = 0
  let orders = 0
  try {
    for await (const piece of walkOrders(
      deps,
      open,
      { by: 'updated', span, longestMs, source: 'poll' },
      signal,
    )) {
      await finishWalk(deps.db, ref, new Date(piece.syncedUntilMs), new Date(deps.clock.nowMs()))
      hasAdvanced ||= piece.syncedUntilMs > stored.synced_until.getTime()
      pieceMs = piece.nextMs
      orders += piece.orders
      changed += piece.changed
    }
    return { ended: null, hasAdvanced, pieceMs }
  } catch (error) {
    if (!(error instanceof PlatformFailure)) throw error
    return { ended: error, hasAdvanced, pieceMs }
  } finally {
    if (changed > 0)
      deps.log.info({ grantId: ref.id, platform: feed.platform, orders, changed }, 'orders synced')
  }
}

const planNext = (deps: FeedDeps, ref: Ref, inMs: number, pace: Pace): Promise<void> =>
  deps.jobs.enqueue(deps.db, walkJob(ref, new Date(deps.clock.nowMs() + inMs), false, pace))
