import { afterEach, describe, expect, test } from 'vitest'
import { askToken } from '#test/support/amazon-client.ts'
import { manualClock, type ManualClock } from '#test/support/manual-clock.ts'
import { startAmazonSimulator, type AmazonSimulator, type AmazonSimulatorOptions } from './index.ts'

const callback = 'http://127.0.0.1:4000/authorize/amazon/callback'
let sim: AmazonSimulator
let clock: ManualClock
afterEach(() => sim.stop())

async function start(options: Partial<AmazonSimulatorOptions> = {}): Promise<void> {
  clock = manualClock()
  sim = await startAmazonSimulator({ clock, redirectUris: [callback], ...options })
}

const page = (query: Record<string, string> = {}, place = ''): string => {
  const all = {
    application_id: sim.credentials['application_id']!,
    state: 's-1',
    redirect_uri: callback,
    ...query,
  }
  return `${sim.url}/seller${place}/apps/authorize/consent?${new URLSearchParams(all).toString()}`
}

const submit = (fields: Record<string, string>, place = ''): Promise<Response> =>
  fetch(page({}, place), { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })

const landing = (response: Response): URLSearchParams =>
  new URL(response.headers.get('location')!).searchParams

const exchange = (code: string, redirect = callback) =>
  askToken(sim, { grant_type: 'authorization_code', code, redirect_uri: redirect })

async function newCode(): Promise<string> {
  return landing(await submit({ decision: 'approve' })).get('spapi_oauth_code')!
}

describe('the consent page', () => {
  test('shows the accounts of the region in the asked language and escapes what it is given', async () => {
    await start()
    const english = await (await fetch(page({ state: '"><script>' }))).text()
    expect(english).toContain('Authorise application')
    expect(english).not.toContain('<script>')
    expect(english.match(/type="radio"/g)).toHaveLength(3)
    const chinese = await (
      await fetch(page({}, '/eu'), { headers: { 'accept-language': 'zh-CN,zh;q=0.9' } })
    ).text()
    expect(chinese).toContain('同意授权')
    expect(chinese.match(/type="radio"/g)).toHaveLength(1)
  })

  test('a click sends the seller back with state, account and a code', async () => {
    await start()
    const seller = sim.shops.find(({ region }) => region === 'eu')!
    const answer = await submit({ decision: 'approve', selling_partner_id: seller.accountId })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    const query = landing(answer)
    expect(query.get('state')).toBe('s-1')
    expect(query.get('selling_partner_id')).toBe(seller.accountId)
    const granted = await exchange(query.get('spapi_oauth_code')!)
    expect(granted.status).toBe(200)
    expect(granted.value).toMatchObject({ token_type: 'bearer', expires_in: 3600 })
    expect(String(granted.at('access_token'))).toMatch(/^Atza\|/)
    expect(String(granted.at('refresh_token'))).toMatch(/^Atzr\|/)
  })

  test('declining is told to the app', async () => {
    await start()
    const query = landing(await submit({ decision: 'decline' }))
    expect(query.get('error')).toBe('access_denied')
    expect(query.get('spapi_oauth_code')).toBeNull()
  })

  test('a draft app needs version=beta (MD1000), a foreign page is refused (MD5101)', async () => {
    await start({ draft: true })
    const refused = await fetch(page())
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('MD1000')])
    expect((await fetch(page({ version: 'beta' }))).status).toBe(200)
    const foreign = await fetch(page({ version: 'beta', redirect_uri: 'https://evil.example/cb' }))
    expect(await foreign.text()).toContain('MD5101')
  })

  test('approves by itself when told to: in the region of the page, each account in turn', async () => {
    await start({ autoApprove: true, sellersPerRegion: 2 })
    const accounts = new Set<string>()
    for (let i = 0; i < 2; i++) {
      const answer = await fetch(page({}, '/sellercentral-europe.amazon.com'), { redirect: 'manual' })
      accounts.add(landing(answer).get('selling_partner_id')!)
    }
    const european = new Set(
      sim.shops.filter(({ region }) => region === 'eu').map(({ accountId }) => accountId),
    )
    expect(accounts).toEqual(european)
  })

  test('the app store sends the seller to the app, and back with a code', async () => {
    await start({ loginUri: 'http://127.0.0.1:4000/authorize/amazon/login', draft: true })
    const begun = await fetch(`${sim.url}/seller/eu/apps/store/authorize`, { redirect: 'manual' })
    const login = landing(begun)
    expect(login.get('version')).toBe('beta')
    const back = new URL(login.get('amazon_callback_uri')!)
    back.search = new URLSearchParams({
      redirect_uri: callback,
      amazon_state: login.get('amazon_state')!,
      state: 'mine',
      version: 'beta',
    }).toString()
    const query = landing(await fetch(back, { redirect: 'manual' }))
    expect(query.get('state')).toBe('mine')
    expect(query.get('selling_partner_id')).toBe(login.get('selling_partner_id'))
    expect((await exchange(query.get('spapi_oauth_code')!)).status).toBe(200)
    const again = await fetch(back, { redirect: 'manual' })
    expect(again.status).toBe(400)
  })
})

