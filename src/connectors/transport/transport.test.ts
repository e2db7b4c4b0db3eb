import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { amazon } from '#connectors/amazon/index.ts'
import type { PlatformApp, PlatformRequest } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { silentLog } from '#kernel/log.ts'
import { openStore } from '#store/db.ts'
import { openPlatformBuckets } from '#store/platform-buckets.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { manualClock } from '#test/support/manual-clock.ts'
import type { ManualClock } from '#test/support/manual-clock.ts'
import type { Fetch } from './exchange.ts'
import { maxAnswerBytes, requestDeadlineMs } from './policy.ts'
import { openTransport } from './transport.ts'
import type { Tokens } from './transport.ts'

const database = await openTestDatabase()
const store = openStore({ url: database.url, name: 'transport test', onIdleError: () => {} })
afterAll(() => store.close())

const app: PlatformApp = { platform: 'amazon', credentials: { client_id: 'app-1' }, hosts: {} }
const getOrder: PlatformRequest = {
  operation: 'orders.get',
  method: 'GET',
  host: 'api.na',
  path: '/orders/2026-01-01/orders/1',
  auth: 'seller',
  repeatable: true,
}
const search: PlatformRequest = { ...getOrder, operation: 'orders.search', path: '/orders/2026-01-01/orders' }
const write: PlatformRequest = { ...getOrder, method: 'POST', body: {}, repeatable: false }

type Canned = (signal: AbortSignal, token: string | undefined) => Response | Promise<Response>
const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Canned =>
  () =>
    new Response(JSON.stringify(body), { status, headers })
const error = (status: number, code: string, headers: Record<string, string> = {}, message = ''): Canned =>
  json({ errors: [{ code, message }] }, status, headers)
const ok = json({ order: {} })
const down = error(503, 'ServiceUnavailable')
const quota = error(429, 'QuotaExceeded')
const expired = error(403, 'Unauthorized', {}, 'The access token you provided has expired.')
const streamed =
  (start: (controller: ReadableStreamDefaultController<Uint8Array>) => void): Canned =>
  () =>
    new Response(new ReadableStream({ start }))
const hanging: Canned = (signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('hung up'))))

let clock: ManualClock
let sent: string[]
let measured: string[]
let account = 0
beforeEach(async () => {
  clock = manualClock()
  sent = []
  measured = []
  account++
  await store.db.deleteFrom('platform_buckets').execute()
})

const fixedTokens: Tokens = { current: () => Promise.resolve('t1'), renew: () => Promise.resolve('t2') }

/** A door whose platform gives these answers, one after the other; the last one for ever. */
function openDoor(answers: readonly Canned[], tokens: Tokens | null = fixedTokens) {
  const fetch: Fetch = async (_url, { headers, signal }) => {
    const token = headers['x-amz-access-token']
    sent.push(token ?? '')
    return answers[Math.min(sent.length, answers.length) - 1]!(signal, token)
  }
  const transport = openTransport({
    fetch,
    clock,
    random: () => 0,
    buckets: openPlatformBuckets(store.db),
    log: silentLog,
    measured: (_platform, operation, outcome) => measured.push(`${operation} ${outcome}`),
  })
  return transport.open(amazon, app, `A${account}:na`, tokens)
}

/** Lets the clock run in steps until the call is over, and tells what came of it and how long it took. */
async function outcomeOf(call: Promise<unknown>, stepMs = 100) {
  const startedMs = clock.nowMs()
  const outcome = call.catch((thrown: unknown) => thrown)
  const tick = (): Promise<'tick'> => new Promise((resolve) => setTimeout(() => resolve('tick'), 2))
  while ((await Promise.race([outcome, tick()])) === 'tick') await clock.advance(stepMs)
  return { outcome: (await outcome) as PlatformFailure, tookMs: clock.nowMs() - startedMs }
}

