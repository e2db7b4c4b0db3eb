import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeEach, expect, inject, test } from 'vitest'
import { runSql, urlOfDatabase } from '#test/support/sql.ts'
import { isMigrated, migrate, readMigrations } from './migrate.ts'

/** These need databases without a schema, so not the template's clones. */
const server = inject('database')
const made: string[] = []
const directories: string[] = []
let url = ''
let directory = ''

beforeEach(async () => {
  const name = `${server.template}_migrate_${made.length}`
  made.push(name)
  await runSql(server.url, `create database ${name}`)
  url = urlOfDatabase(server.url, name)
  directory = await mkdtemp(join(tmpdir(), 'openclaw-migrations-'))
  directories.push(directory)
  await put('0001_boxes.sql', 'create table boxes (size int);\ninsert into boxes values (1);')
})
afterAll(async () => {
  for (const name of made) await runSql(server.url, `drop database ${name} with (force)`)
  for (const path of directories) await rm(path, { recursive: true })
})

const put = (file: string, sql: string): Promise<void> => writeFile(join(directory, file), sql)
const numbers = async (): Promise<number[]> => (await migrate(url, directory)).map(({ number }) => number)

async function count(table: string): Promise<number> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? -1
  } finally {
    await client.end()
  }
}

test('applies what is new, once, and says what that was', async () => {
  expect(await numbers()).toEqual([1])
  expect(await numbers()).toEqual([])
  await put('0002_lids.sql', 'create table lids ()')
  expect(await migrate(url, directory)).toMatchObject([{ number: 2, name: 'lids' }])
})

test('nodes that start together apply each file once', async () => {
  await put(
    '0001_boxes.sql',
    'create table boxes (size int); insert into boxes values (1); select pg_sleep(0.1)',
  )
  const applied = await Promise.all([numbers(), numbers(), numbers(), numbers()])
  expect(applied.flat()).toEqual([1])
  expect(await count('boxes')).toBe(1)
})

test('a failing file leaves nothing, keeps those before it, and is named with its line', async () => {
  await put('0002_lids.sql', 'create table lids ();\n\ncreate tabel hinges ();')
  await expect(numbers()).rejects.toMatchObject({
    code: 'SQL_FAILED',
    message: '0002_lids.sql:3: syntax error at or near "tabel"',
  })
  expect(await count('schema_migrations')).toBe(1)
  await expect(count('lids')).rejects.toThrow('does not exist')
  await put('0002_lids.sql', 'create table lids ()')
  expect(await numbers()).toEqual([2])
})

test('a file that was changed after it was applied is refused; turned line ends are no change', async () => {
  await numbers()
  await put('0001_boxes.sql', 'create table boxes (size int);\r\ninsert into boxes values (1);')
  expect(await numbers()).toEqual([])
  await put('0001_boxes.sql', 'create table boxes (size bigint);')
  await expect(numbers()).rejects.toMatchObject({ code: 'FILE_CHANGED' })
})

test('a database that a newer version has used is refused', async () => {
  await put('0002_lids.sql', 'create table lids ()')
  await numbers()
  await rm(join(directory, '0002_lids.sql'))
  await expect(numbers()).rejects.toMatchObject({ code: 'DATABASE_NEWER' })
})

test.each(['0003_gap.sql', '2_short.sql', '0002_Upper.sql', '0001_twice.sql'])(
  '%s is refused',
  async (file) => {
    await put(file, 'select 1')
    await expect(numbers()).rejects.toMatchObject({ code: 'FILES_INVALID' })
  },
)

test('the migrations of this version apply, and readiness sees them', async () => {
  const client = new Client({ connectionString: url })
  await client.connect()
  expect(await isMigrated(client)).toBe(false)
  expect(await migrate(url)).toHaveLength((await readMigrations()).length)
  expect(await isMigrated(client)).toBe(true)
  await client.end()
})
