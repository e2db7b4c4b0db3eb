import { describe, expect, test } from 'vitest'
import { text } from '#kernel/text.ts'
import { errorCodes } from './error-codes.ts'
import { failureOf } from './failures.ts'
import { ClientFailure, languageOf, problemText, retryAfterSeconds } from './problem.ts'

describe('the registry of error codes', () => {
  test.each(Object.entries(errorCodes))('%s is complete in both languages', (code, entry) => {
    expect(code).toMatch(/^[A-Z][A-Z_]+$/)
    expect(entry.status).toBeGreaterThanOrEqual(400)
    for (const words of [entry.title, entry.cause, entry.remedy]) {
      expect(words.en).toMatch(/^[ -~“”’…]+$/)
      expect(words.zh).toMatch(/\p{Script=Han}/u)
    }
    expect(entry.category === 'internal').toBe(entry.status >= 500 && !code.startsWith('PLATFORM'))
  })
})

describe('a problem', () => {
  const about = { publicUrl: 'https://hub', requestId: 'req_1', path: '/v1/x', language: 'zh-CN' } as const

  test('speaks the language asked for and names its page', () => {
    const failure = new ClientFailure('RATE_LIMITED', { retryAfterMs: 1001 })
    expect(JSON.parse(problemText(failure, about))).toMatchObject({
      type: 'https://hub/docs/errors/RATE_LIMITED',
      title: '请求过于频繁',
      status: 429,
      retry_after: 2,
    })
    const detail = text('Exactly this.', '正是如此。')
    expect(problemText(new ClientFailure('INTERNAL', { detail }), { ...about, language: 'en' })).toContain(
      'Exactly this.',
    )
  })

  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['ZH', 'zh-CN'],
    ['en-US,zh;q=0.5', 'en'],
    ['fr, zh', 'zh-CN'],
    ['*', 'en'],
  ])('takes %s as %s', (header, language) => {
    expect(languageOf(header)).toBe(language)
  })

  test('rounds waiting up, to a second at least', () => {
    expect([0, 1, 999, 1000, 1001].map(retryAfterSeconds)).toEqual([1, 1, 1, 1, 2])
  })
})

describe('what is thrown', () => {
  const coded = (code: string): Error => Object.assign(new Error('secret detail'), { code })

  test.each([
    ['ECONNREFUSED', 'SERVICE_UNAVAILABLE'],
    ['57P01', 'SERVICE_UNAVAILABLE'],
    ['53300', 'SERVICE_UNAVAILABLE'],
    ['08006', 'SERVICE_UNAVAILABLE'],
    ['23505', 'INTERNAL'],
    ['FST_ERR_CTP_BODY_TOO_LARGE', 'BODY_TOO_LARGE'],
    ['FST_ERR_SOMETHING_NEW', 'INTERNAL'],
  ])('with code %s is told as %s, without its text', (code, told) => {
    const failure = failureOf(coded(code))
    expect(failure.code).toBe(told)
    const about = { publicUrl: '', requestId: '', path: '', language: 'en' } as const
    expect(problemText(failure, about)).not.toContain('secret')
  })

  test('and is no error at all is our fault', () => {
    expect(failureOf('text').code).toBe('INTERNAL')
    expect(failureOf(new Error('Connection terminated unexpectedly')).code).toBe('SERVICE_UNAVAILABLE')
  })
})
