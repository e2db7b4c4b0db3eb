import { createCipheriv, createHmac } from 'node:crypto'
import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { Change } from './order-life.ts'
import type { SimulatedOrder } from './order.ts'

/** Events that an app may ask for. */
export const eventCodes: readonly string[] = [
  'bg_order_status_change_event',
  'bg_trade_logistics_address_changed',
  'bg_aftersales_status_change',
  'bg_cancel_order_status_change',
]

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** Pauses before each further try (docs: webhook guide). */
const retryPausesMs = [
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  hourMs,
  hourMs,
  hourMs,
  12 * hourMs,
  12 * hourMs,
]
/** The callback must have answered by then; not scaled, because it is the wire's own time. */
const answerWithinMs = 500
/** How late a message is when later ones overtake it. */
const overtakenMs = 30_000

export type Delivery = {
  readonly eventCode: string
  readonly data: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** HTTP status of the callback; `null` for no answer. */
  readonly status: number | null
}

type Waiting = { readonly eventCode: string; readonly data: string; tries: number; dueMs: number }

/** Who is told what, and the telling itself. */
export type PushDesk = {
  readonly setCallback: (url: string | null) => void
  readonly subscribe: (mallId: number, permitted: readonly string[], cancelled: readonly string[]) => void
  readonly subscribed: (mallId: number) => readonly string[]
  readonly announce: (order: SimulatedOrder, change: NonNullable<Change>) => void
  /** Sends what is due. */
  readonly sendDue: () => void
  readonly nextDueMs: () => number
  /** Resolves when nothing is under way. */
  readonly settled: () => Promise<void>
  /** The last deliveries, newest last. */
  readonly deliveries: readonly Delivery[]
}

/** What the platform writes into an event: some times in seconds, some in milliseconds, as documented. */
function renderEvent(order: SimulatedOrder, change: NonNullable<Change>): object {
  const { parentOrderSn, mall, lines, status, updatedMs, serial } = order
  const named = { mallId: mall.mallId, parentOrderSn }
  const afterSales = { parentAfterSalesSn: `PAS-${serial}`, updateAt: Math.round(updatedMs) }
  const events: Readonly<Record<NonNullable<Change>, object>> = {
    bg_order_status_change_event: {
      ...named,
      orderSn: lines[0]!.orderSn,
      orderStatus: status,
      updateTime: Math.floor(updatedMs / 1000),
    },
    bg_trade_logistics_address_changed: named,
    bg_cancel_order_status_change: {
      ...named,
      ...afterSales,
      parentAfterSalesStatus: 5,
      applyOperatorRole: 1,
    },
    bg_aftersales_status_change: {
      ...named,
      ...afterSales,
      afterSalesType: 1,
      parentAfterSalesStatus: 5,
      applyOperatorRole: 1,
    },
  }
  return events[change]
}

/** Headers and body of one push: AES-128-CBC with the head of the secret, HMAC over the clear text. */
function sealPush(
  app: { readonly appKey: string; readonly appSecret: string },
  push: { readonly eventCode: string; readonly data: string; readonly sentAtMs: number },
  sendsExtension: boolean,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const key = Buffer.from(app.appSecret, 'utf8').subarray(0, 16)
  const cipher = createCipheriv('aes-128-cbc', key, key)
  const eventData = cipher.update(push.data, 'utf8', 'base64') + cipher.final('base64')
  const signed: Record<string, string> = {
    'x-tm-app-key': app.appKey,
    'x-tm-event-code': push.eventCode,
    ...(sendsExtension && { 'x-tm-ext-param': '{}' }),
    'x-tm-timestamp': String(push.sentAtMs),
  }
  let text = `eventData${push.data}`
  for (const [name, value] of Object.entries(signed)) text += name + value
  const signature = createHmac('sha256', app.appSecret).update(text, 'utf8').digest('hex')
  return {
    headers: { 'content-type': 'application/json', ...signed, 'x-tm-signature': signature },
    body: JSON.stringify({ eventData }),
  }
}

export function openPushDesk(
  app: { readonly appKey: string; readonly appSecret: string },
  pace: Pace,
  faults: FaultSwitches,
  options: { readonly callback: string | null; readonly sendsExtension: boolean },
): PushDesk {
  const subscriptions = new Map<number, Set<string>>()
  const waiting = new Set<Waiting>()
  const underWay = new Set<Promise<void>>()
  const deliveries: Delivery[] = []
  let callback = options.callback

  async function send(message: Waiting, url: string): Promise<void> {
    const { eventCode, data } = message
    const push = { eventCode, data, sentAtMs: Math.round(pace.clock.nowMs()) }
    const { headers, body } = sealPush(app, push, options.sendsExtension)
    const signal = AbortSignal.timeout(answerWithinMs)
    const status = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal }).then(
      (answer) => answer.status,
      () => null,
    )
    deliveries.push({ eventCode, data, headers, body, status })
    if (deliveries.length > 200) deliveries.shift()
    const pauseMs = retryPausesMs[message.tries++]
    if (status === 200 || pauseMs === undefined) return
    message.dueMs = pace.clock.nowMs() + pace.spanMs(pauseMs)
    waiting.add(message)
  }

  return {
    deliveries,
    setCallback: (url) => {
      callback = url
    },
    subscribed: (mallId) => [...(subscriptions.get(mallId) ?? [])],
    subscribe: (mallId, permitted, cancelled) => {
      const codes = subscriptions.get(mallId) ?? new Set()
      for (const code of permitted) codes.add(code)
      for (const code of cancelled) codes.delete(code)
      subscriptions.set(mallId, codes)
    },
    announce: (order, change) => {
      const { mall, parentOrderSn } = order
      if (callback === null || !subscriptions.get(mall.mallId)?.has(change)) return
      if (faults.strikes('lost_notification', parentOrderSn)) return
      const data = JSON.stringify(renderEvent(order, change))
      const isLate = faults.strikes('out_of_order_notification', parentOrderSn)
      const nowMs = pace.clock.nowMs()
      const dueMs = isLate ? nowMs + pace.spanMs(overtakenMs) : nowMs
      waiting.add({ eventCode: change, data, tries: 0, dueMs })
      if (faults.strikes('duplicate_notification', parentOrderSn))
        waiting.add({ eventCode: change, data, tries: 0, dueMs })
    },
    sendDue: () => {
      const nowMs = pace.clock.nowMs()
      for (const message of waiting) {
        if (message.dueMs > nowMs || callback === null) continue
        waiting.delete(message)
        const sending = send(message, callback).finally(() => underWay.delete(sending))
        underWay.add(sending)
      }
    },
    nextDueMs: () => {
      let soonest = Number.POSITIVE_INFINITY
      for (const { dueMs } of waiting) soonest = Math.min(soonest, dueMs)
      return callback === null ? Number.POSITIVE_INFINITY : soonest
    },
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}
