import type { Registry } from 'prom-client'
import type { Log } from '#kernel/log.ts'
import type { Store } from '#store/db.ts'
import { claimDeliveries, releaseDeliveries, ringStart } from '#store/deliveries.ts'
import type { ClaimedDelivery } from '#store/deliveries.ts'
import type { DeliveryQueue } from '#store/delivery-queue.ts'
import { updateEndpoint } from '#store/endpoints.ts'
import { attemptDelivery, brokenAttempt } from './attempt.ts'
import type { Attempt, AttemptTools } from './attempt.ts'
import { dropStale, giveBack, openLanes, takeNext } from './lanes.ts'
import type { HeldDelivery, Lane } from './lanes.ts'
import { openMeter } from './metrics.ts'
import type { ReadyEndpoint } from './sending-endpoints.ts'
import type { Settle } from './settle.ts'

export type WorkerOptions = AttemptTools & {
  readonly store: Store
  readonly queue: DeliveryQueue
  readonly log: Log
  readonly endpointsOf: (claimed: readonly ClaimedDelivery[]) => Promise<ReadonlyMap<string, ReadyEndpoint>>
  readonly settle: Settle
  readonly metrics?: Registry | undefined
  readonly concurrency: number
  readonly leaseMs: number
  readonly deadlineMs: number
  /** An endpoint that is known to have more can take more. */
  readonly onRoom: () => void
}

/** Counts since the start of the process; `held` is now. */
export type DeliveryMetrics = {
  readonly claimed: number
  readonly delivered: number
  readonly failed: number
  readonly refused: number
  readonly exhausted: number
  /** Results that came after their lease: somebody else sent, or will send, the same delivery. */
  readonly fenced: number
  /** Claimed by this process and not yet attempted to the end. */
  readonly held: number
}

export type Worker = {
  /** Claims what is due, starts it, and returns how much that was. Throws when the database does. */
  readonly turn: () => Promise<number>
  /** Resolves when everything that was started is settled. */
  readonly finished: () => Promise<void>
  /** Gives back what has not started and waits for the rest. */
  readonly stop: () => Promise<void>
  readonly metrics: () => DeliveryMetrics
}

const batch = 200
/** Between the end of an attempt and the end of its lease, for writing the result. */
const settleMs = 5000
const unknownLimits = { maxConcurrency: 1, perSecond: null }

/** Claims, keeps each endpoint to its limits, attempts, settles. */
export function openWorker(options: WorkerOptions): Worker {
  const { store, clock, log, settle } = options
  const lanes = openLanes()
  const meter = openMeter(options.metrics, lanes.held)
  const active = new Set<Promise<void>>()
  const counts = { claimed: 0, delivered: 0, failed: 0, refused: 0, exhausted: 0, fenced: 0 }
  let endpoints: ReadonlyMap<string, ReadyEndpoint> = new Map()
  let cursor = ringStart

  async function turn(): Promise<number> {
    for (const lane of lanes.all()) startWaiting(lane)
    const limit = Math.min(batch, options.concurrency - lanes.held() - settle.waiting())
    if (limit <= 0) return 0
    const nowMs = clock.nowMs()
    const free = lanes.room(nowMs)
    const claim = await claimDeliveries(options.queue, {
      nowMs,
      leaseMs: options.leaseMs,
      limit,
      cursor,
      free,
    })
    cursor = claim.cursor
    if (claim.deliveries.length > 0) endpoints = await options.endpointsOf(claim.deliveries)
    accept(claim.deliveries, nowMs + options.leaseMs, free)
    return claim.deliveries.length
  }

  function accept(
    deliveries: readonly ClaimedDelivery[],
    leaseUntilMs: number,
    free: ReadonlyMap<string, number>,
  ): void {
    counts.claimed += deliveries.length
    const taken = new Map<string, number>()
    for (const delivery of deliveries) {
      const id = delivery.endpoint_id
      lanes.of(id, endpoints.get(id) ?? unknownLimits).waiting.push({ delivery, leaseUntilMs })
      taken.set(id, (taken.get(id) ?? 0) + 1)
    }
    lanes.noteTaken(taken, free)
    for (const id of taken.keys()) startWaiting(lanes.of(id, endpoints.get(id) ?? unknownLimits))
  }

  function startWaiting(lane: Lane): void {
    const nowMs = clock.nowMs()
    const stale = dropStale(lane, nowMs + options.deadlineMs + settleMs)
    if (stale.length > 0) track(releaseDeliveries(store, stale))
    for (let next = takeNext(lane, nowMs); next; next = takeNext(lane, nowMs)) track(carryOut(lane, next))
  }

  function track(work: Promise<void>): void {
    const guarded = work
      .catch((error: unknown) => log.error({ err: error }, 'A delivery was left to its lease'))
      .finally(() => active.delete(guarded))
    active.add(guarded)
  }

  async function carryOut(lane: Lane, { delivery, leaseUntilMs }: HeldDelivery): Promise<void> {
    const endpoint = endpoints.get(delivery.endpoint_id)
    const attempt = await attemptDelivery(options, delivery, endpoint).catch((error: unknown) => {
      log.error({ err: error, delivery_id: delivery.id }, 'A delivery attempt broke')
      return brokenAttempt(options, delivery)
    })
    giveBack(lane, attempt)
    startWaiting(lane)
    if (lane.hasMore) options.onRoom()
    const isTaken = await settle.add(attempt.result, leaseUntilMs)
    note(delivery, attempt, isTaken)
    if (isTaken && attempt.outcome.isGone && endpoint) await retire(endpoint)
  }

  function note(delivery: ClaimedDelivery, attempt: Attempt, isTaken: boolean): void {
    const { outcome, privateDetail, durationMs } = attempt
    meter.attempted(isTaken ? outcome.outcome : 'fenced', durationMs)
    if (!isTaken) counts.fenced++
    else counts[outcome.outcome]++
    if (isTaken && outcome.finalState === 'exhausted') counts.exhausted++
    if (outcome.outcome === 'delivered' && isTaken) return
    const fields = {
      delivery_id: delivery.id,
      endpoint_id: delivery.endpoint_id,
      attempt: delivery.attempt + 1,
      code: outcome.errorCode,
      detail: privateDetail,
      fenced: !isTaken,
    }
    if (outcome.outcome === 'refused') log.warn(fields, 'Delivery refused')
    else log.debug(fields, 'Delivery not made')
  }

  /** The version guards a URL that was changed after the request went out. */
  async function retire(endpoint: ReadyEndpoint): Promise<void> {
    const change = { status: 'disabled' as const, disabled_reason: 'gone' }
    const at = new Date(clock.nowMs())
    const row = await updateEndpoint(store.db, endpoint, endpoint.id, change, at, endpoint.version)
    if (row) log.warn({ endpoint_id: endpoint.id }, 'Endpoint answered 410 and was disabled')
  }

  async function finished(): Promise<void> {
    while (active.size > 0) await Promise.all(active)
  }

  async function stop(): Promise<void> {
    for (const lane of lanes.all()) {
      track(
        releaseDeliveries(
          store,
          lane.waiting.splice(0).map(({ delivery }) => delivery),
        ),
      )
    }
    await finished()
  }

  return { turn, finished, stop, metrics: () => ({ ...counts, held: lanes.held() }) }
}
