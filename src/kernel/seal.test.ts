import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { SealError, newSecretKey, openVault } from './seal.ts'

const key = randomBytes(32)
const vault = openVault([key])

test('what was sealed opens, with any text and in its own context only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (plain, context) => {
      const box = vault.seal(plain, context)
      expect(vault.openText(box, context)).toBe(plain)
      expect(() => vault.open(box, `${context}x`)).toThrow(SealError)
    }),
    { numRuns: 50 },
  )
})

test('two boxes of the same text differ', () => {
  expect(vault.seal('a', 'c').equals(vault.seal('a', 'c'))).toBe(false)
})

test('a changed byte anywhere is noticed', () => {
  const box = vault.seal('secret', 'c')
  for (let i = 0; i < box.length; i++) {
    const bad = Buffer.from(box)
    bad[i]! ^= 1
    expect(() => vault.open(bad, 'c')).toThrow(SealError)
  }
  expect(() => vault.open(box.subarray(0, 20), 'c')).toThrow(SealError)
})

test('keys rotate: the first seals, the others still open', () => {
  const old = vault.seal('secret', 'c')
  const rotated = openVault([randomBytes(32), key])
  expect(rotated.openText(old, 'c')).toBe('secret')
  expect(rotated.isCurrent(old)).toBe(false)
  expect(rotated.isCurrent(rotated.seal('secret', 'c'))).toBe(true)
  expect(() => openVault([randomBytes(32)]).open(old, 'c')).toThrow(SealError)
})

test('keys have 32 bytes, and there is at least one', () => {
  expect(() => openVault([])).toThrow(SealError)
  expect(() => openVault([randomBytes(16)])).toThrow(SealError)
  expect(Buffer.from(newSecretKey(), 'base64url')).toHaveLength(32)
})
