import { timingSafeEqual } from 'node:crypto'
import type { AdapterPayload } from 'oidc-provider'
import type { Application } from '#store/applications.ts'
import { digestOf } from './credentials.ts'

/**
 * An application in the OAuth server's words. Where the server expects the secret itself it gets the
 * digests of all live ones; `secretMatches` is the other half and replaces the server's comparison.
 */
export const metadataOf = (client: {
  readonly application: Application
  readonly secretDigests: readonly Buffer[]
}): AdapterPayload => ({
  client_id: client.application.clientId,
  client_name: client.application.name,
  client_secret: client.secretDigests.map((digest) => digest.toString('hex')).join('.') || 'none',
  token_endpoint_auth_method: 'client_secret_basic',
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  scope: client.application.scopes.join(' '),
  environment: client.application.environment,
})

/** Constant in the secret: every live digest is compared, whichever matches. */
export function secretMatches(digests: string, shown: string): boolean {
  const actual = digestOf(shown)
  let matches = false
  for (const digest of digests.split('.')) {
    const wanted = Buffer.from(digest, 'hex')
    if (wanted.length === actual.length && timingSafeEqual(wanted, actual)) matches = true
  }
  return matches
}
