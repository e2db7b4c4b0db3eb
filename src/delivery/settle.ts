import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { Store } from '#store/db.ts'
import { finishDeliveries } from '#store/deliveries.ts'
import type { AttemptResult } from '#store/deliveries.ts'

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
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
}): Settle {
  let queue: Waiting[] = []
  let isRunning = false

  async function flushAll(): Promise<void> {
    isRunning = true
    await options.clock.sleep(groupMs)
    while (queue.length > 0) {
      const group = queue.slice(0, maxGroup)
      queue = queue.slice(maxGroup)
      await flush(group)
    }
    isRunning = false
  }

  async function flush(group: readonly Waiting[]): Promise<void> {
    try {
      const taken = await finishDeliveries(
        options.store,
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
      queue = [...group.filter(({ leaseUntilMs }) => leaseUntilMs > nowMs), ...queue]
      await options.clock.sleep(pauseAfterFailureMs)
    }
  }

  return {
    add: (result, leaseUntilMs) =>
      new Promise((done) => {
        queue.push({ result, leaseUntilMs, done })
        if (!isRunning) void flushAll()
      }),
    waiting: () => queue.length,
  }
}
