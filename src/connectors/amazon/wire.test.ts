import { describe, expect, test } from 'vitest'
import { findErrorRule } from '#connectors/transport/classify.ts'
import type { PlatformAnswer, PlatformApp, PlatformRequest } from '#connectors/connector.ts'
import { amazon } from './index.ts'
import { errors, readError } from './errors.ts'
import { limits } from './limits.ts'
import { findMarket, hosts, markets } from './markets.ts'
import { sign, userAgent } from './sign.ts'
import { queueSettingsOf } from './sqs.ts'

const app: PlatformApp = { platform: 'amazon', credentials: {}, hosts: {} }
const get: PlatformRequest = {
  operation: 'orders.search',
  method: 'GET',
  host: 'api.na',
  path: '/orders/2026-01-01/orders',
  query: { lastUpdatedAfter: '2026-09-14T03:00:00.000Z', marketplaceIds: 'A,B', paginationToken: 'a+/= é' },
  auth: 'seller',
  repeatable: true,
}
const nowMs = Date.parse('2026-09-14T03:25:07.123Z')

describe('sign', () => {
  test('a GET has neither body nor content type, and every value encoded', () => {
    const signed = sign(get, 'https://api.example/', app, 'Atza|t', nowMs)
    expect(signed).toEqual({
      url: 'https://api.example/orders/2026-01-01/orders?lastUpdatedAfter=2026-09-14T03%3A00%3A00.000Z&marketplaceIds=A%2CB&paginationToken=a%2B%2F%3D+%C3%A9',
      method: 'GET',
      headers: {
        accept: 'application/json',
        'user-agent': 'OpenClaw/0.1 (Language=TypeScript)',
        'x-amz-date': '20260914T032507Z',
        'x-amz-access-token': 'Atza|t',
      },
      body: null,
    })
  })

  test('a body is JSON, a form is a form, and a token of its own wins', () => {
    const post: PlatformRequest = { ...get, method: 'POST', query: {}, body: { a: 1 } }
    expect(sign(post, 'https://api.example', app, null, nowMs)).toMatchObject({
      url: 'https://api.example/orders/2026-01-01/orders',
      headers: { 'content-type': 'application/json' },
      body: '{"a":1}',
    })
    const form = sign({ ...post, form: { code: 'a b&c' } }, 'https://lwa.example', app, null, nowMs)
    expect(form.body).toBe('code=a+b%26c')
    expect(form.headers['content-type']).toBe('application/x-www-form-urlencoded;charset=UTF-8')
    expect(form.headers).not.toHaveProperty('x-amz-access-token')
    const grantless = sign({ ...post, bearer: 'own' }, 'https://x.example', app, 'seller', nowMs)
    expect(grantless.headers['x-amz-access-token']).toBe('own')
  })

  test('the user agent is escaped where the rule says, and never too long', () => {
    const agent = userAgent('My/App\\', '1(2)', { Language: 'Type;Script)', 'a=b': 'c=d' })
    expect(agent).toBe('My\\/App\\\\/1\\(2) (Language=Type\\;Script\\); a\\=b=c=d)')
    expect(() => userAgent('x'.repeat(500), '1', { Language: 'TypeScript' })).toThrow(RangeError)
  })
})

const answer = (status: number, text: string, headers: Record<string, string> = {}): PlatformAnswer => {
  let body: unknown = null
  try {
    body = JSON.parse(text)
  } catch {
    // not JSON, as the transport gives it
  }
  return { status, headers, body, text, sentAtMs: 0 }
}
const kindOf = (of: PlatformAnswer) => {
  const error = readError(of)!
  return findErrorRule(errors, of.status, error.code, error.message)?.kind
}
const errorBody = (code: string, message: string | null, details = '') =>
  JSON.stringify({ errors: [{ code, message, details }] })

