import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { idOf, newId, ulid } from './ids.ts'

const form = /^ord_[0-7][0-9A-HJKMNP-TV-Z]{25}$/

test('a ULID known from its specification', () => {
  // 1469918176385 ms is the example time of the specification.
  expect(ulid(1469918176385, new Uint8Array(10))).toBe('01ARYZ6S410000000000000000')
  expect(ulid(0, new Uint8Array(10).fill(255))).toBe('0000000000ZZZZZZZZZZZZZZZZ')
})

test('ids sort by their time, and times outside 48 bits are clamped', () => {
  const time = fc.nat({ max: 2 ** 47 })
  fc.assert(
    fc.property(time, time, (one, other) => {
      const ids = [newId('ord', one), newId('ord', other)] as const
      if (one !== other) expect(ids[0] < ids[1]).toBe(one < other)
      for (const id of ids) expect(id).toMatch(form)
    }),
  )
  expect(ulid(-5, new Uint8Array(10))).toBe(ulid(0, new Uint8Array(10)))
  expect(ulid(Number.MAX_SAFE_INTEGER, new Uint8Array(10)).startsWith('7ZZZZZZZZZ')).toBe(true)
})

test('fresh ids do not repeat', () => {
  const ids = Array.from({ length: 10_000 }, () => newId('ord', 1))
  expect(new Set(ids).size).toBe(ids.length)
})

test('a natural key always gets the same id, and only that key', () => {
  expect(idOf('ord', 5, 'shop', '1')).toBe(idOf('ord', 5, 'shop', '1'))
  expect(idOf('ord', 5, 'shop', '1')).toMatch(form)
  const others = [
    idOf('ord', 5, 'shop', '2'),
    idOf('ord', 5, 'shop1', ''),
    idOf('ord', 5, 'sho', 'p1'),
    idOf('ord', 6, 'shop', '1'),
  ]
  expect(new Set([idOf('ord', 5, 'shop', '1'), ...others]).size).toBe(5)
})
