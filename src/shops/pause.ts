import type { EventType } from '#canonical/event.ts'
import type { PlatformFailure } from '#kernel/failure.ts'
import { recordEvents } from '#store/event-log.ts'
import { lockGrant, setGrantStatus } from '#store/shops.ts'
import type { ShopDeps } from './accounts.ts'
import { shopEvent } from './store-connection.ts'

type Pause = { readonly status: 'auth_expired' | 'revoked'; readonly event: EventType }

const pauses: Readonly<Partial<Record<PlatformFailure['kind'], Pause>>> = {
  auth_expired: { status: 'auth_expired', event: 'shop.auth_expired' },
  auth_revoked: { status: 'revoked', event: 'shop.revoked' },
}

/**
 * Stops an account's work after its authorisation failed: state on the grant and its shops, one event per
 * shop. Work that waits stays where it is and goes on when the seller connects again. Told once.
 */
export async function pauseAccount(
  deps: ShopDeps,
  ref: { readonly orgId: string; readonly id: string },
  failure: PlatformFailure,
): Promise<void> {
  const pause = pauses[failure.kind]
  if (!pause) return
  await deps.db.transaction().execute(async (tx) => {
    const grant = await lockGrant(tx, ref)
    if (!grant || grant.status === pause.status) return
    const now = new Date(deps.clock.nowMs())
    const shops = await setGrantStatus(tx, ref, pause.status, failure.code)
    const scope = { orgId: grant.org_id, environment: grant.environment }
    await recordEvents(
      tx,
      deps.vault,
      scope,
      shops.map((shop) => shopEvent(pause.event, shop, now)),
      now,
    )
  })
  deps.log.warn({ grantId: ref.id, code: failure.code, status: pause.status }, 'account paused')
  deps.onEvents()
}
