import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import { nullable, object } from '#canonical/schema.ts'
import { ClientFailure } from './problem.ts'
import type { Issue } from './problem.ts'
import { checkerOf } from './validate.ts'

const schema = object({
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  flag: Type.Optional(Type.Boolean()),
  list: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 3 }), { uniqueItems: true, maxItems: 2 }),
  ),
  rate: Type.Optional(nullable(Type.Number({ minimum: 0 }))),
  at: Type.Optional(Type.String({ format: 'date-time' })),
})
const query = checkerOf(schema, 'query')
const body = checkerOf(
  Type.Object(schema.properties, { additionalProperties: false, minProperties: 1 }),
  'body',
)

function issuesOf(run: () => unknown): readonly Issue[] {
  try {
    run()
  } catch (error) {
    if (error instanceof ClientFailure) return error.issues
    throw error
  }
  return []
}

describe('a query', () => {
  test('becomes what its schema says, when written exactly so', () => {
    expect(query({ count: '3', flag: 'false', list: 'a' })).toEqual({ count: 3, flag: false, list: ['a'] })
    expect(query({ list: ['a', 'b'] })).toEqual({ list: ['a', 'b'] })
    expect(query(undefined)).toEqual({})
  })

  test.each(['1.0', '1e0', ' 1', '1 ', '0x1', '', 'NaN', '٣', '+1', '99999999999999999999'])(
    'is not guessed at: count=%s',
    (count) => {
      expect(issuesOf(() => query({ count }))).toMatchObject([{ in: 'query', pointer: 'count' }])
    },
  )

  test.each(['yes', '1', 'TRUE', ''])('is not guessed at: flag=%s', (flag) => {
    expect(issuesOf(() => query({ flag }))).toHaveLength(1)
  })
})

describe('a body', () => {
  test('is taken as it is', () => {
    expect(body({ count: 3, rate: null })).toEqual({ count: 3, rate: null })
    for (const wrong of [{ count: '3' }, { flag: 'true' }, { list: 'a' }, null, [], 'x', 5, true, {}])
      expect(
        issuesOf(() => body(wrong)),
        JSON.stringify(wrong),
      ).not.toEqual([])
  })

  test('is told all that is wrong, in both languages, without what was sent', () => {
    const wrong = { count: 9, flag: 'secret', list: ['secret', '', ''], rate: -1, at: 'secret', 'a~/b': 1 }
    const issues = issuesOf(() => body(wrong))
    expect(issues.map((issue) => issue.pointer)).toEqual(
      expect.arrayContaining(['/count', '/flag', '/list/0', '/list/1', '/a~0~1b']),
    )
    for (const { detail } of issues) {
      expect(detail.zh).toMatch(/\p{Script=Han}/u)
      expect(detail.en + detail.zh).not.toContain('secret')
    }
    const rest = issuesOf(() => body({ rate: -1, at: 'secret', list: ['a', 'a', 'a'] }))
    expect(rest.map((issue) => issue.pointer)).toEqual(expect.arrayContaining(['/rate', '/at', '/list']))
    for (const { detail } of rest) expect(detail.zh).toMatch(/\p{Script=Han}/u)
  })
})
