import type { CancellationContent } from '#canonical/cancellation.ts'
import type { OrderContent } from '#canonical/order.ts'
import type { OrderStatus } from '#canonical/status.ts'
import { idOf, listOf, membersOf, unitsOf } from './raw-values.ts'

/**
 * Status numbers of parent orders and of lines (docs: bg.order.list.v2.get). 41 and 51 exist for local
 * malls only. An order of which some units are delivered counts as shipped until all are.
 */
export const orderStatuses: Readonly<Record<string, OrderStatus>> = {
  '1': 'on_hold',
  '2': 'awaiting_fulfillment',
  '3': 'cancelled',
  '4': 'shipped',
  '41': 'partially_shipped',
  '5': 'delivered',
  '51': 'shipped',
}
const byWord = new Map<string | null, OrderStatus>(Object.entries(orderStatuses))
const statusOfWord = (word: unknown): OrderStatus => byWord.get(idOf(word)) ?? 'unknown'

/** What decides about one line; units are whole and not negative. */
export type LineFacts = {
  readonly id: string
  readonly status: OrderStatus
  readonly quantity: number
  readonly cancelled: number
  readonly cancelRequested: number
  readonly shipped: number
  readonly delivered: number
}

export type RawLine = {
  readonly id: unknown
  readonly word: unknown
  readonly quantity: unknown
  readonly original: unknown
  readonly canceled: unknown
}

const openStatuses: ReadonlySet<OrderStatus> = new Set([
  'on_hold',
  'awaiting_fulfillment',
  'partially_shipped',
])

/**
 * `quantity` is what is left to ship, so it shrinks with a cancellation. How many units of a line with 41 or
 * 51 went out or arrived is not told: at least one.
 */
export function lineFactsOf(raw: RawLine, isCancelRequested: boolean): LineFacts {
  const word = idOf(raw.word)
  const status = statusOfWord(word)
  const quantity = orderedUnits(raw)
  const cancelled = word === '3' ? quantity : Math.min(unitsOf(raw.canceled), quantity)
  const open = quantity - cancelled
  const share = shares[word ?? ''] ?? noShare
  const shipped = Math.min(share.shipped, open)
  return {
    id: idOf(raw.id) ?? '',
    status: cancelled > 0 && open === 0 ? 'cancelled' : status,
    quantity,
    cancelled,
    cancelRequested: isCancelRequested && openStatuses.has(status) ? open - shipped : 0,
    shipped,
    delivered: Math.min(share.delivered, open),
  }
}

const orderedUnits = ({ original, quantity, canceled }: RawLine): number =>
  original === undefined || original === null ? unitsOf(quantity) + unitsOf(canceled) : unitsOf(original)

/** Units of an open line that a status says are out, and there. */
const all = Number.POSITIVE_INFINITY
const noShare = { shipped: 0, delivered: 0 }
const shares: Readonly<Record<string, typeof noShare>> = {
  '4': { shipped: all, delivered: 0 },
  '41': { shipped: 1, delivered: 0 },
  '5': { shipped: all, delivered: all },
  '51': { shipped: all, delivered: 1 },
}

/** What decides about an order. */
export type OrderFacts = {
  readonly status: OrderStatus
  readonly lines: readonly LineFacts[]
  /** As Temu wrote them; see `hasLabel`. */
  readonly labels: unknown
  readonly isSellers: boolean
  readonly isConsolidated: boolean
  readonly isCashOnDelivery: boolean
  /** In the smallest unit; `null` without the amounts. */
  readonly refunded: number | null
  readonly paid: number | null
}

const isOn = (value: unknown): boolean => value === 1 || value === '1' || value === true

/** The names of the labels that are on. */
export function labelsOn(labels: unknown): readonly string[] {
  const names: string[] = []
  for (const label of listOf(labels)) {
    const { name, value } = membersOf(label)
    if (isOn(value) && typeof name === 'string') names.push(name)
  }
  return names
}

export function hasLabel(labels: unknown, wanted: string): boolean {
  for (const label of listOf(labels)) {
    const { name, value } = membersOf(label)
    if (name === wanted) return isOn(value)
  }
  return false
}

const advance: readonly OrderStatus[] = [
  'on_hold',
  'awaiting_fulfillment',
  'partially_shipped',
  'shipped',
  'delivered',
]

/**
 * The lines decide where they are more exact than the order's own number (malls without 41): the least
 * advanced open line, and partially shipped as soon as another one is on its way. Pending, cancelled and
 * unknown orders are what their number says.
 */
