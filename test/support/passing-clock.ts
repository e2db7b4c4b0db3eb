import { systemClock } from '#kernel/clock.ts'
import type { Clock } from '#kernel/clock.ts'

/** The wall clock, `speed` times as fast, plus what a test lets pass at once. Sleepers are not woken by that. */
export function passingClock(speed = 1): Clock & { readonly pass: (ms: number) => void } {
  const startMs = systemClock.nowMs()
  let passedMs = 0
  return {
    nowMs: () => startMs + Math.round((systemClock.nowMs() - startMs) * speed) + passedMs,
    sleep: (ms, signal) => systemClock.sleep(ms / speed, signal),
    pass: (ms) => {
      passedMs += ms
    },
  }
}
