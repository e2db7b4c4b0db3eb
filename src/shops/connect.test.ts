import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fetch } from 'undici'
import type { Scope } from '#kernel/environment.ts'
import type { Fetch } from '#connectors/transport/exchange.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { openTestHub } from '#test/support/hub.ts'
import type { TestHub } from '#test/support/hub.ts'

const database = await openTestDatabase()

/** What the platform's list of marketplaces says instead, where a test wants that. */
let participations: object | null = null
const platform: Fetch = (url, init) =>
  participations && url.includes('/marketplaceParticipations')
    ? Promise.resolve(Response.json(participations))
    : fetch(url, init)

let hub: TestHub
let scope: Scope
beforeAll(async () => {
  hub = await openTestHub(database.url, { fetch: platform })
})
beforeEach(async () => {
  participations = null
  await hub.db.deleteFrom('shops').execute()
  await hub.db.deleteFrom('grants').execute()
  await hub.db.deleteFrom('backfills').execute()
  scope = await hub.addOrganisation()
})
afterAll(() => hub.close())

/** A consent that was given and has not come back to us yet. */
async function consent(owner = scope, marketplaceCode = 'amazon_us'): Promise<Record<string, string>> {
  const begun = await hub.begin(owner, marketplaceCode)
  if (!begun.ok) throw new Error(begun.code)
  return hub.consentQuery(begun.authorizationUrl)
}
const complete = (query: Record<string, string>) => hub.connect.complete('amazon', query)
const stored = async () => ({
  grants: await hub.db.selectFrom('grants').selectAll().execute(),
  shops: await hub.db.selectFrom('shops').selectAll().orderBy('marketplace_code').execute(),
})

describe('a consent', () => {
  it('connects every marketplace of the account, seals the tokens and plans the first walk', async () => {
    const done = await complete(await consent())
    const { grants, shops } = await stored()
    expect(done).toMatchObject({ ok: true, returnUrl: null })
    expect(shops.map(({ marketplace_code, status }) => [marketplace_code, status])).toEqual([
      ['amazon_br', 'active'],
      ['amazon_ca', 'active'],
      ['amazon_mx', 'active'],
      ['amazon_us', 'active'],
    ])
    expect(done.ok && done.shops.map(({ id }) => id).toSorted()).toEqual(shops.map(({ id }) => id).toSorted())
    expect(grants).toHaveLength(1)
    const [grant] = grants
    expect(grant!.access_token!.includes('Atza')).toBe(false)
    expect(hub.vault.openText(grant!.access_token!, `grant:${grant!.id}:access`)).toMatch(/^Atza\|/)
    expect(hub.vault.openText(grant!.refresh_token!, `grant:${grant!.id}:refresh`)).toMatch(/^Atzr\|/)
    const keys = (await hub.waitingJobs()).map(({ key }) => key)
    expect(keys).toContain(`walk:${grant!.id}`)
    expect((await hub.events(scope)).map(({ type }) => type)).toEqual(Array(4).fill('shop.connected'))
  })

  it('counts once, whoever comes back with it how often', async () => {
    const query = await consent()
    const all = await Promise.all(Array.from({ length: 20 }, () => complete(query)))
    expect(all.filter(({ ok }) => ok)).toHaveLength(1)
    expect(all.filter((done) => !done.ok && done.code === 'STATE_USED')).toHaveLength(19)
    expect((await stored()).grants).toHaveLength(1)
  })

  it('counts for a quarter of an hour', async () => {
    const query = await consent()
    hub.clock.pass(15 * 60_000 + 1_000)
    expect(await complete(query)).toMatchObject({ ok: false, code: 'STATE_EXPIRED' })
    expect((await stored()).grants).toEqual([])
  })

  it('counts only where it was begun', async () => {
    const query = await consent()
    expect(await complete({ ...query, state: 'A'.repeat(43) })).toMatchObject({ code: 'STATE_INVALID' })
    const { state: _, ...without } = query
    expect(await complete(without)).toMatchObject({ ok: false, code: 'STATE_INVALID' })
    expect(await hub.connect.complete('temu', query)).toMatchObject({ ok: false })
    expect((await stored()).grants).toEqual([])
    expect(await complete(query)).toMatchObject({ ok: true })
  })

  it('that the seller refuses uses the link up and stores nothing', async () => {
    const begun = await hub.begin(scope, 'amazon_us')
    if (!begun.ok) throw new Error(begun.code)
    const answer = await fetch(begun.authorizationUrl, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'decline' }),
      redirect: 'manual',
    })
    const query = Object.fromEntries(new URL(answer.headers.get('location')!).searchParams)
    const done = await complete(query)
    expect(done).toMatchObject({ ok: false, code: 'CONSENT_REFUSED' })
    expect(done.ok ? '' : done.detail.en).toContain('access_denied')
    expect(await complete(query)).toMatchObject({ code: 'STATE_USED' })
    expect((await stored()).grants).toEqual([])
  })

  it('whose code the platform does not take stores nothing and says why', async () => {
    hub.simulator.setFault('expired_code', { count: 1 })
    const done = await complete(await consent())
    expect(done).toMatchObject({ ok: false, code: 'PLATFORM_REFUSED' })
    expect(done.ok ? '' : done.detail.en).toContain('invalid_grant')
    expect((await stored()).grants).toEqual([])
  })

  it('for an account without a known marketplace is refused', async () => {
    participations = { payload: [] }
    expect(await complete(await consent())).toMatchObject({ ok: false, code: 'NO_SHOPS' })
    participations = { unexpected: true }
    expect(await complete(await consent())).toMatchObject({ ok: false, code: 'PLATFORM_REFUSED' })
    expect((await stored()).grants).toEqual([])
  })

  it('cannot be begun for what is not there', async () => {
    expect(await hub.begin(scope, 'amazon_atlantis')).toMatchObject({
      ok: false,
      code: 'MARKETPLACE_UNKNOWN',
    })
    expect(await hub.begin({ ...scope, environment: 'production' }, 'amazon_us')).toMatchObject({
      ok: false,
      code: 'PLATFORM_NOT_CONFIGURED',
    })
  })
})

