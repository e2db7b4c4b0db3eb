import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { silentLog } from '#kernel/log.ts'
import { runSql } from '#test/support/sql.ts'
import { claimHome, type Claim } from './claim.ts'
import { openCluster, type Cluster } from './cluster.ts'

let base = ''
/** One home for most tests, used by one after the other: to initialise takes longer than all the rest. */
let home = ''
const children: ChildProcess[] = []

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'openclaw-cluster-'))
  home = join(base, 'home')
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(base, { recursive: true, force: true })
})

const open = (at = home): Promise<Cluster> =>
  openCluster({ home: at, log: silentLog, onProgress: () => {}, settings: { fsync: 'off' } })

async function readOne<Row extends object>(url: string, sql: string): Promise<Row> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const [row] = (await client.query<Row>(sql)).rows
    if (row === undefined) throw new Error(`no row: ${sql}`)
    return row
  } finally {
    await client.end()
  }
}

const release = async (claim: Claim): Promise<void> => {
  if (claim.state === 'held') await claim.release()
}

const portOf = (url: string): number => Number(new URL(url).port)

/** Another hub: a process that opens the cluster, and claims the home when told to, and then only waits. */
async function startHub(at: string, claim: boolean): Promise<{ kill: () => Promise<void>; printed: string }> {
  const script = `
    import { openCluster } from '#store/embedded/cluster.ts'
    import { claimHome } from '#store/embedded/claim.ts'
    import { silentLog } from '#kernel/log.ts'
    const cluster = await openCluster({ home: ${JSON.stringify(at)}, log: silentLog, onProgress: () => {} })
    if (${claim}) await claimHome(cluster.url, ${JSON.stringify(at)}, 'box', () => {})
    setInterval(() => {}, 1_000)
    console.log(cluster.pid())`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [printed] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [
    Buffer | number,
  ]
  if (!Buffer.isBuffer(printed)) throw new Error(`the hub ended with ${printed}`)
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { kill, printed: printed.toString().trim() }
}

describe('a cluster of our own', () => {
  test('is initialised at the first start, whole, and keeps its data and port', async () => {
    const first = await open()
    expect(first.started).toBe('initialised')
    await runSql(first.url, "create table kept (note text); insert into kept values ('日本')")
    const facts = await readOne(
      first.url,
      `select current_setting('server_encoding') as encoding, current_setting('data_checksums') as checksums,
              current_setting('synchronous_commit') as commit, current_setting('listen_addresses') as listens,
              rolsuper as super, datlocprovider as provider, datlocale as locale
         from pg_roles, pg_database where rolname = current_user and datname = current_database()`,
    )
    expect(facts).toEqual({
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
      checksums: 'on',
      commit: 'on',
      listens: '127.0.0.1',
      super: false,
    })
    await first.close()
    expect((await readdir(home)).toSorted()).toEqual(['postgres', 'postgres.json', 'postgres.log'])
    expect((await stat(join(home, 'postgres.json'))).mode & 0o777).toBe(0o600)

    const second = await open()
    expect(second).toMatchObject({ started: 'started', url: first.url })
    expect(await readOne(second.url, 'select note from kept')).toEqual({ note: '日本' })
    await second.close()
  })

  test('is adopted when the hub that started it was killed', async () => {
    const hub = await startHub(home, false)
    await hub.kill()
    const cluster = await open()
    expect(cluster.started).toBe('adopted')
    expect(String(cluster.pid())).toBe(hub.printed)
    await cluster.close()
    expect(await readdir(join(home, 'postgres'))).not.toContain('postmaster.pid')
  })

  test.each(['started', 'adopted'] as const)('comes back on its port after kill -9 (%s)', async (how) => {
    if (how === 'adopted') await (await startHub(home, false)).kill()
    const cluster = await open()
    expect(cluster.started).toBe(how)
    await runSql(cluster.url, 'insert into kept values (now()::text)')
    const before = await readOne(cluster.url, 'select count(*) from kept')
    const killed = cluster.pid()
    const restarted = new Promise<number>((resolve) => {
      void cluster.watch(resolve)
    })
    process.kill(killed, 'SIGKILL')
    expect(await restarted).toBe(cluster.pid())
    expect(cluster.pid()).not.toBe(killed)
    expect(await readOne(cluster.url, 'select count(*) from kept')).toEqual(before)
    await cluster.close()
  })

  test('starts over the pid file of a killed server, also when the id is another process today', async () => {
    const cluster = await open()
    process.kill(cluster.pid(), 'SIGKILL')
    const pidFile = join(home, 'postgres', 'postmaster.pid')
    const [, ...rest] = (await readFile(pidFile, 'utf8')).split('\n')
    await writeFile(pidFile, [process.pid, ...rest].join('\n'))
    const next = await open()
    expect(next.started).toBe('started')
    await next.close()
  })

  test('takes another port when its own is taken', async () => {
    const before = await open()
    await before.close()
    const squatter = createServer()
    await once(squatter.listen(portOf(before.url), '127.0.0.1'), 'listening')
    const cluster = await open()
    expect(portOf(cluster.url)).not.toBe(portOf(before.url))
    await cluster.close()
    squatter.close()
  })

  test('gets a new password when postgres.json was lost', async () => {
    await rm(join(home, 'postgres.json'))
    const cluster = await open()
    expect(await readOne(cluster.url, 'select 1 as one')).toEqual({ one: 1 })
    await cluster.close()
  })
})

