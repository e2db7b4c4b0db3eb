import { hostname } from 'node:os'
import { spawnSync } from 'node:child_process'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '#kernel/log.ts'
import { openStore } from '#store/db.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { manualClock } from '#test/support/manual-clock.ts'
import { openJobs } from './jobs.ts'
import type { JobHandler } from './jobs.ts'

const database = await openTestDatabase()
const store = openStore({ url: database.url, name: 'jobs test', onIdleError: () => {} })
const { db, pool } = store
const past = new Date(0)
const clock = manualClock(Date.now())
const jobs = await openJobs({ pool, db, clock, log: silentLog })

let stop: AbortController
let running: Promise<void> = Promise.resolve()
beforeEach(async () => {
  stop = new AbortController()
  await sql`delete from graphile_worker._private_jobs`.execute(db)
  await db.deleteFrom('workers').execute()
})
afterEach(async () => {
  stop.abort()
  await running
})
afterAll(() => store.close())

const work = (handler: JobHandler): void => {
  running = jobs.work({ note: handler }, 4, stop.signal)
}
const note = (key: string, text: string, more: { runAt?: Date; keepWaiting?: boolean } = {}) => ({
  task: 'note',
  key,
  payload: { text },
  runAt: past,
  ...more,
})

const waiting = async () =>
  (
    await sql<{ key: string; run_at: Date; locked_by: string | null }>`
    select key, run_at, locked_by from graphile_worker.jobs order by key`.execute(db)
  ).rows

const isTaken = async (): Promise<boolean> => (await waiting())[0]?.locked_by?.startsWith('pool-') ?? false

describe('a job', () => {
  it('exists exactly when its cause does', async () => {
    const seen: string[] = []
    await db.transaction().execute(async (tx) => {
      await jobs.enqueue(tx, note('kept', 'kept'))
    })
    await expect(
      db.transaction().execute(async (tx) => {
        await jobs.enqueue(tx, note('lost', 'lost'))
        throw new Error('the cause failed')
      }),
    ).rejects.toThrow('the cause failed')
    expect((await waiting()).map(({ key }) => key)).toEqual(['kept'])

    work(({ text }) => {
      seen.push(text!)
      return Promise.resolve()
    })
    await vi.waitFor(async () => expect(await waiting()).toEqual([]))
    expect(seen).toEqual(['kept'])
  })

  it('waits once per key: a newer one replaces it, or leaves its time alone', async () => {
    const later = new Date('2100-01-01T00:00:00Z')
    const soon = new Date('2099-01-01T00:00:00Z')
    await jobs.enqueue(db, note('same', 'first', { runAt: later }))
    await jobs.enqueue(db, note('same', 'second', { runAt: soon }))
    expect(await waiting()).toMatchObject([{ key: 'same', run_at: soon }])
    await jobs.enqueue(db, note('same', 'third', { runAt: past, keepWaiting: true }))
    expect(await waiting()).toMatchObject([{ key: 'same', run_at: soon }])
  })

  it('that is planned by its own handler comes after it, under the same key', async () => {
    const seen: string[] = []
    await jobs.enqueue(db, note('chain', '1'))
    work(async ({ text }) => {
      seen.push(text!)
      if (text !== '3') await jobs.enqueue(db, note('chain', String(Number(text) + 1)))
    })
    await vi.waitFor(() => expect(seen).toEqual(['1', '2', '3']))
  })

  it('that throws comes again', async () => {
    await jobs.enqueue(db, note('again', 'x'))
    const handler = vi.fn<JobHandler>().mockRejectedValueOnce(new Error('not yet')).mockResolvedValue()
    work(handler)
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(1))
    await vi.waitFor(async () => expect(await waiting()).toMatchObject([{ key: 'again', locked_by: null }]))
    await sql`update graphile_worker._private_jobs set run_at = now()`.execute(db)
    await vi.waitFor(() => expect(handler).toHaveBeenCalledTimes(2))
  })

  it('is finished before the worker stops, and the worker leaves no trace', async () => {
    let finish = (): void => {}
    let isDone = false
    await jobs.enqueue(db, note('slow', 'x'))
    work(async (_payload, signal) => {
      await new Promise<void>((resolve) => (finish = resolve))
      isDone = signal.aborted
    })
    await vi.waitFor(async () => expect(await isTaken()).toBe(true))
    stop.abort()
    finish()
    await running
    expect(isDone).toBe(true)
    await vi.waitFor(async () => expect(await waiting()).toEqual([]))
    expect(await db.selectFrom('workers').select('id').execute()).toEqual([])
  })
})

describe('a worker that died', () => {
  /** A job in the hands of a worker that says it lives as `host` and `pid`, heard of `silentS` seconds ago. */
  async function takenBy(worker: string, host: string | null, pid: number, silentS: number): Promise<void> {
    await jobs.enqueue(db, note(`of ${worker}`, worker))
    await sql`
      update graphile_worker._private_jobs
      set locked_by = ${worker}, locked_at = now() - make_interval(secs => ${silentS}), attempts = 1
      where key = ${`of ${worker}`}`.execute(db)
    if (host === null) return
    await sql`
      insert into workers (id, host, pid, last_seen_at)
      values (${worker}, ${host}, ${pid}, now() - make_interval(secs => ${silentS}))`.execute(db)
  }
  const deadPid = spawnSync(process.execPath, ['-e', '']).pid

  it('loses its jobs at once when its process on this machine is gone', async () => {
    const seen: string[] = []
    await takenBy('dead', hostname(), deadPid, 0)
    await takenBy('living', hostname(), process.ppid, 0)
    work(({ text }) => {
      seen.push(text!)
      return Promise.resolve()
    })
    await vi.waitFor(() => expect(seen).toEqual(['dead']))
    expect(await waiting()).toMatchObject([{ key: 'of living', locked_by: 'living' }])
  })

  it('loses them after twenty seconds of silence anywhere else, known or not', async () => {
    const seen: string[] = []
    await takenBy('silent', 'elsewhere', 1, 21)
    await takenBy('never reported', null, 0, 21)
    await takenBy('quiet', 'elsewhere', 1, 10)
    work(({ text }) => {
      seen.push(text!)
      return Promise.resolve()
    })
    await vi.waitFor(() => expect(seen.toSorted()).toEqual(['never reported', 'silent']))
    expect(await waiting()).toMatchObject([{ key: 'of quiet', locked_by: 'quiet' }])
  })

  it('is not mistaken for one that works on a long job', async () => {
    let starts = 0
    let finish = (): void => {}
    await jobs.enqueue(db, note('long', 'x'))
    work(async () => {
      starts++
      await new Promise<void>((resolve) => (finish = resolve))
    })
    await vi.waitFor(async () => expect(await isTaken()).toBe(true))
    await vi.waitFor(() => expect(clock.sleepers()).toBe(1))
    await sql`update graphile_worker._private_jobs set locked_at = now() - interval '1 minute'`.execute(db)
    await sql`update workers set last_seen_at = now() - interval '19 seconds'`.execute(db)
    await clock.advance(5_000)
    await vi.waitFor(async () => {
      const [self] = await db.selectFrom('workers').select('last_seen_at').execute()
      expect(Date.now() - self!.last_seen_at.getTime()).toBeLessThan(5_000)
    })
    await vi.waitFor(() => expect(clock.sleepers()).toBe(1))
    expect(await isTaken()).toBe(true)
    expect(starts).toBe(1)
    finish()
    await vi.waitFor(async () => expect(await waiting()).toEqual([]))
  })
})
