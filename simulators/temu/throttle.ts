import type { Pace } from '../clock-scale.ts'

export type Throttle = {
  /** Takes one call out of a bucket; false when it is empty. `perSecond` is unscaled. */
  readonly admit: (key: string, perSecond: number, burst: number) => boolean
}

/** Buckets that refill with time. */
export function openThrottle(pace: Pace): Throttle {
  const buckets = new Map<string, { left: number; atMs: number }>()
  return {
    admit: (key, perSecond, burst) => {
      const nowMs = pace.clock.nowMs()
      const bucket = buckets.get(key) ?? { left: burst, atMs: nowMs }
      const refill = (Math.max(0, nowMs - bucket.atMs) / 1000) * perSecond * pace.scale
      bucket.left = Math.min(burst, bucket.left + refill)
      bucket.atMs = nowMs
      buckets.set(key, bucket)
      if (bucket.left < 1) return false
      bucket.left -= 1
      return true
    },
  }
}
