import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Environment, Scope } from '#kernel/environment.ts'
import { isoTime } from '#kernel/clock.ts'
import type { Db } from './db.ts'
import { webhookHeaders } from './webhook-headers.ts'

export type AttemptRow = {
  org_id: string
  environment: Environment
  delivery_id: string
  endpoint_id: string
  event_id: string
  event_type: string
  number: number
  started_at: Date
  duration_ms: number
  outcome: 'delivered' | 'failed' | 'refused'
  /** Set on the attempt that ended the delivery. */
  final_state: 'delivered' | 'exhausted' | 'refused' | null
  http_status: number | null
  error_code: string | null
  error_detail: string | null
  /** Masked signatures; `listAttempts` adds what can be rebuilt. Empty when nothing was sent. */
  request_headers: Record<string, string>
  response_headers: Record<string, string> | null
  /** Sealed, context `attempt:<delivery id>:<number>`. */
  response_body: Buffer | null
  response_truncated: boolean
}
export type AttemptTables = { webhook_attempts: AttemptRow }

export const deliveryStates = ['pending', 'delivered', 'exhausted', 'refused'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** A delivery as users see it, finished or not. */
export type DeliveryView = {
  id: string
  endpoint_id: string
  event_id: string
  event_type: string
  state: DeliveryState
  attempts: number
  /** When the next attempt is due; null when finished. */
  next_at: Date | null
  /** Of the last attempt; null before the first, and for those that wait. */
  http_status: number | null
  error_code: string | null
  finished_at: Date | null
}

export type DeliveryFilter = {
  readonly deliveryId?: string | undefined
  readonly endpointId?: string | undefined
  readonly state?: DeliveryState | undefined
  readonly eventId?: string | undefined
}

/**
 * Newest first by id, `before` exclusive. Reads a page per endpoint and merges: each is a range of one
 * index, however long the log.
 */
export async function listDeliveries(
  db: Db,
  scope: Scope,
  filter: DeliveryFilter,
  page: { readonly before: string | null; readonly limit: number },
): Promise<readonly DeliveryView[]> {
  const { state } = filter
  const when = (value: string | null | undefined, condition: RawBuilder<unknown>) =>
    value === null || value === undefined ? sql`` : sql`and ${condition}`
  const chosen = (id: RawBuilder<unknown>, eventId: RawBuilder<unknown>) => sql`
    ${when(page.before, sql`${id} < ${page.before}`)} ${when(filter.deliveryId, sql`${id} = ${filter.deliveryId}`)}
    ${when(filter.eventId, sql`${eventId} = ${filter.eventId}`)}`
  // Spelt as the partial index has it, so that the few undelivered ones are found without the many others.
  const isUndelivered = state === 'exhausted' || state === 'refused'
  const finalState = isUndelivered
    ? sql`a.final_state in ('exhausted', 'refused') and a.final_state = ${state}`
    : sql`a.final_state is not null ${when(state, sql`a.final_state = ${state}`)}`
  const { rows } = await sql<DeliveryView>`
    select v.* from webhook_endpoints e cross join lateral (
      (select d.id, d.endpoint_id, d.event_id, d.event_type, 'pending' as state, d.attempt as attempts, d.next_at,
              null::integer as http_status, null as error_code, null::timestamptz as finished_at
       from deliveries d
       where ${state === undefined || state === 'pending'} and d.org_id = e.org_id and d.endpoint_id = e.id
         ${chosen(sql`d.id`, sql`d.event_id`)}
       order by d.id desc limit ${page.limit})
      union all
      (select a.delivery_id, a.endpoint_id, a.event_id, a.event_type, a.final_state, a.number, null, a.http_status,
              a.error_code, a.started_at + a.duration_ms * interval '1 millisecond'
       from webhook_attempts a
       where ${state !== 'pending'} and a.org_id = e.org_id and a.endpoint_id = e.id and ${finalState}
         ${chosen(sql`a.delivery_id`, sql`a.event_id`)}
       order by a.delivery_id desc limit ${page.limit})
    ) v
    where e.org_id = ${scope.orgId} and e.environment = ${scope.environment}
      ${when(filter.endpointId, sql`e.id = ${filter.endpointId}`)}
    order by v.id desc limit ${page.limit}`.execute(db)
  return rows
}

/** All attempts of one delivery, first to last; empty when none was made or it is another organisation's. */
export async function listAttempts(db: Db, scope: Scope, deliveryId: string): Promise<readonly AttemptRow[]> {
  const { rows } = await sql<AttemptRow>`
    select a.* from webhook_endpoints e
    join webhook_attempts a on a.org_id = e.org_id and a.endpoint_id = e.id
    where e.org_id = ${scope.orgId} and e.environment = ${scope.environment} and a.delivery_id = ${deliveryId}
    order by a.number`.execute(db)
  return rows.map((row) => ({ ...row, request_headers: sentHeaders(row) }))
}

function sentHeaders(row: AttemptRow): Record<string, string> {
  if (Object.keys(row.request_headers).length === 0) return {}
  const others = webhookHeaders({
    environment: row.environment,
    deliveryId: row.delivery_id,
    eventId: row.event_id,
    eventType: row.event_type,
    timestampS: Math.floor(row.started_at.getTime() / 1000),
  })
  return { ...others, ...row.request_headers }
}

/** One delivery, waiting or finished. */
export const findDelivery = async (db: Db, scope: Scope, id: string): Promise<DeliveryView | undefined> =>
  (await listDeliveries(db, scope, { deliveryId: id }, { before: null, limit: 1 }))[0]

/** For gauges, over all organisations: what is due and since when it waits. */
export async function measureBacklog(
  db: Db,
  now: Date,
): Promise<{ readonly waiting: number; readonly due: number; readonly oldestDueMs: number }> {
  const { rows } = await sql<{ waiting: number; due: number; oldest: Date | null }>`
    select count(*) as waiting, count(*) filter (where next_at <= ${now}) as due,
           min(next_at) filter (where next_at <= ${now}) as oldest
    from deliveries`.execute(db)
  const { waiting, due, oldest } = rows[0]!
  return { waiting, due, oldestDueMs: oldest ? now.getTime() - oldest.getTime() : 0 }
}

const dayMs = 86_400_000
/** Of our own: serialises partition changes between nodes. */
const partitionLock = 727_110_002
const partitionName = (dayStartMs: number): string =>
  `webhook_attempts_${isoTime(dayStartMs).slice(0, 10).replaceAll('-', '')}`

/**
 * Makes the daily partitions of the log from today on. A day whose rows went to the default partition
 * (nobody was there to make its own) stays there. Returns the names it made.
 */
export const openAttemptPartitions = (db: Db, nowMs: number, days = 3): Promise<string[]> =>
  db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${partitionLock})`.execute(tx)
    const made: string[] = []
    const today = nowMs - (nowMs % dayMs)
    for (let start = today; start < today + days * dayMs; start += dayMs) {
      const [name, from, to] = [partitionName(start), isoTime(start), isoTime(start + dayMs)]
      const { rows } = await sql<{ taken: boolean }>`
        select to_regclass(${name}) is not null or exists (
          select from webhook_attempts_default where started_at >= ${from} and started_at < ${to}) as taken`.execute(
        tx,
      )
      if (rows[0]!.taken) continue
      await sql`create table ${sql.table(name)} partition of webhook_attempts
        for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(tx)
      made.push(name)
    }
    return made
  })

/** Drops the days that ended before `before`, and what the default partition holds from then. Returns the names. */
export const dropAttemptPartitions = (db: Db, before: Date): Promise<string[]> =>
  db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${partitionLock})`.execute(tx)
    const { rows } = await sql<{ name: string }>`
      select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'webhook_attempts'::regclass and c.relname ~ '^webhook_attempts_\\d{8}$'
        and c.relname < ${partitionName(before.getTime() - (before.getTime() % dayMs))}
      order by c.relname`.execute(tx)
    for (const { name } of rows) await sql`drop table ${sql.table(name)}`.execute(tx)
    await sql`delete from webhook_attempts_default where started_at < ${before}`.execute(tx)
    return rows.map(({ name }) => name)
  })
