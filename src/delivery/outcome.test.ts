import { expect, test } from 'vitest'
import type { Exchange } from './exchange.ts'
import { judge } from './outcome.ts'

const nowMs = Date.parse('2026-11-22T10:00:00Z')
const answer = (status: number, headers: Record<string, string> = {}): Exchange => ({
  durationMs: 5,
  status,
  headers,
  body: null,
  isTruncated: false,
  failure: null,
})
const judged = (exchange: Exchange, number = 1) => judge(exchange, number, nowMs, () => 0.5)

test.each([200, 201, 202, 204, 299])('%i is a delivery', (status) => {
  expect(judged(answer(status))).toMatchObject({
    outcome: 'delivered',
    finalState: 'delivered',
    pauseMs: null,
  })
})

test.each([300, 301, 302, 304, 307, 308, 400, 401, 404, 418, 429, 500, 502, 503, 504, 599, 600])(
  '%i is tried again',
  (status) => {
    expect(judged(answer(status))).toMatchObject({
      outcome: 'failed',
      finalState: null,
      pauseMs: 5000,
      errorCode: `HTTP_${status}`,
    })
  },
)

test('the twelfth failure is the end', () => {
  expect(judged(answer(500), 12)).toMatchObject({ outcome: 'failed', finalState: 'exhausted', pauseMs: null })
})

test('410 ends the delivery and the endpoint', () => {
  expect(judged(answer(410))).toMatchObject({ finalState: 'exhausted', pauseMs: null, isGone: true })
})

test.each([
  ['120', 126_000],
  ['0', 5000],
  ['Sun, 22 Nov 2026 10:10:00 GMT', 630_000],
  ['Sun, 22 Nov 2026 09:00:00 GMT', 5000],
  ['99999999', 86_400_000],
  ['soon', 5000],
  ['-5', 5000],
  ['', 5000],
])('Retry-After "%s" of a busy receiver makes the pause %i ms', (header, pauseMs) => {
  expect(judged(answer(503, { 'retry-after': header })).pauseMs).toBe(pauseMs)
  expect(judged(answer(429, { 'retry-after': header })).pauseMs).toBe(pauseMs)
  expect(judged(answer(500, { 'retry-after': header })).pauseMs).toBe(5000)
})

test('a fault of the wire is tried again, an address that is not allowed is not, and does not name itself', () => {
  const broken = (code: 'TIMEOUT' | 'TARGET_REFUSED'): Exchange => ({
    ...answer(200),
    failure: { code, detail: 'evil.test is 10.0.0.1 (private)' },
  })
  expect(judged(broken('TIMEOUT'))).toMatchObject({ finalState: null, errorCode: 'TIMEOUT', pauseMs: 5000 })
  const refused = judged(broken('TARGET_REFUSED'))
  expect(refused).toMatchObject({ outcome: 'refused', finalState: 'refused', pauseMs: null })
  expect(JSON.stringify(refused)).not.toContain('10.0.0.1')
})
