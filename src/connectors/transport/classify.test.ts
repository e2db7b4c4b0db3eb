import { describe, expect, it } from 'vitest'
import type { ErrorRule, PlatformAnswer } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'
import { classify, findErrorRule } from './classify.ts'

const rule = (status: string, code: string, kind: ErrorRule['kind'], fragment?: string): ErrorRule => ({
  status,
  code,
  kind,
  meaning: text('', ''),
  remedy: text('', ''),
  ...(fragment === undefined ? {} : { text: fragment }),
})

const rules = [
  rule('400', 'Bad', 'auth_revoked', 'refresh_token'),
  rule('400', 'Bad', 'rejected'),
  rule('429', '*', 'throttled'),
  rule('*', 'Gone', 'missing'),
  rule('5xx', '*', 'platform_down'),
]

describe('the error table', () => {
  it.each([
    [400, 'Bad', 'the refresh_token is old', 'auth_revoked'],
    [400, 'Bad', 'anything else', 'rejected'],
    [429, 'AnyCode', '', 'throttled'],
    [404, 'Gone', '', 'missing'],
    [200, 'Gone', '', 'missing'],
    [503, 'AnyCode', '', 'platform_down'],
    [500, '', '', 'platform_down'],
  ])('%i %s %s is %s: first match wins', (status, code, message, kind) => {
    expect(findErrorRule(rules, status, code, message)?.kind).toBe(kind)
  })

  it('knows nothing of what no row names', () => {
    expect(findErrorRule(rules, 400, 'Other', '')).toBeUndefined()
    expect(findErrorRule(rules, 300, 'Other', '')).toBeUndefined()
  })
})

describe('an answer', () => {
  const nowMs = Date.UTC(2026, 8, 14)
  const answer = (given: Partial<PlatformAnswer>): PlatformAnswer => ({
    status: 200,
    headers: {},
    body: null,
    text: '',
    sentAtMs: nowMs,
    ...given,
  })
  const read = (error: { code: string; message: string } | null, given: Partial<PlatformAnswer>) =>
    classify(
      {
        platform: 'amazon',
        errors: rules,
        readError: () => error && { ...error, requestId: 'request-1' },
      },
      answer(given),
      nowMs,
    )

  it('without an error is a success, with or without a body', () => {
    expect(read(null, { body: { orders: [] }, text: '{"orders":[]}' })).toBeNull()
    expect(read(null, { status: 204 })).toBeNull()
  })

  it('that succeeds with something that is no JSON breaks the contract', () => {
    expect(read(null, { text: '<html>' })).toMatchObject({
      kind: 'contract_broken',
      code: 'NOT_JSON',
      httpStatus: 200,
    })
  })

  it('carries the platform’s code, status, request id and wish to wait', () => {
    const failure = read(
      { code: 'QuotaExceeded', message: 'slow down' },
      { status: 429, headers: { 'retry-after': '7' } },
    )
    expect(failure).toMatchObject({
      kind: 'throttled',
      code: 'QuotaExceeded',
      httpStatus: 429,
      platformRequestId: 'request-1',
      retryAfterMs: 7_000,
    })
    expect(failure?.message).toBe('amazon answered 429 QuotaExceeded: slow down')
  })

  it('reads a date to wait for', () => {
    const headers = { 'retry-after': new Date(nowMs + 90_000).toUTCString() }
    expect(read({ code: 'x', message: '' }, { status: 503, headers })?.retryAfterMs).toBe(90_000)
  })

  it('of an unknown error is loud and never taken for one that may be repeated', () => {
    expect(read({ code: 'NeverSeen', message: '' }, { status: 418 })).toMatchObject({
      kind: 'contract_broken',
      code: 'NeverSeen',
    })
  })

  it('keeps its message within bounds', () => {
    expect(read({ code: 'Gone', message: 'x'.repeat(9_000) }, { status: 404 })?.message).toHaveLength(500)
  })
})
