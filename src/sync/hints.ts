import { PlatformFailure } from '#kernel/failure.ts'
import type { JobHandler, JobRequest } from '#jobs/jobs.ts'
import type { Environment } from '#kernel/environment.ts'
import type { Connector, OrderHint } from '#connectors/connector.ts'
import { noteHints } from '#store/order-feeds.ts'
import { findGrantOfAccount, findGrantOfShop } from '#store/shops.ts'
import { comeBackAfterMs } from './after-failure.ts'
import { openFeedOf, pausedBy } from './feeds.ts'
import type { FeedDeps, Ref } from './feeds.ts'
import { isPlainId, sha256 } from './identity.ts'
import { ingest } from './ingest.ts'

/** L0: one order to read again by its id. Several hints for one order become one reading. */
export const refetchJob = (
  ref: Ref,
  platformOrderId: string,
  runAt: Date,
  platformShopId?: string,
): JobRequest => ({
  task: 'refetch_order',
  key: `refetch:${ref.id}:${platformOrderId}`,
  payload: {
    orgId: ref.orgId,
    grantId: ref.id,
    platformOrderId,
    ...(platformShopId === undefined ? {} : { platformShopId }),
  },
  runAt,
})

/** An order that the platform announces may not be readable at once: how often it is asked for again. */
const missingTries = 5

/** Reads one order through the normal path. What the hint claimed does not matter. */
export const refetchHandler =
  (deps: FeedDeps): JobHandler =>
  async (payload, signal) => {
    const ref: Ref = { orgId: payload['orgId']!, id: payload['grantId']! }
    const platformOrderId = payload['platformOrderId']!
    const tries = Number(payload['tries'] ?? '0')
    const open = await openFeedOf(deps, ref)
    if (!open) return
    const door: typeof open.call = (request) => open.call(request, signal)
    try {
      const order = await open.connector.orders.one(
        door,
        open.feed.account,
        platformOrderId,
        payload['platformShopId'],
      )
      await ingest(deps, open.feed, [order], 'webhook')
    } catch (error) {
      if (!(error instanceof PlatformFailure)) throw error
      if (await pausedBy(deps, ref, error)) return
      const { kind, code } = error
      const giveUp = kind === 'rejected' || (kind === 'missing' && tries + 1 >= missingTries)
      deps.log.warn({ grantId: ref.id, kind, code, tries, giveUp }, 'an announced order could not be read')
      if (giveUp) return
      const waitMs = comeBackAfterMs(error, tries)
      const again = refetchJob(
        ref,
        platformOrderId,
        new Date(deps.clock.nowMs() + waitMs),
        payload['platformShopId'],
      )
      await deps.jobs.enqueue(deps.db, {
        ...again,
        payload: { ...again.payload, tries: String(kind === 'throttled' ? tries : tries + 1) },
      })
    }
  }

/**
 * Takes platform messages: each becomes at most one job. Messages of accounts nobody connected, repeated
 * ones and those that are not about orders end here. Safe to call again with the same messages.
 */
export async function takeHints(
  deps: FeedDeps,
  connector: Connector,
  environment: Environment,
  bodies: readonly unknown[],
): Promise<{ readonly accepted: number; readonly ignored: number }> {
  let accepted = 0
  for (const body of bodies) {
    const read = connector.push?.readHint(body)
    if (read?.kind === 'order') accepted += (await takeHint(deps, connector, environment, read.hint)) ? 1 : 0
    else if (read?.kind === 'unreadable')
      deps.log.warn({ platform: connector.platform, reason: read.reason }, 'unreadable platform message')
  }
  return { accepted, ignored: bodies.length - accepted }
}

async function takeHint(
  deps: FeedDeps,
  connector: Connector,
  environment: Environment,
  hint: OrderHint,
): Promise<boolean> {
  const names = [hint.platformOrderId, hint.platformMerchantId, hint.platformShopId]
  if (!names.every((name) => name === null || name === undefined || isPlainId(name))) return false
  const ref = await accountOf(deps, connector, environment, hint)
  if (!ref) return false
  const dedupeKey = isPlainId(hint.dedupeKey) ? hint.dedupeKey : sha256(hint.dedupeKey).toString('hex')
  return deps.db.transaction().execute(async (tx) => {
    const fresh = await noteHints(tx, ref, [dedupeKey])
    if (fresh.size === 0) return false
    const now = new Date(deps.clock.nowMs())
    await deps.jobs.enqueue(tx, refetchJob(ref, hint.platformOrderId, now, hint.platformShopId))
    return true
  })
}

/** The connected account a message is about; `null` when nobody connected it. */
async function accountOf(
  { db }: FeedDeps,
  connector: Connector,
  environment: Environment,
  { platformMerchantId, platformShopId, platformMarketId }: OrderHint,
): Promise<Ref | null> {
  const { platform, markets } = connector
  if (platformMerchantId === null)
    return platformShopId === undefined ? null : findGrantOfShop(db, environment, platform, platformShopId)
  const market = markets.find((known) => known.platformMarketId === platformMarketId)
  const region = market?.region ?? null
  const grant = await findGrantOfAccount(db, environment, platform, region, platformMerchantId)
  return grant ? { orgId: grant.org_id, id: grant.id } : null
}
