import { mkdtemp, readdir, rm, stat, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '#kernel/log.ts'
import { openCluster } from '#store/embedded/cluster.ts'
import { isAlive, isServerOf, readPidFile } from '#store/embedded/pid-file.ts'
import { migrate } from '#store/migrate.ts'
import type { TestProject } from 'vitest/node'
import { runSql, urlOfDatabase } from './sql.ts'

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- merging needs an interface
  interface ProvidedContext {
    /** Server of this run: databases are cloned from `template`; one that failed is kept where the server stays. */
    database: { readonly url: string; readonly template: string; readonly keepsFailed: boolean }
  }
}

/** Nothing here outlives the run, so nothing needs to reach the disk. */
const forgetful = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_compression: 'off',
  max_wal_size: '128MB',
  max_connections: '200',
  // Its workers are the superuser's: a database they are in cannot be dropped by force by anyone else.
  autovacuum: 'off',
}

/**
 * One server and one migrated template database for the whole run. `TEST_DATABASE_URL` names a server to
 * use instead; its user needs CREATEDB.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer(process.env['TEST_DATABASE_URL'])
  const template = `openclaw_test_${process.pid}_${Date.now().toString(36)}`
  try {
    await runSql(server.url, `create database ${template}`)
    await migrate(urlOfDatabase(server.url, template))
  } catch (error) {
    // Without this a mistake in a migration would leave a server behind.
    await server.close()
    throw error
  }
  project.provide('database', { url: server.url, template, keepsFailed: server.stays })
  return async () => {
    await runSql(server.url, `drop database if exists ${template} with (force)`)
    await server.close()
  }
}

/** Memory where there is plenty: a clone is 330 new files, 15 ms there and 300 ms on a slow disk. */
async function scratchRoot(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => null)
  return memory !== null && memory.bavail * memory.bsize > 2 ** 30 ? '/dev/shm' : tmpdir()
}

type Server = { readonly url: string; readonly stays: boolean; readonly close: () => Promise<void> }

const homePrefix = 'openclaw-test-'

async function openServer(given: string | undefined): Promise<Server> {
  if (given !== undefined) return { url: given, stays: true, close: async () => {} }
  const scratch = await scratchRoot()
  await sweepKilledRuns(scratch)
  const home = await mkdtemp(join(scratch, `${homePrefix}${process.pid}-`))
  const cluster = await openCluster({ home, log: silentLog, onProgress: () => {}, settings: forgetful })
  return {
    url: cluster.url,
    stays: false,
    close: async () => {
      await cluster.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** A run that was killed leaves its server behind: it is stopped here, so that servers never pile up. */
async function sweepKilledRuns(scratch: string): Promise<void> {
  for (const name of await readdir(scratch)) {
    const owner = Number(new RegExp(`^${homePrefix}(\\d+)-`).exec(name)?.[1])
    if (!Number.isInteger(owner) || isAlive(owner)) continue
    const home = join(scratch, name)
    const isOurs = process.getuid === undefined || [0, (await stat(home)).uid].includes(process.getuid())
    if (!isOurs) continue
    const left = await readPidFile(join(home, 'postgres'))
    if (left !== null && (await isServerOf(left.pid, join(home, 'postgres'))))
      process.kill(left.pid, 'SIGQUIT')
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
