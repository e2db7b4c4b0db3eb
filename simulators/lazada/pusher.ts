import { createHmac } from 'node:crypto'
import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { SimulatedOrder, Unit } from './order.ts'

/**
 * The push mechanism (docs: 120196): one callback for the app, one message for each order line, unordered,
 * at least once. A callback that does not say 200 within half a second is asked again every half hour, up
 * to twelve times, with the state of that moment; when more than half fail, pushing stops.
 */
export type Pusher = {
  readonly announce: (order: SimulatedOrder, units: readonly Unit[]) => void
  /** Delivers what is due; resolves when every callback has been heard. */
  readonly flush: () => Promise<void>
  /** When the next message is due, Infinity when none waits. */
  readonly nextDueMs: () => number
  readonly stop: () => void
}

type Message = {
  readonly order: SimulatedOrder
  readonly write: () => object
  tries: number
  dueMs: number
}

const answerWithinMs = 500
const retryEveryMs = 30 * 60_000
const maxTries = 13
/** How late a message is when later ones overtake it. */
const overtakenMs = 60_000
/** Health counts once there is something to count. */
const leastCounted = 40

const packageWords: Readonly<Record<string, string>> = {
  ready_to_ship: 'READY_TO_SHIP',
  shipped: 'TRANSIT_TO_SHIP',
  delivered: 'DELIVERED',
  failed_delivery: 'DELIVER_FAILED',
  shipped_back: 'ON_THE_WAY_BACK_TO_SHIPPER',
  lost_by_3pl: 'LOST_BY_3PL',
}

export function openPusher(
  app: { readonly appKey: string; readonly appSecret: string },
  pushUrl: string | null,
  pace: Pace,
  faults: FaultSwitches,
): Pusher {
  const waiting = new Set<Message>()
  const stopping = new AbortController()
  let sent = 0
  let failed = 0
  const nowMs = (): number => pace.clock.nowMs()

  const envelope = ({ store }: SimulatedOrder, type: number, data: object): object => ({
    seller_id: store.sellerId,
    message_type: type,
    data,
    // The unit differs from type to type.
    timestamp: type === 0 ? nowMs() : Math.floor(nowMs() / 1000),
    site: `lazada_${store.country}`,
  })
  const seconds = (order: SimulatedOrder): number => Math.floor(order.updatedMs / 1000)

  const trade = (order: SimulatedOrder, unit: Unit) => (): object =>
    envelope(order, 0, {
      order_status: unit.status,
      trade_order_id: order.orderId,
      trade_order_line_id: unit.itemId,
      status_update_time: seconds(order),
      buyer_id: order.buyerId,
      ...(unit.reverseOrderId !== null && { reverse_order_id: unit.reverseOrderId }),
    })
  const reverse = (order: SimulatedOrder, unit: Unit) => (): object =>
    envelope(order, 10, {
      reverse_order_id: Number(unit.reverseOrderId ?? 0),
      reverse_status: unit.status === 'canceled' ? 'CANCEL_SUCCESS' : 'CANCEL_INIT',
      trade_order_id: Number(order.orderId),
      trade_order_line_id: Number(unit.itemId),
      buyer_id: Number(order.buyerId),
      status_update_time: seconds(order),
    })
  const parcel = (order: SimulatedOrder, unit: Unit, status: string) => (): object =>
    envelope(order, 14, {
      trade_order_id: order.orderId,
      fulfillment_package_id: unit.packageId,
      status,
      status_update_time: seconds(order),
      buyer_id: order.buyerId,
    })

  function queue(order: SimulatedOrder, write: () => object): void {
    if (faults.strikes('lost_notification', order.orderId)) return
    const isLate = faults.strikes('out_of_order_notification', order.orderId)
    const dueMs = nowMs() + (isLate ? pace.spanMs(overtakenMs) : 0)
    waiting.add({ order, write, tries: 0, dueMs })
    if (faults.strikes('duplicate_notification', order.orderId))
      waiting.add({ order, write, tries: 0, dueMs })
  }

  function announce(order: SimulatedOrder, units: readonly Unit[]): void {
    if (pushUrl === null) return
    const parcels = new Set<string>()
    for (const unit of units) {
      queue(order, unit.asksToCancel ? reverse(order, unit) : trade(order, unit))
      const word = packageWords[unit.status]
      if (!word || unit.packageId === '' || parcels.has(unit.packageId)) continue
      parcels.add(unit.packageId)
      queue(order, parcel(order, unit, word))
    }
  }

  async function deliver(message: Message): Promise<void> {
    const body = JSON.stringify(message.write())
    const authorization = createHmac('sha256', app.appSecret).update(app.appKey).update(body).digest('hex')
    let isTaken = false
    try {
      const answer = await fetch(pushUrl!, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(answerWithinMs), stopping.signal]),
      })
      await answer.arrayBuffer()
      isTaken = answer.status === 200
    } catch {
      isTaken = false
    }
    sent++
    if (isTaken) return
    failed++
    message.tries++
    message.dueMs = nowMs() + pace.spanMs(retryEveryMs)
    if (message.tries < maxTries) waiting.add(message)
  }

  return {
    announce,
    nextDueMs: () => Math.min(Number.POSITIVE_INFINITY, ...[...waiting].map(({ dueMs }) => dueMs)),
    flush: async () => {
      const isStopped = sent >= leastCounted && failed * 2 > sent
      if (isStopped || stopping.signal.aborted) waiting.clear()
      const due = [...waiting].filter(({ dueMs }) => dueMs <= nowMs())
      for (const message of due) waiting.delete(message)
      await Promise.all(due.map(deliver))
    },
    stop: () => stopping.abort(),
  }
}
