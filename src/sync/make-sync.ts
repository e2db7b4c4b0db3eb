import type { Platform } from '#canonical/platform.ts'
import type { Connector, PlatformApp } from '#connectors/connector.ts'
import { environments } from '#kernel/environment.ts'
import type { Environment, Scope } from '#kernel/environment.ts'
import type { Jobs } from '#jobs/jobs.ts'
import type { Tx } from '#store/db.ts'
import { openFeed } from '#store/order-feeds.ts'
import { activeGrants } from '#store/shops.ts'
import { backfillHandler, resumeBackfills, startBackfill } from './backfill.ts'
import type { FeedDeps, Ref } from './feeds.ts'
import { refetchHandler, takeHints } from './hints.ts'
import { drainInbox } from './inbox.ts'
import { makeTakePush } from './pushes.ts'
import { subscribeHandler, subscribeJob } from './subscribe.ts'
import { walkHandler, walkJob } from './walk-job.ts'

/** History that is read when an account is connected; more comes with a backfill. */
const firstHistoryMs = 30 * 24 * 3600_000
const drainEveryMs = 10_000
const jobsAtOnce = 8
/** Pause before work is planned again that the database refused. */
const retryMs = 1_000
/** Pause before a message queue that failed is asked again. */
const queuePauseMs = 5_000

export type Sync = {
  /** Plans an account's first walk, or the next after a pause, in the transaction that stores the connection. */
  readonly onConnected: (tx: Tx, ref: Ref, scope: Scope) => Promise<void>
  readonly startBackfill: (
    scope: Scope,
    grantId: string,
    span: { readonly fromMs: number; readonly toMs: number },
  ) => Promise<string>
  readonly takePush: ReturnType<typeof makeTakePush>
  /** Does the worker's part until `signal` aborts. */
  readonly work: (jobs: Jobs, signal: AbortSignal) => Promise<void>
}

export function makeSync(
  deps: FeedDeps & {
    readonly app: (platform: Platform, environment: Environment) => PlatformApp | undefined
  },
): Sync {
  const { db, clock, log } = deps

  async function onConnected(tx: Tx, ref: Ref, scope: Scope): Promise<void> {
    await openFeed(tx, scope, ref.id, new Date(clock.nowMs() - firstHistoryMs))
    await deps.jobs.enqueue(tx, walkJob(ref, new Date(clock.nowMs())))
    await deps.jobs.enqueue(tx, subscribeJob(ref))
    await resumeBackfills(deps, tx, ref)
  }

  async function work(jobs: Jobs, signal: AbortSignal): Promise<void> {
    const handlers = {
      walk_orders: walkHandler(deps),
      refetch_order: refetchHandler(deps),
      backfill_orders: backfillHandler(deps),
      subscribe_orders: subscribeHandler(deps, deps.app),
    }
    const queues = Object.values(deps.connectors).flatMap((connector) =>
      environments.map((environment) => listen(connector, environment, signal)),
    )
    await Promise.all([
      planWalks(jobs, signal),
      jobs.work(handlers, jobsAtOnce, signal),
      drain(signal),
      ...queues,
    ])
  }

  /** Every working account walks, also one whose job was lost. The database may be away for a moment. */
  async function planWalks(jobs: Jobs, signal: AbortSignal): Promise<void> {
    while (!signal.aborted)
      try {
        for (const grant of await activeGrants(db)) {
          const ref = { orgId: grant.org_id, id: grant.id }
          await jobs.enqueue(db, walkJob(ref, new Date(clock.nowMs()), true))
        }
        return
      } catch (error) {
        log.warn({ err: error }, 'cannot plan the walks yet')
        await clock.sleep(retryMs, signal)
      }
  }

  async function drain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await drainInbox(deps).catch((error: unknown) => log.error({ err: error }, 'cannot drain the inbox'))
      await clock.sleep(drainEveryMs, signal)
    }
  }

  /** Reads a platform's message queue, where it has one: hints are stored as jobs, then acknowledged. */
  async function listen(connector: Connector, environment: Environment, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const app = deps.app(connector.platform, environment)
      const queue = app && connector.push?.openQueue?.(app)
      if (!queue) {
        await clock.sleep(queuePauseMs, signal)
        continue
      }
      try {
        while (!signal.aborted) {
          const messages = await queue.receive(signal)
          await takeHints(
            deps,
            connector,
            environment,
            messages.map(({ body }) => body),
          )
          await queue.acknowledge(messages.map(({ receipt }) => receipt))
        }
      } catch (error) {
        if (signal.aborted) return
        const reason = error instanceof Error ? error.message : String(error)
        log.warn({ platform: connector.platform, environment, reason }, 'message queue failed')
        await clock.sleep(queuePauseMs, signal)
      } finally {
        queue.close()
      }
    }
  }

  return {
    onConnected,
    takePush: makeTakePush(deps, deps.app),
    startBackfill: (scope, grantId, span) => startBackfill(deps, scope, grantId, span),
    work,
  }
}
