/**
 * A token bucket as one timestamp (GCRA): `nextFreeMs` is when the bucket would be full again. Exact
 * waiting time, no burst at window borders, and one number to share between processes.
 */
export type Rate = { readonly perSecond: number; readonly burst: number }

export type Verdict =
  | { readonly admitted: true; readonly nextFreeMs: number; readonly remaining: number }
  | { readonly admitted: false; readonly waitMs: number }

export function admit(nextFreeMs: number, nowMs: number, rate: Rate): Verdict {
  const intervalMs = 1000 / rate.perSecond
  const toleranceMs = (rate.burst - 1) * intervalMs
  const busyUntilMs = Math.max(nextFreeMs, nowMs)
  const waitMs = busyUntilMs - nowMs - toleranceMs
  if (waitMs > 0) return { admitted: false, waitMs: Math.ceil(waitMs) }
  const next = busyUntilMs + intervalMs
  return {
    admitted: true,
    nextFreeMs: next,
    remaining: Math.max(0, Math.floor((nowMs + toleranceMs + intervalMs - next) / intervalMs)),
  }
}
