import type { Registry } from 'prom-client'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { Random } from '#kernel/retry.ts'
import type { Vault } from '#kernel/seal.ts'
import type { Store } from '#store/db.ts'
import { openAttemptPartitions } from '#store/delivery-log.ts'
import { openDeliveryQueue } from '#store/delivery-queue.ts'
import { openExchange } from './exchange.ts'
import { openPause } from './pause.ts'
import { openSendingEndpoints } from './sending-endpoints.ts'
import { openSettle } from './settle.ts'
import { openCheckedConnector, openResolver } from './target.ts'
import type { Resolve, TargetPolicy } from './target.ts'
import { openWorker } from './worker.ts'
import type { DeliveryMetrics } from './worker.ts'

export type DeliveryOptions = {
  readonly store: Store
  readonly vault: Vault
  readonly clock: Clock
  readonly log: Log
  readonly random: Random
  readonly policy: TargetPolicy
  /** Defaults to DNS. */
  readonly resolve?: Resolve
  /** Deliveries in hand at once, waiting ones included. */
  readonly concurrency?: number
  /** Of one attempt, from DNS to the last byte of the answer. */
  readonly deadlineMs?: number
  readonly leaseMs?: number
  readonly metrics?: Registry
}

export type Delivery = {
  /** Delivers until `signal` aborts, then finishes what is in flight. Call it once. */
  readonly run: (signal: AbortSignal) => Promise<void>
  /** Says that a transaction with new deliveries has committed. Only a hint: polling finds them too. */
  readonly wake: () => void
  /** Attempts everything that is due and resolves when it is settled. For tools; not beside `run`. */
  readonly deliverDue: () => Promise<void>
  readonly metrics: () => Readonly<DeliveryMetrics>
  /** Ends its connections; after `run` has resolved. */
  readonly close: () => Promise<void>
}

const minPollMs = 50
const maxPollMs = 1000
const partitionPeriodMs = 3_600_000

/** The engine that turns waiting deliveries into signed requests, for all organisations. */
export function openDelivery(options: DeliveryOptions): Delivery {
  const { store, vault, clock, log, policy } = options
  const deadlineMs = options.deadlineMs ?? 10_000
  const resolve = options.resolve ?? openResolver(policy)
  const connect = openCheckedConnector({ policy, resolve, timeoutMs: deadlineMs })
  const exchange = openExchange({ connect, deadlineMs })
  const queue = openDeliveryQueue(store, (error) => log.warn({ err: error }, 'A delivery connection ended'))
  const pause = openPause(clock)
  let partitionsAtMs = 0

  const worker = openWorker({
    store,
    queue,
    vault,
    clock,
    log,
    random: options.random,
    post: exchange.post,
    endpointsOf: openSendingEndpoints({ db: store.db, vault, policy }),
    settle: openSettle({ queue, clock, log }),
    concurrency: options.concurrency ?? 1024,
    leaseMs: options.leaseMs ?? 45_000,
    deadlineMs,
    metrics: options.metrics,
    onRoom: pause.wake,
  })

  /** The log has a default partition, so that delivery does not depend on this. */
  async function keepPartitions(): Promise<void> {
    if (clock.nowMs() < partitionsAtMs) return
    partitionsAtMs = clock.nowMs() + partitionPeriodMs
    try {
      await openAttemptPartitions(store.db, clock.nowMs())
    } catch (error) {
      log.warn({ err: error }, 'No new partition of the attempt log')
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    let pollMs = minPollMs
    while (!signal.aborted) {
      await keepPartitions()
      try {
        pollMs = (await worker.turn()) > 0 ? minPollMs : Math.min(pollMs * 2, maxPollMs)
      } catch (error) {
        log.error({ err: error }, 'Deliveries could not be claimed')
        pollMs = maxPollMs
      }
      await pause.take(pollMs, signal)
    }
    await worker.stop()
  }

  async function close(): Promise<void> {
    await Promise.all([exchange.close(), queue.close()])
  }

  async function deliverDue(): Promise<void> {
    do await worker.finished()
    while ((await worker.turn()) > 0 || worker.metrics().held > 0)
  }

  return { run, wake: pause.wake, deliverDue, metrics: worker.metrics, close }
}
