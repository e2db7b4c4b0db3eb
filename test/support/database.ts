import { randomBytes } from 'node:crypto'
import { afterAll, beforeEach, inject } from 'vitest'
import { runSql, urlOfDatabase } from './sql.ts'

/** An empty, migrated database of one test file's own. */
export type TestDatabase = { readonly url: string; readonly name: string }

/**
 * Call it once, at the top of a test file: `const database = await openTestDatabase()`. It is dropped
 * after the file's last test, whatever is still connected; on a server that stays (`TEST_DATABASE_URL`) it
 * is kept, and named on stderr, when a test failed.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { url, template, keepsFailed } = inject('database')
  const name = `${template}_${randomBytes(4).toString('hex')}`
  await runSql(url, `create database ${name} template ${template} strategy file_copy`)
  let hasFailed = false
  beforeEach(({ onTestFailed }) => {
    onTestFailed(() => {
      hasFailed = true
    })
  })
  afterAll(async () => {
    if (hasFailed && keepsFailed) process.stderr.write(`The database of the failed test is kept: ${name}\n`)
    else await runSql(url, `drop database if exists ${name} with (force)`)
  })
  return { url: urlOfDatabase(url, name), name }
}
