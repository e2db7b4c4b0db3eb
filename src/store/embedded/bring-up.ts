import { realpath, rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'
import { connectionUrl, type Access } from './access.ts'
import { atPlace, ClusterFailure } from './failure.ts'
import { resetPassword } from './initialise.ts'
import { isServerOf, pidFilePath, readPidFile } from './pid-file.ts'
import type { Place } from './place.ts'
import { choosePort } from './port.ts'
import { adoptPostmaster, startPostmaster, stopPostmaster, type Postmaster } from './postmaster.ts'

export type RaiseStep = 'starting' | 'recovering' | 'waiting' | 'adopting'

type Ascent = {
  readonly place: Place
  readonly access: Access
  readonly settings: Readonly<Record<string, string>>
  readonly onProgress: (step: RaiseStep) => void
  /** Null: the port of the last start, or any free one. */
  readonly fixedPort: number | null
}

type Raised = { readonly postmaster: Postmaster; readonly isAdopted: boolean }

/** Children of a killed server give the shared memory back within seconds. */
const heldLimitMs = 15_000
/** A server that another process started may be replaying its log. */
const startLimitMs = 120_000
const retryPauseMs = 250

/** One server up on the data directory, whatever was left there. `fixedPort` null: any free one. */
export async function bringUp(ascent: Ascent): Promise<Raised> {
  const { place, access, fixedPort } = ascent
  const told = new Set<RaiseStep>()
  const tell = (step: RaiseStep): void => {
    if (!told.has(step)) ascent.onProgress(step)
    told.add(step)
  }
  const begunAt = performance.now()
  let preferredPort = fixedPort ?? access.port
  let limitMs = heldLimitMs
  let last: ClusterFailure | undefined
  do {
    const found = await atPlace(place.dataDir, 'The database files cannot be read', () =>
      inspect(place, access),
    )
    if (found.state === 'running') {
      tell('adopting')
      return { postmaster: adoptPostmaster(place, found.pid, found.port), isAdopted: true }
    }
    if (found.state === 'stopped') {
      tell('starting')
      const port = fixedPort ?? (await choosePort(preferredPort))
      const started = await startKnown(ascent, port)
      if (!(started instanceof ClusterFailure)) return { postmaster: started, isAdopted: false }
      if (started.code !== 'STILL_HELD' && started.code !== 'PORT_TAKEN') throw started
      last = started
      if (started.code === 'PORT_TAKEN') preferredPort = null
    } else {
      limitMs = startLimitMs
      last = new ClusterFailure(
        'START_TIMEOUT',
        place.dataDir,
        `PostgreSQL (process ${found.pid}) does not answer`,
      )
    }
    tell('waiting')
    await wait(retryPauseMs)
  } while (performance.now() - begunAt < limitMs)
  throw last
}

/** Starts a server that knows our password; tells it the password when `postgres.json` was lost or replaced. */
async function startKnown(ascent: Ascent, port: number): Promise<Postmaster | ClusterFailure> {
  const { place, access, settings, onProgress } = ascent
  const begin = (): Promise<Postmaster | ClusterFailure> =>
    startPostmaster(place, { port, settings, onSlow: () => onProgress('recovering') })
  const started = await begin()
  if (started instanceof ClusterFailure || (await ask(access, port)) !== refused) return started
  await stopPostmaster(place, started)
  await resetPassword(place, access.password)
  return begin()
}

type Found =
  | { readonly state: 'stopped' }
  | { readonly state: 'busy'; readonly pid: number }
  | { readonly state: 'running'; readonly pid: number; readonly port: number }

/** What holds the data directory now. Throws `NOT_OURS` for a server that refuses us. */
async function inspect(place: Place, access: Access): Promise<Found> {
  const noted = await readPidFile(place.dataDir)
  if (noted === null) return { state: 'stopped' }
  const { pid, port } = noted
  if (!(await isServerOf(pid, place.dataDir))) {
    // PostgreSQL clears the file of a dead process itself, but takes a reused id for a living server.
    const again = await readPidFile(place.dataDir)
    if (again?.pid === pid) await rm(pidFilePath(place.dataDir), { force: true })
    return { state: 'stopped' }
  }
  const answer = await ask(access, port)
  if (answer === refused) {
    const what = `PostgreSQL (process ${pid}) runs here and does not accept the password in ${place.accessPath}`
    throw new ClusterFailure('NOT_OURS', place.dataDir, what)
  }
  return answer === place.dataDir ? { state: 'running', pid, port } : { state: 'busy', pid }
}

/** A server is there and rejects our login. */
const refused = Symbol('refused')

/** The real path of the data directory served on a port; `refused` when it rejects our login, null when it does not answer. */
async function ask(access: Access, port: number): Promise<string | typeof refused | null> {
  const client = new Client({
    connectionString: connectionUrl(access, port),
    connectionTimeoutMillis: 2_000,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ at: string }>("select current_setting('data_directory') as at")
    return await realpath(rows[0]?.at ?? '')
  } catch (error) {
    const code = (error as { code?: string }).code ?? ''
    return code.startsWith('28') ? refused : null
  } finally {
    await client.end().catch(() => {})
  }
}
