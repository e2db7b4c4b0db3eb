import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { connectGrantless, connectSeller, userAgent } from '#test/support/amazon-client.ts'
import { manualClock, type ManualClock } from '#test/support/manual-clock.ts'
import { startAmazonSimulator, type AmazonSimulator, type AmazonSimulatorOptions } from './index.ts'

const search = '/orders/2026-01-01/orders'
const since = { createdAfter: '2020-01-01T00:00:00Z' }
const participations = '/sellers/v1/marketplaceParticipations'
let sim: AmazonSimulator
let clock: ManualClock
afterEach(() => sim.stop())

async function start(options: Partial<AmazonSimulatorOptions> = {}): Promise<void> {
  clock = manualClock()
  sim = await startAmazonSimulator({ clock, ...options })
}

/** A request that no well-behaved client would send. */
const rudely = (headers: Record<string, string>, body = ''): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const request = httpRequest(`${sim.url}/na${participations}`, { headers }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    request.on('error', reject)
    request.end(body)
  })

describe('tokens', () => {
  test.each([
    ['none', undefined, 'Access token is missing in the request header.'],
    ['a made-up one', 'Atza|nonsense', 'The access token you provided is revoked, malformed or invalid.'],
  ])('%s is refused, with no rate header', async (_name, token, details) => {
    await start()
    const answer = await fetch(`${sim.url}/na${participations}`, {
      headers: { 'user-agent': userAgent, ...(token && { 'x-amz-access-token': token }) },
    })
    expect([answer.status, await answer.json()]).toEqual([
      403,
      { errors: [{ code: 'Unauthorized', message: 'Access to requested resource is denied.', details }] },
    ])
    expect(answer.headers.get('x-amzn-ratelimit-limit')).toBeNull()
    expect(answer.headers.get('x-amzn-requestid')).toBeTruthy()
  })

  test('an hour later it has expired; revoked, it is invalid', async () => {
    await start()
    const seller = await connectSeller(sim)
    await clock.advance(3_600_000)
    expect((await seller.get(participations)).at('errors.0.details')).toContain('expired')
    const other = await connectSeller(sim)
    sim.revoke(other.sellerId)
    expect((await other.get(participations)).at('errors.0.details')).toContain('revoked')
  })

  test('each kind of operation wants its kind of token, each region its own seller', async () => {
    await start()
    const grantless = await connectGrantless(sim)
    const seller = await connectSeller(sim, 'eu')
    expect((await grantless.get(participations)).status).toBe(403)
    expect((await seller.get('/notifications/v1/destinations')).status).toBe(403)
    expect((await grantless.get('/notifications/v1/destinations')).status).toBe(200)
    expect((await seller.get(participations)).status).toBe(200)
    expect((await { ...seller }.get(`/../na${participations}`)).status).toBe(403)
  })

  test('a path nobody serves has no token to miss', async () => {
    await start()
    const answer = await fetch(`${sim.url}/na/auth/o2/token`, { method: 'POST' })
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('MissingAuthenticationToken')
  })
})

describe('the form of a request', () => {
  test.each([
    ['missing', ''],
    ['without a language', 'Hub/1.0 (Platform=Linux)'],
    ['a browser', 'Mozilla/5.0 (X11; Linux x86_64)'],
    ['over 500 characters', `Hub/1.0 (Language=TypeScript/5; Platform=${'x'.repeat(500)})`],
  ])('a user-agent that is %s gives 400', async (_name, agent) => {
    await start()
    expect((await rudely({ 'user-agent': agent, 'x-amz-access-token': 'x' })).status).toBe(400)
  })

  test.each([
    'Hub/1.0 (Language=TypeScript/5; Platform=Linux)',
    'My\\/Hub/1.0\\(rc\\) (Language=TypeScript/5; Note=a\\)b\\;c)',
  ])('user-agent %s is fine', async (agent) => {
    await start()
    expect((await rudely({ 'user-agent': agent })).status).toBe(403)
  })

  test('a body or its length on a GET gives an HTML page', async () => {
    await start()
    for (const [headers, body] of [
      [{ 'user-agent': userAgent, 'content-length': '2' }, '{}'],
      [{ 'user-agent': userAgent, 'content-length': '0' }, ''],
    ] as const) {
      const answer = await rudely(headers, body)
      expect(answer.status).toBe(400)
      expect(answer.text).toContain('<html>')
    }
  })
})