describe('the token endpoint', () => {
  test('a code works once, for five minutes, for the page it was given to', async () => {
    await start()
    const invalid = {
      error: 'invalid_grant',
      error_description: 'The request has an invalid grant parameter : code',
    }
    const code = await newCode()
    expect((await exchange(code)).status).toBe(200)
    const twice = await exchange(code)
    expect([twice.status, twice.value]).toEqual([400, invalid])
    const late = await newCode()
    await clock.advance(5 * 60_000)
    expect((await exchange(late)).value).toEqual(invalid)
    expect((await exchange(await newCode(), 'http://127.0.0.1:4000/other')).value).toEqual(invalid)
    sim.setFault('expired_code', { count: 1 })
    expect((await exchange(await newCode())).value).toEqual(invalid)
    expect((await exchange(await newCode())).status).toBe(200)
  })

  test('refreshes from a form or JSON, with no-store', async () => {
    await start()
    const fields = { grant_type: 'refresh_token', refresh_token: sim.shops[0]!.refreshToken! }
    const form = await askToken(sim, fields)
    expect(form.headers.get('cache-control')).toBe('no-store')
    expect(form.headers.get('pragma')).toBe('no-cache')
    expect(form.at('refresh_token')).toBe(fields.refresh_token)
    const json = await fetch(`${sim.url}/auth/o2/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...fields, ...sim.credentials }),
    })
    expect(json.status).toBe(200)
  })

  test('grantless tokens carry a scope and no refresh token', async () => {
    await start()
    const scope = 'sellingpartnerapi::notifications'
    const granted = await askToken(sim, { grant_type: 'client_credentials', scope })
    expect(granted.value).toMatchObject({ scope, expires_in: 3600 })
    expect(granted.at('refresh_token')).toBeUndefined()
    const bad = await askToken(sim, {
      grant_type: 'client_credentials',
      scope: 'sellingpartnerapi::everything',
    })
    expect([bad.status, bad.at('error')]).toEqual([400, 'invalid_scope'])
  })

  test.each([
    [{ grant_type: 'password' }, 400, 'unsupported_grant_type'],
    [{ grant_type: 'refresh_token' }, 400, 'invalid_request'],
    [{ grant_type: 'refresh_token', refresh_token: 'Atzr|forged' }, 400, 'invalid_grant'],
    [{ grant_type: 'refresh_token', refresh_token: 'x', client_secret: 'wrong' }, 401, 'invalid_client'],
  ])('%j is refused with %i %s', async (fields, status, error) => {
    await start()
    const refused = await askToken(sim, fields)
    expect([refused.status, refused.at('error')]).toEqual([status, error])
  })

  test('a withdrawn consent ends the refresh token; a new consent gives another', async () => {
    await start()
    const { accountId, refreshToken } = sim.shops[0]!
    const refresh = (token: unknown) =>
      askToken(sim, { grant_type: 'refresh_token', refresh_token: String(token) })
    sim.revoke(accountId)
    const refused = await refresh(refreshToken)
    expect(refused.at('error')).toBe('invalid_grant')
    expect(refused.at('error_description')).toContain('User may have revoked')
    const renewed = await exchange(await newCode())
    expect((await refresh(renewed.at('refresh_token'))).status).toBe(200)
  })

  test('under refresh_race every refresh ends what was given before it', async () => {
    await start({ faults: { refresh_race: true } })
    const first = sim.shops[0]!.refreshToken!
    const refresh = (token: unknown) =>
      askToken(sim, { grant_type: 'refresh_token', refresh_token: String(token) })
    const [one, two] = await Promise.all([refresh(first), refresh(first)])
    expect(new Set([one.status, two.status])).toEqual(new Set([200, 400]))
    const winner = one.status === 200 ? one : two
    expect((await refresh(winner.at('refresh_token'))).status).toBe(200)
  })

  test('refresh tokens outlive a restart with the same seed', async () => {
    await start()
    const granted = await exchange(await newCode())
    await sim.stop()
    await start()
    const again = await askToken(sim, {
      grant_type: 'refresh_token',
      refresh_token: String(granted.at('refresh_token')),
    })
    expect(again.status).toBe(200)
  })
})
