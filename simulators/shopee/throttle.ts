import type { Pace } from '../clock-scale.ts'

/** One bucket for each shop and operation. Shopee publishes no rates; these are the simulator's own. */
export type Throttle = {
  /** Takes one token; false when the bucket is empty. `perSecond` is unscaled. */
  readonly admit: (key: string, perSecond: number, burst: number) => boolean
}

export function openThrottle(pace: Pace): Throttle {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  return {
    admit: (key, perSecond, burst) => {
      const nowMs = pace.clock.nowMs()
      const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs }
      const refill = ((nowMs - bucket.atMs) / 1000) * perSecond * pace.scale
      bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, refill))
      bucket.atMs = nowMs
      buckets.set(key, bucket)
      if (bucket.tokens < 1) return false
      bucket.tokens -= 1
      return true
    },
  }
}
