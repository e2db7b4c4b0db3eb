import type { Window } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import type { JobHandler, JobRequest } from '#jobs/jobs.ts'
import type { Scope } from '#kernel/environment.ts'
import { comeBackAfterMs } from './after-failure.ts'
import { advanceBackfill, findBackfill, insertBackfill, noteBackfillFailure } from '#store/backfills.ts'
import { openFeedOf, pausedBy } from './feeds.ts'
import type { FeedDeps, OpenFeed, Ref } from './feeds.ts'
import { slices, walkOrders } from './walk.ts'

/** One job reads at most this much history; progress is stored after each. */
const stepMs = 24 * 3600_000

const backfillJob = (ref: Ref, backfillId: string, runAt: Date): JobRequest => ({
  task: 'backfill_orders',
  key: `backfill:${backfillId}`,
  payload: { orgId: ref.orgId, grantId: ref.id, backfillId },
  runAt,
})

/** Starts reading the orders created in a span. Progress: `done_until` and `orders_seen` of the row. */
export async function startBackfill(
  deps: FeedDeps,
  scope: Scope,
  grantId: string,
  span: Window,
): Promise<string> {
  const id = newId('bkf', deps.clock.nowMs())
  await deps.db.transaction().execute(async (tx) => {
    await insertBackfill(tx, {
      org_id: scope.orgId,
      id,
      environment: scope.environment,
      grant_id: grantId,
      from_at: new Date(span.fromMs),
      to_at: new Date(span.toMs),
      done_until: new Date(span.fromMs),
      state: 'running',
      last_error_code: null,
    })
    await deps.jobs.enqueue(
      tx,
      backfillJob({ orgId: scope.orgId, id: grantId }, id, new Date(deps.clock.nowMs())),
    )
  })
  return id
}

/** Reads the next day of a backfill, stores how far it came, and plans the day after. */
export const backfillHandler =
  (deps: FeedDeps): JobHandler =>
  async (payload, signal) => {
    const ref: Ref = { orgId: payload['orgId']!, id: payload['grantId']! }
    const backfillId = payload['backfillId']!
    const open = await openFeedOf(deps, ref)
    const row = await findBackfill(deps.db, ref.orgId, backfillId)
    if (!open || row?.state !== 'running') return
    const again = (inMs: number): Promise<void> =>
      deps.jobs.enqueue(deps.db, backfillJob(ref, backfillId, new Date(deps.clock.nowMs() + inMs)))
    const reachableMs = deps.clock.nowMs() - open.connector.about.visibilityLagMs
    const rest = { fromMs: row.done_until.getTime(), toMs: Math.min(row.to_at.getTime(), reachableMs) }
    try {
      const orders = await readStep(deps, open, rest, signal)
      const doneUntilMs = Math.min(rest.fromMs + stepMs, rest.toMs)
      const isDone = doneUntilMs >= rest.toMs
      const now = new Date(deps.clock.nowMs())
      await advanceBackfill(deps.db, row, new Date(Math.max(doneUntilMs, rest.fromMs)), orders, isDone, now)
      if (!isDone) await again(0)
    } catch (error) {
      if (!(error instanceof PlatformFailure)) throw error
      await noteBackfillFailure(deps.db, row, error.code, new Date(deps.clock.nowMs()))
      if (!(await pausedBy(deps, ref, error))) await again(comeBackAfterMs(error, 0))
    }
  }

async function readStep(deps: FeedDeps, open: OpenFeed, rest: Window, signal: AbortSignal): Promise<number> {
  const [step] = slices(rest, stepMs)
  if (!step) return 0
  const { feed, connector, call } = open
  const walked = await walkOrders(deps, feed, connector, call, 'created', step, 'backfill', signal)
  return walked.orders
}
