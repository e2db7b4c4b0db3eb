import { describe, expect, test } from 'vitest'
import { maxJsonBytes, parseJson, readJson } from './json.ts'

describe('parseJson', () => {
  test.each([
    ['{"id":577012345678901234}', { id: '577012345678901234' }],
    ['[9007199254740993,-9007199254740993]', ['9007199254740993', '-9007199254740993']],
    ['[9007199254740991,1234567890123456]', [9007199254740991, 1234567890123456]],
    ['{"track":"15501234567890123456","n":1.5}', { track: '15501234567890123456', n: 1.5 }],
    ['[0.12345678901234567]', [Number('0.12345678901234567')]],
    ['[1e400]', [Number.POSITIVE_INFINITY]],
  ])('%s keeps every digit of a whole number', (text, value) => {
    expect(parseJson(text)).toEqual(value)
  })

  test('throws what JSON.parse throws', () => {
    expect(() => parseJson('{"id":577012345678901234')).toThrow(SyntaxError)
  })
})

describe('readJson', () => {
  test('reads bytes and text', () => {
    expect(readJson(Buffer.from('{"a":"é"}'))).toEqual({ ok: true, value: { a: 'é' } })
    expect(readJson('[1]')).toEqual({ ok: true, value: [1] })
  })

  test.each([
    ['NOT_UTF8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['NOT_JSON', ''],
    ['NOT_JSON', '{"a":'],
    ['NOT_JSON', '<html></html>'],
    ['TOO_DEEP', '['.repeat(100_000)],
    ['TOO_DEEP', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`],
    ['TOO_LARGE', Buffer.alloc(maxJsonBytes + 1, 32)],
  ])('refuses %s with a reason', (reason, input) => {
    expect(readJson(input)).toMatchObject({ ok: false, reason })
  })

  test('depth is counted outside of strings only', () => {
    expect(readJson(JSON.stringify({ a: '['.repeat(500), b: '\\"[[' }))).toMatchObject({ ok: true })
    expect(readJson(`${'['.repeat(64)}${']'.repeat(64)}`)).toMatchObject({ ok: true })
  })
})
