import { jitteredMs } from '#kernel/retry.ts'
import type { Random } from '#kernel/retry.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/**
 * Pauses between tries: 12 tries, the last 72 hours after the first (before jitter), at
 * 0, 5 s, 1 min, 5 min, 20 min, 1 h, 3 h, 8 h, 16 h, 28 h, 48 h, 72 h.
 */
export const retryPausesMs: readonly number[] = [
  5 * second,
  55 * second,
  4 * minute,
  15 * minute,
  40 * minute,
  2 * hour,
  5 * hour,
  8 * hour,
  12 * hour,
  20 * hour,
  24 * hour,
]
export const maxAttempts = retryPausesMs.length + 1

/** A receiver may ask us to stay away for a day, not for ever. */
export const maxRetryAfterMs = 24 * hour

const jitterShare = 0.1

/**
 * Pause after failed attempt `number` (1 is the first), or `null` when it was the last. A receiver's
 * `Retry-After` (ms) can only lengthen the pause: the number of tries is limited, and one that always
 * says "one second" must not use them up in twelve. Jitter never brings us back earlier than asked.
 */
export function pauseAfterMs(number: number, askedMs: number | null, random: Random): number | null {
  const pause = retryPausesMs[number - 1]
  if (pause === undefined) return null
  const own = jitteredMs(pause, jitterShare, random)
  if (askedMs === null) return own
  return Math.max(own, Math.min(Math.round(askedMs * (1 + jitterShare * random())), maxRetryAfterMs))
}
