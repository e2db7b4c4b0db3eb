import { createHmac } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { FaultSwitches } from '../faults.ts'
import { rollDice } from '../random.ts'

export const accessLifeMs = 3_600_000
const codeLifeMs = 5 * 60_000

/** A path, real or with placeholders, and the personal data that may be shown there. */
export type RestrictedResource = {
  readonly method: string
  readonly path: string
  readonly elements: readonly string[]
}

/** What an access token lets its bearer do. */
export type Access =
  | { readonly kind: 'seller'; readonly sellerId: string }
  | { readonly kind: 'grantless'; readonly scope: string }
  | {
      readonly kind: 'restricted'
      readonly sellerId: string
      readonly resources: readonly RestrictedResource[]
    }

/** Consents, codes and tokens. Refresh tokens are signed, so they outlive a restart with the same seed. */
export type Grants = {
  /** The refresh token that the seller's own pages show for a private app. */
  readonly selfAuthorised: (sellerId: string) => string
  readonly issueCode: (sellerId: string, redirectUri: string) => string
  /** Spends a code: the seller it stands for, `null` when it is unknown, used, too old or of another page. */
  readonly spendCode: (code: string, redirectUri: string) => string | null
  readonly issueRefresh: (sellerId: string) => string
  /** The seller a refresh token stands for, `null` when revoked or forged. */
  readonly readRefresh: (token: string) => string | null
  readonly issueAccess: (access: Access) => string
  readonly readAccess: (token: string) => Access | 'expired' | null
  /** Ends every token of the seller. */
  readonly revoke: (sellerId: string) => void
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

export function openGrants(seed: string, clock: Clock, faults: FaultSwitches): Grants {
  const dice = rollDice(`${seed}/tokens/${clock.nowMs()}`)
  const key = `openclaw simulator ${seed}`
  const codes = new Map<string, { sellerId: string; redirectUri: string; untilMs: number }>()
  const live = new Map<string, { access: Access; untilMs: number }>()
  /** Number of the last refresh token given out, and of the first that still counts. */
  const last = new Map<string, number>()
  const first = new Map<string, number>()

  const mac = (text: string): string => createHmac('sha256', key).update(text).digest('base64url')
  const refreshToken = (sellerId: string, number: number): string => {
    const claim = Buffer.from(`${sellerId}.${number}`).toString('base64url')
    return `Atzr|IwEB${claim}.${mac(claim)}`
  }

  function revoke(sellerId: string): void {
    first.set(sellerId, (last.get(sellerId) ?? 0) + 1)
    for (const [token, { access }] of live)
      if (access.kind !== 'grantless' && access.sellerId === sellerId) live.delete(token)
  }

  function issueRefresh(sellerId: string): string {
    const number = (last.get(sellerId) ?? 0) + 1
    last.set(sellerId, number)
    return refreshToken(sellerId, number)
  }

  function readRefresh(token: string): string | null {
    const match = /^Atzr\|IwEB([\w-]+)\.([\w-]+)$/.exec(token)
    if (!match || mac(match[1]!) !== match[2]) return null
    const [sellerId = '', number] = Buffer.from(match[1]!, 'base64url').toString().split('.')
    if (Number(number) < (first.get(sellerId) ?? 0)) return null
    return faults.strikes('revoked_grant', sellerId) ? null : sellerId
  }

  function issueAccess(access: Access): string {
    const nowMs = clock.nowMs()
    for (const [token, { untilMs }] of live) {
      if (untilMs + accessLifeMs > nowMs) break
      live.delete(token)
    }
    const token = `${access.kind === 'restricted' ? 'Atz.sprdt' : 'Atza'}|IwEB${dice.letters(180, alphabet)}`
    live.set(token, { access, untilMs: nowMs + accessLifeMs })
    return token
  }

  return {
    selfAuthorised: (sellerId) => refreshToken(sellerId, 0),
    issueRefresh,
    readRefresh,
    issueAccess,
    revoke,
    issueCode: (sellerId, redirectUri) => {
      const code = `AN${dice.letters(18, alphabet.slice(0, 62))}`
      codes.set(code, { sellerId, redirectUri, untilMs: clock.nowMs() + codeLifeMs })
      return code
    },
    spendCode: (code, redirectUri) => {
      const entry = codes.get(code)
      codes.delete(code)
      const good = entry && entry.untilMs > clock.nowMs() && entry.redirectUri === redirectUri
      return good && !faults.strikes('expired_code', entry.sellerId) ? entry.sellerId : null
    },
    readAccess: (token) => {
      const entry = live.get(token)
      if (!entry) return null
      if (entry.untilMs <= clock.nowMs()) return 'expired'
      const { access } = entry
      return access.kind !== 'grantless' && faults.strikes('revoked_grant', access.sellerId) ? null : access
    },
  }
}
