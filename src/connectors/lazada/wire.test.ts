import { describe, expect, test } from 'vitest'
import type { Call, PlatformAnswer, PlatformApp, PlatformRequest } from '#connectors/connector.ts'
import { findErrorRule } from '#connectors/transport/classify.ts'
import { authorizeUrl, exchange, readCallback, shops, storesOf } from './auth.ts'
import { errors } from './errors.table.ts'
import { readError } from './errors.ts'
import { findMarket, markets } from './markets.ts'
import { openPageGuard } from './page-guard.ts'
import { readHint, verify } from './push.ts'
import { instantOf, utcTextOf } from './raw-values.ts'
import { sign } from './sign.ts'
import { unwrap } from './unwrap.ts'

const app: PlatformApp = {
  platform: 'lazada',
  credentials: { app_key: '100777', app_secret: 'secret' },
  hosts: {},
}
const answer = (body: unknown, status = 200, text = JSON.stringify(body)): PlatformAnswer => ({
  status,
  headers: {},
  body,
  text,
  sentAtMs: 0,
})

describe('sign', () => {
  const request: PlatformRequest = {
    operation: 'x',
    method: 'POST',
    host: 'api.my',
    path: '/order/get',
    auth: 'seller',
    repeatable: true,
  }
  const base = 'https://api.lazada.com.my/rest'

  test('an opaque body is signed and sent as it stands', () => {
    const signed = sign({ ...request, bodyText: '{"a": 1}' }, base, app, 't', 5)
    expect(signed.baseString).toBe('/order/getaccess_tokentapp_key100777sign_methodsha256timestamp5{"a": 1}')
    expect(signed).toMatchObject({ body: '{"a": 1}', headers: { 'content-type': 'application/json' } })
  })

  test('query and form are signed together; the path with and without /rest is one', () => {
    const form = { b: '1', access_token: 'own' }
    const signed = sign({ ...request, query: { z: '+08:00' }, form }, base, app, 't', 5)
    expect(signed.baseString).toBe(
      '/order/getaccess_tokenownapp_key100777b1sign_methodsha256timestamp5z+08:00',
    )
    expect(signed.url).toContain('z=%2B08%3A00')
    expect(signed.body).toBe('b=1&access_token=own')
    const other = sign(
      { ...request, path: '/rest/order/get', query: { z: '+08:00' }, form },
      'https://h',
      app,
      't',
      5,
    )
    expect(other.signature).toBe(signed.signature)
    expect(new URL(other.url).pathname).toBe('/rest/order/get')
  })

  test('tokens are asked for without a token', () => {
    const signed = sign({ ...request, path: '/auth/token/refresh' }, base, app, 't', 5)
    expect(signed.baseString).toBe('/auth/token/refreshapp_key100777sign_methodsha256timestamp5')
  })
})

describe('errors', () => {
  const kindOf = (found: ReturnType<typeof readError>, status = 200) =>
    found && findErrorRule(errors, status, found.code, found.message)?.kind

  test.each([
    [
      { code: '0', result: { success: false, error_code: '40011', error_msg: 'busy' } },
      '40011',
      'platform_down',
    ],
    [{ code: '0', result: { success: 'false', errorCode: '700027' } }, '700027', 'rejected'],
    [
      { code: '0', result: { not_success: true, error_code: { displayMessage: 'x' } } },
      'INNER_FAILURE',
      undefined,
    ],
    [{ code: 'E0102', message: 'x' }, '102', 'rejected'],
    [{ code: 901, message: 'x' }, '901', 'throttled'],
    [{ code: '16', message: 'E016: "1" Invalid Order ID' }, '16', 'missing'],
    [{ code: 'NoSuchWord', message: 'x' }, 'NoSuchWord', undefined],
    [{}, 'NO_CODE', undefined],
  ])('%j is %s', (body, code, kind) => {
    const found = readError(answer(body))
    expect([found?.code, kindOf(found)]).toEqual([code, kind])
  })

  test('successes, gateways, emptiness and bans', () => {
    expect(readError(answer({ code: '0', data: [] }))).toBeNull()
    expect(readError(answer({ code: 0, result: { success: true } }))).toBeNull()
    expect(kindOf(readError(answer(null, 502, '<html>')), 502)).toBe('platform_down')
    expect(kindOf(readError(answer(null, 429, 'slow down')), 429)).toBe('throttled')
    expect(kindOf(readError(answer(null, 200, '')))).toBe('platform_down')
    const ban = { code: 'ApiCallLimit', message: 'this ban will last 7 seconds', request_id: 'r' }
    expect(readError(answer(ban))).toMatchObject({ retryAfterMs: 7000, requestId: 'r' })
  })

  test('every row is reachable and says something in both languages', () => {
    const keys = errors.map(({ status, code, text }) => `${status} ${code} ${text ?? ''}`)
    expect(new Set(keys).size).toBe(keys.length)
    for (const { meaning, remedy } of errors)
      for (const text of [meaning.en, meaning.zh, remedy.en, remedy.zh]) expect(text).not.toBe('')
  })
})

