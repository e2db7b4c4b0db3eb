import { sql } from 'kysely'
import type { Environment, Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import type { Db, Store, Tx } from './db.ts'
import type { AttemptTables } from './delivery-log.ts'
import type { DeliveryQueue } from './delivery-queue.ts'

/** A delivery that is not finished. `attempt` counts those made. */
export type DeliveryRow = {
  org_id: string
  environment: Environment
  id: string
  endpoint_id: string
  event_offset: number
  event_id: string
  event_type: string
  entity_id: string
  attempt: number
  next_at: Date
  lease_until: Date | null
  lease_token: number
  created_at: Date
}
export type DeliveryTables = { deliveries: DeliveryRow } & AttemptTables

/** An event as the fan-out needs it. */
export type FannedEvent = {
  readonly offset: number
  readonly id: string
  readonly type: string
  readonly shopId: string | null
  readonly platform: string | null
  readonly entityId: string
}

const eventColumns = (events: readonly FannedEvent[]) => sql`
  unnest(${events.map((e) => e.offset)}::bigint[], ${events.map((e) => e.id)}::text[],
         ${events.map((e) => e.type)}::text[], ${events.map((e) => e.shopId)}::text[],
         ${events.map((e) => e.platform)}::text[], ${events.map((e) => e.entityId)}::text[])
    as ev ("offset", id, type, shop_id, platform, entity_id)`

/**
 * A delivery's id carries the time of its event, then sixteen digits that event and endpoint always give:
 * telling the same events twice makes no second delivery.
 */
const fannedId = sql`'whd_' || substr(ev.id, 5, 10)
  || upper(substr(encode(sha256(convert_to(ev.id || e.id, 'UTF8')), 'hex'), 1, 16))`

/**
 * Makes the deliveries of new events, one statement in the transaction that writes the events, so that
 * neither exists without the other. Returns how many; none when no enabled endpoint wants any.
 */
export async function fanOut(
  tx: Tx,
  scope: Scope,
  events: readonly FannedEvent[],
  at: Date,
): Promise<number> {
  if (events.length === 0) return 0
  const result = await sql`
    insert into deliveries (org_id, environment, id, endpoint_id, event_offset, event_id, event_type, entity_id,
                            next_at, created_at)
    select e.org_id, e.environment, ${fannedId}, e.id, ev."offset", ev.id, ev.type, ev.entity_id, ${at}, ${at}
    from webhook_endpoints e cross join ${eventColumns(events)}
    where e.org_id = ${scope.orgId} and e.environment = ${scope.environment}
      and e.status = 'enabled' and e.deleted_at is null
      and (e.event_types = '{}' or ev.type = any(e.event_types))
      and (e.shop_ids = '{}' or ev.shop_id = any(e.shop_ids))
      and (e.platforms = '{}' or ev.platform = any(e.platforms))
    on conflict do nothing`.execute(tx)
  return Number(result.numAffectedRows ?? 0)
}

/** Delivers an event to one endpoint whatever its filters say: tests and resends. Returns the delivery's id. */
export async function deliverTo(
  tx: Db | Tx,
  scope: Scope,
  endpointId: string,
  event: Pick<FannedEvent, 'offset' | 'id' | 'type' | 'entityId'>,
  at: Date,
): Promise<string> {
  const id = newId('whd', at.getTime())
  await tx
    .insertInto('deliveries')
    .values({
      org_id: scope.orgId,
      environment: scope.environment,
      id,
      endpoint_id: endpointId,
      event_offset: event.offset,
      event_id: event.id,
      event_type: event.type,
      entity_id: event.entityId,
      attempt: 0,
      next_at: at,
      lease_until: null,
      lease_token: 0,
      created_at: at,
    })
    .execute()
  return id
}

/**
 * A delivery that this process may attempt until its lease ends. `body` is sealed, context `event:<id>`, as
 * base64: half the cost of the hex that the driver would use.
 */
export type ClaimedDelivery = Pick<
  DeliveryRow,
  'org_id' | 'environment' | 'id' | 'endpoint_id' | 'event_id' | 'event_type' | 'attempt' | 'lease_token'
> & {
  readonly endpoint_version: number
  readonly endpoint_deleted: boolean
  readonly body: string | null
}

/** Where the last claim stopped in the ring of endpoints. */
export type ClaimCursor = { readonly orgId: string; readonly endpointId: string }
export const ringStart: ClaimCursor = { orgId: '', endpointId: '' }

export type Claim = {
  readonly nowMs: number
  readonly leaseMs: number
  readonly limit: number
  readonly cursor: ClaimCursor
  /** How many of these endpoints' deliveries the process can take; others get their own limit. */
  readonly free: ReadonlyMap<string, number>
}

/** Endpoints looked at by one claim: bounds its cost, whatever their number. */
const laneLimit = 500

/**
 * Going round the endpoints instead of down one list makes the claim fair: a receiver with a long backlog
 * is visited once a round like any other, and its waiting rows are not read on the way to the others'.
 * Clocks of several nodes may differ: a lease that one sees end too early costs a duplicate, never a loss.
 */
const claimSql = `
  with lane as materialized (
    select e.org_id, e.id, e.version, e.deleted_at is not null as deleted, coalesce(f.free, e.max_concurrency) as free
    from webhook_endpoints e left join json_to_recordset($1) as f (id text, free integer) on f.id = e.id
    where (e.org_id, e.id) > ($2, $3) and (e.status = 'enabled' or e.deleted_at > $4::timestamptz - interval '1 day')
    order by e.org_id, e.id limit ${laneLimit}
  ), stop as (
    select org_id, id, (select count(*)::integer from lane) as lanes from lane order by org_id desc, id desc limit 1
  ), picked as materialized (
    select w.place, l.version, l.deleted
    from lane l cross join lateral (
      select d.ctid as place from deliveries d
      where d.org_id = l.org_id and d.endpoint_id = l.id and d.next_at <= $4
        and (d.lease_until is null or d.lease_until <= $4)
      order by d.next_at limit l.free
      for update skip locked
    ) w
    limit $6
  ), claimed as (
    update deliveries d set lease_until = $5, lease_token = d.lease_token + 1
    from picked p where d.ctid = p.place
    returning d.org_id, d.environment, d.id, d.endpoint_id, d.event_offset, d.event_id, d.event_type, d.attempt,
              d.lease_token::integer, p.version as endpoint_version, p.deleted as endpoint_deleted
  )
  select s.org_id as stop_org_id, s.id as stop_id, s.lanes, c.*, encode(ev.body, 'base64') as body
  from stop s
  left join claimed c on true
  left join events ev on ev.org_id = c.org_id and ev.environment = c.environment and ev."offset" = c.event_offset`

type ClaimRow = ClaimedDelivery & { stop_org_id: string; stop_id: string; lanes: number }

/** Takes due deliveries of all organisations for this process, at most `limit`. */
export async function claimDeliveries(
  { pool }: Pick<DeliveryQueue, 'pool'>,
  claim: Claim,
): Promise<{ readonly deliveries: readonly ClaimedDelivery[]; readonly cursor: ClaimCursor }> {
  const free = JSON.stringify([...claim.free].map(([id, slots]) => ({ id, free: slots })))
  const { rows } = await pool.query<ClaimRow>({
    name: 'claim-deliveries',
    text: claimSql,
    values: [
      free,
      claim.cursor.orgId,
      claim.cursor.endpointId,
      new Date(claim.nowMs),
      new Date(claim.nowMs + claim.leaseMs),
      claim.limit,
    ],
  })
  const stop = rows[0]
  if (!stop) return { deliveries: [], cursor: ringStart }
  // The left join yields one row of nulls when nothing was due.
  const deliveries = stop.id === null ? [] : rows
  return { deliveries, cursor: nextCursor(stop, deliveries, claim.limit) }
}

/** A full batch may have cut the round short: go on behind the furthest endpoint that got something. */
function nextCursor(stop: ClaimRow, taken: readonly ClaimedDelivery[], limit: number): ClaimCursor {
  if (taken.length < limit) {
    return stop.lanes < laneLimit ? ringStart : { orgId: stop.stop_org_id, endpointId: stop.stop_id }
  }
  return taken.reduce<ClaimCursor>(
    (last, { org_id: orgId, endpoint_id: endpointId }) =>
      orgId > last.orgId || (orgId === last.orgId && endpointId > last.endpointId)
        ? { orgId, endpointId }
        : last,
    ringStart,
  )
}

/** What became of one attempt, ready for the log. `next_at` is set exactly when `final_state` is null. */
export type AttemptResult = {
  readonly org_id: string
  readonly id: string
  readonly lease_token: number
  readonly number: number
  readonly started_at: string
  readonly duration_ms: number
  readonly outcome: 'delivered' | 'failed' | 'refused'
  readonly final_state: 'delivered' | 'exhausted' | 'refused' | null
  readonly next_at: string | null
  readonly http_status: number | null
  readonly error_code: string | null
  readonly error_detail: string | null
  /** JSON text. */
  readonly request_headers: string
  readonly response_headers: string | null
  /** Sealed. */
  readonly response_body: Buffer | null
  readonly response_truncated: boolean
}

/** Columns of a result as the statement takes them: one array each. */
const resultColumns = [
  ['org_id', 'text'],
  ['id', 'text'],
  ['lease_token', 'bigint'],
  ['number', 'integer'],
  ['started_at', 'timestamptz'],
  ['duration_ms', 'integer'],
  ['outcome', 'text'],
  ['final_state', 'text'],
  ['next_at', 'timestamptz'],
  ['http_status', 'integer'],
  ['error_code', 'text'],
  ['error_detail', 'text'],
  ['request_headers', 'json'],
  ['response_headers', 'json'],
  ['response_body', 'bytea'],
  ['response_truncated', 'boolean'],
] as const satisfies readonly (readonly [keyof AttemptResult, string])[]

const resultArrays = resultColumns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')
const resultNames = resultColumns.map(([name]) => name).join(', ')

/**
 * `offset 0` keeps the planner to one index probe per result: left alone it reads the whole table once the
 * statistics of a queue that was short a moment ago say that this is cheaper. The token is compared again
 * when the row itself is taken, so a claim that came in between wins.
 */
const finishSql = `
  with held as materialized (
    select d.*, r.*
    from unnest(${resultArrays}) as r (${resultNames}) cross join lateral (
      select d.ctid as place, d.environment, d.endpoint_id, d.event_id, d.event_type
      from deliveries d where d.org_id = r.org_id and d.id = r.id and d.lease_token = r.lease_token offset 0
    ) d
  ), finished as (
    delete from deliveries d using held h
    where d.ctid = h.place and d.lease_token = h.lease_token and h.final_state is not null
    returning h.*
  ), postponed as (
    update deliveries d set attempt = h.number, next_at = h.next_at, lease_until = null
    from held h
    where d.ctid = h.place and d.lease_token = h.lease_token and h.final_state is null
    returning h.*
  )
  insert into webhook_attempts (org_id, environment, delivery_id, endpoint_id, event_id, event_type, number, started_at,
    duration_ms, outcome, final_state, http_status, error_code, error_detail, request_headers, response_headers,
    response_body, response_truncated)
  select org_id, environment, id, endpoint_id, event_id, event_type, number, started_at, duration_ms, outcome,
    final_state, http_status, error_code, error_detail, request_headers, response_headers, response_body,
    response_truncated
  from (select * from finished union all select * from postponed) done
  returning delivery_id`

/**
 * Logs attempts and lets their deliveries go, or postpones them, in one statement. Only results whose
 * lease token is still the row's are taken: a worker that was given up cannot finish. Returns the ids taken.
 */
export async function finishDeliveries(
  { pool }: Pick<DeliveryQueue, 'pool'>,
  results: readonly AttemptResult[],
): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ delivery_id: string }>({
    name: 'finish-deliveries',
    text: finishSql,
    values: resultColumns.map(([name]) => results.map((result) => result[name])),
  })
  return new Set(rows.map((row) => row.delivery_id))
}

