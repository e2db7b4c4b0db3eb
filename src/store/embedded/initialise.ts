import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { owner } from './access.ts'
import { atPlace, failureFrom } from './failure.ts'
import { giveTo } from './identity.ts'
import { draftPrefix, type Place } from './place.ts'
import { run } from './run.ts'

/** True when the data directory is there; it is only ever put there complete. */
export async function isInitialised({ dataDir }: Place): Promise<boolean> {
  return atPlace(dataDir, 'The database files cannot be read', async () => {
    try {
      return (await stat(dataDir)).isDirectory()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw error
    }
  })
}

/**
 * Makes the cluster, the hub's role and its database in a directory beside the final one, then renames
 * it: a kill or a full disk half-way leaves only a draft, which the next start clears.
 */
export async function initialise(place: Place, password: string): Promise<void> {
  const { home, dataDir, identity } = place
  const draft = join(home, `${draftPrefix}${process.pid}`)
  try {
    await atPlace(draft, 'The database cannot be initialised', async () => {
      await mkdir(draft, { mode: 0o700 })
      await giveTo(identity, draft)
    })
    const data = join(draft, 'data')
    const initdb = await run(place.binaries.initdb, ['-D', data, ...initdbArguments], identity)
    if (initdb.exitCode !== 0) throw failureFrom(initdb.output, home, 'The database cannot be initialised')
    await runAlone(place, data, [
      `CREATE ROLE ${owner} LOGIN CREATEDB PASSWORD '${password}'`,
      // The doctor and the adoption of a running server read settings and activity.
      `GRANT pg_monitor TO ${owner}`,
      `CREATE DATABASE ${owner} OWNER ${owner}`,
    ])
    await atPlace(dataDir, 'The database cannot be put in place', () => putInPlace(data, dataDir, home))
  } finally {
    // On a disk that just broke this may fail too; the next start tries again.
    await rm(draft, { recursive: true, force: true }).catch(() => {})
  }
}

/** The superuser has no password and there is no socket, so only single-user mode can be superuser. */
const initdbArguments = [
  '--username=postgres',
  '--auth-local=reject',
  '--auth-host=scram-sha-256',
  '--encoding=UTF8',
  // Code point order, the same on every machine: no index breaks when a C library changes its collation.
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--data-checksums',
  '--no-instructions',
]

/** Gives the hub's role a new password in a stopped cluster: for when `postgres.json` was lost. */
export async function resetPassword(place: Place, password: string): Promise<void> {
  await runAlone(place, place.dataDir, [`ALTER ROLE ${owner} PASSWORD '${password}'`])
}

/** Statements in PostgreSQL's single-user mode: no network, no second process, ends with a checkpoint. */
async function runAlone(place: Place, data: string, statements: readonly string[]): Promise<void> {
  const quiet = ['exit_on_error=on', 'log_checkpoints=off', 'log_min_error_statement=panic']
  const args = ['--single', '-D', data, ...quiet.flatMap((setting) => ['-c', setting]), 'postgres']
  const input = statements.map((statement) => `${statement};\n`).join('')
  const outcome = await run(place.binaries.postgres, args, place.identity, input)
  if (outcome.exitCode !== 0)
    throw failureFrom(outcome.output, place.home, 'The database role cannot be set up')
}

async function putInPlace(data: string, dataDir: string, home: string): Promise<void> {
  try {
    await rename(data, dataDir)
  } catch (error) {
    // Another hub of this home was faster; its cluster is as good and has the same password.
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return
    throw error
  }
  if (process.platform === 'win32') return
  const directory = await open(home, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
