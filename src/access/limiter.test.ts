import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock } from '#kernel/clock.ts'
import { openLimiter } from './limiter.ts'
import type { Verdict } from './limiter.ts'

const rate = { perSecond: 10, burst: 20 }

function fakeClock(): Clock & { pass: (ms: number) => void } {
  let nowMs = 1_800_000_000_000
  return { nowMs: () => nowMs, sleep: () => Promise.resolve(), pass: (ms) => void (nowMs += ms) }
}

describe('a limiter', () => {
  test('admits a burst, refuses the next, and tells exactly when to come back', () => {
    const clock = fakeClock()
    const { take } = openLimiter(clock)
    const verdicts = Array.from({ length: 21 }, () => take('a', rate) as Verdict)
    expect(verdicts.map((verdict) => verdict.remaining)).toEqual([...Array(20).keys()].toReversed().concat(0))
    expect(verdicts.filter((verdict) => verdict.admitted)).toHaveLength(20)
    expect(verdicts[20]).toEqual({ admitted: false, remaining: 0, resetAfterMs: 2000, retryAfterMs: 100 })
    clock.pass(99)
    expect(take('a', rate)).toMatchObject({ admitted: false, retryAfterMs: 1 })
    clock.pass(1)
    expect(take('a', rate)).toMatchObject({ admitted: true, remaining: 0 })
  })

  test('keeps keys apart', () => {
    const { take } = openLimiter(fakeClock())
    for (let i = 0; i < 25; i++) void take('a', rate)
    expect(take('b', rate)).toMatchObject({ admitted: true, remaining: 19 })
  })

  test('never admits more than burst + rate x time, and always whoever obeyed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 }),
        (perSecond, burst, pauses) => {
          const clock = fakeClock()
          const { take } = openLimiter(clock)
          const startMs = clock.nowMs()
          let admitted = 0
          for (const pause of pauses) {
            clock.pass(pause)
            const verdict = take('a', { perSecond, burst }) as Verdict
            if (verdict.admitted) admitted++
            else {
              clock.pass(verdict.retryAfterMs)
              expect((take('a', { perSecond, burst }) as Verdict).admitted).toBe(true)
              admitted++
            }
            const allowed = burst + ((clock.nowMs() - startMs) * perSecond) / 1000
            expect(admitted).toBeLessThanOrEqual(allowed + 1e-6)
          }
        },
      ),
    )
  })

  test('forgets keys that are full again', () => {
    const clock = fakeClock()
    const { take } = openLimiter(clock)
    for (let i = 0; i < 30_000; i++) {
      clock.pass(1)
      expect((take(`key ${i}`, rate) as Verdict).admitted).toBe(true)
    }
  })
})
