import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { fetch } from 'undici'
import { openWayIn } from '../../src/app.ts'
import type { Order } from '#canonical/order.ts'
import type { Fetch } from '#connectors/transport/exchange.ts'
import { openJobs } from '#jobs/jobs.ts'
import type { JobHandler } from '#jobs/jobs.ts'
import type { Environment, Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import { silentLog } from '#kernel/log.ts'
import type { Log } from '#kernel/log.ts'
import { openVault } from '#kernel/seal.ts'
import { startAmazonSimulator } from '#simulators/amazon/index.ts'
import type { AmazonSimulatorOptions } from '#simulators/amazon/index.ts'
import { openStore } from '#store/db.ts'
import { findFeed } from '#store/order-feeds.ts'
import { findGrant } from '#store/shops.ts'
import type { GrantRef } from '#store/shops.ts'
import { backfillHandler } from '#sync/backfill.ts'
import { feedOfAny } from '#sync/feeds.ts'
import { refetchHandler } from '#sync/hints.ts'
import { subscribeHandler } from '#sync/subscribe.ts'
import { walkHandler } from '#sync/walk-job.ts'
import { passingClock } from './passing-clock.ts'

export const callbackUrl = 'http://127.0.0.1:4000/authorize/amazon/callback'

export type HubOptions = {
  readonly simulator?: Partial<AmazonSimulatorOptions>
  /** How much faster than the wall this hub and its platform live. Job times are then ahead of the database's. */
  readonly speed?: number
  readonly fetch?: Fetch
  readonly log?: Log
}

/** An event as it is sent. */
export type EventBody = {
  readonly id: string
  readonly type: string
  readonly entity_id: string
  readonly seq: number
  readonly offset: number
  readonly cause: { readonly source: string; readonly raw_ref: string | null }
  readonly changed_fields: readonly string[]
  readonly data: Readonly<Record<string, unknown>>
}

/**
 * The way in as the app wires it, on a real database and a simulated Amazon. Nothing runs by itself: a test
 * does the jobs that wait, one task after the other, or calls `work` for the whole worker.
 */
export async function openTestHub(databaseUrl: string, options: HubOptions = {}) {
  const log = options.log ?? silentLog
  const clock = passingClock(options.speed)
  const store = openStore({ url: databaseUrl, name: 'hub test', maxConnections: 12, onIdleError: () => {} })
  const { db } = store
  const vault = openVault([createHash('sha256').update('hub test').digest()])
  const jobs = await openJobs({ pool: store.pool, db, clock, log })
  const simulator = await startAmazonSimulator({
    clock,
    orders: 0,
    timeScale: 10_000,
    autoApprove: true,
    ...options.simulator,
  })
  const { credentials, hosts, queue } = simulator
  const wayIn = openWayIn({
    db,
    vault,
    clock,
    log,
    random: () => 0,
    jobs,
    publicUrl: new URL(callbackUrl).origin,
    fetch: options.fetch ?? fetch,
    measured: () => {},
    platformApp: (platform, environment) =>
      environment === 'sandbox' ? { platform, credentials, hosts, queue } : undefined,
    onEvents: () => {},
  })
  const { connect, sync, syncDeps } = wayIn
  const handlers: Readonly<Record<string, JobHandler>> = {
    walk_orders: walkHandler(syncDeps),
    refetch_order: refetchHandler(syncDeps),
    backfill_orders: backfillHandler(syncDeps),
    subscribe_orders: subscribeHandler(syncDeps, syncDeps.app),
  }

  async function addOrganisation(environment: Environment = 'sandbox'): Promise<Scope> {
    const orgId = newId('org', clock.nowMs())
    await db.insertInto('organisations').values({ org_id: orgId, name: 'Test' }).execute()
    return { orgId, environment }
  }
  const scope = await addOrganisation()

  /** Where the seller's browser ends up: the query of our callback. Throws unless the platform sends it there. */
  async function consentQuery(authorizationUrl: string): Promise<Record<string, string>> {
    const answer = await fetch(authorizationUrl, { redirect: 'manual' })
    const back = answer.headers.get('location')
    if (!back?.startsWith(callbackUrl)) throw new Error(`the platform answered ${answer.status}`)
    return Object.fromEntries(new URL(back).searchParams)
  }

  const begin = (owner: Scope, marketplaceCode: string) =>
    connect.begin({ scope: owner, platform: 'amazon', marketplaceCode, startedBy: 'test', returnUrl: null })

  /** Goes through the consent and gives the grant that came of it. */
  async function connectAccount(marketplaceCode = 'amazon_us', owner: Scope = scope): Promise<GrantRef> {
    const begun = await begin(owner, marketplaceCode)
    if (!begun.ok) throw new Error(begun.code)
    const done = await connect.complete('amazon', await consentQuery(begun.authorizationUrl))
    if (!done.ok) throw new Error(`${done.code} ${done.detail.en}`)
    const { grant_id: id } = await db
      .selectFrom('shops')
      .select('grant_id')
      .where('id', '=', done.shops[0]!.id)
      .executeTakeFirstOrThrow()
    return { orgId: owner.orgId, id }
  }

  /** Jobs that wait, in the order in which they come up. */
  async function waitingJobs(task?: string) {
    const { rows } = await sql<{
      id: string
      task: string
      key: string
      run_at: Date
      payload: Readonly<Record<string, string>>
    }>`
      select j.id, t.identifier as task, j.key, j.run_at, j.payload
      from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
      where ${task ?? null}::text is null or t.identifier = ${task ?? null}
      order by j.run_at, j.id`.execute(db)
    return rows
  }

  /** Does the jobs of a task that wait now, whatever their time. What they throw is thrown. */
  async function doJobs(task: string, signal = new AbortController().signal): Promise<number> {
    const rows = await waitingJobs(task)
    for (const { id, payload } of rows) {
      await sql`delete from graphile_worker._private_jobs where id = ${id}`.execute(db)
      await handlers[task]!(payload, signal)
    }
    return rows.length
  }

  /** Takes one account's walk out of the queue and does it. */
  async function walk(ref: GrantRef, signal = new AbortController().signal): Promise<void> {
    await sql`delete from graphile_worker._private_jobs where key = ${`walk:${ref.id}`}`.execute(db)
    await handlers['walk_orders']!({ orgId: ref.orgId, grantId: ref.id }, signal)
  }

  async function orders(owner: Scope = scope) {
    const rows = await db
      .selectFrom('orders')
      .selectAll()
      .where('org_id', '=', owner.orgId)
      .orderBy('platform_order_id')
      .execute()
    return rows.map(({ document, ...row }) => ({
      ...row,
      order: JSON.parse(vault.openText(document, `order:${row.id}`)) as Order,
    }))
  }

  async function events(owner: Scope = scope): Promise<readonly EventBody[]> {
    const rows = await db
      .selectFrom('events')
      .select(['id', 'body'])
      .where('org_id', '=', owner.orgId)
      .orderBy('offset')
      .execute()
    return rows.map(({ id, body }) => JSON.parse(vault.openText(body, `event:${id}`)) as EventBody)
  }

  return {
    ...wayIn,
    store,
    db,
    vault,
    clock,
    jobs,
    simulator,
    scope,
    addOrganisation,
    begin,
    consentQuery,
    connectAccount,
    waitingJobs,
    doJobs,
    walk,
    orders,
    events,
    /** The feed of a connected account, as ingest takes it. */
    feed: async (ref: GrantRef) => (await feedOfAny(syncDeps, ref))!,
    grant: async (ref: GrantRef) => (await findGrant(db, ref))!,
    /** Where the walk over an account stands. */
    progress: async (ref: GrantRef) => (await findFeed(db, ref))!,
    /** Orders of the platform's own books, for one account or all. */
    truth: (accountId?: string) =>
      simulator.truth().filter((order) => accountId === undefined || order.accountId === accountId),
    work: (signal: AbortSignal) => sync.work(jobs, signal),
    close: async () => {
      await simulator.stop()
      await store.close()
    },
  }
}
export type TestHub = Awaited<ReturnType<typeof openTestHub>>
