import { createHmac } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { FaultSwitches } from '../faults.ts'
import { rollDice, type Dice } from '../random.ts'

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

/** Refresh tokens say whose they are and which in the row, and are signed. */
function openRefreshTokens(seed: string): {
  readonly write: (sellerId: string, number: number) => string
  readonly read: (token: string) => { readonly sellerId: string; readonly number: number } | null
} {
  const mac = (text: string): string =>
    createHmac('sha256', `openclaw simulator ${seed}`).update(text).digest('base64url')
  return {
    write: (sellerId, number) => {
      const claim = Buffer.from(`${sellerId}.${number}`).toString('base64url')
      return `Atzr|IwEB${claim}.${mac(claim)}`
    },
    read: (token) => {
      const match = /^Atzr\|IwEB([\w-]+)\.([\w-]+)$/.exec(token)
      if (!match || mac(match[1]!) !== match[2]) return null
      const [sellerId = '', number] = Buffer.from(match[1]!, 'base64url').toString().split('.')
      return { sellerId, number: Number(number) }
    },
  }
}

/** Authorisation codes: once, for five minutes, for one page. */
function openCodes(dice: Dice, clock: Clock, faults: FaultSwitches): Pick<Grants, 'issueCode' | 'spendCode'> {
  const codes = new Map<string, { sellerId: string; redirectUri: string; untilMs: number }>()
  return {
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
  }
}

export function openGrants(seed: string, clock: Clock, faults: FaultSwitches): Grants {
  const dice = rollDice(`${seed}/tokens/${clock.nowMs()}`)
  const refreshTokens = openRefreshTokens(seed)
  const live = new Map<string, { access: Access; untilMs: number }>()
  /** Number of the last refresh token given out, and of the first that still counts. */
  const last = new Map<string, number>()
  const first = new Map<string, number>()

  /** Expired tokens are kept for a while, so that they can be told from forged ones. */
  function forgetOld(nowMs: number): void {
    for (const [token, { untilMs }] of live) {
      if (untilMs + accessLifeMs > nowMs) break
      live.delete(token)
    }
  }

  return {
    ...openCodes(dice, clock, faults),
    selfAuthorised: (sellerId) => refreshTokens.write(sellerId, 0),
    issueRefresh: (sellerId) => {
      const number = (last.get(sellerId) ?? 0) + 1
      last.set(sellerId, number)
      return refreshTokens.write(sellerId, number)
    },
    readRefresh: (token) => {
      const claim = refreshTokens.read(token)
      if (!claim || claim.number < (first.get(claim.sellerId) ?? 0)) return null
      return faults.strikes('revoked_grant', claim.sellerId) ? null : claim.sellerId
    },
    issueAccess: (access) => {
      const nowMs = clock.nowMs()
      forgetOld(nowMs)
      const prefix = access.kind === 'restricted' ? 'Atz.sprdt' : 'Atza'
      const token = `${prefix}|IwEB${dice.letters(180, alphabet)}`
      live.set(token, { access, untilMs: nowMs + accessLifeMs })
      return token
    },
    readAccess: (token) => {
      const entry = live.get(token)
      if (!entry) return null
      if (entry.untilMs <= clock.nowMs()) return 'expired'
      const { access } = entry
      return access.kind !== 'grantless' && faults.strikes('revoked_grant', access.sellerId) ? null : access
    },
    revoke: (sellerId) => {
      first.set(sellerId, (last.get(sellerId) ?? 0) + 1)
      for (const [token, { access }] of live)
        if (access.kind !== 'grantless' && access.sellerId === sellerId) live.delete(token)
    },
  }
}
