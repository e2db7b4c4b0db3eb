import { drawAddress } from '../catalog.ts'
import { rollDice } from '../random.ts'
import { left, status } from './order.ts'
import type { Label, Line, OrderKind, SimulatedOrder } from './order.ts'

/** Which event the platform sends for a change; `null` when it sends none. */
export type Change =
  | 'bg_order_status_change_event'
  | 'bg_trade_logistics_address_changed'
  | 'bg_cancel_order_status_change'
  | 'bg_aftersales_status_change'
  | null

type Act = (order: SimulatedOrder, atMs: number) => Change
type Step = { readonly afterMs: number; readonly act: Act }

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const setLines = (order: SimulatedOrder, to: number, only: (line: Line) => boolean = () => true): void => {
  for (const line of order.lines) if (line.status !== status.cancelled && only(line)) line.status = to
}

const confirm: Act = (order, atMs) => {
  order.status = status.unshipped
  order.pendingEndedMs = atMs
  order.confirmedMs = order.createdMs + minuteMs
  setLines(order, status.unshipped)
  return 'bg_order_status_change_event'
}

const cancel: Act = (order) => {
  order.status = status.cancelled
  order.labels.clear()
  for (const line of order.lines) {
    line.cancelled = line.ordered
    line.status = status.cancelled
  }
  return 'bg_order_status_change_event'
}

const cancelUnits: Act = (order) => {
  const line = order.lines[0]!
  line.cancelled = Math.max(1, Math.floor(line.ordered / 2))
  if (left(line) === 0) line.status = status.cancelled
  return 'bg_cancel_order_status_change'
}

const label =
  (name: Label, isOn: boolean, change: Change = null): Act =>
  (order) => {
    if (isOn) order.labels.add(name)
    else order.labels.delete(name)
    return change
  }

const changeAddress: Act = (order, atMs) => {
  order.labels.delete('pending_buyer_address_change')
  const { country } = order.mall.site
  order.address = drawAddress(country, rollDice(`address/${order.parentOrderSn}/${atMs}`))
  return 'bg_trade_logistics_address_changed'
}

const isFirst = (order: SimulatedOrder) => (line: Line) => line === order.lines[0]

const ship: Act = (order, atMs) => {
  order.status = status.shipped
  order.shippedMs ??= atMs
  for (const line of order.lines) if (line.status !== status.cancelled) line.shippedMs ??= atMs
  setLines(order, status.shipped)
  return 'bg_order_status_change_event'
}

/** Malls that ship across a border have no number for this: the lines tell it. */
const shipFirst: Act = (order, atMs) => {
  if (order.mall.type === 'local') order.status = status.partlyShipped
  order.shippedMs = atMs
  order.lines[0]!.shippedMs = atMs
  setLines(order, status.shipped, isFirst(order))
  return 'bg_order_status_change_event'
}

const deliverFirst: Act = (order) => {
  if (order.mall.type === 'local') order.status = status.partlyDelivered
  setLines(order, status.delivered, isFirst(order))
  return 'bg_order_status_change_event'
}

const deliver: Act = (order) => {
  order.status = status.delivered
  setLines(order, status.delivered)
  return 'bg_order_status_change_event'
}

const refund: Act = (order) => {
  const [line] = order.lines
  order.refunded =
    line!.unitRetail - Math.floor((line!.sellerDiscount + line!.platformDiscount) / line!.ordered)
  return 'bg_aftersales_status_change'
}

const step = (afterMs: number, act: Act): Step => ({ afterMs, act })
const begin = step(hourMs, confirm)
const shipAll = step(20 * hourMs, ship)
const deliverAll = step(5 * dayMs, deliver)

const stories: Readonly<Record<OrderKind, readonly Step[]>> = {
  standard: [begin, shipAll, deliverAll],
  partial: [
    begin,
    step(10 * hourMs, shipFirst),
    step(9 * hourMs, ship),
    step(3 * dayMs, deliverFirst),
    step(dayMs, deliver),
  ],
  cancelled_pending: [step(20 * minuteMs, cancel)],
  cancelled_by_buyer: [
    begin,
    step(2 * hourMs, label('pending_buyer_cancellation', true, 'bg_cancel_order_status_change')),
    step(3 * hourMs, cancel),
  ],
  cancel_refused: [
    begin,
    step(2 * hourMs, label('pending_buyer_cancellation', true, 'bg_cancel_order_status_change')),
    step(2 * hourMs, label('pending_buyer_cancellation', false, 'bg_cancel_order_status_change')),
    shipAll,
    deliverAll,
  ],
  units_cancelled: [begin, step(2 * hourMs, cancelUnits), shipAll, deliverAll],
  out_of_stock: [begin, step(8 * hourMs, cancel)],
  address_changed: [
    begin,
    step(hourMs, label('pending_buyer_address_change', true)),
    step(hourMs, changeAddress),
    shipAll,
    deliverAll,
  ],
  risk_review: [
    begin,
    step(hourMs, label('pending_risk_control_alert', true)),
    step(6 * hourMs, label('pending_risk_control_alert', false)),
    shipAll,
    deliverAll,
  ],
  cash_on_delivery: [begin, shipAll, deliverAll],
  cooperative: [begin, shipAll, deliverAll],
  presale: [begin, step(3 * dayMs, ship), deliverAll],
  consolidated: [begin, shipAll, deliverAll],
  refunded: [begin, shipAll, deliverAll, step(2 * dayMs, refund)],
}

/** Sets when the next step is due; up to a fifth earlier or later than the story says. */
export function plan(order: SimulatedOrder, fromMs: number, scale: number): void {
  const next = stories[order.kind][order.nextStep]
  const spread = 0.8 + 0.4 * rollDice(`${order.parentOrderSn}/${order.nextStep}`).next()
  order.dueMs = next ? fromMs + (next.afterMs * spread) / scale : Number.POSITIVE_INFINITY
}

/** Takes the next step; `undefined` when the story is over. */
export function takeStep(order: SimulatedOrder, atMs: number): Change | undefined {
  const next = stories[order.kind][order.nextStep]
  if (!next) return undefined
  order.nextStep++
  order.updatedMs = Math.max(order.updatedMs + 1, Math.round(atMs))
  return next.act(order, atMs)
}