describe('what prevents an answer is the platform being down', () => {
  it.each<[string, string, Canned]>([
    ['refused connection', 'NO_ANSWER', () => Promise.reject(new TypeError('fetch failed'))],
    [
      'cut body',
      'NO_ANSWER',
      streamed((controller) => {
        controller.enqueue(Buffer.from('{"order":{'))
        controller.error(new Error('terminated'))
      }),
    ],
  ])('%s is %s, after two repeats', async (_name, code, answer) => {
    const { outcome } = await outcomeOf(openDoor([answer])(getOrder))
    expect(outcome).toMatchObject({ kind: 'platform_down', code })
    expect(sent).toHaveLength(3)
    expect(measured).toEqual(Array(3).fill('orders.get platform_down'))
  })

  it.each<[string, Canned]>([
    ['before the headers', hanging],
    ['in the middle of the body', streamed((controller) => controller.enqueue(Buffer.from('{"order":')))],
  ])('one deadline ends a platform that falls silent %s', async (_name, answer) => {
    // `fetch` ties the body to the signal; a canned body has to be tied by hand.
    const tied: Canned = async (signal, token) => {
      const response = await answer(signal, token)
      const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
      response.body?.pipeTo(writable, { signal }).catch(() => {})
      return new Response(readable)
    }
    const { outcome, tookMs } = await outcomeOf(openDoor([tied])({ ...getOrder, repeatable: false }), 5_000)
    expect(outcome).toMatchObject({ kind: 'platform_down', code: 'TIMEOUT' })
    expect(tookMs).toBeGreaterThanOrEqual(requestDeadlineMs)
    expect(tookMs).toBeLessThan(requestDeadlineMs + 10_000)
    expect(clock.sleepers()).toBe(0)
  })

  it('a caller that gives up is not kept waiting', async () => {
    const leaving = new AbortController()
    const call = openDoor([hanging])(getOrder, leaving.signal)
    setTimeout(() => leaving.abort(), 5)
    const { outcome } = await outcomeOf(call, 1)
    expect(outcome).toMatchObject({ kind: 'platform_down', code: 'ABORTED' })
    expect(sent).toHaveLength(1)
    expect(clock.sleepers()).toBe(0)
  })
})

describe('repeats', () => {
  it('bridge a short outage of a read', async () => {
    const { outcome } = await outcomeOf(openDoor([down, error(500, 'InternalFailure'), ok])(getOrder))
    expect(outcome).toMatchObject({ status: 200 })
    expect(measured).toEqual(['orders.get platform_down', 'orders.get platform_down', 'orders.get ok'])
  })

  it('are never made for a write: its outcome is unknown', async () => {
    const { outcome } = await outcomeOf(openDoor([down, ok])(write))
    expect(outcome).toMatchObject({ kind: 'platform_down', httpStatus: 503 })
    expect(sent).toHaveLength(1)
  })

  it.each<[string, Canned, string]>([
    ['a rejection', error(400, 'InvalidInput'), 'rejected'],
    ['what is missing', error(404, 'NotFound'), 'missing'],
    ['a broken contract', () => new Response('<html>'), 'contract_broken'],
    ['an unknown error', error(418, 'Teapot'), 'contract_broken'],
    ['a redirect', () => new Response('', { status: 302, headers: { location: '/' } }), 'contract_broken'],
  ])('change nothing about %s', async (_name, answer, kind) => {
    const { outcome } = await outcomeOf(openDoor([answer])(getOrder))
    expect(outcome).toBeInstanceOf(PlatformFailure)
    expect(outcome.kind).toBe(kind)
    expect(sent).toHaveLength(1)
  })
})

describe('the access token', () => {
  it('that is refused is renewed and the call made again, once', async () => {
    const renewed: string[] = []
    let current = 't1'
    const tokens: Tokens = {
      current: () => Promise.resolve(current),
      renew: (refused) => {
        renewed.push(refused)
        return Promise.resolve((current = 't2'))
      },
    }
    await expect(openDoor([expired, ok], tokens)(write)).resolves.toMatchObject({ status: 200 })
    expect(sent).toEqual(['t1', 't2'])
    expect(renewed).toEqual(['t1'])
  })

  it('that is refused twice is a failure: nobody goes round in circles', async () => {
    const { outcome } = await outcomeOf(openDoor([expired])(getOrder))
    expect(outcome).toMatchObject({ kind: 'auth_expired', code: 'Unauthorized' })
    expect(sent).toHaveLength(2)
  })

  it('that cannot be renewed ends the call with the reason', async () => {
    const gone = new PlatformFailure('auth_revoked', 'invalid_grant', 'withdrawn')
    const tokens: Tokens = { ...fixedTokens, renew: () => Promise.reject(gone) }
    const { outcome } = await outcomeOf(openDoor([expired], tokens)(getOrder))
    expect(outcome).toBe(gone)
  })

  it('is not sent where none belongs, and missing where one does is our own mistake', async () => {
    const door = openDoor([json({ access_token: 'x' })], null)
    await door({ ...write, operation: 'lwa.refresh', host: 'lwa', path: '/auth/o2/token', auth: 'none' })
    expect(sent).toEqual([''])
    await expect(door(getOrder)).rejects.toThrow('needs a seller')
    await expect(door({ ...getOrder, host: 'nowhere' })).rejects.toThrow('needs a seller')
    await expect(openDoor([ok])({ ...getOrder, host: 'nowhere' })).rejects.toThrow('no host "nowhere"')
  })
})

