import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { atPlace, ClusterFailure, failureFrom, recogniseSymptom } from './failure.ts'
import { isServerOf, readPidFile } from './pid-file.ts'
import type { Place } from './place.ts'
import { start } from './run.ts'
import { settingArguments } from './settings.ts'

// Real time throughout, not an injected clock: what is watched here is a real process.

/** A running server, ours to stop. */
export type Postmaster = { readonly pid: number; readonly port: number; readonly exited: Promise<void> }

const readyLimitMs = 120_000
const slowStartMs = 2_000
const fastStopLimitMs = 30_000
const immediateStopLimitMs = 5_000
const logLimitBytes = 10 * 1024 * 1024

export type StartOptions = {
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
  /** Called once when it takes long: the server replays its log after a crash. */
  readonly onSlow: () => void
}

/**
 * Starts the server and waits until it answers. It gets a session of its own, so that neither Ctrl-C in
 * the terminal nor the hub's death takes it down in mid-write. What the server itself reports as the
 * reason for not starting is returned.
 */
export async function startPostmaster(
  place: Place,
  options: StartOptions,
): Promise<Postmaster | ClusterFailure> {
  const log = await atPlace(place.logPath, 'The database log cannot be written', async () => {
    await rotate(place.logPath)
    return open(place.logPath, 'a', 0o600)
  })
  const logStart = (await log.stat()).size
  const args = ['-D', place.dataDir, '-c', `port=${options.port}`, ...settingArguments(options.settings)]
  const child = start(place.binaries.postgres, args, place.identity, {
    stdio: ['ignore', log.fd, log.fd],
    detached: true,
  })
  child.unref()
  let ended: string | null = null
  const exited = new Promise<void>((resolve) => {
    const end = (reason: string): void => {
      ended = reason
      resolve()
    }
    child.once('error', (error) => end(error.message))
    child.once('exit', () => end(''))
  })
  await log.close()

  const startedAt = performance.now()
  let isSlow = false
  while (performance.now() - startedAt < readyLimitMs) {
    if (ended !== null) return explainEnd(place, ended, logStart)
    const found = await readPidFile(place.dataDir)
    if (child.pid !== undefined && found?.pid === child.pid && found.isReady) {
      return { pid: child.pid, port: options.port, exited }
    }
    if (!isSlow && performance.now() - startedAt > slowStartMs) {
      isSlow = true
      options.onSlow()
    }
    await wait(20)
  }
  child.kill('SIGQUIT')
  return new ClusterFailure(
    'START_TIMEOUT',
    place.logPath,
    `PostgreSQL was not ready in ${readyLimitMs / 1000} s`,
  )
}

async function explainEnd(place: Place, reason: string, logStart: number): Promise<ClusterFailure> {
  const written = (await readFile(place.logPath)).subarray(logStart).toString('utf8')
  const text = `${reason}\n${written}`
  // On a full or read-only disk the server could not write its reason either.
  if (recogniseSymptom(text) === undefined) {
    const probe = join(place.home, 'postgres.probe')
    try {
      await atPlace(place.home, 'The database cannot be started', () =>
        writeFile(probe, Buffer.alloc(65_536)),
      )
    } finally {
      await rm(probe, { force: true })
    }
  }
  return failureFrom(text, place.dataDir, 'The database cannot be started')
}

async function rotate(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found !== undefined && found.size > logLimitBytes) await rename(path, `${path}.1`)
}

/** A server that an earlier hub started. Its end is seen within half a second. */
export function adoptPostmaster({ dataDir }: Place, pid: number, port: number): Postmaster {
  const exited = (async () => {
    // Unreferenced: watching never keeps a hub alive that has nothing else to do.
    while (await isServerOf(pid, dataDir)) await wait(500, undefined, { ref: false })
  })()
  return { pid, port, exited }
}

/** Ends sessions, writes a checkpoint and waits for the end; if that hangs, ends it as a power cut would. */
export async function stopPostmaster({ dataDir }: Place, { pid }: Postmaster): Promise<void> {
  const steps = [
    ['SIGINT', fastStopLimitMs],
    ['SIGQUIT', immediateStopLimitMs],
  ] as const
  for (const [signal, limitMs] of steps) {
    if (!(await isServerOf(pid, dataDir))) return
    process.kill(pid, signal)
    const deadline = performance.now() + limitMs
    while (performance.now() < deadline) {
      if (!(await isServerOf(pid, dataDir))) return
      await wait(20)
    }
  }
  throw new ClusterFailure('STOP_TIMEOUT', dataDir, `PostgreSQL (process ${pid}) did not stop`)
}
