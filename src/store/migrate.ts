import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, type ClientBase, type Pool } from 'pg'

export type Migration = {
  readonly number: number
  readonly name: string
  readonly sha256: string
  readonly sql: string
}

/** Why the schema cannot be brought to this version of the code. Nothing of the failing migration is kept. */
export class MigrationFailure extends Error {
  override readonly name = 'MigrationFailure'
  readonly code: 'SERVER_TOO_OLD' | 'FILE_CHANGED' | 'DATABASE_NEWER' | 'FILES_INVALID' | 'SQL_FAILED'

  constructor(code: MigrationFailure['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}

const oldestServer = 15
/** Any constant of our own: whoever holds it is migrating this database. */
const migrationLock = 727_110_001
const ownDirectory = join(import.meta.dirname, 'migrations')

/**
 * Brings the schema up to date: each file in a transaction of its own, in order, once. Nodes that start
 * together wait for each other. Returns what it applied; throws `MigrationFailure`.
 */
export async function migrate(connectionUrl: string, directory: string = ownDirectory): Promise<Migration[]> {
  const migrations = await readMigrations(directory)
  const client = new Client({ connectionString: connectionUrl, application_name: 'openclaw migrate' })
  await client.connect()
  try {
    await refuseOldServer(client)
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    const pending = await pendingOf(client, migrations)
    for (const migration of pending) await apply(client, migration)
    return pending
  } finally {
    // The session's end also gives the lock back.
    await client.end()
  }
}

/** True when nothing is left to apply; for readiness, so it changes nothing. */
export async function isMigrated(client: ClientBase | Pool): Promise<boolean> {
  const known = await client.query<{ table: string | null }>(
    "select to_regclass('schema_migrations')::text as table",
  )
  if (known.rows[0]?.table === null) return false
  const { rows } = await client.query<{ count: number }>(
    'select count(*)::int as count from schema_migrations',
  )
  return rows[0]?.count === (await readMigrations(ownDirectory)).length
}

/** The `0001_name.sql` files, numbered from 1 without a gap. */
export async function readMigrations(directory: string = ownDirectory): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).toSorted()
  return Promise.all(
    files.map(async (file, index) => {
      const [, digits, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? []
      if (name === undefined || Number(digits) !== index + 1) {
        const wanted = `${String(index + 1).padStart(4, '0')}_name.sql`
        throw new MigrationFailure(
          'FILES_INVALID',
          `${join(directory, file)}: expected a file called ${wanted}`,
        )
      }
      // A checkout may have turned the line ends; that is no change.
      const sql = (await readFile(join(directory, file), 'utf8')).replaceAll('\r\n', '\n')
      return { number: index + 1, name, sha256: createHash('sha256').update(sql).digest('hex'), sql }
    }),
  )
}

async function refuseOldServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
  const major = Math.floor(Number(rows[0]?.server_version_num) / 10_000)
  if (major >= oldestServer) return
  const remedy = `Upgrade it to ${oldestServer} or newer, or unset DATABASE_URL to use the one that comes along.`
  throw new MigrationFailure('SERVER_TOO_OLD', `The database is PostgreSQL ${major}. ${remedy}`)
}

async function pendingOf(client: Client, migrations: readonly Migration[]): Promise<Migration[]> {
  await client.query(`
    create table if not exists schema_migrations (
      number int primary key,
      name text not null,
      sha256 text not null,
      applied_at timestamptz not null default now()
    )`)
  const { rows } = await client.query<Pick<Migration, 'number' | 'name' | 'sha256'>>(
    'select number, name, sha256 from schema_migrations order by number',
  )
  for (const applied of rows) {
    const file = migrations[applied.number - 1]
    const label = `Migration ${applied.number} (${applied.name})`
    if (file === undefined) {
      const what = `${label} of this database is unknown here: a newer OpenClaw has used it. Start that version, or restore the backup from before the upgrade.`
      throw new MigrationFailure('DATABASE_NEWER', what)
    }
    if (file.sha256 !== applied.sha256) {
      const what = `${label} was changed after it was applied. Restore the file; put the change into a new one.`
      throw new MigrationFailure('FILE_CHANGED', what)
    }
  }
  return migrations.slice(rows.length)
}

async function apply(client: Client, { number, name, sha256, sql }: Migration): Promise<void> {
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into schema_migrations (number, name, sha256) values ($1, $2, $3)', [
      number,
      name,
      sha256,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    const file = `${String(number).padStart(4, '0')}_${name}.sql`
    const { position, message } = error as { position?: string; message: string }
    const line = position === undefined ? '' : `:${sql.slice(0, Number(position)).split('\n').length}`
    throw new MigrationFailure('SQL_FAILED', `${file}${line}: ${message}`, error)
  }
}
