import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { fetch } from 'undici'
import type { Fetch } from '#connectors/transport/exchange.ts'
import type { FaultName, FaultSetting } from '#simulators/faults.ts'
import type { GrantRef } from '#store/shops.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { openTestHub } from '#test/support/hub.ts'
import type { HubOptions, TestHub } from '#test/support/hub.ts'

const database = await openTestDatabase()

const hubs: TestHub[] = []
let seed = 100

/** What went over the wire, by path; every page of a search has four orders, so that there are many. */
let sent: string[] = []
const smallPages: Fetch = (url, init) => {
  sent.push(new URL(url).pathname)
  return fetch(url.replace('maxResultsPerPage=100', 'maxResultsPerPage=4'), init)
}
const searches = (): number => sent.filter((path) => path.endsWith('/orders')).length

/** A hub with one connected account of about thirty orders, all old enough to be listed. */
async function openConnected(options: HubOptions = {}): Promise<{ hub: TestHub; ref: GrantRef }> {
  const simulator = { seed: seed++, orders: 90, ...options.simulator }
  const hub = await openTestHub(database.url, { fetch: smallPages, ...options, simulator })
  hubs.push(hub)
  const ref = await hub.connectAccount('amazon_us')
  hub.clock.pass(5 * 60_000)
  sent = []
  return { hub, ref }
}
afterEach(async () => {
  for (const hub of hubs.splice(0)) {
    // The next hub must not find the jobs of accounts that its platform does not know.
    await sql`delete from graphile_worker._private_jobs`.execute(hub.db)
    await hub.close()
  }
})
afterAll(() => expect(hubs).toEqual([]))

async function truthOf(hub: TestHub, ref: GrantRef): Promise<readonly string[]> {
  const { platform_merchant_id: accountId } = await hub.grant(ref)
  return hub
    .truth(accountId)
    .map(({ orderId }) => orderId)
    .toSorted()
}
const storedIds = async (hub: TestHub): Promise<readonly string[]> =>
  (await hub.orders()).map((row) => row.platform_order_id)

/** Lets the pause after a failure pass and walks again. */
async function comeBack(hub: TestHub, ref: GrantRef): Promise<void> {
  const { blocked_until } = await hub.progress(ref)
  hub.clock.pass(Math.max(0, blocked_until!.getTime() - hub.clock.nowMs()) + 100)
  const [next] = await hub.waitingJobs('walk_orders')
  expect(next!.run_at.getTime()).toBeLessThanOrEqual(hub.clock.nowMs())
  await hub.doJobs('walk_orders')
}

describe('a fault of the platform that passes', () => {
  it.each<[FaultName, FaultSetting]>([
    ['server_error', { count: 2 }],
    ['html_error', { count: 2 }],
    ['cut_body', { count: 2 }],
    ['mixed_time_units', true],
    ['window_end', { count: 1 }],
  ])('%s %j costs nothing', async (name, setting) => {
    const { hub, ref } = await openConnected()
    hub.simulator.setFault(name, setting)
    await hub.walk(ref)
    expect(await hub.progress(ref)).toMatchObject({ last_error_code: null, blocked_until: null })
    expect(await storedIds(hub)).toEqual(await truthOf(hub, ref))
  })

  it('a body that stops half way is given up and asked for again', async () => {
    const { hub, ref } = await openConnected({ speed: 100 })
    hub.simulator.setFault('slow_body', { count: 1 })
    await hub.walk(ref)
    expect(await hub.progress(ref)).toMatchObject({ last_error_code: null })
    expect(await storedIds(hub)).toEqual(await truthOf(hub, ref))
  })

  it.each<[FaultName, string]>([
    ['server_error', 'InternalFailure'],
    ['html_error', 'HTML'],
    ['cut_body', 'NO_ANSWER'],
    ['hidden_inner_failure', 'NO_ORDER_LIST'],
    ['throttle_storm', 'QuotaExceeded'],
  ])('%s that lasts ends the walk as %s; afterwards nothing is missing', async (name, code) => {
    const { hub, ref } = await openConnected()
    const before = await hub.progress(ref)
    hub.simulator.setFault(name, true)
    await hub.walk(ref)
    const failed = await hub.progress(ref)
    expect(failed.last_error_code).toBe(code)
    expect(failed.synced_until).toEqual(before.synced_until)
    expect(failed.blocked_until!.getTime()).toBeGreaterThan(hub.clock.nowMs())
    expect(await storedIds(hub)).toEqual([])

    hub.simulator.setFault(name, false)
    await comeBack(hub, ref)
    expect(await hub.progress(ref)).toMatchObject({ last_error_code: null, blocked_until: null })
    expect(await storedIds(hub)).toEqual(await truthOf(hub, ref))
  })

  it('a fault in the middle of a walk costs no page that was read, and doubles none', async () => {
    let left = 4
    const { hub, ref } = await openConnected({
      fetch: (url, init) =>
        url.includes('paginationToken') && left-- <= 0
          ? Promise.reject(new TypeError('fetch failed'))
          : smallPages(url, init),
    })
    await hub.walk(ref)
    expect((await hub.progress(ref)).last_error_code).toBe('NO_ANSWER')
    const truth = await truthOf(hub, ref)
    const stored = await storedIds(hub)
    expect(stored.length).toBe(20)
    expect(truth.length).toBeGreaterThan(stored.length)
    left = 1_000
    await comeBack(hub, ref)
    expect(await storedIds(hub)).toEqual(truth)
    const created = (await hub.events()).filter(({ type }) => type === 'order.created')
    expect(created).toHaveLength(truth.length)
  })
})

