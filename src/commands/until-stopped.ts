/** Within this time a second signal is the same Ctrl-C: the terminal, npm and the wrapper each pass it on. */
const echoMs = 2_000

/**
 * Resolves at Ctrl-C, at a polite kill, or when the process that started this one is gone. Asked again
 * later, the process ends at once, whatever it is still putting down.
 */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    let firstAtMs: number | null = null
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
      process.on(signal, () => {
        firstAtMs ??= performance.now()
        if (performance.now() - firstAtMs > echoMs) process.exit(130)
        resolve(signal)
      })
    if (process.channel) {
      process.once('disconnect', () => resolve('disconnect'))
      process.channel.unref()
    }
  })
}
