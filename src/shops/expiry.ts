import { PlatformFailure } from '#kernel/failure.ts'
import { recordEvents } from '#store/event-log.ts'
import { endingGrants, lockGrant, setExpiryNotice, setGrantStatus } from '#store/shops.ts'
import type { GrantRow } from '#store/shops.ts'
import type { ShopDeps } from './accounts.ts'
import { pauseAccount } from './pause.ts'
import { shopEvent } from './store-connection.ts'

/** Days before the end at which the organisation is told, each once. */
export const noticeDays = [30, 7, 1] as const
const dayMs = 24 * 3600_000

/** The notice that is due with so much time left: the smallest that has been passed; `null` when none has. */
export const noticeDue = (leftMs: number): number | null =>
  noticeDays.toReversed().find((days) => leftMs <= days * dayMs) ?? null

/**
 * Tells of authorisations that end soon and pauses those that have ended. Safe to call at any time and by
 * several nodes: each notice is stored with the event that tells it.
 */
export async function watchExpiries(deps: ShopDeps): Promise<void> {
  const nowMs = deps.clock.nowMs()
  for (const grant of await endingGrants(deps.db, new Date(nowMs + noticeDays[0] * dayMs))) {
    const ref = { orgId: grant.org_id, id: grant.id }
    const leftMs = grant.refresh_expires_at!.getTime() - nowMs
    if (leftMs <= 0)
      await pauseAccount(
        deps,
        ref,
        new PlatformFailure('auth_expired', 'AUTHORISATION_ENDED', 'it has ended'),
      )
    else await giveNotice(deps, grant, noticeDue(leftMs)!, new Date(nowMs))
  }
}

async function giveNotice(
  deps: ShopDeps,
  { org_id: orgId, id }: GrantRow,
  days: number,
  now: Date,
): Promise<void> {
  const told = await deps.db.transaction().execute(async (tx) => {
    const grant = await lockGrant(tx, { orgId, id })
    if (!grant || (grant.expiry_notice_days !== null && grant.expiry_notice_days <= days)) return false
    await setExpiryNotice(tx, { orgId, id }, days)
    const shops = await setGrantStatus(tx, { orgId, id }, 'auth_expiring', null)
    const events = shops.map((shop) => shopEvent('shop.auth_expiring', shop, now, { days_left: days }))
    await recordEvents(tx, deps.vault, { orgId, environment: grant.environment }, events, now)
    return true
  })
  if (told) deps.onEvents()
}