describe('the rate', () => {
  it('of our own is kept: the burst at once, then one at a time, and no waiting beyond patience', async () => {
    const door = openDoor([ok])
    const started = clock.nowMs()
    for (let i = 0; i < 30; i++) await door(getOrder)
    expect(clock.nowMs()).toBe(started)
    const next = await outcomeOf(door(getOrder))
    expect(next.outcome).toMatchObject({ status: 200 })
    expect(next.tookMs).toBeGreaterThanOrEqual(2_000)

    for (let i = 0; i < 20; i++) await door(search)
    const { outcome } = await outcomeOf(door(search))
    expect(outcome).toMatchObject({ kind: 'throttled', code: 'OWN_LIMIT', httpStatus: null })
    expect(outcome.retryAfterMs).toBeGreaterThan(170_000)
    expect(sent).toHaveLength(51)
  })

  it('of one account is nobody else’s', async () => {
    const door = openDoor([quota])
    await outcomeOf(door(search))
    account++
    await expect(openDoor([ok])(search)).resolves.toMatchObject({ status: 200 })
  })

  it('that the platform refuses blocks the bucket, for as long as it says', async () => {
    const door = openDoor([error(429, 'QuotaExceeded', { 'retry-after': '60' }), ok])
    const refused = await outcomeOf(door(getOrder))
    expect(refused.outcome).toMatchObject({ kind: 'throttled', code: 'QuotaExceeded', retryAfterMs: 60_000 })
    const blocked = await outcomeOf(door(getOrder))
    expect(blocked.outcome).toMatchObject({ kind: 'throttled', code: 'OWN_LIMIT' })
    expect(sent).toHaveLength(1)
    await clock.advance(60_000)
    await expect(door(getOrder)).resolves.toMatchObject({ status: 200 })
  })

  it('is waited for at least one token’s time when the platform names none', async () => {
    const { outcome } = await outcomeOf(openDoor([quota])(search))
    expect(outcome.retryAfterMs).toBe(Math.round(1000 / 0.0056))
    const quick = await outcomeOf(openDoor([quota])({ ...write, operation: 'orders_v0.update_shipment' }))
    expect(quick.outcome.retryAfterMs).toBe(2_000)
  })

  it('is learnt from the answer’s header', async () => {
    const generous = json({ orders: [] }, 200, { 'x-amzn-RateLimit-Limit': '10' })
    const door = openDoor([generous])
    for (let i = 0; i < 20; i++) await door(search)
    const next = await outcomeOf(door(search), 10)
    expect(next.outcome).toMatchObject({ status: 200 })
    expect(next.tookMs).toBeLessThan(200)
  })
})

describe('an answer', () => {
  it('is read up to a bound', async () => {
    const endless = streamed((controller) => {
      for (let i = 0; i <= maxAnswerBytes / 2 ** 20; i++) controller.enqueue(new Uint8Array(2 ** 20))
    })
    const { outcome } = await outcomeOf(openDoor([endless])(getOrder))
    expect(outcome).toMatchObject({ kind: 'contract_broken', code: 'ANSWER_TOO_LARGE' })
  })

  it('keeps every digit, and goes on where one letter of it is broken', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\u{feff}{"order":{"id":576461413038785752,"name":"Ren'),
      Buffer.from([0xe9]),
      Buffer.from('"}}'),
    ])
    const answer = await openDoor([() => new Response(bytes)])(getOrder)
    expect(answer.body).toEqual({ order: { id: '576461413038785752', name: 'Ren\ufffd' } })
  })

  it('may be nested deeper than one document may, but not without end', async () => {
    const nested =
      (depth: number): Canned =>
      () =>
        new Response('['.repeat(depth) + ']'.repeat(depth))
    await expect(openDoor([nested(500)])(getOrder)).resolves.toMatchObject({ status: 200 })
    const { outcome } = await outcomeOf(openDoor([nested(100_000)])(search))
    expect(outcome).toMatchObject({ kind: 'contract_broken', code: 'NOT_JSON' })
  })

  it('names what happened: page of a gateway, error document without words', async () => {
    const page: Canned = () => new Response('<html>Bad Gateway</html>', { status: 502 })
    const gateway = await outcomeOf(openDoor([page])(write))
    expect(gateway.outcome).toMatchObject({ kind: 'platform_down', code: 'HTML', httpStatus: 502 })
    const bare = await outcomeOf(openDoor([() => new Response('', { status: 400 })])(write))
    expect(bare.outcome).toMatchObject({ kind: 'rejected', code: 'HTTP_400', httpStatus: 400 })
  })
})
