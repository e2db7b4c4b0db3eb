import { createHash } from 'node:crypto'
import { Registry } from 'prom-client'
import { openAccess } from '#access/access.ts'
import type { NewApplication } from '#access/access.ts'
import { scopeNames } from '#access/scopes.ts'
import { makeEndpoints } from '#delivery/endpoints.ts'
import { makeApi } from '#api/api.ts'
import type { ApiParts } from '#api/api.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Environment, Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import { silentLog } from '#kernel/log.ts'
import { openVault } from '#kernel/seal.ts'
import { openStore } from '#store/db.ts'
import type { Db } from '#store/db.ts'
import { saveOrders } from '#store/orders.ts'

export const publicUrl = 'http://hub.test'

/** The real API on a real database; only the clock and the commands are the test's own. */
export function openTestApi(databaseUrl: string, given: Partial<ApiParts> = {}) {
  const store = openStore({ url: databaseUrl, name: 'api test', maxConnections: 4, onIdleError: () => {} })
  const vault = openVault([createHash('sha256').update('api test').digest()])
  let nowMs = Date.now()
  const clock: Clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() }
  const access = openAccess({ store, vault, clock, log: silentLog, issuer: publicUrl })
  const api = makeApi({
    store,
    vault,
    clock,
    log: { ...silentLog, error: (fields, message) => console.error(message, fields) },
    access,
    commands: {
      startAuthorization: () =>
        Promise.resolve({ ok: true, authorizationUrl: 'https://seller.test/', expiresAtMs: 0 }),
      disconnect: () => Promise.resolve(false),
      finishAuthorization: () => Promise.resolve({ ok: true, shops: [], returnUrl: null }),
      endpoints: makeEndpoints({
        store,
        vault,
        clock,
        policy: { allowed: [] },
        resolve: () => Promise.resolve(['93.184.216.34']),
      }),
      startBackfill: () => Promise.reject(new Error('this harness has no worker')),
      takePush: () => Promise.resolve({ ok: false, code: 'ROUTE_NOT_FOUND' }),
      wakeDelivery: () => {},
    },
    maps: {},
    config: {
      publicUrl,
      limits: { shop: { perSecond: 1e6, burst: 1e6 }, application: { perSecond: 1e6, burst: 1e6 } },
    },
    metrics: new Registry(),
    isReady: () => Promise.resolve({ ready: true, parts: { database: true } }),
    ...given,
  })

  /** An application with a token, got through the token endpoint. */
  async function connect(scope: Scope, wish: Partial<NewApplication> = {}) {
    const credentials = await access.createApplication(scope, { name: 'ERP', scopes: scopeNames, ...wish })
    return { ...credentials, token: await tokenOf(credentials) }
  }

  async function tokenOf(
    credentials: { readonly clientId: string; readonly clientSecret: string },
    scope?: string,
  ): Promise<string> {
    const answer = await api.inject({
      method: 'POST',
      url: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: credentials.clientId,
        client_secret: credentials.clientSecret,
        ...(scope === undefined ? {} : { scope }),
      }).toString(),
    })
    if (answer.statusCode !== 200) throw new Error(answer.body)
    return answer.json<{ access_token: string }>().access_token
  }

  const get = (url: string, token: string, headers: Record<string, string> = {}) =>
    api.inject({ url, headers: { authorization: `Bearer ${token}`, ...headers } })

  return {
    store,
    vault,
    clock,
    access,
    api,
    connect,
    tokenOf,
    get,
    pass: (ms: number): void => {
      nowMs += ms
    },
    close: async () => {
      await api.close()
      await store.close()
    },
  }
}
export type TestApi = ReturnType<typeof openTestApi>

/** An organisation with one shop. */
export async function addShop(
  db: Db,
  environment: Environment = 'sandbox',
  orgId = newId('org', Date.now()),
) {
  const nowMs = Date.now()
  const [grantId, shopId] = [newId('gnt', nowMs), newId('shp', nowMs)]
  const scope: Scope = { orgId, environment }
  await db
    .insertInto('organisations')
    .values({ org_id: orgId, name: 'Test' })
    .onConflict((c) => c.doNothing())
    .execute()
  await db
    .insertInto('grants')
    .values({
      org_id: orgId,
      environment,
      id: grantId,
      platform: 'amazon',
      region: 'na',
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
      org_id: orgId,
      environment,
      id: shopId,
      grant_id: grantId,
      platform: 'amazon',
      region: 'na',
      marketplace_code: 'amazon_us',
      platform_market_id: 'ATVPDKIKX0DER',
      country_code: 'US',
      platform_shop_id: shopId,
      platform_merchant_id: grantId,
      stock_scope_key: shopId,
      display_name: 'Shop',
      currency: 'USD',
      time_zone: 'America/Los_Angeles',
      status: 'active',
    })
    .execute()
  return { scope, grantId, shopId }
}

/** Stores an order whose document is `document` as JSON, with an id of its own in it. */
export async function addOrder(
  { store, vault }: Pick<TestApi, 'store' | 'vault'>,
  scope: Scope,
  shopId: string,
  more: {
    readonly updatedAt?: Date
    readonly status?: string
    readonly rawId?: string
    readonly document?: object
  } = {},
): Promise<string> {
  const id = newId('ord', Date.now())
  const at = more.updatedAt ?? new Date()
  const document = { id, object: 'order', shop_id: shopId, acknowledged_at: null, ...more.document }
  await store.db.transaction().execute((tx) =>
    saveOrders(tx, scope, [
      {
        org_id: scope.orgId,
        environment: scope.environment,
        id,
        shop_id: shopId,
        platform: 'amazon',
        marketplace_code: 'amazon_us',
        platform_order_id: id,
        status: more.status ?? 'shipped',
        payment_status: 'paid',
        is_fulfillable: false,
        ordered_at: at,
        platform_updated_at: at,
        fetched_at: at,
        first_seen_at: at,
        updated_at: at,
        acknowledged_at: null,
        version: 1,
        event_seq: 1,
        content_hash: Buffer.alloc(32),
        mapping_version: '1',
        raw_id: more.rawId ?? 'none',
        raw_sha256: Buffer.alloc(32),
        rejected_hash: null,
        document: vault.seal(JSON.stringify(document), `order:${id}`),
      },
    ]),
  )
  return id
}
