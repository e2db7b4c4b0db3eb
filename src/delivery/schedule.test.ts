import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { maxAttempts, maxRetryAfterMs, pauseAfterMs, retryPausesMs } from './schedule.ts'

const hour = 3_600_000

test('twelve tries, the last 72 hours after the first, each pause longer than the one before', () => {
  expect(maxAttempts).toBe(12)
  expect(retryPausesMs.reduce((sum, pause) => sum + pause, 0)).toBe(72 * hour)
  expect(retryPausesMs.toSorted((a, b) => a - b)).toEqual(retryPausesMs)
})

test('jitter moves a pause by a tenth at most, and the last try has none after it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (number, random) => {
        const pause = pauseAfterMs(number, null, () => random)
        const planned = retryPausesMs[number - 1]
        if (planned === undefined) expect(pause).toBeNull()
        else expect(Math.abs(pause! - planned)).toBeLessThanOrEqual(planned * 0.1 + 1)
      },
    ),
  )
})

test('what a receiver asks for is never undercut, capped at a day, and never shortens the plan', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 11 }),
      fc.integer({ min: 0, max: 100 * hour }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (number, asked, random) => {
        const pause = pauseAfterMs(number, asked, () => random)!
        expect(pause).toBeGreaterThanOrEqual(Math.min(asked, maxRetryAfterMs))
        expect(pause).toBeGreaterThanOrEqual(pauseAfterMs(number, null, () => random)!)
        expect(pause).toBeLessThanOrEqual(Math.max(maxRetryAfterMs, retryPausesMs[number - 1]! * 1.1 + 1))
      },
    ),
  )
  expect(pauseAfterMs(12, 60_000, () => 0)).toBeNull()
})
