import type { Pool } from 'pg'
import type { Clock } from '#kernel/clock.ts'
import type { Environment } from '#kernel/environment.ts'
import type { Vault } from '#kernel/seal.ts'
import { findToken } from '#store/oauth-artefacts.ts'
import type { TokenRow } from '#store/oauth-artefacts.ts'
import { openPayload } from './artefacts.ts'
import { digestOf, environmentOfToken } from './credentials.ts'
import { isScopeName } from './scopes.ts'
import type { ScopeName } from './scopes.ts'

/** Who calls. `shopIds` empty means every shop of the organisation. */
export type Caller = {
  readonly applicationId: string
  readonly orgId: string
  readonly environment: Environment
  readonly scopes: ReadonlySet<ScopeName>
  readonly shopIds: ReadonlySet<string>
}

export type Authentication =
  | { readonly ok: true; readonly caller: Caller }
  | { readonly ok: false; readonly reason: 'invalid' | 'expired' | 'suspended' }

export type Tokens = {
  /** Who an access token speaks for. An answer is reused for `trustMs` within this process. */
  readonly authenticate: (token: string) => Promise<Authentication>
  readonly forgetToken: (digest: Buffer) => void
  readonly forgetApplication: (applicationId: string) => void
}

/**
 * How long another process may go on accepting what was revoked or suspended here. In this process
 * both hold at once.
 */
const trustMs = 5000
const mostRemembered = 10_000

type Remembered = { readonly caller: Caller; readonly expiresAtMs: number; readonly askAgainAtMs: number }

export function openTokens(parts: {
  readonly pool: Pool
  readonly vault: Vault
  readonly clock: Clock
}): Tokens {
  const { pool, vault, clock } = parts
  const remembered = new Map<string, Remembered>()
  /** Grows with every revocation: an answer that was read before one is not kept after it. */
  let generation = 0

  async function authenticate(token: string): Promise<Authentication> {
    if (environmentOfToken(token) === null) return { ok: false, reason: 'invalid' }
    const digest = digestOf(token)
    const key = digest.toString('base64')
    const nowMs = clock.nowMs()
    const known = remembered.get(key)
    if (known && nowMs < known.askAgainAtMs)
      return nowMs < known.expiresAtMs ? { ok: true, caller: known.caller } : { ok: false, reason: 'expired' }
    return ask(key, digest, nowMs)
  }

  async function ask(key: string, digest: Buffer, nowMs: number): Promise<Authentication> {
    const asOf = generation
    const row = await findToken(pool, digest)
    remembered.delete(key)
    if (!row) return { ok: false, reason: 'invalid' }
    if (row.status === 'suspended') return { ok: false, reason: 'suspended' }
    const expiresAtMs = row.expires_at.getTime()
    if (expiresAtMs <= nowMs) return { ok: false, reason: 'expired' }
    const caller = callerOf(row, openPayload(vault, row.payload, digest).scope ?? '')
    if (asOf === generation) {
      if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value!)
      remembered.set(key, { caller, expiresAtMs, askAgainAtMs: nowMs + trustMs })
    }
    return { ok: true, caller }
  }

  return {
    authenticate,
    forgetToken: (digest) => {
      generation++
      remembered.delete(digest.toString('base64'))
    },
    forgetApplication: (applicationId) => {
      generation++
      for (const [key, { caller }] of remembered)
        if (caller.applicationId === applicationId) remembered.delete(key)
    },
  }
}

/** A token never carries more than its application may have today. */
function callerOf(row: TokenRow, granted: string): Caller {
  const allowed = new Set(row.scopes)
  return {
    applicationId: row.application_id,
    orgId: row.org_id,
    environment: row.environment,
    scopes: new Set(
      granted
        .split(' ')
        .filter((name) => isScopeName(name))
        .filter((name) => allowed.has(name)),
    ),
    shopIds: new Set(row.shop_ids),
  }
}
