/** Resolves at Ctrl-C, at a polite kill, or when the process that started this one is gone. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve(signal))
    if (process.channel) {
      process.once('disconnect', () => resolve('disconnect'))
      process.channel.unref()
    }
  })
}
