import type { Clock } from '#kernel/clock.ts'

/** A clock that stands still until it is moved. Sleepers wake in the order of their times. */
export type ManualClock = Clock & {
  /** Moves on by `ms`, waking every sleeper on the way and letting its work run before the next. */
  readonly advance: (ms: number) => Promise<void>
  /** How many are asleep now. */
  readonly sleepers: () => number
}

type Sleeper = { readonly atMs: number; readonly wake: () => void }

const letWorkRun = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function manualClock(startMs: number = Date.parse('2026-09-14T03:30:00.000Z')): ManualClock {
  let nowMs = startMs
  const asleep = new Set<Sleeper>()

  const soonest = (): Sleeper | undefined =>
    [...asleep].reduce<Sleeper | undefined>(
      (first, next) => (first && first.atMs <= next.atMs ? first : next),
      undefined,
    )

  return {
    nowMs: () => nowMs,
    sleepers: () => asleep.size,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const sleeper: Sleeper = { atMs: nowMs + ms, wake }
        function wake(): void {
          asleep.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        signal?.addEventListener('abort', wake, { once: true })
        asleep.add(sleeper)
      }),
    advance: async (ms) => {
      const endMs = nowMs + ms
      for (let next = soonest(); next && next.atMs <= endMs; next = soonest()) {
        nowMs = Math.max(nowMs, next.atMs)
        next.wake()
        await letWorkRun()
      }
      nowMs = endMs
      await letWorkRun()
    },
  }
}