describe('usage plans', () => {
  test('a bucket per seller and operation: burst, 429 without rate header, refill', async () => {
    await start()
    const seller = await connectSeller(sim, 'eu')
    const first = await seller.get(search, since)
    expect(first.headers.get('x-amzn-ratelimit-limit')).toBe('0.0056')
    for (let i = 1; i < 20; i++) expect((await seller.get(search, since)).status).toBe(200)
    const refused = await seller.get(search, since)
    expect([refused.status, refused.at('errors.0.code')]).toEqual([429, 'QuotaExceeded'])
    expect(refused.headers.get('x-amzn-ratelimit-limit')).toBeNull()
    expect((await seller.get(participations)).status).toBe(200)
    const other = await connectSeller(sim, 'fe')
    expect((await other.get(search, since)).status).toBe(200)
    await clock.advance(179_000)
    const early = await connectSeller(sim, 'eu')
    expect((await early.get(search, since)).status).toBe(200)
    expect((await early.get(search, since)).status).toBe(429)
  })

  test('the time scale speeds them up and the header says so', async () => {
    await start({ timeScale: 100 })
    const seller = await connectSeller(sim, 'eu')
    for (let i = 0; i < 20; i++) await seller.get(search, since)
    await clock.advance(1790)
    const again = await seller.get(search, since)
    expect([again.status, again.headers.get('x-amzn-ratelimit-limit')]).toEqual([200, '0.56'])
  })
})

describe('faults of the wire', () => {
  test.each([
    ['throttle_storm', 429, 'QuotaExceeded'],
    ['server_error', 500, 'InternalFailure'],
    ['revoked_grant', 403, 'Unauthorized'],
  ] as const)('%s answers %i', async (name, status, code) => {
    await start()
    const seller = await connectSeller(sim)
    sim.setFault(name, { count: 1 })
    const struck = await seller.get(participations)
    expect([struck.status, struck.at('errors.0.code')]).toEqual([status, code])
    expect((await seller.get(participations)).status).toBe(200)
  })

  test('html_error and hidden_inner_failure', async () => {
    await start()
    const seller = await connectSeller(sim)
    sim.setFault('html_error', { count: 1 })
    const page = await seller.get(participations)
    expect([page.status, page.headers.get('content-type'), page.value]).toEqual([503, 'text/html', undefined])
    sim.setFault('hidden_inner_failure', { count: 1 })
    const hidden = await seller.get(search, since)
    expect([hidden.status, hidden.at('errors.0.code'), hidden.at('orders')]).toEqual([
      200,
      'InternalFailure',
      undefined,
    ])
  })

  test('cut_body breaks the answer in the middle', async () => {
    await start({ orders: 20 })
    const seller = await connectSeller(sim)
    sim.setFault('cut_body', { count: 1 })
    await expect(seller.get(search, since)).rejects.toThrow()
    expect((await seller.get(search, since)).status).toBe(200)
  })

  test('slow_body holds half of the answer back for a minute', async () => {
    await start({ orders: 20 })
    const seller = await connectSeller(sim)
    sim.setFault('slow_body', { count: 1 })
    let done = false
    const slow = seller.get(search, since).then((reply) => {
      done = true
      return reply
    })
    while (clock.sleepers() === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(59_000)
    expect(done).toBe(false)
    await clock.advance(1000)
    expect((await slow).list('orders').length).toBeGreaterThan(0)
  })
})

describe('the player’s hand', () => {
  const player = (path: string, init: RequestInit = {}) => fetch(`${sim.url}/_sim${path}`, init)

  test('faults are read and set over HTTP; a bad one is named', async () => {
    await start()
    const put = (body: unknown) => player('/faults', { method: 'PUT', body: JSON.stringify(body) })
    const set = (await (await put({ server_error: { share: 0.5 } })).json()) as { faults: { name: string }[] }
    expect(set.faults.find(({ name }) => name === 'server_error')).toMatchObject({ setting: { share: 0.5 } })
    const refused = await put({ server_eror: true })
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('server_eror')])
    expect((await player('/faults', { method: 'PUT', body: '{' })).status).toBe(400)
  })

  test('orders are made, moved on and counted over HTTP', async () => {
    await start()
    const made = await player('/orders', { method: 'POST', body: '{"countryCode":"JP","kind":"gift"}' })
    const { order_id: orderId } = (await made.json()) as { order_id: string }
    const moved = await player(`/orders/${orderId}/advance`, { method: 'POST' })
    expect(await moved.json()).toEqual({ status: 'UNSHIPPED' })
    const { orders } = (await (await player('/orders')).json()) as { orders: object[] }
    expect(orders).toMatchObject([{ orderId, kind: 'gift', status: 'UNSHIPPED' }])
    const refused = await player('/orders', { method: 'POST', body: '{"kind":"imaginary"}' })
    expect(refused.status).toBe(400)
    expect((await player('/orders/1/advance', { method: 'POST' })).status).toBe(400)
  })
})

test('a taken port is an error; stop frees it and ends waiting calls', async () => {
  await start()
  const port = Number(new URL(sim.url).port)
  await expect(startAmazonSimulator({ clock: systemClock, port })).rejects.toThrow(/EADDRINUSE/)
  await sim.stop()
  sim = await startAmazonSimulator({ clock: systemClock, port })
  expect(sim.url).toContain(String(port))
})
