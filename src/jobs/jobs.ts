import { EventEmitter } from 'node:events'
import { hostname } from 'node:os'
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import type { Task, WorkerEvents } from 'graphile-worker'
import type { Pool } from 'pg'
import { sql } from 'kysely'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { Db, Tx } from '#store/db.ts'

/** Work that waits in the database. `key`: at most one waiting job of that name; a newer one replaces it. */
export type JobRequest = {
  readonly task: string
  readonly payload: Readonly<Record<string, string>>
  readonly key: string
  readonly runAt?: Date
  /** Keep an already waiting job as it is instead of moving it to `runAt`. */
  readonly keepWaiting?: boolean
}

/** Does one job. Throwing makes it come again with growing pauses; `signal` aborts on shutdown. */
export type JobHandler = (payload: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<void>

export type Jobs = {
  /** Adds a job in the caller's transaction, so that the job exists exactly when its cause does. */
  readonly enqueue: (db: Db | Tx, job: JobRequest) => Promise<void>
  /** Takes jobs until `signal` aborts; then finishes those under way and resolves. */
  readonly work: (
    handlers: Readonly<Record<string, JobHandler>>,
    concurrency: number,
    signal: AbortSignal,
  ) => Promise<void>
}

const reportEveryMs = 5_000
const restartAfterMs = 1_000
/** A worker silent for this long is dead: its jobs are given back (the library's own bound is 4 hours). */
const deadAfterMs = 20_000

/** The durable queue: graphile-worker on the hub's own database, plus the heartbeat it lacks. */
export async function openJobs(deps: {
  readonly pool: Pool
  readonly db: Db
  readonly clock: Clock
  readonly log: Log
}): Promise<Jobs> {
  const { pool, db, log } = deps
  const logger = new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ source: 'graphile-worker' }, message)
  })
  const utils = await makeWorkerUtils({ pgPool: pool, logger })
  await utils.migrate()

  async function enqueue(on: Db | Tx, job: JobRequest): Promise<void> {
    await sql`select graphile_worker.add_job(
      ${job.task}, payload := ${JSON.stringify(job.payload)}::json, job_key := ${job.key},
      run_at := ${job.runAt ?? new Date(deps.clock.nowMs())}, max_attempts := 25,
      job_key_mode := ${job.keepWaiting ? 'preserve_run_at' : 'replace'})`.execute(on)
  }

  /** Says that this process lives, and gives back what dead ones held. */
  async function report(poolId: string): Promise<void> {
    await sql`
      insert into workers (id, host, pid) values (${poolId}, ${hostname()}, ${process.pid})
      on conflict (id) do update set last_seen_at = now()`.execute(db)
    await giveBack()
  }

  /** Workers that fell silent, or whose process on this machine is gone, lose their jobs to the living. */
  async function giveBack(): Promise<void> {
    const silent = sql<Date>`now() - ${`${deadAfterMs} milliseconds`}::interval`
    const { rows } = await sql<{ id: string; pid: number | null; local: boolean; silent: boolean }>`
      select id, pid, host = ${hostname()} as local, last_seen_at < ${silent} as silent from workers
      union all
      select distinct j.locked_by, null::integer, false, true from graphile_worker._private_jobs j
      where j.locked_at < ${silent} and not exists (select from workers w where w.id = j.locked_by)`.execute(
      db,
    )
    const dead = rows
      .filter((row) => row.silent || (row.local && row.pid !== null && !isRunning(row.pid)))
      .map((row) => row.id)
    if (dead.length === 0) return
    await utils.forceUnlockWorkers(dead)
    await sql`delete from workers where id = any(${dead}::text[])`.execute(db)
    log.info({ workers: dead.length }, 'took back the jobs of dead workers')
  }

  async function work(
    handlers: Readonly<Record<string, JobHandler>>,
    concurrency: number,
    signal: AbortSignal,
  ): Promise<void> {
    const taskList: Record<string, Task> = Object.fromEntries(
      Object.entries(handlers).map(([name, handler]) => [
        name,
        (payload) => handler(payload as Record<string, string>, signal),
      ]),
    )
    while (!signal.aborted)
      try {
        await runQueue(taskList, concurrency, signal)
      } catch (error) {
        log.warn({ error: messageOf(error) }, 'the job queue broke and is started again')
        await deps.clock.sleep(restartAfterMs, signal)
      }
  }

  /** Takes jobs until `signal` aborts. Throws when the queue breaks, as it may when the database goes away. */
  async function runQueue(
    taskList: Record<string, Task>,
    concurrency: number,
    signal: AbortSignal,
  ): Promise<void> {
    await giveBack()
    const events: WorkerEvents = new EventEmitter()
    // Jobs are locked in the name of the pool, which `run` makes before it returns.
    let poolId = ''
    events.once('pool:create', ({ workerPool }) => (poolId = workerPool.id))
    events.on('job:error', ({ job, error }) =>
      log.warn({ task: job.task_identifier, attempt: job.attempts, error: messageOf(error) }, 'job failed'),
    )
    const runner = await run({
      pgPool: pool,
      taskList,
      concurrency,
      pollInterval: 500,
      logger,
      noHandleSignals: true,
      events,
    })
    const broken = new AbortController()
    runner.promise.then(
      () => broken.abort(new Error('it stopped by itself')),
      (error: unknown) => broken.abort(error),
    )
    const over = AbortSignal.any([signal, broken.signal])
    while (!over.aborted) {
      await report(poolId).catch((error: unknown) =>
        log.warn({ error: messageOf(error) }, 'cannot report as alive'),
      )
      await deps.clock.sleep(reportEveryMs, over)
    }
    broken.signal.throwIfAborted()
    await runner.stop()
    await sql`delete from workers where id = ${poolId}`.execute(db)
  }

  return { enqueue, work }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
