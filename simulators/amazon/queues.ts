import { createHash } from 'node:crypto'
import type { Clock } from '#kernel/clock.ts'
import type { Dice } from '../random.ts'

export type QueueMessage = {
  readonly messageId: string
  readonly body: string
  readonly md5: string
  readonly sentMs: number
  /** Not given out before this time: delayed, or in the hands of a receiver. */
  visibleMs: number
  receipt: string | null
  receives: number
  firstReceivedMs: number | null
}

export type Queue = {
  readonly name: string
  readonly arn: string
  readonly createdMs: number
  visibilityTimeoutMs: number
  readonly messages: Set<QueueMessage>
}

/** Standard queues: at least once, no order promised. */
export type Queues = {
  readonly open: (name: string) => Queue
  readonly find: (name: string) => Queue | undefined
  readonly findByArn: (arn: string) => Queue | undefined
  readonly send: (queue: Queue, body: string, delayMs: number) => void
  /** Up to `max` messages; waits up to `waitMs` for the first one. */
  readonly receive: (
    queue: Queue,
    ask: { readonly max: number; readonly waitMs: number; readonly holdMs: number },
    signal: AbortSignal,
  ) => Promise<readonly QueueMessage[]>
  /** Unknown receipts are fine: the message is gone already. */
  readonly remove: (queue: Queue, receipt: string) => void
  /** Makes a held message wait `holdMs` from now; false for an unknown receipt. */
  readonly hold: (queue: Queue, receipt: string, holdMs: number) => boolean
}

const accountId = '123456789012'
export const queueRegion = 'us-east-1'
const hex = '0123456789abcdef'

const uuid = (dice: Dice): string => [8, 4, 4, 4, 12].map((count) => dice.letters(count, hex)).join('-')

export function openQueues(clock: Clock, dice: Dice): Queues {
  const queues = new Map<string, Queue>()
  const waiting = new Map<Queue, Set<() => void>>()

  function wake(queue: Queue): void {
    for (const awake of waiting.get(queue) ?? []) awake()
  }

  function take(queue: Queue, max: number, holdMs: number): QueueMessage[] {
    const nowMs = clock.nowMs()
    const taken: QueueMessage[] = []
    for (const message of queue.messages) {
      if (taken.length === max) break
      if (message.visibleMs > nowMs) continue
      message.visibleMs = nowMs + holdMs
      message.receipt = `AQEB${dice.letters(60, hex)}`
      message.receives++
      message.firstReceivedMs ??= nowMs
      taken.push(message)
    }
    return taken
  }

  const soonest = (queue: Queue): number => {
    let ms = Number.POSITIVE_INFINITY
    for (const message of queue.messages) ms = Math.min(ms, message.visibleMs)
    return ms
  }

  /** Sleeps until a message may be there, the time is over or the caller is gone. */
  async function pause(queue: Queue, untilMs: number, signal: AbortSignal): Promise<void> {
    const news = new AbortController()
    const awake = (): void => news.abort()
    const sleepers = waiting.get(queue)!
    sleepers.add(awake)
    const untilVisibleMs = Math.min(untilMs, soonest(queue)) - clock.nowMs()
    await clock.sleep(Math.max(1, untilVisibleMs), AbortSignal.any([news.signal, signal]))
    sleepers.delete(awake)
  }

  const byReceipt = (queue: Queue, receipt: string): QueueMessage | undefined => {
    for (const message of queue.messages) if (message.receipt === receipt) return message
    return undefined
  }

  return {
    open: (name) => {
      const known = queues.get(name)
      if (known) return known
      const queue: Queue = {
        name,
        arn: `arn:aws:sqs:${queueRegion}:${accountId}:${name}`,
        createdMs: clock.nowMs(),
        visibilityTimeoutMs: 30_000,
        messages: new Set(),
      }
      queues.set(name, queue)
      waiting.set(queue, new Set())
      return queue
    },
    find: (name) => queues.get(name),
    findByArn: (arn) => [...queues.values()].find((queue) => queue.arn === arn),
    send: (queue, body, delayMs) => {
      const nowMs = clock.nowMs()
      queue.messages.add({
        messageId: uuid(dice),
        body,
        md5: createHash('md5').update(body).digest('hex'),
        sentMs: nowMs,
        visibleMs: nowMs + delayMs,
        receipt: null,
        receives: 0,
        firstReceivedMs: null,
      })
      wake(queue)
    },
    receive: async (queue, { max, waitMs, holdMs }, signal) => {
      const untilMs = clock.nowMs() + waitMs
      for (;;) {
        const taken = take(queue, max, holdMs)
        if (taken.length > 0 || signal.aborted || clock.nowMs() >= untilMs) return taken
        await pause(queue, untilMs, signal)
      }
    },
    remove: (queue, receipt) => {
      const message = byReceipt(queue, receipt)
      if (message) queue.messages.delete(message)
    },
    hold: (queue, receipt, holdMs) => {
      const message = byReceipt(queue, receipt)
      if (!message) return false
      message.visibleMs = clock.nowMs() + holdMs
      wake(queue)
      return true
    },
  }
}
