import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fetch } from 'undici'
import { amazon } from '#connectors/amazon/index.ts'
import type { Fetch } from '#connectors/transport/exchange.ts'
import type { Call, PlatformApp, PlatformRequest } from '#connectors/connector.ts'
import type { GrantRef } from '#store/shops.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { openTestHub } from '#test/support/hub.ts'
import type { TestHub } from '#test/support/hub.ts'
import { sealTokens, openGrant, tokensOf } from './tokens.ts'

const database = await openTestDatabase()

let refreshes = 0
let isLoginDown = false
const platform: Fetch = (url, init) => {
  const isLogin = url.endsWith('/auth/o2/token')
  if (isLogin) refreshes++
  return isLogin && isLoginDown ? Promise.reject(new TypeError('fetch failed')) : fetch(url, init)
}

let hub: TestHub
let ref: GrantRef
let app: PlatformApp
beforeAll(async () => {
  hub = await openTestHub(database.url, { fetch: platform })
  app = hub.shopDeps.app('amazon', 'sandbox')!
})
beforeEach(async () => {
  isLoginDown = false
  hub.simulator.setFault('refresh_race', false)
  ref = await hub.connectAccount('amazon_us')
  refreshes = 0
})
afterAll(() => hub.close())

/** What another process of the hub would open: nothing in common but the database. */
const openProcess = () => tokensOf(hub.shopDeps, amazon, app, ref)

async function callIn(tokens: ReturnType<typeof openProcess>): Promise<Call> {
  const { platform_merchant_id: merchant, region } = await hub.grant(ref)
  return hub.shopDeps.openCall(amazon, app, `${merchant}:${region}`, tokens)
}
const getOrder: PlatformRequest = {
  operation: 'orders.get',
  method: 'GET',
  host: 'api.na',
  path: '/orders/2026-01-01/orders/',
  auth: 'seller',
  repeatable: true,
}

/** The platform forgets the access token that we hold; ours is not due for an hour. */
async function spoilAccessToken(): Promise<void> {
  const row = await hub.grant(ref)
  const spoilt = sealTokens(hub.vault, ref.id, { ...openGrant(hub.vault, row), accessToken: 'Atza|spoilt' })
  await hub.db.updateTable('grants').set(spoilt).where('id', '=', ref.id).execute()
}

describe('an access token', () => {
  it('is asked for once while it lasts', async () => {
    const tokens = openProcess()
    const first = await tokens.current()
    expect(await tokens.current()).toBe(first)
    expect(await openProcess().current()).toBe(first)
    expect(refreshes).toBe(0)
  })

  it('is renewed a minute before its end', async () => {
    const tokens = openProcess()
    const first = await tokens.current()
    hub.clock.pass(3600_000 - 90_000)
    expect(await tokens.current()).toBe(first)
    hub.clock.pass(60_000)
    expect(await tokens.current()).not.toBe(first)
    expect(refreshes).toBe(1)
  })

  it('that the platform refuses is renewed once for twenty calls in two processes', async () => {
    const orderId = hub.simulator.createOrder({ countryCode: 'US' })
    await spoilAccessToken()
    hub.simulator.setFault('refresh_race', true)
    const calls = await Promise.all([openProcess(), openProcess()].map(callIn))
    const request = { ...getOrder, path: `${getOrder.path}${orderId}` }
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => calls[i % 2]!(request)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(refreshes).toBe(1)
  })

  it('that ran out is renewed once for twenty callers in two processes', async () => {
    hub.simulator.setFault('refresh_race', true)
    hub.clock.pass(2 * 3600_000)
    const processes = [openProcess(), openProcess()]
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, i) => processes[i % 2]!.current()))
    expect(new Set(tokens).size).toBe(1)
    expect(refreshes).toBe(1)
    const { refresh_token } = await hub.grant(ref)
    expect(hub.vault.openText(refresh_token!, `grant:${ref.id}:refresh`)).toMatch(/^Atzr\|/)
    hub.clock.pass(2 * 3600_000)
    await expect(openProcess().current()).resolves.not.toBe(tokens[0])
  })

  it('cannot be renewed while the login service is away, which ends nothing', async () => {
    isLoginDown = true
    hub.clock.pass(2 * 3600_000)
    await expect(openProcess().current()).rejects.toMatchObject({ kind: 'platform_down' })
    expect(await hub.grant(ref)).toMatchObject({ status: 'active' })
    isLoginDown = false
    await expect(openProcess().current()).resolves.toMatch(/^Atza\|/)
  })

  it('of a withdrawn consent is refused, and once that is known nobody is asked again', async () => {
    hub.simulator.revoke((await hub.grant(ref)).platform_merchant_id)
    const call = await callIn(openProcess())
    const request = { ...getOrder, path: `${getOrder.path}123-1234567-1234567` }
    await expect(call(request)).rejects.toMatchObject({ kind: 'auth_revoked', code: 'invalid_grant' })
    await hub.walk(ref)
    expect(await hub.grant(ref)).toMatchObject({ status: 'revoked', last_error_code: 'invalid_grant' })
    refreshes = 0
    hub.clock.pass(2 * 3600_000)
    await expect(openProcess().current()).rejects.toMatchObject({
      kind: 'auth_revoked',
      code: 'invalid_grant',
    })
    expect(refreshes).toBe(0)
  })
})
