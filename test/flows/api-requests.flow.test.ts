import { Socket } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { addOrder, addShop, openTestApi, publicUrl } from '#test/support/api.ts'
import { silentLog } from '#kernel/log.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { defaultLimits } from '#api/gate.ts'

const database = await openTestDatabase()
const hub = openTestApi(database.url)
afterAll(hub.close)

const { scope, shopId } = await addShop(hub.store.db)
const orderId = await addOrder(hub, scope, shopId)
const { token } = await hub.connect(scope)
const authorization = `Bearer ${token}`
const start = '/sandbox/v1/shop-authorizations'
const send = (payload: string | Buffer, headers: Record<string, string> = {}) =>
  hub.api.inject({
    method: 'POST',
    url: start,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    payload,
  })

describe('a refusal is a problem document', () => {
  test('with everything a client needs, in its language', async () => {
    const path = '/sandbox/v1/shops/nope'
    const answer = await hub.get(`${path}?x=1`, token, { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' })
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.headers['content-language']).toBe('zh-CN')
    const requestId = answer.headers['x-request-id']
    expect(requestId).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/)
    expect(answer.json()).toEqual({
      type: `${publicUrl}/docs/errors/PARAMETER_INVALID`,
      title: '参数不合法',
      status: 400,
      detail: expect.stringContaining('errors[]') as string,
      instance: path,
      code: 'PARAMETER_INVALID',
      error_code: 'PARAMETER_INVALID',
      category: 'parameter',
      retryable: false,
      request_id: requestId,
      errors: [
        {
          in: 'path',
          pointer: 'shop_id',
          code: 'PARAMETER_INVALID',
          detail: '格式应匹配 ^shp_[0-9A-HJKMNP-TV-Z]{26}$。',
        },
      ],
    })
  })

  const orders = `/sandbox/v1/shops/${shopId}/orders`
  test.each([
    ['an unknown query parameter', `${orders}?state=paid`, 'PARAMETER_UNKNOWN', 'state'],
    ['limit 0', `${orders}?limit=0`, 'PARAMETER_INVALID', 'limit'],
    ['limit 101', `${orders}?limit=101`, 'PARAMETER_INVALID', 'limit'],
    ['limit 1.5', `${orders}?limit=1.5`, 'PARAMETER_INVALID', 'limit'],
    ['an empty limit', `${orders}?limit=`, 'PARAMETER_INVALID', 'limit'],
    ['a huge limit', `${orders}?limit=99999999999999999999`, 'PARAMETER_INVALID', 'limit'],
    ['a limit given twice', `${orders}?limit=1&limit=2`, 'PARAMETER_INVALID', 'limit'],
    [
      'a time without offset',
      `${orders}?updated_since=2026-06-15T08:30:00`,
      'PARAMETER_INVALID',
      'updated_since',
    ],
    ['a date', `${orders}?updated_since=2026-06-15`, 'PARAMETER_INVALID', 'updated_since'],
    ['an unknown state', `${orders}?status=sent`, 'PARAMETER_INVALID', '/status/0'.slice(1)],
    ['a forged cursor', `${orders}?cursor=AAAA`, 'CURSOR_INVALID', 'cursor'],
    ['a negative offset', '/sandbox/v1/events?after=-1', 'PARAMETER_INVALID', 'after'],
    ['a prototype', `${orders}?__proto__=1`, 'PARAMETER_UNKNOWN', '__proto__'],
  ])('for %s', async (_, url, code, pointer) => {
    const answer = await hub.get(url, token)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code, errors: [{ in: 'query', pointer }] })
  })

  test.each([
    ['NUL in a query', `${orders}?status=%00`],
    ['NUL in a path', '/sandbox/v1/orders/%00'],
    ['a query that is not UTF-8', `${orders}?status=%ff`],
    ['a path that is not UTF-8', '/sandbox/v1/orders/%ff'],
    ['a broken escape', '/sandbox/v1/orders/%2'],
    ['a very long id', `/sandbox/v1/orders/${'a'.repeat(2000)}`],
  ])('for %s', async (_, url) => {
    const answer = await hub.get(url, token)
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'URL_INVALID' })
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.headers['x-request-id']).toMatch(/^req_/)
  })

  test.each([
    ['cut off', '{"platform":', 400, 'BODY_INVALID'],
    ['empty', '', 400, 'PARAMETER_INVALID'],
    ['a list', '[]', 400, 'PARAMETER_INVALID'],
    ['a text', '"x"', 400, 'PARAMETER_INVALID'],
    ['null', 'null', 400, 'PARAMETER_INVALID'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, 'BODY_INVALID'],
    ['with NUL', String.raw`{"platform":"amazon","marketplace_code":"a\u0000b"}`, 400, 'BODY_INVALID'],
    ['too deep', '['.repeat(100) + ']'.repeat(100), 400, 'BODY_INVALID'],
    [
      'with an unknown field',
      '{"platform":"amazon","marketplace_code":"amazon_us","x/y":1}',
      400,
      'PARAMETER_UNKNOWN',
    ],
    [
      'with a prototype',
      '{"platform":"amazon","marketplace_code":"amazon_us","__proto__":{}}',
      400,
      'PARAMETER_UNKNOWN',
    ],
    ['with a number for a text', '{"platform":"amazon","marketplace_code":5}', 400, 'PARAMETER_INVALID'],
    ['without a field', '{"platform":"amazon"}', 400, 'PARAMETER_INVALID'],
    ['over the cap', `"${'x'.repeat(1024 * 1024)}"`, 413, 'BODY_TOO_LARGE'],
  ])('for a body that is %s', async (_, payload, status, code) => {
    const answer = await send(payload)
    expect(answer.json()).toMatchObject({ status, code })
    expect(answer.statusCode).toBe(status)
  })

  test('that points into the body', async () => {
    const answer = await send('{"platform":"ebay","x/y":1}')
    expect(answer.json<{ errors: unknown[] }>().errors).toEqual([
      expect.objectContaining({ in: 'body', pointer: '/marketplace_code', detail: 'Required.' }),
      expect.objectContaining({ pointer: '/x~1y', code: 'PARAMETER_UNKNOWN' }),
      expect.objectContaining({
        pointer: '/platform',
        detail: 'One of: amazon, tiktok_shop, shopee, lazada, temu.',
      }),
    ])
  })

  test.each([
    ['another content type', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no content type', { 'content-type': '' }],
  ])('for %s', async (_, headers) => {
    const answer = await send('{}', headers)
    expect(answer.statusCode).toBe(415)
    expect(answer.json()).toMatchObject({ code: 'CONTENT_TYPE_UNSUPPORTED' })
  })

  test('for a path or a method that does not exist', async () => {
    for (const url of ['/sandbox/v1/nothing', '/nothing', '/v1'])
      expect((await hub.get(url, token)).json()).toMatchObject({ status: 404, code: 'ROUTE_NOT_FOUND' })
    expect((await hub.get('/sandbox/v1/nothing', token)).headers['x-openclaw-environment']).toBe('sandbox')
    expect((await hub.get('/sandbox/v1/%ff', token)).headers['x-openclaw-environment']).toBe('sandbox')
    expect((await hub.get('/v1/nothing', token)).headers['x-openclaw-environment']).toBe(undefined)
    const answer = await hub.api.inject({ method: 'DELETE', url: `/v1/orders/${orderId}` })
    expect(answer.statusCode).toBe(405)
    expect(answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' })
    expect(answer.headers.allow).toBe('GET, HEAD')
  })

  test('when the database is away, and says when to come back', async () => {
    const away = openTestApi('postgres://nobody@127.0.0.1:1/nothing', { log: silentLog })
    const answer = await away.get(`/sandbox/v1/shops/${shopId}`, token)
    expect(answer.statusCode).toBe(503)
    expect(answer.json()).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retry_after: 2, retryable: true })
    expect(answer.headers['retry-after']).toBe('2')
    await away.close()
  })
})

