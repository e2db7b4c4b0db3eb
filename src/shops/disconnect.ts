import type { Scope } from '#kernel/environment.ts'
import { recordEvents } from '#store/event-log.ts'
import { disableShop, eraseTokens, findShopRow, lockGrant, shopsOfGrant } from '#store/shops.ts'
import type { ShopDeps } from './accounts.ts'
import { shopEvent } from './store-connection.ts'

/**
 * Ends the hub's access to a shop. When it was the last working shop of its account the tokens are erased;
 * until then the others need them. What was synced stays. False when there is no such shop.
 */
export async function disconnect(deps: ShopDeps, scope: Scope, shopId: string): Promise<boolean> {
  const done = await deps.db.transaction().execute(async (tx) => {
    const found = await findShopRow(tx, scope, shopId)
    if (!found) return false
    const ref = { orgId: scope.orgId, id: found.grant_id }
    await lockGrant(tx, ref)
    if (found.status === 'disabled') return true
    const shop = await disableShop(tx, scope, shopId)
    const others = await shopsOfGrant(tx, ref)
    if (others.every(({ status }) => status === 'disabled')) await eraseTokens(tx, ref)
    const now = new Date(deps.clock.nowMs())
    await recordEvents(tx, deps.vault, scope, [shopEvent('shop.disconnected', shop, now)], now)
    return true
  })
  if (done) deps.onEvents()
  return done
}