/** Gives claimed deliveries back untried; one that was taken over meanwhile is left alone. */
export async function releaseDeliveries(
  store: Store,
  claimed: readonly Pick<ClaimedDelivery, 'org_id' | 'id' | 'lease_token'>[],
): Promise<void> {
  if (claimed.length === 0) return
  await sql`
    update deliveries d set lease_until = null
    from unnest(${claimed.map((c) => c.org_id)}::text[], ${claimed.map((c) => c.id)}::text[],
                ${claimed.map((c) => c.lease_token)}::bigint[]) as c (org_id, id, lease_token)
    where d.org_id = c.org_id and d.id = c.id and d.lease_token = c.lease_token`.execute(store.db)
}

/**
 * Sends again: what waits is due at once, what is finished becomes a new delivery of the same event.
 * Undefined when the delivery, its endpoint or its event is not there (any more).
 */
export const resendDelivery = (db: Db, scope: Scope, id: string, at: Date): Promise<string | undefined> =>
  db.transaction().execute(async (tx) => {
    const waiting = await sql`
      update deliveries set next_at = least(next_at, ${at}::timestamptz)
      where org_id = ${scope.orgId} and environment = ${scope.environment} and id = ${id}`.execute(tx)
    if (waiting.numAffectedRows) return id
    const { rows } = await sql<{
      endpoint_id: string
      offset: number
      id: string
      type: string
      entity_id: string
    }>`
      select a.endpoint_id, ev."offset", ev.id, ev.type, ev.entity_id
      from webhook_endpoints e
      join webhook_attempts a on a.org_id = e.org_id and a.endpoint_id = e.id and a.delivery_id = ${id}
        and a.final_state is not null
      join events ev on ev.org_id = a.org_id and ev.id = a.event_id
      where e.org_id = ${scope.orgId} and e.environment = ${scope.environment} and e.deleted_at is null
      limit 1`.execute(tx)
    const found = rows[0]
    if (!found) return undefined
    return deliverTo(tx, scope, found.endpoint_id, { ...found, entityId: found.entity_id }, at)
  })