describe('a storm of refusals', () => {
  it('blocks the bucket: nobody asks before its end, and the other account is not held up', async () => {
    const { hub, ref } = await openConnected()
    const other = await hub.connectAccount('amazon_de')
    hub.simulator.setFault('throttle_storm', { count: 1 })
    await hub.walk(ref)
    const asked = searches()
    await hub.walk(ref)
    expect(searches()).toBe(asked)
    expect((await hub.progress(ref)).last_error_code).toBe('OWN_LIMIT')

    await hub.walk(other)
    expect((await hub.progress(other)).last_error_code).toBeNull()
    expect(await storedIds(hub)).toEqual(await truthOf(hub, other))

    await comeBack(hub, ref)
    expect((await hub.progress(ref)).last_error_code).toBeNull()
  })

  it('that is our own rate is waited out: a long history arrives page by page on the real usage plan', async () => {
    const { hub, ref } = await openConnected({ simulator: { timeScale: 1, orders: 300 } })
    const truth = await truthOf(hub, ref)
    expect(truth.length / 4).toBeGreaterThan(20)
    const startedMs = hub.clock.nowMs()
    let rounds = 0
    await hub.walk(ref)
    for (; (await hub.progress(ref)).last_error_code !== null; rounds++) {
      expect(rounds).toBeLessThan(60)
      await comeBack(hub, ref)
    }
    expect(rounds).toBeGreaterThan(1)
    expect(await storedIds(hub)).toEqual(truth)
    const pages = searches()
    const allowed = 20 + ((hub.clock.nowMs() - startedMs) / 1000) * 0.0056
    expect(pages).toBeLessThanOrEqual(allowed + 1)
    // Some pages are read again, because a piece of the walk counts only when it is done.
    expect(pages).toBeLessThan(truth.length)
  })
})

describe('a platform that walks in circles', () => {
  it.each<[FaultName, FaultSetting]>([
    ['repeated_page', { count: 1 }],
    ['repeated_page', true],
    ['same_token_twice', { count: 1 }],
    ['same_token_twice', true],
  ])('%s %j: smaller spans bring every order', async (name, setting) => {
    const { hub, ref } = await openConnected()
    hub.simulator.setFault(name, setting)
    await hub.walk(ref)
    expect(hub.simulator.faults().find((fault) => fault.name === name)!.struck).toBeGreaterThan(0)
    expect((await hub.progress(ref)).last_error_code).toBeNull()
    expect(await storedIds(hub)).toEqual(await truthOf(hub, ref))
  })
})

describe('an order that lists leave out', () => {
  it('is found when a message names it, and by a backfill once lists have it', async () => {
    const { hub, ref } = await openConnected()
    const [byHint, byBackfill, ...seen] = await truthOf(hub, ref)
    hub.simulator.setFault('hidden_order', { only: [byHint!, byBackfill!] })
    await hub.walk(ref)
    expect(await storedIds(hub)).toEqual(seen)

    const payload = { orgId: ref.orgId, grantId: ref.id, platformOrderId: byHint! }
    await hub.jobs.enqueue(hub.db, { task: 'refetch_order', key: 'hint', payload })
    await hub.doJobs('refetch_order')
    expect(await storedIds(hub)).toEqual([byHint, ...seen])

    hub.simulator.setFault('hidden_order', false)
    await hub.walk(ref)
    expect(await storedIds(hub)).toEqual([byHint, ...seen])
    const nowMs = hub.clock.nowMs()
    await hub.sync.startBackfill(hub.scope, ref.id, { fromMs: nowMs - 3 * 86_400_000, toMs: nowMs })
    while ((await hub.doJobs('backfill_orders')) > 0);
    expect(await storedIds(hub)).toEqual([byHint, byBackfill, ...seen])
    expect((await hub.events()).filter(({ cause }) => cause.source === 'backfill')).not.toEqual([])
  })

  it('that is nowhere is asked for a few times and then left to the walks', async () => {
    const { hub, ref } = await openConnected()
    const payload = { orgId: ref.orgId, grantId: ref.id, platformOrderId: '123-1234567-1234567' }
    await hub.jobs.enqueue(hub.db, { task: 'refetch_order', key: 'hint', payload })
    let tries = 0
    while ((await hub.doJobs('refetch_order')) > 0) tries++
    expect(tries).toBe(5)
  })
})