describe('consent', () => {
  test('the link and the way back', () => {
    const url = new URL(authorizeUrl(app, findMarket('vn')!, 's', 'https://hub.example/cb'))
    expect(url.origin + url.pathname).toBe('https://auth.lazada.com/oauth/authorize')
    expect(url.searchParams.get('country')).toBeNull()
    const eager = { ...app, credentials: { ...app.credentials, preselect_country: 'true' } }
    expect(authorizeUrl(eager, findMarket('vn')!, 's', 'https://hub.example/cb')).toContain('country=vn')
    expect(readCallback({ code: '0_1', state: 's' })).toMatchObject({ ok: true, code: '0_1', state: 's' })
    expect(readCallback({ code: 'null', state: 's' })).toMatchObject({
      ok: false,
      code: 'CALLBACK_INCOMPLETE',
      state: 's',
    })
    expect(readCallback({ code: '0_1' })).toMatchObject({ ok: false, state: null })
    expect(readCallback({ error: 'access_denied', state: 's' })).toMatchObject({
      ok: false,
      code: 'access_denied',
    })
  })

  test('a cross-border consent is one grant with a shop in each known country', async () => {
    const body = {
      code: '0',
      access_token: 'a',
      refresh_token: 'r',
      expires_in: '864000',
      refresh_expires_in: '4320000',
      country: 'cb',
      account_id: 77,
      country_user_info: [
        { country: 'th', seller_id: 3, user_id: 4 },
        { country: 'my', seller_id: '1', short_code: 'MY1' },
        { country: 'zz', seller_id: '9' },
      ],
    }
    const asked: string[] = []
    const call: Call = (request) => {
      asked.push(request.host)
      return Promise.resolve(
        answer(request.auth === 'none' ? body : { code: '0', data: { name: `Shop ${request.host}` } }),
      )
    }
    const consent = { ok: true, code: 'c', state: 's', query: {} } as const
    const [grant] = await exchange(call, app, consent, { nowMs: 0 })
    expect(grant).toMatchObject({
      platformMerchantId: '77',
      region: 'cb',
      facts: { 'seller.my': '1', 'seller.th': '3' },
    })
    expect(
      (await shops(call, grant!)).map(({ platformShopId, displayName }) => [platformShopId, displayName]),
    ).toEqual([
      ['1:my', 'Shop api.my (MY)'],
      ['3:th', 'Shop api.th (TH)'],
    ])
    expect(asked).toEqual(['auth', 'api.my', 'api.th'])
    expect(storesOf({ country_user_info_list: { my: { seller_id: 1 } } })).toEqual([
      { country: 'my', sellerId: '1', shortCode: null },
    ])
    const none: Call = () => Promise.resolve(answer({ ...body, country_user_info: null }))
    await expect(exchange(none, app, consent, { nowMs: 0 })).rejects.toMatchObject({ code: 'NO_STORES' })
  })

  test('six countries', () => {
    expect(markets.map(({ code }) => code).toSorted()).toEqual(
      ['id', 'my', 'ph', 'sg', 'th', 'vn'].map((country) => `lazada_${country}`),
    )
    expect(findMarket('cb')).toBeUndefined()
  })
})

describe('pushes', () => {
  test('what cannot be verified or read is said', () => {
    const push = { method: 'POST', url: '', headers: {}, rawBody: Buffer.from('{}') }
    expect(verify(push, app)).toMatchObject({
      valid: false,
      reason: expect.stringContaining('missing') as string,
    })
    expect(verify({ ...push, headers: { authorization: 'zz' } }, app).valid).toBe(false)
    expect(
      verify({ ...push, headers: { authorization: '0'.repeat(64) } }, { ...app, credentials: {} }).valid,
    ).toBe(false)
    expect(readHint('not json')).toMatchObject({ kind: 'unreadable' })
    expect(readHint({ data: {} })).toMatchObject({ kind: 'unreadable' })
    expect(readHint({ message_type: 0, data: {}, site: 'lazada_vn' })).toMatchObject({ kind: 'unreadable' })
    expect(readHint({ message_type: 99 })).toMatchObject({ kind: 'ignored' })
    expect(
      readHint({
        seller_id: 'null',
        message_type: 10,
        site: 'LAZADA-SG',
        data: { trade_order_id: 5, seller_id: 8 },
      }),
    ).toMatchObject({
      kind: 'order',
      hint: { platformOrderId: '5', platformShopId: '8:sg', occurredAtMs: null },
    })
  })
})

