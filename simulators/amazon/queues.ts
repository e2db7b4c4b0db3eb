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

/** How a receiver asks: at most `max` messages, waiting up to `waitMs` for the first, held for `holdMs`. */
export type Receive = { readonly max: number; readonly waitMs: number; readonly holdMs: number }

const accountId = '123456789012'
export const queueRegion = 'us-east-1'
const hex = '0123456789abcdef'

/** A standard queue: at least once, no order promised. */
export class Queue {
  readonly name: string
  readonly arn: string
  readonly createdMs: number
  readonly visibilityTimeoutMs = 30_000
  readonly messages = new Set<QueueMessage>()
  readonly #clock: Clock
  readonly #dice: Dice
  readonly #waiting = new Set<() => void>()

  constructor(name: string, clock: Clock, dice: Dice) {
    this.name = name
    this.arn = `arn:aws:sqs:${queueRegion}:${accountId}:${name}`
    this.createdMs = clock.nowMs()
    this.#clock = clock
    this.#dice = dice
  }

  send(body: string, delayMs: number): QueueMessage {
    const nowMs = this.#clock.nowMs()
    const message: QueueMessage = {
      messageId: this.#dice.uuid(),
      body,
      md5: createHash('md5').update(body).digest('hex'),
      sentMs: nowMs,
      visibleMs: nowMs + delayMs,
      receipt: null,
      receives: 0,
      firstReceivedMs: null,
    }
    this.messages.add(message)
    this.#wake()
    return message
  }

  /** Ends early, with nothing, when `signal` aborts. */
  async receive(ask: Receive, signal: AbortSignal): Promise<readonly QueueMessage[]> {
    const untilMs = this.#clock.nowMs() + ask.waitMs
    for (;;) {
      if (signal.aborted) return []
      const taken = this.#take(ask)
      if (taken.length > 0 || this.#clock.nowMs() >= untilMs) return taken
      await this.#pause(untilMs, signal)
    }
  }

  /** An unknown receipt is fine: the message is gone already. */
  remove(receipt: string): void {
    const message = this.#byReceipt(receipt)
    if (message) this.messages.delete(message)
  }

  /** Makes a held message wait `holdMs` from now; false for an unknown receipt. */
  hold(receipt: string, holdMs: number): boolean {
    const message = this.#byReceipt(receipt)
    if (!message) return false
    message.visibleMs = this.#clock.nowMs() + holdMs
    this.#wake()
    return true
  }

  #take({ max, holdMs }: Receive): QueueMessage[] {
    const nowMs = this.#clock.nowMs()
    const taken: QueueMessage[] = []
    for (const message of this.messages) {
      if (taken.length === max) break
      if (message.visibleMs > nowMs) continue
      message.visibleMs = nowMs + holdMs
      message.receipt = `AQEB${this.#dice.letters(60, hex)}`
      message.receives++
      message.firstReceivedMs ??= nowMs
      taken.push(message)
    }
    return taken
  }

  /** Sleeps until a message may be there, the time is over or the caller is gone. */
  async #pause(untilMs: number, signal: AbortSignal): Promise<void> {
    const news = new AbortController()
    const awake = (): void => news.abort()
    this.#waiting.add(awake)
    let nextMs = untilMs
    for (const { visibleMs } of this.messages) nextMs = Math.min(nextMs, visibleMs)
    await this.#clock.sleep(Math.max(1, nextMs - this.#clock.nowMs()), AbortSignal.any([news.signal, signal]))
    this.#waiting.delete(awake)
  }

  #wake(): void {
    for (const awake of this.#waiting) awake()
  }

  #byReceipt(receipt: string): QueueMessage | undefined {
    for (const message of this.messages) if (message.receipt === receipt) return message
    return undefined
  }
}

export type Queues = {
  /** The queue of this name, made if need be. */
  readonly open: (name: string) => Queue
  readonly find: (name: string) => Queue | undefined
  readonly findByArn: (arn: string) => Queue | undefined
}

export function openQueues(clock: Clock, dice: Dice): Queues {
  const queues = new Map<string, Queue>()
  return {
    open: (name) => {
      const queue = queues.get(name) ?? new Queue(name, clock, dice)
      queues.set(name, queue)
      return queue
    },
    find: (name) => queues.get(name),
    findByArn: (arn) => [...queues.values()].find((queue) => queue.arn === arn),
  }
}