describe('a home', () => {
  test('belongs to one hub: the second is told who has it', async () => {
    const cluster = await open()
    const claim = (): ReturnType<typeof claimHome> => claimHome(cluster.url, home, 'box', () => {})
    const first = await claim()
    expect(first.state).toBe('held')
    expect(await claim()).toMatchObject({
      state: 'taken',
      takenBy: expect.stringMatching(
        new RegExp(`^openclaw hub, process ${process.pid} on box, since 20`),
      ) as string,
    })
    const elsewhere = await claimHome(cluster.url, home, 'other-box', () => {})
    expect(elsewhere.state).toBe('held')
    await release(first)
    const again = await claim()
    expect(again.state).toBe('held')
    await release(again)
    await release(elsewhere)
    await cluster.close()
  })

  test('is free at once when its hub was killed', async () => {
    const hub = await startHub(home, true)
    const cluster = await open()
    const refused = await claimHome(cluster.url, home, 'box', () => {})
    expect(refused.state).toBe('taken')
    await hub.kill()
    const claim = await claimHome(cluster.url, home, 'box', () => {})
    expect(claim.state).toBe('held')
    await release(claim)
    await cluster.close()
  })

  test('stays claimed when the database restarts under it', async () => {
    const cluster = await open()
    const claim = await claimHome(cluster.url, home, 'box', () => expect.unreachable('lost'))
    const restarted = new Promise<number>((resolve) => {
      void cluster.watch(resolve)
    })
    process.kill(cluster.pid(), 'SIGKILL')
    await restarted
    await expect
      .poll(async () => (await claimHome(cluster.url, home, 'box', () => {})).state, { timeout: 5_000 })
      .toBe('taken')
    await release(claim)
    await cluster.close()
  })

  test('that two hubs open at the same moment has one cluster, and what a killed start left is cleared', async () => {
    const fresh = join(base, 'fresh')
    // No process has this id: it is above every system's limit.
    const leftover = join(fresh, 'postgres.draft-99999999')
    await mkdir(join(leftover, 'data'), { recursive: true })
    const hubs = await Promise.all([startHub(fresh, false), startHub(fresh, false)])
    expect(hubs[0].printed).toBe(hubs[1].printed)
    await Promise.all(hubs.map((hub) => hub.kill()))
    await (await open(fresh)).close()
    expect((await readdir(fresh)).toSorted()).toEqual(['postgres', 'postgres.json', 'postgres.log'])
  })

  test('that is a file is refused', async () => {
    const file = join(base, 'file')
    await writeFile(file, '')
    await expect(open(file)).rejects.toMatchObject({ code: 'HOME_NOT_A_DIRECTORY', place: file })
    await expect(open(join(file, 'below'))).rejects.toMatchObject({ code: 'HOME_NOT_A_DIRECTORY' })
  })

  test.skipIf(process.getuid?.() === 0)('that may not be written is refused', async () => {
    const locked = join(base, 'locked')
    await mkdir(locked)
    await chmod(locked, 0o500)
    await expect(open(locked)).rejects.toMatchObject({ code: 'NO_PERMISSION' })
  })
})