describe('an account', () => {
  it('of another organisation stays with it, and nothing of it changes', async () => {
    await complete(await consent())
    const before = await stored()
    const stranger = await hub.addOrganisation()
    expect(await complete(await consent(stranger))).toMatchObject({ ok: false, code: 'SHOP_OWNED_ELSEWHERE' })
    expect(await stored()).toEqual(before)
    expect(await hub.events(stranger)).toEqual([])
  })

  it('that two organisations connect at once goes to one of them', async () => {
    const owners = [scope, await hub.addOrganisation(), await hub.addOrganisation()]
    const queries = await Promise.all(owners.map((owner) => consent(owner)))
    const all = await Promise.all(queries.map((query) => complete(query)))
    expect(all.map((done) => (done.ok ? 'ok' : done.code)).toSorted()).toEqual([
      'SHOP_OWNED_ELSEWHERE',
      'SHOP_OWNED_ELSEWHERE',
      'ok',
    ])
    expect((await stored()).grants).toHaveLength(1)
  })

  it('that one organisation connects twice at once has one grant', async () => {
    const queries = await Promise.all([consent(), consent(), consent()])
    const all = await Promise.all(queries.map((query) => complete(query)))
    expect(all.map(({ ok }) => ok)).toEqual([true, true, true])
    const { grants, shops } = await stored()
    expect(grants).toHaveLength(1)
    expect(shops).toHaveLength(4)
  })

  it('may be connected with a token that the seller made', async () => {
    const { accountId, refreshToken } = hub.simulator.shops.find(({ region }) => region === 'na')!
    const request = {
      scope,
      platform: 'amazon' as const,
      marketplaceCode: 'amazon_us',
      platformMerchantId: accountId,
    }
    const refused = await hub.connect.withRefreshToken({ ...request, refreshToken: 'Atzr|made-up' })
    expect(refused).toMatchObject({ ok: false, code: 'PLATFORM_REFUSED' })
    expect((await stored()).grants).toEqual([])
    const done = await hub.connect.withRefreshToken({ ...request, refreshToken: refreshToken! })
    expect(done.ok && done.shops).toHaveLength(4)
    const [grant] = (await stored()).grants
    expect(grant!.platform_merchant_id).toBe(accountId)
    expect(grant!.refresh_expires_at).toBeNull()
  })
})

describe('connecting again', () => {
  it('wakes a paused account: its shops, its walk and its backfills go on where they were', async () => {
    const ref = await hub.connectAccount('amazon_us', scope)
    const nowMs = hub.clock.nowMs()
    await hub.sync.startBackfill(scope, ref.id, { fromMs: nowMs - 3 * 86_400_000, toMs: nowMs - 86_400_000 })
    const { synced_until } = await hub.progress(ref)
    hub.simulator.revoke((await hub.grant(ref)).platform_merchant_id)
    await hub.walk(ref)
    await hub.doJobs('backfill_orders')
    expect((await hub.grant(ref)).status).toBe('revoked')
    expect((await stored()).shops.map(({ status }) => status)).toEqual(Array(4).fill('revoked'))
    expect((await hub.waitingJobs()).filter(({ payload }) => payload['grantId'] === ref.id)).toMatchObject([
      { task: 'subscribe_orders' },
    ])

    expect(await hub.connectAccount('amazon_us', scope)).toEqual(ref)
    expect(await hub.grant(ref)).toMatchObject({ status: 'active', last_error_code: null })
    expect((await stored()).shops.map(({ status }) => status)).toEqual(Array(4).fill('active'))
    const tasks = (await hub.waitingJobs())
      .filter(({ payload }) => payload['grantId'] === ref.id)
      .map(({ task }) => task)
    expect(tasks.toSorted()).toEqual(['backfill_orders', 'subscribe_orders', 'walk_orders'])
    expect((await hub.progress(ref)).synced_until).toEqual(synced_until)
    await hub.walk(ref)
    expect((await hub.progress(ref)).last_error_code).toBeNull()

    const [, own] = [...Map.groupBy(await hub.events(scope), ({ entity_id }) => entity_id)][0]!
    expect(own.map(({ type }) => type)).toEqual(['shop.connected', 'shop.revoked', 'shop.connected'])
    expect(own.map(({ seq }) => seq)).toEqual([1, 2, 3])
  })
})
