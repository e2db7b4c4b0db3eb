import type { Clock } from '#kernel/clock.ts'

/** `perSecond` on average, and up to `burst` at once after a pause. */
export type Rate = { readonly perSecond: number; readonly burst: number }

export type Verdict = {
  readonly admitted: boolean
  /** Requests that would be admitted now. */
  readonly remaining: number
  /** Until the whole burst is there again, ms. */
  readonly resetAfterMs: number
  /** Until the next request is admitted, ms; 0 when admitted. */
  readonly retryAfterMs: number
}

/** Promise: a caller that waits `retryAfterMs` is admitted, if nobody else uses its key. */
export type Limiter = { readonly take: (key: string, rate: Rate) => Verdict | Promise<Verdict> }

const sweepEvery = 10_000

/**
 * GCRA for one process: a key is one number, the time at which its bucket is full again. What is refused
 * costs nothing. Not promised: sharing with other processes; N of them admit up to N times the rate.
 */
export function openLimiter(clock: Clock): Limiter {
  const fullAgainAt = new Map<string, number>()
  let takes = 0

  function take(key: string, { perSecond, burst }: Rate): Verdict {
    const nowMs = clock.nowMs()
    if (++takes % sweepEvery === 0) sweep(nowMs)
    const stepMs = 1000 / perSecond
    const toleranceMs = stepMs * (burst - 1)
    const full = Math.max(fullAgainAt.get(key) ?? 0, nowMs)
    const tooEarlyMs = full - toleranceMs - nowMs
    if (tooEarlyMs > 0)
      return {
        admitted: false,
        remaining: 0,
        resetAfterMs: full - nowMs,
        retryAfterMs: Math.ceil(tooEarlyMs),
      }
    const next = full + stepMs
    fullAgainAt.set(key, next)
    const usedMs = next - nowMs
    // The epsilon keeps a float like 2.9999999 from reading as 2.
    const remaining = Math.floor(burst - usedMs / stepMs + 1e-6)
    return { admitted: true, remaining, resetAfterMs: usedMs, retryAfterMs: 0 }
  }

  function sweep(nowMs: number): void {
    for (const [key, full] of fullAgainAt) if (full <= nowMs) fullAgainAt.delete(key)
  }

  return { take }
}
