import { createHmac } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { FaultSwitches } from '../faults.ts'
import { rollDice } from '../random.ts'

/** Source: docs: 108260. */
export const accessLifeS = 864_000
export const refreshLifeS = 4_320_000
const codeLifeMs = 30 * 60_000

export type Issued = {
  readonly accountId: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly accessLeftS: number
  readonly refreshLeftS: number
}

/** Consents, codes and tokens. Refresh tokens are signed, so they outlive a restart with the same seed. */
export type Grants = {
  readonly issueCode: (accountId: string) => string
  /** Spends a code; `null` when it is unknown, used or too old. */
  readonly spendCode: (code: string) => Issued | null
  /** A refresh token may be used again and again; its end does not move. `null` when it does not count. */
  readonly refresh: (refreshToken: string) => Issued | null
  /** The account an access token stands for; `null` when it ended or was withdrawn. */
  readonly readAccess: (token: string) => string | null
  /** A refresh token to paste. */
  readonly selfAuthorised: (accountId: string) => string
  readonly revoke: (accountId: string) => void
}

type Claim = { readonly accountId: string; readonly number: number; readonly untilMs: number }

export function openGrants(seed: string, appKey: string, clock: Clock, faults: FaultSwitches): Grants {
  const dice = rollDice(`${seed}/tokens/${clock.nowMs()}`)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  const codes = new Map<string, { readonly accountId: string; readonly untilMs: number }>()
  const live = new Map<string, { readonly accountId: string; readonly untilMs: number }>()
  /** Number of the last refresh token given out, and of the first that still counts. */
  const last = new Map<string, number>()
  const firstGood = new Map<string, number>()

  const mac = (text: string): string =>
    createHmac('sha256', `openclaw simulator ${seed}`).update(text).digest('base64url')

  function write({ accountId, number, untilMs }: Claim): string {
    const claim = Buffer.from(`${accountId}.${number}.${untilMs}`).toString('base64url')
    return `50001${claim}.${mac(claim)}`
  }

  function read(token: string): Claim | null {
    const match = /^50001([\w-]+)\.([\w-]+)$/.exec(token)
    if (!match || mac(match[1]!) !== match[2]) return null
    const [accountId = '', number, untilMs] = Buffer.from(match[1]!, 'base64url').toString().split('.')
    return { accountId, number: Number(number), untilMs: Number(untilMs) }
  }

  function newClaim(accountId: string, untilMs: number): Claim {
    const number = (last.get(accountId) ?? 0) + 1
    last.set(accountId, number)
    return { accountId, number, untilMs }
  }

  function issue(claim: Claim): Issued {
    const nowMs = clock.nowMs()
    const accessToken = `50000${dice.letters(48, alphabet)}`
    const untilMs = Math.min(nowMs + accessLifeS * 1000, claim.untilMs)
    for (const [token, entry] of live) if (entry.untilMs <= nowMs) live.delete(token)
    live.set(accessToken, { accountId: claim.accountId, untilMs })
    return {
      accountId: claim.accountId,
      accessToken,
      refreshToken: write(claim),
      accessLeftS: Math.floor((untilMs - nowMs) / 1000),
      refreshLeftS: Math.floor((claim.untilMs - nowMs) / 1000),
    }
  }

  function endTokens(accountId: string): void {
    firstGood.set(accountId, (last.get(accountId) ?? 0) + 1)
    for (const [token, entry] of live) if (entry.accountId === accountId) live.delete(token)
  }

  return {
    issueCode: (accountId) => {
      const code = `0_${appKey}_${dice.letters(24, alphabet)}`
      codes.set(code, { accountId, untilMs: clock.nowMs() + codeLifeMs })
      return code
    },
    spendCode: (code) => {
      const entry = codes.get(code)
      codes.delete(code)
      if (!entry || entry.untilMs <= clock.nowMs()) return null
      if (faults.strikes('expired_code', entry.accountId)) return null
      return issue(newClaim(entry.accountId, clock.nowMs() + refreshLifeS * 1000))
    },
    refresh: (token) => {
      const claim = read(token)
      if (!claim || claim.untilMs <= clock.nowMs()) return null
      const { accountId, number, untilMs } = claim
      if (number < (firstGood.get(accountId) ?? 0) || faults.strikes('revoked_grant', accountId)) return null
      if (!faults.strikes('refresh_race', accountId)) return issue(claim)
      endTokens(accountId)
      return issue(newClaim(accountId, untilMs))
    },
    readAccess: (token) => {
      const entry = live.get(token)
      if (!entry || entry.untilMs <= clock.nowMs()) return null
      return faults.strikes('revoked_grant', entry.accountId) ? null : entry.accountId
    },
    selfAuthorised: (accountId) =>
      write({ accountId, number: 0, untilMs: clock.nowMs() + refreshLifeS * 1000 }),
    revoke: endTokens,
  }
}
