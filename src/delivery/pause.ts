import type { Clock } from '#kernel/clock.ts'

/** Turns closer together than this find less each time and cost the same. */
const spacingMs = 3

export type Pause = {
  /** Ends the present pause, or the next one if none is on. */
  readonly wake: () => void
  /** Resolves after `pollMs`, or a few milliseconds after `wake`, or when `signal` aborts. */
  readonly take: (pollMs: number, signal: AbortSignal) => Promise<void>
}

export function openPause(clock: Clock): Pause {
  let pausing = new AbortController()
  let isWoken = false
  return {
    wake: () => {
      isWoken = true
      pausing.abort()
    },
    take: async (pollMs, signal) => {
      await clock.sleep(spacingMs, signal)
      if (!isWoken && !signal.aborted) {
        pausing = new AbortController()
        await clock.sleep(pollMs, AbortSignal.any([pausing.signal, signal]))
      }
      isWoken = false
    },
  }
}