describe('on the wire', () => {
  const exchange = async (text: string): Promise<string> => {
    const address = await hub.api.listen({ port: 0, host: '127.0.0.1' }).catch(() => hub.api.listeningOrigin)
    const socket = new Socket().connect(Number(new URL(address).port), '127.0.0.1')
    socket.write(text)
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    return answer
  }

  test('what is not HTTP is answered, and the connection closed', async () => {
    const answer = await exchange('HELLO\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('application/problem+json')
    expect(answer).toContain('"code":"REQUEST_MALFORMED"')
  })

  test('too many headers are refused', async () => {
    const answer = await exchange(`GET /healthz HTTP/1.1\r\nHost: x\r\nCookie: ${'a'.repeat(20_000)}\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect(answer).toContain('"code":"HEADERS_TOO_LARGE"')
  })

  test('a body over the cap is refused before it is sent', async () => {
    const answer = await exchange(
      `POST ${start} HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\nConnection: close\r\n\r\n{`,
    )
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toContain('"code":"BODY_TOO_LARGE"')
  })
})

describe('limits', () => {
  const limited = openTestApi(database.url, { config: { publicUrl, limits: defaultLimits } })
  afterAll(limited.close)

  test('let a burst of 20 through, then ask to wait, and mean it', async () => {
    const app = await limited.connect(scope)
    const url = `/sandbox/v1/shops/${shopId}`
    const first = await limited.get(url, app.token)
    expect(first.headers['ratelimit-policy']).toBe('"shop";q=10;w=1')
    expect(first.headers['ratelimit']).toBe('"shop";r=19;t=1')
    for (let i = 0; i < 19; i++) expect((await limited.get(url, app.token)).statusCode).toBe(200)
    const refused = await limited.get(url, app.token)
    expect(refused.statusCode).toBe(429)
    expect(refused.json()).toMatchObject({
      code: 'RATE_LIMITED',
      category: 'rate_limit',
      retryable: true,
      retry_after: 1,
    })
    expect(refused.headers['retry-after']).toBe('1')
    expect(refused.headers['ratelimit']).toBe('"shop";r=0;t=2')
    limited.pass(1000)
    expect((await limited.get(url, app.token)).statusCode).toBe(200)
  })

  test('count by application where no shop is named, and one does not touch the other', async () => {
    const [one, other] = [await limited.connect(scope), await limited.connect(scope)]
    for (let i = 0; i < 20; i++) await limited.get('/sandbox/v1/shops', one.token)
    expect((await limited.get('/sandbox/v1/shops', one.token)).statusCode).toBe(429)
    const answer = await limited.get('/sandbox/v1/shops', other.token)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['ratelimit']).toMatch(/^"application";r=19/)
  })

  test('are not spent by those without a token', async () => {
    const app = await limited.connect(scope)
    for (let i = 0; i < 30; i++) await limited.get('/sandbox/v1/shops', 'oct_test_nonsense')
    expect((await limited.get('/sandbox/v1/shops', app.token)).headers['ratelimit']).toMatch(/r=19/)
  })
})

test('every change is audited with who, where and what; nothing logged holds a secret', async () => {
  const lines: { fields: Record<string, unknown>; message: string }[] = []
  const keep = (fields: object, message: string): void => void lines.push({ fields: { ...fields }, message })
  const log = { debug: keep, info: keep, warn: keep, error: keep, child: () => log }
  const observed = openTestApi(database.url, { log })
  const app = await observed.connect(scope)
  await observed.get(`/sandbox/v1/orders/${orderId}`, app.token)
  const url = `/sandbox/v1/orders/${orderId}/acknowledgement`
  const done = await observed.api.inject({
    method: 'POST',
    url,
    headers: { authorization: `Bearer ${app.token}` },
  })
  await observed.close()
  expect(lines.filter(({ fields }) => 'audit' in fields)).toEqual([
    {
      message: 'changed through the API',
      fields: {
        audit: 'order.acknowledge',
        requestId: done.headers['x-request-id'],
        applicationId: app.applicationId,
        ...scope,
        target: { order_id: orderId },
      },
    },
  ])
  expect(lines.map(({ fields }) => fields['route'])).toContain('/sandbox/v1/orders/:order_id')
  const all = JSON.stringify(lines)
  for (const secret of [app.token, app.clientSecret]) expect(all).not.toContain(secret)
})

test('health, readiness and metrics need no token', async () => {
  const away = openTestApi(database.url, {
    isReady: () => Promise.resolve({ ready: false, parts: { database: false } }),
  })
  expect((await away.api.inject('/healthz')).json()).toEqual({ status: 'ok' })
  expect((await away.api.inject('/readyz')).statusCode).toBe(503)
  expect((await hub.api.inject('/readyz')).json()).toEqual({ status: 'ready', parts: { database: true } })
  const metrics = await hub.api.inject('/metrics')
  expect(metrics.headers['content-type']).toContain('text/plain')
  expect(metrics.body).toContain('route="/sandbox/v1/shops/:shop_id"')
  await away.close()
})
