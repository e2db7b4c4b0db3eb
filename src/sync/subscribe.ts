import type { Platform } from '#canonical/platform.ts'
import type { PlatformApp } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import type { Environment } from '#kernel/environment.ts'
import type { JobHandler, JobRequest } from '#jobs/jobs.ts'
import { comeBackAfterMs } from './after-failure.ts'
import { openFeedOf, pausedBy } from './feeds.ts'
import type { FeedDeps, Ref } from './feeds.ts'

/** Asks the platform to announce an account's order changes; walks go on without it. */
export const subscribeJob = (ref: Ref, runAt?: Date): JobRequest => ({
  task: 'subscribe_orders',
  key: `subscribe:${ref.id}`,
  payload: { orgId: ref.orgId, grantId: ref.id },
  ...(runAt ? { runAt } : {}),
})

export const subscribeHandler =
  (
    deps: FeedDeps,
    appOf: (platform: Platform, environment: Environment) => PlatformApp | undefined,
  ): JobHandler =>
  async (payload, signal) => {
    const ref: Ref = { orgId: payload['orgId']!, id: payload['grantId']! }
    const open = await openFeedOf(deps, ref)
    const app = open && appOf(open.feed.platform, open.feed.scope.environment)
    const subscribe = open?.connector.push?.subscribe
    if (!open || !app || !subscribe) return
    try {
      const door: typeof open.call = (request) => open.call(request, signal)
      await subscribe(door, app, open.feed.account.region)
    } catch (error) {
      if (!(error instanceof PlatformFailure)) throw error
      if (await pausedBy(deps, ref, error)) return
      const { kind, code } = error
      deps.log.warn({ grantId: ref.id, kind, code }, 'cannot subscribe to order changes; polling goes on')
      await deps.jobs.enqueue(
        deps.db,
        subscribeJob(ref, new Date(deps.clock.nowMs() + comeBackAfterMs(error, 3))),
      )
    }
  }
