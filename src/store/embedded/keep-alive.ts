import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { ClusterFailure } from './failure.ts'
import type { Postmaster } from './postmaster.ts'

const pausesMs = [0, 250, 1_000, 3_000, 8_000] as const
const windowMs = 60_000

type Watch = {
  readonly first: Postmaster
  /** Brings a server up on the same port. */
  readonly raise: () => Promise<Postmaster>
  readonly closing: AbortSignal
  readonly clock: Clock
  readonly log: Log
  readonly logPath: string
  readonly onRestart: (postmaster: Postmaster) => void
}

/**
 * Waits for each death of the server and brings it back, after a longer pause each time. More deaths in a
 * minute than there are pauses, and it resolves with why; undefined when `closing` aborts.
 */
export async function keepAlive(watch: Watch): Promise<ClusterFailure | undefined> {
  const { closing, clock, log } = watch
  const closed = new Promise<void>((resolve) =>
    closing.addEventListener('abort', () => resolve(), { once: true }),
  )
  let running: Postmaster | null = watch.first
  let deaths: number[] = []
  let last: ClusterFailure | undefined
  for (;;) {
    if (running !== null) await Promise.race([running.exited, closed])
    if (closing.aborted) return undefined
    deaths = [...deaths.filter((at) => clock.nowMs() - at < windowMs), clock.nowMs()]
    const pauseMs = pausesMs[deaths.length - 1]
    const seen = { pid: running?.pid, deaths: deaths.length, code: last?.code }
    if (pauseMs === undefined) {
      log.error(seen, 'PostgreSQL keeps ending; giving up')
      const what = `PostgreSQL ended ${deaths.length} times in a minute`
      return last ?? new ClusterFailure('KEEPS_FAILING', watch.logPath, what)
    }
    log.error(seen, 'PostgreSQL ended; bringing it back')
    await clock.sleep(pauseMs, closing)
    if (closing.aborted) return undefined
    const raised = await attempt(watch.raise)
    last = raised instanceof ClusterFailure ? raised : undefined
    running = raised instanceof ClusterFailure ? null : raised
    if (running === null) continue
    log.info({ pid: running.pid }, 'PostgreSQL is back')
    watch.onRestart(running)
  }
}

/** A restart that fails is this loop's business: the next try may find the disk emptied. */
async function attempt(raise: () => Promise<Postmaster>): Promise<Postmaster | ClusterFailure> {
  try {
    return await raise()
  } catch (error) {
    if (error instanceof ClusterFailure) return error
    throw error
  }
}
