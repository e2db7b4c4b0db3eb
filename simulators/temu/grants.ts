import { createHmac } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { FaultSwitches } from '../faults.ts'
import { rollDice } from '../random.ts'

const codeLifeMs = 10 * 60_000
const tokenLifeMs = 365 * 86_400_000

export type ReadToken =
  | { readonly state: 'good'; readonly mallId: number; readonly expiresAtMs: number }
  /** Over, or replaced by a newer grant. */
  | { readonly state: 'over' }
  | { readonly state: 'unknown' }

/** Consents, codes and tokens. Tokens are signed, so they outlive a restart with the same seed. */
export type Grants = {
  /** The token that Seller Center shows for copying. */
  readonly selfAuthorised: (mallId: number) => string
  readonly issueCode: (mallId: number) => string
  /** Spends a code: the mall it stands for, `null` when it is unknown, used or too old. */
  readonly spendCode: (code: string) => number | null
  /** A new token; the one before it ends. */
  readonly issueToken: (mallId: number) => { readonly token: string; readonly expiresAtMs: number }
  readonly readToken: (token: string) => ReadToken
  readonly revoke: (mallId: number) => void
}

export function openGrants(seed: string, clock: Clock, faults: FaultSwitches): Grants {
  const startedMs = clock.nowMs()
  const dice = rollDice(`${seed}/codes/${startedMs}`)
  const codes = new Map<string, { readonly mallId: number; readonly untilMs: number }>()
  /** Tokens of a mall that were issued before this are over. */
  const goodFrom = new Map<number, number>()
  const revokedUntil = new Map<number, number>()

  const mac = (claim: string): string =>
    createHmac('sha256', `openclaw simulator ${seed}`).update(claim).digest('hex').slice(0, 24)
  const write = (mallId: number, issuedMs: number): string => {
    const claim = `${mallId}z${issuedMs.toString(36).padStart(9, '0')}`
    return `${claim}${mac(claim)}`
  }

  function readToken(token: string): ReadToken {
    const match = /^(\d+)z([0-9a-z]{9})([0-9a-f]{24})$/.exec(token)
    if (!match || mac(`${match[1]}z${match[2]}`) !== match[3]) return { state: 'unknown' }
    const mallId = Number(match[1])
    const issuedMs = Number.parseInt(match[2]!, 36)
    if (issuedMs <= (revokedUntil.get(mallId) ?? -1)) return { state: 'unknown' }
    if (faults.strikes('revoked_grant', String(mallId))) return { state: 'unknown' }
    const expiresAtMs = (issuedMs === 0 ? startedMs : issuedMs) + tokenLifeMs
    if (issuedMs < (goodFrom.get(mallId) ?? 0) || expiresAtMs <= clock.nowMs()) return { state: 'over' }
    return { state: 'good', mallId, expiresAtMs }
  }

  return {
    readToken,
    selfAuthorised: (mallId) => write(mallId, 0),
    issueCode: (mallId) => {
      const code = dice.letters(32, 'abcdefghijklmnopqrstuvwxyz0123456789')
      codes.set(code, { mallId, untilMs: clock.nowMs() + codeLifeMs })
      return code
    },
    spendCode: (code) => {
      const entry = codes.get(code)
      codes.delete(code)
      if (!entry || entry.untilMs <= clock.nowMs()) return null
      return faults.strikes('expired_code', String(entry.mallId)) ? null : entry.mallId
    },
    issueToken: (mallId) => {
      const earliest = Math.max(goodFrom.get(mallId) ?? 0, revokedUntil.get(mallId) ?? 0) + 1
      const issuedMs = Math.max(clock.nowMs(), earliest)
      goodFrom.set(mallId, issuedMs)
      return { token: write(mallId, issuedMs), expiresAtMs: issuedMs + tokenLifeMs }
    },
    revoke: (mallId) => {
      revokedUntil.set(mallId, Math.max(clock.nowMs(), goodFrom.get(mallId) ?? 0))
    },
  }
}