describe('paging', () => {
  const entry = (id: number, stampMs: number | null) => ({
    id: String(id),
    stampMs,
    version: String(stampMs),
  })
  const start = { fromMs: 0, offset: 0 }

  test('goes by time, by offset within a second, and ends on a short page whatever the total', () => {
    const guard = openPageGuard(2)
    expect(guard.turn(start, [entry(1, 5000), entry(2, 9000)], 1).next).toEqual({ fromMs: 8000, offset: 0 })
    expect(guard.turn({ fromMs: 8000, offset: 0 }, [entry(2, 9000), entry(3, 9000)], 9).next).toEqual({
      fromMs: 8000,
      offset: 2,
    })
    expect(guard.turn({ fromMs: 8000, offset: 2 }, [entry(4, 9000)], 0).next).toBeNull()
  })

  test('goes by offset where stamps cannot be read or are out of order', () => {
    const guard = openPageGuard(2)
    expect(guard.turn(start, [entry(1, null), entry(2, 9000)], null).next).toEqual({ fromMs: 0, offset: 2 })
    expect(guard.turn({ fromMs: 0, offset: 2 }, [entry(3, 9000), entry(4, 5000)], null).next).toEqual({
      fromMs: 0,
      offset: 4,
    })
  })

  test('a page that comes again, or an endless second, is a loop', () => {
    const guard = openPageGuard(2)
    const page = [entry(1, 5000), entry(2, 9000)]
    guard.turn(start, page, null)
    expect(() => guard.turn({ fromMs: 8000, offset: 0 }, page, null)).toThrow('twice')
    const endless = openPageGuard(2)
    expect(() =>
      endless.turn({ fromMs: 8000, offset: 5000 }, [entry(1, 9000), entry(2, 9000)], null),
    ).toThrow('second')
  })

  test('an order that changed since is fresh again', () => {
    const guard = openPageGuard(2)
    guard.turn(start, [entry(1, 5000)], null)
    const changed = entry(1, 6000)
    expect(guard.turn(start, [changed], null).isFresh(changed)).toBe(true)
  })
})

describe('times', () => {
  test.each([
    ['2018-05-17 09:23:36 +0800', '2018-05-17T01:23:36.000Z'],
    ['2018-05-17 07:23:36 +0800', '2018-05-16T23:23:36.000Z'],
    ['2018-05-01T07:23:36+08:00', '2018-04-30T23:23:36.000Z'],
    ['2024-03-01 00:10:00 +0530', '2024-02-29T18:40:00.000Z'],
    ['2026-01-10T09:00:00.250Z', '2026-01-10T09:00:00.250Z'],
    ['1697193374592', '2023-10-13T10:36:14.592Z'],
    [1_721_299_109, '2024-07-18T10:38:29.000Z'],
  ])('%s', (written, text) => {
    expect(utcTextOf(written)).toBe(text)
    expect(instantOf(written)).toBe(Date.parse(text))
  })

  test.each([
    '',
    'null',
    'soon',
    '2017-03-24 16:09:22',
    '2026-02-30 09:00:00 +0800',
    '2026-13-10 09:00:00 +0800',
    -5,
    1e15,
    true,
  ])('%s names no instant', (written) => {
    expect(utcTextOf(written)).toBeNull()
  })
})

describe('unwrap', () => {
  const order = (id: number) => ({ order_id: id })
  const item = (id: number) => ({ order_id: id, order_item_id: id * 10 })

  test('several orders find their own items, flat or grouped', () => {
    const many = { code: '0', data: { orders: [order(1), order(2)] } }
    const wanted = [
      { order: order(1), items: [item(1)] },
      { order: order(2), items: [item(2)] },
    ]
    expect(unwrap({ order: many, items: [item(2), item(1)] })).toEqual(wanted)
    const grouped = {
      code: '0',
      data: [1, 2].map((id) => ({ order_id: String(id), order_items: [item(id)] })),
    }
    expect(unwrap({ order: many, items: grouped })).toEqual(wanted)
    expect(unwrap(many)).toEqual([{ order: order(1) }, { order: order(2) }])
    expect(unwrap([order(1), { order: order(2), items: [item(2)] }])).toEqual([
      { order: order(1) },
      wanted[1],
    ])
    expect(unwrap({ x: 1 })).toEqual([{ x: 1 }])
    expect(unwrap(7)).toEqual([7])
  })
})
