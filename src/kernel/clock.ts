/** Time as an argument, so that a test can own it. All instants are unix milliseconds. */
export type Clock = {
  readonly nowMs: () => number
  /** Resolves after `ms` of this clock's time, or at once (without error) when `signal` aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

/** The wall clock. The only place in the server where real time enters. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const timer = setTimeout(done, ms)
      signal?.addEventListener('abort', done, { once: true })
      function done(): void {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
    }),
}

/** RFC 3339 in UTC with milliseconds, the one wire form of an instant. */
export const isoTime = (ms: number): string => new Date(ms).toISOString()
