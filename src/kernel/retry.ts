/** Uniform in [0, 1). Handed in, so that a test is repeatable. */
export type Random = () => number

/** Exponential back-off with full jitter: uniform in [base/2, min(cap, base * 2^attempt)]. Milliseconds. */
export function backoffMs(attempt: number, baseMs: number, capMs: number, random: Random): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30))
  const floor = Math.min(baseMs / 2, ceiling)
  return Math.round(floor + random() * (ceiling - floor))
}

/** A fixed delay moved by up to `share` of itself either way, so that many waiters do not return together. */
export const jitteredMs = (delayMs: number, share: number, random: Random): number =>
  Math.round(delayMs * (1 - share + 2 * share * random()))

/**
 * `Retry-After` of HTTP: whole seconds or an HTTP date. Milliseconds from `nowMs`, never negative;
 * `null` when the header is absent or unreadable.
 */
export function retryAfterMs(header: string | null | undefined, nowMs: number): number | null {
  if (!header) return null
  if (/^\d{1,9}$/.test(header.trim())) return Number(header.trim()) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}
