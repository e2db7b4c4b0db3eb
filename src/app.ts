import { fetch } from 'undici'
import { Registry, collectDefaultMetrics } from 'prom-client'
import type { FastifyInstance } from 'fastify'
import { openAccess } from '#access/access.ts'
import type { Access } from '#access/access.ts'
import { makeApi } from '#api/api.ts'
import type { Platform } from '#canonical/platform.ts'
import type { Call, PlatformApp } from '#connectors/connector.ts'
import { connectors } from '#connectors/registry.ts'
import type { Fetch } from '#connectors/transport/exchange.ts'
import { openTransport } from '#connectors/transport/transport.ts'
import type { Measured } from '#connectors/transport/transport.ts'
import { openDelivery } from '#delivery/delivery.ts'
import { readAllowedTarget } from '#delivery/address.ts'
import { makeEndpoints } from '#delivery/endpoints.ts'
import { openJobs } from '#jobs/jobs.ts'
import type { Jobs } from '#jobs/jobs.ts'
import { systemClock } from '#kernel/clock.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Environment } from '#kernel/environment.ts'
import type { PlatformFailure } from '#kernel/failure.ts'
import type { Log } from '#kernel/log.ts'
import type { Random } from '#kernel/retry.ts'
import { openVault } from '#kernel/seal.ts'
import type { Vault } from '#kernel/seal.ts'
import { checkReadiness } from '#ops/readiness.ts'
import { platformMetrics } from '#ops/metrics.ts'
import { makeConnect } from '#shops/connect.ts'
import type { Connect } from '#shops/connect.ts'
import { disconnect } from '#shops/disconnect.ts'
import { watchExpiries } from '#shops/expiry.ts'
import { pauseAccount } from '#shops/pause.ts'
import { tokensOf } from '#shops/tokens.ts'
import { openStore } from '#store/db.ts'
import type { Db, Store } from '#store/db.ts'
import { openPlatformBuckets } from '#store/platform-buckets.ts'
import type { GrantRef, GrantRow } from '#store/shops.ts'
import { makeSync } from '#sync/make-sync.ts'
import { compileMaps } from '#sync/read.ts'

export type AppParts = {
  readonly databaseUrl: string
  readonly secretKeys: readonly Uint8Array[]
  readonly log: Log
  readonly publicUrl: string
  /** Ranges beyond public HTTPS receivers, see `readAllowedTarget`. */
  readonly webhookTargets: readonly string[]
  /** The app registered with a platform; asked at every use, so that demo mode can add its simulators. */
  readonly platformApp: (platform: Platform, environment: Environment) => PlatformApp | undefined
}

export type App = {
  readonly store: Store
  readonly vault: Vault
  readonly access: Access
  readonly connect: Connect
  readonly api: FastifyInstance
  /** Does the worker's part until `signal` aborts; resolves when everything under way is put down. */
  readonly work: (signal: AbortSignal) => Promise<void>
  readonly close: () => Promise<void>
}

const hourMs = 3600_000

/**
 * The composition root: the only place that builds rooms and hands them to each other. Everything impure
 * (network, clock, randomness, database) enters here.
 */
