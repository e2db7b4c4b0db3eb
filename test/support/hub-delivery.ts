import { createHash } from 'node:crypto'
import { readAllowedTarget } from '#delivery/address.ts'
import { openDelivery } from '#delivery/delivery.ts'
import type { DeliveryOptions } from '#delivery/delivery.ts'
import { makeEndpoints } from '#delivery/endpoints.ts'
import type { EndpointWish } from '#delivery/endpoints.ts'
import { systemClock } from '#kernel/clock.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import { silentLog } from '#kernel/log.ts'
import { openVault } from '#kernel/seal.ts'
import { openStore } from '#store/db.ts'
import { fanOut } from '#store/deliveries.ts'
import type { FannedEvent } from '#store/deliveries.ts'
import { appendEvents, takeOffsets } from '#store/events.ts'

/** Delivery on a real database, to receivers on loopback. Time is real plus what a test lets pass. */
export async function openHubDelivery(databaseUrl: string) {
  const store = openStore({
    url: databaseUrl,
    name: 'delivery test',
    maxConnections: 8,
    onIdleError: () => {},
  })
  const vault = openVault([createHash('sha256').update('delivery test').digest()])
  let passedMs = 0
  const clock: Clock = { nowMs: () => systemClock.nowMs() + passedMs, sleep: systemClock.sleep }
  const policy = { allowed: [readAllowedTarget('127.0.0.1/32')] }
  const endpoints = makeEndpoints({ store, vault, clock, policy })
  const scope: Scope = { orgId: newId('org', clock.nowMs()), environment: 'sandbox' }
  await store.db.insertInto('organisations').values({ org_id: scope.orgId, name: 'Test' }).execute()

  async function addEndpoint(url: string, wish: Partial<EndpointWish> = {}, owner: Scope = scope) {
    const made = await endpoints.create(owner, { url, ...wish })
    if (!made.ok) throw new Error(made.code)
    return made
  }

  /** Writes events as sync does: one transaction with their deliveries. */
  async function tell(
    count: number,
    event: Partial<Pick<FannedEvent, 'type' | 'shopId' | 'platform'>> & { readonly data?: unknown } = {},
    owner: Scope = scope,
  ): Promise<{ readonly ids: readonly string[]; readonly fanned: number }> {
    const at = new Date(clock.nowMs())
    const type = event.type ?? 'order.created'
    return store.db.transaction().execute(async (tx) => {
      const first = (await takeOffsets(tx, owner, count)) + 1
      const rows = Array.from({ length: count }, (_, index) => {
        const id = newId('evt', at.getTime())
        const body = { id, type, entity_id: `ord_${index}`, offset: first + index, data: event.data ?? {} }
        return {
          offset: first + index,
          id,
          type,
          shop_id: event.shopId ?? null,
          platform: event.platform ?? null,
          entity_type: 'order',
          entity_id: `ord_${index}`,
          seq: 1,
          recorded_at: at,
          body: vault.seal(JSON.stringify(body), `event:${id}`),
        }
      })
      await appendEvents(tx, owner, rows)
      const fanned = await fanOut(
        tx,
        owner,
        rows.map((row) => ({
          offset: row.offset,
          id: row.id,
          type: row.type,
          shopId: row.shop_id,
          platform: row.platform,
          entityId: row.entity_id,
        })),
        at,
      )
      return { ids: rows.map(({ id }) => id), fanned }
    })
  }

  const openEngine = (given: Partial<DeliveryOptions> = {}) =>
    openDelivery({ store, vault, clock, log: silentLog, random: () => 0.5, policy, ...given })

  return {
    store,
    vault,
    clock,
    scope,
    policy,
    endpoints,
    addEndpoint,
    tell,
    openEngine,
    pass: (ms: number): void => {
      passedMs += ms
    },
    close: () => store.close(),
  }
}
export type HubDelivery = Awaited<ReturnType<typeof openHubDelivery>>
