import type { FailureKind, PlatformFailure } from '#kernel/failure.ts'

/** Pause before an account's work is tried again after a failure, doubled with each one in a row. */
type Pace = { readonly baseMs: number; readonly capMs: number }

/**
 * One pace for each kind, for every platform. The two `auth` kinds have none: they pause the account
 * until the seller connects again (`shops/pause.ts`).
 */
const paces: Readonly<Record<Exclude<FailureKind, 'auth_expired' | 'auth_revoked'>, Pace>> = {
  throttled: { baseMs: 2_000, capMs: 60 * 60_000 },
  rejected: { baseMs: 60_000, capMs: 60 * 60_000 },
  missing: { baseMs: 30_000, capMs: 60 * 60_000 },
  platform_down: { baseMs: 5_000, capMs: 10 * 60_000 },
  contract_broken: { baseMs: 30_000, capMs: 30 * 60_000 },
}

export const pausesAccount = (kind: FailureKind): kind is 'auth_expired' | 'auth_revoked' =>
  kind === 'auth_expired' || kind === 'auth_revoked'

/**
 * When to come back after a failure that does not pause the account, ms from now. The platform's own wish is
 * kept, and stretched when it was of no use: by then more than one token of its rate is there.
 */
export function comeBackAfterMs(failure: PlatformFailure, failuresInARow: number): number {
  const { kind, retryAfterMs } = failure
  const { baseMs, capMs } = pausesAccount(kind) ? paces.rejected : paces[kind]
  if (retryAfterMs !== null)
    return Math.max(retryAfterMs, Math.min(capMs, retryAfterMs * (1 + failuresInARow)), 500)
  return Math.min(capMs, baseMs * 2 ** Math.min(failuresInARow, 20))
}
