import { systemClock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { connectionUrl, keepPort, openAccess } from './access.ts'
import { bringUp, type RaiseStep } from './bring-up.ts'
import { atPlace, type ClusterFailure } from './failure.ts'
import { giveTo } from './identity.ts'
import { initialise, isInitialised } from './initialise.ts'
import { openPlace } from './place.ts'
import { stopPostmaster } from './postmaster.ts'
import { keepAlive } from './keep-alive.ts'

/** What takes long enough to tell the person who waits. */
export type ClusterStep = 'initialising' | RaiseStep

export type ClusterOptions = {
  /** `$OPENCLAW_HOME`; made when missing. */
  readonly home: string
  readonly log: Log
  readonly onProgress: (step: ClusterStep) => void
  /** Server settings that differ from the table in settings.ts. */
  readonly settings?: Readonly<Record<string, string>>
}

export type Cluster = {
  /** Connection string of the hub's role and database; holds the password, so never log it. */
  readonly url: string
  /** Of the server that runs now; changes with a restart. */
  readonly pid: () => number
  readonly started: 'initialised' | 'started' | 'adopted'
  /**
   * Restarts a server that dies, on the same port, and calls `onRestart` each time. Resolves with the
   * failure when it died too often to go on, with undefined after `close()`. Call it once.
   */
  readonly watch: (onRestart: (pid: number) => void) => Promise<ClusterFailure | undefined>
  /** Stops the server, also an adopted one, and waits for it. A hub that was refused its home must not call it. */
  readonly close: () => Promise<void>
}

/**
 * A real PostgreSQL under `$home/postgres`, initialised at the first start, adopted when an earlier hub
 * was killed and left it running. Throws `ClusterFailure`.
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const place = await openPlace(options.home)
  const access = await openAccess(place)
  const isNew = !(await isInitialised(place))
  if (isNew) {
    options.onProgress('initialising')
    await initialise(place, access.password)
  } else {
    await atPlace(place.dataDir, 'The database files cannot be handed over', () =>
      giveTo(place.identity, place.dataDir),
    )
  }
  const raise = (fixedPort: number | null) =>
    bringUp({ place, access, settings: options.settings ?? {}, onProgress: options.onProgress, fixedPort })
  const first = await raise(null)
  let { postmaster } = first
  const { port } = postmaster
  if (port !== access.port) {
    // Only a convenience: the server runs, and the next start finds a port too.
    await keepPort(place, access, port).catch((error: unknown) =>
      options.log.warn({ err: error }, 'The database port was not noted'),
    )
  }

  const closing = new AbortController()
  let watching: Promise<unknown> = Promise.resolve()
  return {
    url: connectionUrl(access, port),
    pid: () => postmaster.pid,
    started: first.isAdopted ? 'adopted' : isNew ? 'initialised' : 'started',
    watch: (onRestart) => {
      const watched = keepAlive({
        first: postmaster,
        raise: async () => (await raise(port)).postmaster,
        closing: closing.signal,
        clock: systemClock,
        log: options.log,
        logPath: place.logPath,
        onRestart: (next) => {
          postmaster = next
          onRestart(next.pid)
        },
      })
      watching = watched
      return watched
    },
    close: async () => {
      closing.abort()
      // Whoever called watch() is told of its end; here only that it is over matters.
      await Promise.allSettled([watching])
      await stopPostmaster(place, postmaster)
    },
  }
}
