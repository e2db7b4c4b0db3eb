import type { FailureKind } from '#kernel/failure.ts'
import { maxJsonBytes } from '#kernel/json.ts'

/**
 * What one call does about each kind of failure before it lets the failure out. What the engine does
 * afterwards (pause the shop, reconcile, quarantine) is in `sync/after-failure.ts`.
 */
export type CallPolicy = {
  /** Ask for a new access token and repeat, once. */
  readonly renewToken: boolean
  /** Further tries within the call; only for requests that may be repeated. */
  readonly repeats: number
}

export const callPolicies: Readonly<Record<FailureKind, CallPolicy>> = {
  auth_expired: { renewToken: true, repeats: 0 },
  auth_revoked: { renewToken: false, repeats: 0 },
  throttled: { renewToken: false, repeats: 0 },
  rejected: { renewToken: false, repeats: 0 },
  missing: { renewToken: false, repeats: 0 },
  platform_down: { renewToken: false, repeats: 2 },
  contract_broken: { renewToken: false, repeats: 0 },
}

/** First pause before a repeat, its ceiling, and how long a call will wait for a rate token. */
export const repeatBaseMs = 250
export const repeatCapMs = 4_000
export const patienceMs = 3_000
/** One bound over connect, headers and body of a single request. */
export const requestDeadlineMs = 30_000
/** More than any documented answer; beyond it the platform is broken, not generous. */
export const maxAnswerBytes = maxJsonBytes
/**
 * Nesting an answer may have: well above what one document may, so that a document nested like a bomb is
 * set aside alone and not with its whole page; well below what serialising it again can bear.
 */
export const maxAnswerDepth = 1_000
/** Least pause after a refusal that names no time of its own. */
export const throttledFloorMs = 2_000
export const throttledCapMs = 10 * 60_000
