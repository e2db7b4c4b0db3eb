import { PlatformFailure } from '#kernel/failure.ts'
import type { JobHandler, JobRequest } from '#jobs/jobs.ts'
import { failWalk, findFeed, finishWalk } from '#store/order-feeds.ts'
import { comeBackAfterMs } from './after-failure.ts'
import { openFeedOf, pausedBy } from './feeds.ts'
import type { FeedDeps, OpenFeed, Ref } from './feeds.ts'
import { walkOrders } from './walk.ts'

/** L1: the recurring walk over an account's changes. One job per account waits or runs at any time. */
export const walkJob = (ref: Ref, runAt: Date, keepWaiting = false): JobRequest => ({
  task: 'walk_orders',
  key: `walk:${ref.id}`,
  payload: { orgId: ref.orgId, grantId: ref.id },
  runAt,
  keepWaiting,
})

/**
 * Walks from the watermark, less the overlap, to as close to now as the platform shows reliably; then
 * plans the next walk. A refusal for one account costs that account its turn and nobody else anything.
 */
export const walkHandler = (deps: FeedDeps): JobHandler => {
  const failuresInARow = new Map<string, number>()
  return async (payload, signal) => {
    const ref: Ref = { orgId: payload['orgId']!, id: payload['grantId']! }
    const open = await openFeedOf(deps, ref)
    if (!open) return
    try {
      await walkOnce(deps, ref, open, signal)
      failuresInARow.delete(ref.id)
      await planNext(deps, ref, open.connector.about.pollEveryMs)
    } catch (error) {
      if (!(error instanceof PlatformFailure)) throw error
      if (await pausedBy(deps, ref, error)) return
      const failures = failuresInARow.get(ref.id) ?? 0
      failuresInARow.set(ref.id, failures + 1)
      const waitMs = comeBackAfterMs(error, failures)
      const { kind, code } = error
      deps.log.warn({ grantId: ref.id, platform: open.feed.platform, kind, code, waitMs }, 'walk ended early')
      await failWalk(deps.db, ref, code, new Date(deps.clock.nowMs() + waitMs))
      await planNext(deps, ref, waitMs)
    }
  }
}

async function walkOnce(
  deps: FeedDeps,
  ref: Ref,
  { feed, connector, call }: OpenFeed,
  signal: AbortSignal,
): Promise<void> {
  const stored = await findFeed(deps.db, ref)
  if (!stored || feed.shops.length === 0) return
  const nowMs = deps.clock.nowMs()
  const span = {
    fromMs: stored.synced_until.getTime() - connector.about.overlapMs,
    toMs: nowMs - connector.about.visibilityLagMs,
  }
  if (span.fromMs >= span.toMs) return
  const walked = await walkOrders(deps, feed, connector, call, 'updated', span, 'poll', signal)
  await finishWalk(deps.db, ref, new Date(walked.syncedUntilMs), new Date(deps.clock.nowMs()))
  const { orders, changed } = walked
  if (changed > 0)
    deps.log.info({ grantId: ref.id, platform: feed.platform, orders, changed }, 'orders synced')
}

const planNext = (deps: FeedDeps, ref: Ref, inMs: number): Promise<void> =>
  deps.jobs.enqueue(deps.db, walkJob(ref, new Date(deps.clock.nowMs() + inMs)))
