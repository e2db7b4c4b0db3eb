import { createHmac } from 'node:crypto'
import type { FaultSwitches } from '../faults.ts'
import type { Clock } from '#kernel/clock.ts'
import { rollDice } from '../random.ts'

const dayMs = 86_400_000
const accessLifeMs = 7 * dayMs
const refreshLifeMs = 365 * dayMs
const codeLifeMs = 30 * 60_000

type Claim = {
  readonly kind: 'access' | 'refresh'
  readonly openId: string
  readonly round: number
  readonly untilMs: number
}

export type Issued = {
  readonly access: string
  readonly accessUntilMs: number
  readonly refresh: string
  readonly refreshUntilMs: number
}

/** Why a token is of no use. */
export type Refused = 'expired' | 'invalid'

/** Consents, codes and tokens. Tokens are signed, so they outlive a restart with the same seed. */
export type Grants = {
  readonly issueCode: (openId: string) => string
  /** Spends a code: the account it stands for, `null` when it is unknown, used or too old. */
  readonly spendCode: (code: string) => string | null
  readonly issue: (openId: string) => Issued
  /** New tokens for a refresh token. */
  readonly renew: (refresh: string) => { readonly openId: string; readonly issued: Issued } | Refused
  readonly readAccess: (access: string) => { readonly openId: string } | Refused
  /** Ends every token of the account. */
  readonly revoke: (openId: string) => void
}

export function openGrants(seed: string, clock: Clock, faults: FaultSwitches): Grants {
  const dice = rollDice(`${seed}/codes/${clock.nowMs()}`)
  const codes = new Map<string, { readonly openId: string; readonly untilMs: number }>()
  /** Number of the last tokens given out, and of the first that still count. */
  const last = new Map<string, number>()
  const first = new Map<string, number>()
  /** Number of the first tokens that no later refresh has ended. */
  const superseded = new Map<string, number>()
  const mac = (text: string): string =>
    createHmac('sha256', `tiktok shop simulator ${seed}`).update(text).digest('base64url')

  function write(claim: Claim): string {
    const text = Buffer.from(JSON.stringify(claim)).toString('base64url')
    return `TTP_${text}.${mac(text)}`
  }

  function read(token: string, kind: Claim['kind']): Claim | Refused {
    const match = /^TTP_([\w-]+)\.([\w-]+)$/.exec(token)
    if (!match || mac(match[1]!) !== match[2]) return 'invalid'
    const claim = JSON.parse(Buffer.from(match[1]!, 'base64url').toString()) as Claim
    if (claim.kind !== kind || claim.round < (first.get(claim.openId) ?? 0)) return 'invalid'
    if (claim.round < (superseded.get(claim.openId) ?? 0)) return kind === 'access' ? 'expired' : 'invalid'
    if (faults.strikes('revoked_grant', claim.openId)) return 'invalid'
    return claim.untilMs <= clock.nowMs() ? 'expired' : claim
  }

  function issue(openId: string): Issued {
    const round = (last.get(openId) ?? 0) + 1
    last.set(openId, round)
    const accessUntilMs = clock.nowMs() + accessLifeMs
    const refreshUntilMs = clock.nowMs() + refreshLifeMs
    return {
      access: write({ kind: 'access', openId, round, untilMs: accessUntilMs }),
      accessUntilMs,
      refresh: write({ kind: 'refresh', openId, round, untilMs: refreshUntilMs }),
      refreshUntilMs,
    }
  }

  return {
    issueCode: (openId) => {
      const code = `TTP_${dice.letters(40, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}`
      codes.set(code, { openId, untilMs: clock.nowMs() + codeLifeMs })
      return code
    },
    spendCode: (code) => {
      const entry = codes.get(code)
      codes.delete(code)
      const isGood = entry !== undefined && entry.untilMs > clock.nowMs()
      return isGood && !faults.strikes('expired_code', entry.openId) ? entry.openId : null
    },
    issue,
    renew: (refresh) => {
      const claim = read(refresh, 'refresh')
      if (typeof claim === 'string') return claim
      const issued = issue(claim.openId)
      // Not documented: by default old tokens live on; the fault ends them, so of two at once one loses.
      if (faults.strikes('refresh_race', claim.openId)) superseded.set(claim.openId, last.get(claim.openId)!)
      return { openId: claim.openId, issued }
    },
    readAccess: (access) => read(access, 'access'),
    revoke: (openId) => first.set(openId, (last.get(openId) ?? 0) + 1),
  }
}
