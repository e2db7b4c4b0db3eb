import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { openVault } from '#kernel/seal.ts'
import { openCursors } from './cursor.ts'
import { ClientFailure } from './problem.ts'

const cursors = openCursors(openVault([Buffer.alloc(32, 7)]))

test('a cursor leads back to its place, in its own list only', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { maxLength: 3 }), (list, place) => {
      const cursor = cursors.write(list, place)
      expect(cursor).toMatch(/^[\w-]+$/)
      expect(cursors.read(list, cursor)).toEqual(place)
      expect(() => cursors.read(`${list}x`, cursor)).toThrow(ClientFailure)
    }),
  )
})

test('anything else is refused as a cursor, never an accident', () => {
  const genuine = cursors.write('orders', ['2026-06-15T08:30:00.000000Z', 'ord_1'])
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      expect(() => cursors.read('orders', text)).toThrow('CURSOR_INVALID')
    }),
  )
  for (let i = 0; i < genuine.length - 1; i++) {
    const altered = genuine.slice(0, i) + (genuine[i] === 'A' ? 'B' : 'A') + genuine.slice(i + 1)
    expect(() => cursors.read('orders', altered)).toThrow(ClientFailure)
  }
})
