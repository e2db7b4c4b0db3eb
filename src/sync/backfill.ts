import type { Window } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { newId } from '#kernel/ids.ts'
import type { JobHandler, JobRequest } from '#jobs/jobs.ts'
import type { Scope } from '#kernel/environment.ts'
import {
  advanceBackfill,
  findBackfill,
  insertBackfill,
  noteBackfillFailure,
  runningBackfills,
} from '#store/backfills.ts'
import type { Backfill } from '#store/backfills.ts'
import type { Tx } from '#store/db.ts'
import { comeBackAfterMs } from './after-failure.ts'
import { openFeedOf, pausedBy } from './feeds.ts'
import type { FeedDeps, OpenFeed, Ref } from './feeds.ts'
import { fullPace, paceAfter, paceInPayload, paceOf } from './pace.ts'
import type { Pace } from './pace.ts'
import { walkOrders } from './walk.ts'

/** One job reads at most this much history; progress is stored after each. */
const stepMs = 24 * 3600_000
/** Some platforms count in whole seconds: what is left of the last one is not worth asking for. */
const remainderMs = 1_000
/** Pause where the platform does not know later orders yet. */
const idleMs = 60_000

const backfillJob = (ref: Ref, backfillId: string, runAt: Date, pace = fullPace): JobRequest => ({
  task: 'backfill_orders',
  key: `backfill:${backfillId}`,
  payload: { orgId: ref.orgId, grantId: ref.id, backfillId, ...paceInPayload(pace) },
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

/** Backfills that stopped when their account was paused go on; call it where the account is connected again. */
export async function resumeBackfills(deps: FeedDeps, tx: Tx, ref: Ref): Promise<void> {
  for (const { id } of await runningBackfills(tx, ref.orgId, ref.id))
    await deps.jobs.enqueue(tx, backfillJob(ref, id, new Date(deps.clock.nowMs())))
}

/** Reads the next day of a backfill, stores how far it came, and plans the day after. */
export const backfillHandler =
  (deps: FeedDeps): JobHandler =>
  async (payload, signal) => {
    const ref: Ref = { orgId: payload['orgId']!, id: payload['grantId']! }
    const backfillId = payload['backfillId']!
    const pace = paceOf(payload)
    const open = await openFeedOf(deps, ref)
    const row = await findBackfill(deps.db, ref.orgId, backfillId)
    if (!open || row?.state !== 'running') return
    const again = (inMs: number, next: Pace): Promise<void> =>
      deps.jobs.enqueue(deps.db, backfillJob(ref, backfillId, new Date(deps.clock.nowMs() + inMs), next))
    const { ended, hasAdvanced, pieceMs, isDone } = await readStep(deps, open, row, pace, signal)
    if (!ended)
      return isDone ? undefined : again(hasAdvanced ? 0 : idleMs, { failures: 0, longestMs: pieceMs })
    await noteBackfillFailure(deps.db, row, ended.code, new Date(deps.clock.nowMs()))
    if (await pausedBy(deps, ref, ended)) return
    const next = paceAfter(pace, ended, pieceMs, hasAdvanced)
    await again(comeBackAfterMs(ended, Math.max(0, next.failures - 1)), next)
  }

type Step = {
  /** What ended the step early. */
  readonly ended: PlatformFailure | null
  readonly hasAdvanced: boolean
  /** Length of the piece in which it ended. */
  readonly pieceMs: number
  readonly isDone: boolean
}

/** Reads on from where the backfill stands, and stores its progress with every piece that is done. */
async function readStep(
  deps: FeedDeps,
  open: OpenFeed,
  row: Backfill,
  { longestMs }: Pace,
  signal: AbortSignal,
): Promise<Step> {
  const reachableMs = deps.clock.nowMs() - open.connector.about.visibilityLagMs
  const endMs = Math.min(row.to_at.getTime(), reachableMs)
  const fromMs = row.done_until.getTime()
  const span: Window = { fromMs, toMs: Math.min(fromMs + stepMs, endMs) }
  const wish = { by: 'created', span, longestMs, source: 'backfill' } as const
  let doneUntilMs = fromMs
  const isDone = (): boolean => endMs - doneUntilMs < remainderMs
  let pieceMs = Math.min(longestMs, stepMs)
  const advance = (orders: number): Promise<void> => {
    const now = new Date(deps.clock.nowMs())
    return advanceBackfill(deps.db, row, new Date(doneUntilMs), orders, isDone(), now)
  }
  try {
    if (span.fromMs >= span.toMs) await advance(0)
    for await (const piece of walkOrders(deps, open, wish, signal)) {
      doneUntilMs = piece.syncedUntilMs
      pieceMs = piece.nextMs
      await advance(piece.orders)
    }
    return { ended: null, hasAdvanced: doneUntilMs > fromMs, pieceMs, isDone: isDone() }
  } catch (error) {
    if (!(error instanceof PlatformFailure)) throw error
    return { ended: error, hasAdvanced: doneUntilMs > fromMs, pieceMs, isDone: false }
  }
}
