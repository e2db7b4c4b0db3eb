import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { finishDeliveries } from '#store/deliveries.ts'
import type { AttemptResult } from '#store/deliveries.ts'
import type { DeliveryQueue } from '#store/delivery-queue.ts'

export type Settle = {
  /** Resolves true when the result was taken, false when the delivery belonged to somebody else by then. */
  readonly add: (result: AttemptResult, leaseUntilMs: number) => Promise<boolean>
  readonly waiting: () => number
}

type Waiting = {
  readonly result: AttemptResult
  readonly leaseUntilMs: number
  readonly done: (isTaken: boolean) => void
}

const groupMs = 3
const maxGroup = 500
const pauseAfterFailureMs = 500

/**
 * Writes results in groups, one statement at a time: what arrives while one runs goes with the next. A
 * database that is away is asked again for as long as a result's lease lasts; after that the delivery is
 * somebody else's, and will be sent again with the same id.
 */
export function openSettle(options: {
  readonly queue: DeliveryQueue
  readonly clock: Clock
  readonly log: Log
}): Settle {
  let waiting: Waiting[] = []
  let isRunning = false

  async function flushAll(): Promise<void> {
    isRunning = true
    await options.clock.sleep(groupMs)
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxGroup)
      waiting = waiting.slice(maxGroup)
      await flush(group)
    }
    isRunning = false
  }

  async function flush(group: readonly Waiting[]): Promise<void> {
    try {
      const taken = await finishDeliveries(
        options.queue,
        group.map(({ result }) => result),
      )
      for (const { result, done } of group) done(taken.has(result.id))
    } catch (error) {
      const nowMs = options.clock.nowMs()
      const late = group.filter(({ leaseUntilMs }) => leaseUntilMs <= nowMs)
      options.log.error(
        { err: error, results: group.length, given_up: late.length },
        'Attempts were not logged',
      )
      for (const { done } of late) done(false)
      waiting = [...group.filter(({ leaseUntilMs }) => leaseUntilMs > nowMs), ...waiting]
      await options.clock.sleep(pauseAfterFailureMs)
    }
  }

  return {
    add: (result, leaseUntilMs) =>
      new Promise((done) => {
        waiting.push({ result, leaseUntilMs, done })
        if (!isRunning) void flushAll()
      }),
    waiting: () => waiting.length,
  }
}