describe('a consent that is withdrawn', () => {
  it('pauses its account and tells it once; the other account goes on at once', async () => {
    const { hub, ref } = await openConnected()
    const other = await hub.connectAccount('amazon_de')
    const { platform_merchant_id: accountId } = await hub.grant(ref)
    hub.simulator.setFault('revoked_grant', { only: [accountId] })
    hub.clock.pass(3600_000)
    await hub.doJobs('walk_orders')
    await hub.walk(ref)
    expect(await hub.grant(ref)).toMatchObject({ status: 'revoked', last_error_code: 'invalid_grant' })
    expect(await hub.grant(other)).toMatchObject({ status: 'active' })
    expect(await storedIds(hub)).toEqual(await truthOf(hub, other))
    const told = (await hub.events()).filter(({ type }) => type === 'shop.revoked')
    const shops = await hub.db
      .selectFrom('shops')
      .select(['id', 'status'])
      .where('grant_id', '=', ref.id)
      .execute()
    expect(told.map(({ entity_id }) => entity_id).toSorted()).toEqual(shops.map(({ id }) => id).toSorted())
    expect(shops.map(({ status }) => status)).toEqual(shops.map(() => 'revoked'))
    expect((await hub.waitingJobs('walk_orders')).map(({ key }) => key)).toEqual([`walk:${other.id}`])
  })
})

describe('a document that is not what it should be', () => {
  it('with an unknown status is unknown, keeps the original word, and goes on when it is known again', async () => {
    const { hub, ref } = await openConnected()
    const order = hub.simulator.createOrder({
      accountId: (await hub.grant(ref)).platform_merchant_id,
      kind: 'merchant',
    })
    hub.simulator.advance(order)
    hub.simulator.setFault('unknown_status', { only: [order] })
    hub.clock.pass(5 * 60_000)
    await hub.walk(ref)
    const find = async () => (await hub.orders()).find((row) => row.platform_order_id === order)!
    expect(await find()).toMatchObject({
      status: 'unknown',
      is_fulfillable: false,
      order: { platform_status: 'AWAITING_CUSTOMS_REVIEW' },
    })
    hub.simulator.setFault('unknown_status', false)
    hub.simulator.advance(order)
    hub.clock.pass(5 * 60_000)
    await hub.walk(ref)
    expect(await find()).toMatchObject({ status: 'shipped', version: 2 })
    expect(await storedIds(hub)).toEqual(await truthOf(hub, ref))
  })

  it('with unknown fields goes through; their paths are noted, without values', async () => {
    const { hub, ref } = await openConnected()
    hub.simulator.setFault('unknown_field', true)
    await hub.walk(ref)
    const truth = await truthOf(hub, ref)
    expect(await storedIds(hub)).toEqual(truth)
    const drift = await hub.db.selectFrom('drift').selectAll().orderBy('path').execute()
    expect(drift).toMatchObject([
      {
        platform: 'amazon',
        document: 'order',
        path: 'customsReviewLane',
        type: 'string',
        seen_count: truth.length,
      },
      { path: 'orderItems[].packingHint', type: 'object', seen_count: truth.length },
    ])
    expect(JSON.stringify(drift)).not.toContain('GREEN')
  })

  it('without a currency is set aside alone, and settled by the next good one', async () => {
    const { hub, ref } = await openConnected()
    const paid = hub
      .truth()
      .find(({ accountId, status, region }) => region === 'na' && status === 'SHIPPED' && accountId !== '')!
    hub.simulator.setFault('missing_currency', { only: [paid.orderId] })
    await hub.walk(ref)
    const truth = await truthOf(hub, ref)
    expect(await storedIds(hub)).toEqual(truth.filter((id) => id !== paid.orderId))
    const quarantine = () =>
      hub.db.selectFrom('quarantine').selectAll().where('org_id', '=', hub.scope.orgId).execute()
    const [aside, ...others] = await quarantine()
    expect(others).toEqual([])
    expect(aside).toMatchObject({ platform_order_id: paid.orderId, resolved_at: null, document: 'order' })
    const faults = aside!.faults as { path: string; wanted: string; got: string }[]
    expect(faults.map(({ path }) => path).join()).toContain('currencyCode')
    expect((await hub.progress(ref)).last_error_code).toBeNull()

    hub.simulator.setFault('missing_currency', false)
    const payload = { orgId: ref.orgId, grantId: ref.id, platformOrderId: paid.orderId }
    await hub.jobs.enqueue(hub.db, { task: 'refetch_order', key: 'hint', payload })
    await hub.doJobs('refetch_order')
    expect(await storedIds(hub)).toEqual(truth)
    expect((await quarantine()).map(({ resolved_at }) => resolved_at)).not.toContain(null)
  })
})
