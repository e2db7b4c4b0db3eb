import { retryAfterMs } from '#kernel/retry.ts'
import type { Random } from '#kernel/retry.ts'
import type { Exchange } from './exchange.ts'
import { pauseAfterMs } from './schedule.ts'

/** What one attempt means for its delivery. `pauseMs` is set exactly when `finalState` is null. */
export type Outcome = {
  readonly outcome: 'delivered' | 'failed' | 'refused'
  readonly finalState: 'delivered' | 'exhausted' | 'refused' | null
  readonly pauseMs: number | null
  readonly errorCode: string | null
  readonly errorDetail: string | null
  /** The receiver said that it wants nothing more (410). */
  readonly isGone: boolean
}

const delivered: Outcome = {
  outcome: 'delivered',
  finalState: 'delivered',
  pauseMs: null,
  errorCode: null,
  errorDetail: null,
  isGone: false,
}

/** A delivery that must not be sent, for a reason of ours: final, and never sent later. */
export const refusal = (errorCode: string, errorDetail: string): Outcome => ({
  outcome: 'refused',
  finalState: 'refused',
  pauseMs: null,
  errorCode,
  errorDetail,
  isGone: false,
})

/** A failed attempt `number` (1 is the first): another one later, or the end after the last. */
export function failure(
  number: number,
  error: { readonly code: string; readonly detail: string | null },
  random: Random,
  askedMs: number | null = null,
): Outcome {
  const pauseMs = pauseAfterMs(number, askedMs, random)
  return {
    outcome: 'failed',
    finalState: pauseMs === null ? 'exhausted' : null,
    pauseMs,
    errorCode: error.code,
    errorDetail: error.detail,
    isGone: false,
  }
}

/** The statuses whose `Retry-After` is heard. */
const busy = new Set([429, 503])

/**
 * Judges attempt `number`. Only a complete answer of 2xx is a delivery; redirects are failures like 4xx
 * and 5xx; 410 ends the delivery at once.
 */
export function judge(exchange: Exchange, number: number, nowMs: number, random: Random): Outcome {
  const { status, failure: fault } = exchange
  // The address is for the operator's log; whoever set the URL is not told where a name leads.
  if (fault?.code === 'TARGET_REFUSED') return refusal('TARGET_REFUSED', 'the address is not allowed')
  if (fault) return failure(number, fault, random)
  if (status === null) return failure(number, { code: 'HTTP_MALFORMED', detail: null }, random)
  if (status >= 200 && status <= 299) return delivered
  const error = { code: `HTTP_${status}`, detail: null }
  if (status === 410)
    return { ...failure(number, error, random), finalState: 'exhausted', pauseMs: null, isGone: true }
  const header = exchange.headers?.['retry-after']
  const asked = busy.has(status) && typeof header === 'string' ? retryAfterMs(header, nowMs) : null
  return failure(number, error, random, asked)
}
