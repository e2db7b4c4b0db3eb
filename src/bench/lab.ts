import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fetch } from 'undici'
import type { RawOrder } from '#connectors/connector.ts'
import { connectors } from '#connectors/registry.ts'
import { openTransport } from '#connectors/transport/transport.ts'
import { systemClock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { silentLog } from '#kernel/log.ts'
import { newSecretKey, openVault } from '#kernel/seal.ts'
import type { Vault } from '#kernel/seal.ts'
import { simulators } from '#simulators/registry.ts'
import { openCluster } from '#store/embedded/cluster.ts'
import { openStore } from '#store/db.ts'
import type { Store } from '#store/db.ts'
import { migrate } from '#store/migrate.ts'
import { compileMaps } from '#sync/read.ts'
import type { Feed, SyncDeps } from '#sync/sync.ts'

/** A PostgreSQL of the bench's own with the hub's own settings, and everything needed to work on it. */
export type Lab = {
  readonly url: string
  readonly store: Store
  readonly vault: Vault
  readonly sync: SyncDeps
  /** An organisation with one connected account. */
  readonly newFeed: () => Promise<Feed>
  readonly close: () => Promise<void>
}

export async function openLab(): Promise<Lab> {
  const home = await mkdtemp(join(tmpdir(), 'openclaw-bench-'))
  const cluster = await openCluster({ home, log: silentLog, onProgress: () => {} })
  await migrate(cluster.url)
  const store = openStore({ url: cluster.url, name: 'openclaw bench', onIdleError: () => {} })
  const vault = openVault([Buffer.from(newSecretKey(), 'base64url')])
  const { db } = store
  const sync: SyncDeps = {
    db,
    clock: systemClock,
    vault,
    log: silentLog,
    connectors,
    compiled: compileMaps(),
    onEvents: () => {},
  }
  return {
    url: cluster.url,
    store,
    vault,
    sync,
    newFeed: () => connectAccount(store),
    close: async () => {
      await store.close()
      await cluster.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

async function connectAccount({ db }: Store): Promise<Feed> {
  const nowMs = systemClock.nowMs()
  const market = connectors.amazon!.markets.find(({ code }) => code === 'amazon_us')!
  const orgId = newId('org', nowMs)
  const grantId = newId('gnt', nowMs)
  const shopId = newId('shp', nowMs)
  const common = { org_id: orgId, environment: 'sandbox' as const, platform: 'amazon', region: market.region }
  await db.insertInto('organisations').values({ org_id: orgId, name: 'Bench' }).execute()
  await db
    .insertInto('grants')
    .values({
      ...common,
      id: grantId,
      platform_merchant_id: grantId,
      access_token: null,
      access_expires_at: null,
      refresh_token: null,
      refresh_expires_at: null,
      scopes: [],
      status: 'active',
      granted_at: new Date(nowMs),
      last_refreshed_at: null,
      last_error_code: null,
    })
    .execute()
  await db
    .insertInto('shops')
    .values({
      ...common,
      id: shopId,
      grant_id: grantId,
      marketplace_code: market.code,
      platform_market_id: market.platformMarketId,
      country_code: market.countryCode,
      platform_shop_id: shopId,
      platform_merchant_id: grantId,
      stock_scope_key: grantId,
      display_name: 'Bench',
      currency: market.currency,
      time_zone: market.timeZone,
      status: 'active',
    })
    .execute()
  const shop = {
    id: shopId,
    platformShopId: shopId,
    platformMarketId: market.platformMarketId,
    market,
    facts: {},
  }
  return {
    scope: { orgId, environment: 'sandbox' },
    grantId,
    platform: 'amazon',
    account: { region: market.region, platformMerchantId: grantId, facts: {}, shops: [shop] },
    shops: [shop],
  }
}

/** Orders as the simulated platform sends them, read through the connector: what the benches work on. */
export async function sampleOrders(count: number): Promise<readonly RawOrder[]> {
  const connector = connectors.amazon!
  const simulator = await simulators['amazon']!({ clock: systemClock, orders: count * 4, timeScale: 100_000 })
  try {
    const app = { platform: 'amazon' as const, credentials: simulator.credentials, hosts: simulator.hosts }
    const transport = openTransport({
      fetch,
      clock: systemClock,
      random: Math.random,
      buckets: { take: () => Promise.resolve({ waitMs: 0 }), learn: async () => {}, block: async () => {} },
      log: silentLog,
      measured: () => {},
    })
    const shop = simulator.shops.find(({ countryCode }) => countryCode === 'US')!
    const grant = await connector.auth.refresh(
      transport.open(connector, app, 'bench', null),
      app,
      {
        platformMerchantId: shop.accountId,
        region: shop.region,
        accessToken: null,
        accessExpiresAtMs: null,
        refreshToken: shop.refreshToken,
        refreshExpiresAtMs: null,
        scopes: [],
      },
      systemClock.nowMs(),
    )
    const token = () => Promise.resolve(grant.accessToken!)
    const call = transport.open(connector, app, 'bench', { current: token, renew: token })
    const market = connector.markets.find(({ code }) => code === 'amazon_us')!
    const nowMs = systemClock.nowMs()
    const orders: RawOrder[] = []
    const walk = {
      by: 'created' as const,
      window: { fromMs: nowMs - 3 * 86_400_000, toMs: nowMs - 130_000 },
    }
    const account = {
      region: shop.region,
      platformMerchantId: shop.accountId,
      facts: {},
      shops: [{ platformShopId: shop.accountId, market, facts: {} }],
    }
    for await (const page of connector.orders.walk(call, account, walk)) orders.push(...page.orders)
    return orders.slice(0, count)
  } finally {
    await simulator.stop()
  }
}

/** `count` new orders made from samples: the same shapes under ids nobody has seen. */
export function multiplyOrders(samples: readonly RawOrder[], from: number, count: number): RawOrder[] {
  return Array.from({ length: count }, (_, index) => {
    const sample = samples[(from + index) % samples.length]!
    const serial = String(from + index).padStart(14, '0')
    const id = `${100 + ((from + index) % 900)}-${serial.slice(0, 7)}-${serial.slice(7)}`
    const payload = sample.payload.replaceAll(sample.platformOrderId, id)
    return { ...sample, platformOrderId: id, payload, value: JSON.parse(payload) as unknown }
  })
}
