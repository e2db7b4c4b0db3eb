import { createHmac } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { FaultSwitches } from '../faults.ts'
import { rollDice } from '../random.ts'
import type { Account } from './shops.ts'

/** Lives in seconds, as the wire states them; not scaled (docs: developer-guide/20). */
export const accessLifeS = 14_400
const codeLifeMs = 10 * 60_000
const refreshLifeMs = 30 * 86_400_000
/** An access token goes on for this long after a refresh. */
const graceMs = 5 * 60_000

/** Shops and merchants have tokens of their own; `shop:1` and `merchant:2` name them here. */
export type Owner = `shop:${number}` | `merchant:${number}`

export type Pair = { readonly accessToken: string; readonly refreshToken: string }

export type Refusal = 'unknown' | 'not linked' | 'expired'

/** Consents, codes and tokens. Refresh tokens are signed, so they outlive a restart with the same seed. */
export type Tokens = {
  readonly issueCode: (account: Account) => string
  /** Spends a code: the account it stands for, `null` when it is unknown, used or too old. */
  readonly spendCode: (code: string) => Account | null
  /** The first pair of a consent; a main account's is shared by all it owns. */
  readonly grant: (account: Account) => Pair
  /** A new pair for one owner. The token given is dead for that owner from here on. */
  readonly refresh: (refreshToken: string, owner: Owner) => Pair | Refusal
  /** Whether the token lets its bearer act for the owner. */
  readonly check: (accessToken: string, owner: Owner) => 'good' | 'refused'
  /** When the consent was given and ends, unix ms; `null` when there is none. */
  readonly consentOf: (owner: Owner) => { readonly fromMs: number; readonly untilMs: number } | null
  /** Ends the consent and every token of the owner. */
  readonly revoke: (owner: Owner) => void
}

const consentLifeMs = 365 * 86_400_000
const hex = '0123456789abcdef'

/** Whom a refresh token was given to, and the how-manieth it is. */
type Claim = { readonly owners: readonly Owner[]; readonly number: number; readonly untilMs: number }

/** A claim and its signature, in letters that need no escape. */
function openClaims(seed: string) {
  const mac = (text: string): string =>
    createHmac('sha256', `openclaw simulator ${seed}`).update(text).digest('hex').slice(0, 32)
  return {
    write: (claim: Claim): string => {
      const text = Buffer.from(JSON.stringify(claim)).toString('base64url')
      return `${text}.${mac(text)}`
    },
    read: (token: string): Claim | null => {
      const [text = '', signature] = token.split('.')
      if (signature !== mac(text)) return null
      return JSON.parse(Buffer.from(text, 'base64url').toString()) as Claim
    },
  }
}

export const ownersOf = (account: Account): readonly Owner[] => [
  ...account.shopIds.map((id): Owner => `shop:${id}`),
  ...account.merchantIds.map((id): Owner => `merchant:${id}`),
]

type Access = { readonly owners: readonly Owner[]; untilMs: number }

export function openTokens(seed: string, clock: Clock, faults: FaultSwitches): Tokens {
  const dice = rollDice(`${seed}/tokens/${clock.nowMs()}`)
  const claims = openClaims(seed)
  const codes = new Map<string, { readonly account: Account; readonly untilMs: number }>()
  const access = new Map<string, Access>()
  const consents = new Map<Owner, { readonly fromMs: number; readonly untilMs: number }>()
  const revoked = new Set<Owner>()
  /** Number of the newest refresh token of an owner; older ones are spent. */
  const newest = new Map<Owner, number>()

  function issue(owners: readonly Owner[], number: number): Pair {
    const nowMs = clock.nowMs()
    const accessToken = dice.letters(32, hex)
    access.set(accessToken, { owners, untilMs: nowMs + accessLifeS * 1000 })
    return { accessToken, refreshToken: claims.write({ owners, number, untilMs: nowMs + refreshLifeMs }) }
  }

  /** Access tokens given before end soon; with the fault `refresh_race` at once. */
  function endOlder(owner: Owner, exceptToken: string): void {
    const endMs = clock.nowMs() + (faults.strikes('refresh_race', owner) ? 0 : graceMs)
    for (const [token, entry] of access)
      if (token !== exceptToken && entry.owners.length === 1 && entry.owners[0] === owner)
        entry.untilMs = Math.min(entry.untilMs, endMs)
  }

  const isRevoked = (owner: Owner): boolean =>
    revoked.has(owner) || faults.strikes('revoked_grant', owner.split(':')[1]!)

  return {
    issueCode: (account) => {
      const code = dice.letters(32, hex)
      codes.set(code, { account, untilMs: clock.nowMs() + codeLifeMs })
      return code
    },
    spendCode: (code) => {
      const entry = codes.get(code)
      codes.delete(code)
      if (!entry || entry.untilMs <= clock.nowMs()) return null
      return faults.strikes('expired_code', String(entry.account.id)) ? null : entry.account
    },
    grant: (account) => {
      const owners = ownersOf(account)
      const fromMs = clock.nowMs()
      let number = 0
      for (const owner of owners) {
        revoked.delete(owner)
        consents.set(owner, { fromMs, untilMs: fromMs + consentLifeMs })
        number = Math.max(number, (newest.get(owner) ?? 0) + 1)
      }
      for (const owner of owners) newest.set(owner, number)
      return issue(owners, number)
    },
    refresh: (refreshToken, owner) => {
      const claim = claims.read(refreshToken)
      if (!claim?.owners.includes(owner)) return 'unknown'
      if (isRevoked(owner)) return 'not linked'
      if (claim.untilMs <= clock.nowMs()) return 'expired'
      if (claim.number < (newest.get(owner) ?? 0)) return 'unknown'
      newest.set(owner, claim.number + 1)
      const pair = issue([owner], claim.number + 1)
      endOlder(owner, pair.accessToken)
      return pair
    },
    check: (accessToken, owner) => {
      const entry = access.get(accessToken)
      const isGood =
        entry && entry.untilMs > clock.nowMs() && entry.owners.includes(owner) && !isRevoked(owner)
      return isGood ? 'good' : 'refused'
    },
    consentOf: (owner) => {
      if (revoked.has(owner)) return null
      const fromMs = clock.nowMs()
      // After a restart the consent of a token that is still good counts from now.
      if (!consents.has(owner)) consents.set(owner, { fromMs, untilMs: fromMs + consentLifeMs })
      return consents.get(owner)!
    },
    revoke: (owner) => {
      revoked.add(owner)
      consents.delete(owner)
    },
  }
}