describe('errors', () => {
  test('a success is none', () => {
    expect(readError(answer(200, '{"orders":[]}'))).toBeNull()
    expect(readError(answer(204, ''))).toBeNull()
  })

  test('code, message, details and request id are read; a null message is no obstacle', () => {
    expect(
      readError(
        answer(400, '{"errors":[{"code":"InvalidInput","message":null}]}', {
          'x-amzn-requestid': 'r1',
          'x-amzn-errortype': 'InvalidQueryStringException:http://x',
        }),
      ),
    ).toEqual({ code: 'InvalidInput', message: '(InvalidQueryStringException)', requestId: 'r1' })
  })

  test.each([
    [400, '<html><body>Bad Request</body></html>', 'rejected'],
    [400, errorBody('InvalidInput', 'We could not decode your NextToken.'), 'rejected'],
    [
      400,
      errorBody(
        'InvalidInput',
        'Application does not have access to one or more requested data elements: [buyerInfo]',
      ),
      'rejected',
    ],
    [401, '', 'auth_expired'],
    [
      403,
      errorBody(
        'Unauthorized',
        'Access to requested resource is denied.',
        'The access token you provided has expired.',
      ),
      'auth_expired',
    ],
    [
      403,
      errorBody(
        'Unauthorized',
        'Access to requested resource is denied.',
        'The access token you provided is revoked, malformed or invalid.',
      ),
      'auth_expired',
    ],
    [403, errorBody('Unauthorized', 'Access to requested resource is denied.'), 'rejected'],
    [
      403,
      errorBody(
        'Unauthorized',
        'Access to requested resource is denied.',
        'Access token is missing in the request header.',
      ),
      'rejected',
    ],
    [403, '{"message":"Missing Authentication Token"}', 'rejected'],
    [404, errorBody('ResourceNotFound', ''), 'missing'],
    [409, errorBody('StateConflict', ''), 'rejected'],
    [413, '', 'rejected'],
    [415, errorBody('UnsupportedMediaType', 'x'), 'rejected'],
    [429, errorBody('QuotaExceeded', 'You exceeded your quota for the requested resource.'), 'throttled'],
    [429, '<html>slow down</html>', 'throttled'],
    [
      500,
      errorBody('InternalFailure', 'We encountered an internal error. Please try again.'),
      'platform_down',
    ],
    [502, '<html>Bad Gateway</html>', 'platform_down'],
    [503, errorBody('ServiceUnavailable', ''), 'platform_down'],
    [504, '', 'platform_down'],
    [
      400,
      '{"error":"invalid_grant","error_description":"The request has an invalid grant parameter : code"}',
      'rejected',
    ],
    [
      400,
      `{"error":"invalid_grant","error_description":"… : refresh_token. User may have revoked or didn't grant the permission."}`,
      'auth_revoked',
    ],
    [401, '{"error":"invalid_client"}', 'rejected'],
    [400, '{"error":"unauthorized_client"}', 'rejected'],
    [400, '{"error":"invalid_scope"}', 'rejected'],
    [302, '', undefined],
  ])('%i %s is %s', (status, text, kind) => {
    expect(kindOf(answer(status, text, { 'x-amzn-errortype': '' }))).toBe(kind)
  })

  test('the gateway’s bare message takes its code from the header', () => {
    const headers = { 'x-amzn-errortype': 'MissingAuthenticationTokenException' }
    expect(readError(answer(403, '{"message":"Missing Authentication Token"}', headers))!.code).toBe(
      'MissingAuthenticationToken',
    )
  })

  test('every row explains itself in both languages', () => {
    for (const { meaning, remedy } of errors)
      for (const words of [meaning.en, meaning.zh, remedy.en, remedy.zh])
        expect(words.length).toBeGreaterThan(2)
  })
})

describe('tables', () => {
  test('23 marketplaces, each id, code and country once', () => {
    expect(markets).toHaveLength(23)
    for (const pick of ['code', 'platformMarketId', 'countryCode'] as const)
      expect(new Set(markets.map((market) => market[pick])).size).toBe(23)
    for (const { region, timeZone, currency, languages } of markets) {
      expect(hosts).toHaveProperty([`api.${region}`])
      expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow()
      expect(currency).toMatch(/^[A-Z]{3}$/)
      for (const language of languages) expect(Intl.getCanonicalLocales(language)).toEqual([language])
    }
  })

  test('Amazon’s UK is GB', () => {
    for (const name of ['UK', 'uk', 'GB', 'amazon_uk', 'amazon_gb', 'A1F83G8C2ARO7P'])
      expect(findMarket(name)!.code).toBe('amazon_gb')
    expect(findMarket('A2ZV50J4W1RKNI')).toBeUndefined()
  })

  test('each operation has one limit', () => {
    expect(new Set(limits.map(({ operation }) => operation)).size).toBe(limits.length)
    for (const { perSecond, burst } of limits) expect(perSecond > 0 && burst >= 1).toBe(true)
  })
})

describe('queue settings', () => {
  test('none without a url; a stand-in needs no credentials', () => {
    expect(queueSettingsOf(app)).toBeNull()
    expect(amazon.push!.openQueue!(app)).toBeNull()
    expect(queueSettingsOf({ ...app, queue: { url: 'u', endpoint: 'http://localhost:1' } })).toEqual({
      queueUrl: 'u',
      region: 'us-east-1',
      endpoint: 'http://localhost:1',
      credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    })
    expect(queueSettingsOf({ ...app, queue: { url: 'u', region: 'eu-west-1' } })).toEqual({
      queueUrl: 'u',
      region: 'eu-west-1',
    })
  })
})
