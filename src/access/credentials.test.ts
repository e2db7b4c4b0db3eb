import { describe, expect, test } from 'vitest'
import { metadataOf, secretMatches } from './client-metadata.ts'
import { digestOf, environmentOfToken, newAccessToken, newClientId, newClientSecret } from './credentials.ts'

describe('credentials', () => {
  test('say which world they are of', () => {
    expect(newClientId('production')).toMatch(/^oc_live_[0-9a-f]{32}$/)
    expect(newClientSecret('sandbox')).toMatch(/^ocs_test_[\w-]{43}$/)
    expect(environmentOfToken(newAccessToken('production'))).toBe('production')
    expect(environmentOfToken(newAccessToken('sandbox'))).toBe('sandbox')
  })

  test.each([
    '',
    'oct_test_',
    'oct_live_short',
    `oct_prod_${'a'.repeat(43)}`,
    `oct_live_${'a'.repeat(44)}`,
    `x${newAccessToken('sandbox')}`,
  ])('are not mistaken for: %s', (text) => {
    expect(environmentOfToken(text)).toBe(null)
  })

  test('match any live secret and nothing else', () => {
    const [one, other] = [newClientSecret('sandbox'), newClientSecret('sandbox')]
    const application = {
      orgId: 'o',
      environment: 'sandbox',
      id: 'a',
      clientId: 'c',
      name: 'n',
      scopes: [],
      shopIds: [],
      status: 'active',
    } as const
    const stored = metadataOf({ application, secretDigests: [digestOf(one), digestOf(other)] })
    const digests = String(stored['client_secret'])
    expect([one, other].every((secret) => secretMatches(digests, secret))).toBe(true)
    for (const wrong of ['', 'none', newClientSecret('sandbox'), digests, digestOf(one).toString('hex')])
      expect(secretMatches(digests, wrong)).toBe(false)
    const none = String(metadataOf({ application, secretDigests: [] })['client_secret'])
    for (const shown of ['', 'none', one]) expect(secretMatches(none, shown)).toBe(false)
  })
})
