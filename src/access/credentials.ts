import { hash, randomBytes } from 'node:crypto'
import type { Environment } from '#kernel/environment.ts'

/**
 * Credentials tell the world they belong to by their own text, so that a mix-up shows before anything is
 * sent: client ids `oc_…`, secrets `ocs_…`, access tokens `oct_…`, each followed by `live_` or `test_`.
 */
const worlds = { production: 'live', sandbox: 'test' } as const satisfies Record<Environment, string>

const tokenForm = /^oct_(live|test)_[A-Za-z0-9_-]{43}$/

/** 128 random bits: an identifier, not a secret. */
export const newClientId = (environment: Environment): string =>
  `oc_${worlds[environment]}_${randomBytes(16).toString('hex')}`

export const newClientSecret = (environment: Environment): string =>
  `ocs_${worlds[environment]}_${randomBytes(32).toString('base64url')}`

export const newAccessToken = (environment: Environment): string =>
  `oct_${worlds[environment]}_${randomBytes(32).toString('base64url')}`

/** The world an access token says it is of; `null` for text that cannot be one of our tokens. */
export function environmentOfToken(token: string): Environment | null {
  const world = tokenForm.exec(token)?.[1]
  return world === undefined ? null : world === 'live' ? 'production' : 'sandbox'
}

/**
 * What is stored in place of a secret or token. One round of SHA-256 suffices, and a slow hash would only
 * let strangers burn our CPU: the input is 256 random bits, so there is no dictionary to try.
 */
export const digestOf = (secret: string): Buffer => hash('sha256', secret, 'buffer')