export async function openApp(parts: AppParts): Promise<App> {
  const { log, publicUrl } = parts
  const clock = systemClock
  const random = Math.random
  const metrics = new Registry()
  collectDefaultMetrics({ register: metrics })

  const store = openStore({
    url: parts.databaseUrl,
    name: 'openclaw',
    onIdleError: (error) => log.warn({ error: error.message }, 'a database connection ended'),
  })
  const vault = openVault(parts.secretKeys)
  const { db } = store
  const jobs = await openJobs({ pool: store.pool, db, clock, log })
  const access = openAccess({ store, vault, clock, log, issuer: publicUrl })

  const policy = { allowed: parts.webhookTargets.map(readAllowedTarget) }
  const delivery = openDelivery({ store, vault, clock, log, random, policy })

  const { connect, sync, shopDeps } = openWayIn({
    db,
    vault,
    clock,
    log,
    random,
    jobs,
    publicUrl,
    fetch,
    measured: platformMetrics(metrics),
    platformApp: parts.platformApp,
    onEvents: delivery.wake,
  })

  const api = makeApi({
    store,
    vault,
    clock,
    log,
    access,
    metrics,
    config: { publicUrl },
    maps: Object.fromEntries(Object.values(connectors).map(({ platform, maps }) => [platform, maps])),
    isReady: () => checkReadiness(store),
    commands: {
      startAuthorization: (scope, wish) =>
        connect.begin({ scope, ...wish, platform: wish.platform as Platform }),
      finishAuthorization: async (platform, query) => {
        const done = await connect.complete(platform as Platform, query)
        return done.ok ? done : { ...done, returnUrl: null }
      },
      endpoints: makeEndpoints({ store, vault, clock, policy }),
      disconnect: (scope, shopId) => disconnect(shopDeps, scope, shopId),
      startBackfill: sync.startBackfill,
      takePush: sync.takePush,
      wakeDelivery: delivery.wake,
    },
  })

  /** Work that is done by the clock; a failure is told and tried again the next time. */
  async function repeat(what: string, everyMs: number, signal: AbortSignal, run: () => Promise<unknown>) {
    while (!signal.aborted) {
      await run().catch((err: unknown) => log.error({ err, what }, 'periodic work failed'))
      await clock.sleep(everyMs, signal)
    }
  }

  return {
    store,
    vault,
    access,
    connect,
    api,
    work: async (signal) => {
      await Promise.all([
        sync.work(jobs, signal),
        delivery.run(signal),
        repeat('expired tokens', hourMs, signal, access.sweep),
        repeat('ending authorisations', hourMs, signal, () => watchExpiries(shopDeps)),
      ])
    },
    close: async () => {
      await api.close()
      await delivery.close()
      await store.close()
    },
  }
}

export type WayInParts = Pick<AppParts, 'log' | 'publicUrl' | 'platformApp'> & {
  readonly db: Db
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Random
  readonly fetch: Fetch
  readonly jobs: Jobs
  readonly measured: Measured
  readonly onEvents: () => void
}

/** From marketplace to order: transport, shops and sync, and one door for each account. */
export function openWayIn(parts: WayInParts) {
  const { db, vault, clock, log, platformApp: app, onEvents } = parts
  const transport = openTransport({ ...parts, buckets: openPlatformBuckets(db) })
  const shopDeps = { db, clock, vault, log, connectors, app, openCall: transport.open, onEvents }
  const doors = new Map<string, Call>()
  const callFor = (grant: GrantRow): Call | undefined => {
    const known = doors.get(grant.id)
    if (known) return known
    const platform = grant.platform as Platform
    const connector = connectors[platform]
    const registered = app(platform, grant.environment)
    if (!connector || !registered) return undefined
    const tokens = tokensOf(shopDeps, connector, registered, { orgId: grant.org_id, id: grant.id })
    const account = `${grant.platform_merchant_id}:${grant.region}`
    const door = transport.open(connector, registered, account, tokens)
    doors.set(grant.id, door)
    return door
  }
  const syncDeps = {
    db,
    clock,
    vault,
    log,
    connectors,
    compiled: compileMaps(),
    onEvents,
    jobs: parts.jobs,
    callFor,
    app,
    pause: (ref: GrantRef, failure: PlatformFailure) => pauseAccount(shopDeps, ref, failure),
  }
  const sync = makeSync(syncDeps)
  const connect = makeConnect({
    ...shopDeps,
    callbackUrl: (platform) => `${parts.publicUrl}/authorize/${platform}/callback`,
    onConnected: async (tx, grant, scope) => {
      doors.delete(grant.id)
      await sync.onConnected(tx, grant, scope)
    },
  })
  return { connect, sync, shopDeps, syncDeps }
}