export function rollUp(word: unknown, lines: readonly LineFacts[]): OrderStatus {
  const own = statusOfWord(word)
  if (own === 'on_hold' || own === 'cancelled' || own === 'unknown') return own
  let least = advance.length
  let most = -1
  for (const { status } of lines) {
    if (status === 'unknown') return own
    const at = advance.indexOf(status)
    if (at >= 0) least = Math.min(least, at)
    most = Math.max(most, at)
  }
  if (most < 0) return lines.length === 0 ? own : 'cancelled'
  return least < 2 && most >= 2 ? 'partially_shipped' : advance[least]!
}

/** From the units; `unknown` when Temu sent no lines or a number nobody knows. */
export function fulfillmentStatusOf({ status, lines }: OrderFacts): OrderContent['fulfillment_status'] {
  if (status === 'cancelled') return 'none'
  if (status === 'unknown' || lines.length === 0) return 'unknown'
  let open = 0
  let shipped = 0
  let delivered = 0
  for (const line of lines) {
    open += line.quantity - line.cancelled
    shipped += line.shipped
    delivered += line.delivered
  }
  if (open === 0) return 'none'
  if (delivered > 0) return delivered >= open ? 'delivered' : 'partially_delivered'
  if (shipped > 0) return shipped >= open ? 'shipped' : 'partially_shipped'
  return 'unfulfilled'
}

export function cancellationStatusOf({ status, lines }: OrderFacts): OrderContent['cancellation_status'] {
  if (status === 'cancelled') return 'cancelled'
  if (lines.some(({ cancelRequested }) => cancelRequested > 0)) return 'requested'
  return lines.some(({ cancelled }) => cancelled > 0) ? 'partially_cancelled' : 'none'
}

const holds = new Map<string, OrderContent['hold_reasons'][number]>([
  ['pending_buyer_cancellation', 'cancellation_requested'],
  ['pending_buyer_address_change', 'address_pending'],
  ['pending_risk_control_alert', 'risk_review'],
])

/** Why an order must not be shipped yet. */
export function holdReasonsOf(order: OrderFacts): OrderContent['hold_reasons'] {
  const { status, labels, isConsolidated } = order
  if (status !== 'on_hold' && status !== 'awaiting_fulfillment' && status !== 'partially_shipped') return []
  const reasons: OrderContent['hold_reasons'] = status === 'on_hold' ? ['remorse_period'] : []
  for (const label of labelsOn(labels)) {
    const reason = holds.get(label)
    if (reason) reasons.push(reason)
  }
  if (isConsolidated) reasons.push('platform_hold')
  return reasons
}

/** The ERP may ship: out of the pending time, the seller's own parcel, and nothing is open. */
export const isFulfillable = (order: OrderFacts): boolean =>
  order.isSellers &&
  (order.status === 'awaiting_fulfillment' || order.status === 'partially_shipped') &&
  holdReasonsOf(order).length === 0

/**
 * Temu sends no payment state. Orders are prepaid unless they say COD; while pending the payment may still
 * come back; cash on delivery is paid when delivered. Refunds are known with the amounts only.
 */
export function paymentStatusOf(order: OrderFacts): OrderContent['payment_status'] {
  const { status, isCashOnDelivery } = order
  if (status === 'unknown') return 'unknown'
  if (status === 'on_hold') return isCashOnDelivery ? 'cod_pending' : 'pending'
  if (status === 'cancelled') return 'voided'
  const refund = refundOf(order)
  if (refund) return refund
  return isCashOnDelivery && status !== 'delivered' ? 'cod_pending' : 'paid'
}

/** `customerPaid` is what is left after the refunds. */
function refundOf({ refunded, paid }: OrderFacts): 'partially_refunded' | 'refunded' | null {
  if (refunded === null || refunded === 0) return null
  return paid !== null && paid <= 0 ? 'refunded' : 'partially_refunded'
}

export const afterSaleStatusOf = (order: OrderFacts): OrderContent['after_sale_status'] =>
  order.status === 'cancelled' ? 'none' : (refundOf(order) ?? 'none')

/** One for each line of which something is cancelled, or asked to be. The order does not tell the case ids. */
export const cancellationsOf = ({ lines }: OrderFacts): OrderContent['cancellations'] =>
  lines.filter(({ cancelled, cancelRequested }) => cancelled + cancelRequested > 0).map(toCancellation)

function toCancellation({ id, cancelled, cancelRequested }: LineFacts): CancellationContent {
  const isOpen = cancelRequested > 0
  return {
    platform_cancellation_id: id,
    initiated_by: isOpen ? 'buyer' : 'unknown',
    reason_code: null,
    reason_text: null,
    state: isOpen ? 'requested' : 'completed',
    respond_by_at: null,
    lines: [{ platform_line_id: id, quantity: isOpen ? cancelRequested : cancelled }],
  }
}
