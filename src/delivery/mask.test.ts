import { expect, test } from 'vitest'
import { maskResponseHeaders, maskSignatures } from './mask.ts'

test('of each signature eight characters stay', () => {
  expect(
    maskSignatures({
      'X-OpenClaw-Signature': `v1=${'a'.repeat(64)},v1=${'b'.repeat(64)}`,
      'webhook-signature': `v1,${'C'.repeat(43)}= v1a,${'d'.repeat(43)}=`,
    }),
  ).toEqual({
    'X-OpenClaw-Signature': 'v1=aaaaaaaa…,v1=bbbbbbbb…',
    'webhook-signature': 'v1,CCCCCCCC… v1a,dddddddd…',
  })
})

test('headers of an answer that prove something are hidden, others kept, all bounded', () => {
  const masked = maskResponseHeaders({
    server: 'nginx',
    'set-cookie': ['a=1', 'b=2'],
    'x-api-key': 'k',
    'www-authenticate': 'Bearer',
    'x-long': 'x'.repeat(5000),
    'x-nul': 'a\u0000b',
    ...Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, 'v'])),
  })
  expect(masked).toMatchObject({
    server: 'nginx',
    'set-cookie': '…',
    'x-api-key': '…',
    'www-authenticate': '…',
  })
  expect(masked['x-long']).toHaveLength(256)
  expect(masked['x-nul']).toBe('a�b')
  expect(Object.keys(masked)).toHaveLength(40)
})
