import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '#kernel/log.ts'
import { openCluster } from '#store/embedded/cluster.ts'
import { migrate } from '#store/migrate.ts'
import type { TestProject } from 'vitest/node'
import { runSql, urlOfDatabase } from './sql.ts'

declare module 'vitest' {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- merging needs an interface
  interface ProvidedContext {
    /** Server of this run: any database on it may be cloned from `template`. */
    database: { readonly url: string; readonly template: string }
  }
}

/** Nothing here outlives the run, so nothing needs to reach the disk. */
const forgetful = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' }

/**
 * One server and one migrated template database for the whole run. `TEST_DATABASE_URL` names a server to
 * use instead; its user needs CREATEDB.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await openServer(process.env['TEST_DATABASE_URL'])
  const template = `openclaw_test_${process.pid}_${Date.now().toString(36)}`
  await runSql(server.url, `create database ${template}`)
  await migrate(urlOfDatabase(server.url, template))
  project.provide('database', { url: server.url, template })
  return async () => {
    await runSql(server.url, `drop database if exists ${template} with (force)`)
    await server.close()
  }
}

async function openServer(given: string | undefined): Promise<{ url: string; close: () => Promise<void> }> {
  if (given !== undefined) return { url: given, close: async () => {} }
  const home = await mkdtemp(join(tmpdir(), 'openclaw-test-'))
  const cluster = await openCluster({ home, log: silentLog, onProgress: () => {}, settings: forgetful })
  return {
    url: cluster.url,
    close: async () => {
      await cluster.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
