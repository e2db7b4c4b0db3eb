import type { CancellationContent } from '#canonical/cancellation.ts'
import type { OrderContent } from '#canonical/order.ts'
import type { PackageContent } from '#canonical/package.ts'
import type { OrderStatus } from '#canonical/status.ts'

/**
 * Order words of Orders 2026-01-01. `INVOICE_UNCONFIRMED` is only in the migration guide and `CANCELED`
 * in none: both are accepted, because v0 has them.
 */
export const orderStatuses: Readonly<Record<string, OrderStatus>> = {
  PENDING_AVAILABILITY: 'on_hold',
  PENDING: 'on_hold',
  UNSHIPPED: 'awaiting_fulfillment',
  PARTIALLY_SHIPPED: 'partially_shipped',
  SHIPPED: 'shipped',
  INVOICE_UNCONFIRMED: 'shipped',
  CANCELLED: 'cancelled',
  CANCELED: 'cancelled',
  UNFULFILLABLE: 'failed',
}

/** The same words as v0 spells them. */
export const orderStatusesV0: Readonly<Record<string, OrderStatus>> = {
  PendingAvailability: 'on_hold',
  Pending: 'on_hold',
  Unshipped: 'awaiting_fulfillment',
  PartiallyShipped: 'partially_shipped',
  Shipped: 'shipped',
  InvoiceUnconfirmed: 'shipped',
  Canceled: 'cancelled',
  Cancelled: 'cancelled',
  Unfulfillable: 'failed',
}

const words = new Map<unknown, OrderStatus>([
  ...Object.entries(orderStatuses),
  ...Object.entries(orderStatusesV0),
])

/** Either spelling; `unknown` for a word of a later version. */
export const orderStatusOf = (word: unknown): OrderStatus => words.get(word) ?? 'unknown'

export type PackageStatus = PackageContent['status']

/** First of the two package words: always sent with a package status. */
export const packageStatuses: Readonly<Record<string, PackageStatus>> = {
  PENDING: 'draft',
  SHIPPED: 'handed_over',
  IN_TRANSIT: 'in_transit',
  DELIVERED: 'delivered',
  CANCELLED: 'cancelled',
  CANCELED: 'cancelled',
  UNDELIVERABLE: 'delivery_failed',
}

/** The finer word, which wins where it is known. */
export const detailedPackageStatuses: Readonly<Record<string, PackageStatus>> = {
  PENDING_SCHEDULE: 'label_requested',
  PENDING_PICK_UP: 'ready_to_ship',
  PENDING_DROP_OFF: 'ready_to_ship',
  LABEL_CANCELLED: 'cancelled',
  LABEL_CANCELED: 'cancelled',
  PICKED_UP: 'handed_over',
  DROPPED_OFF: 'handed_over',
  AT_ORIGIN_FC: 'in_transit',
  AT_DESTINATION_FC: 'in_transit',
  OUT_FOR_DELIVERY: 'out_for_delivery',
  DELIVERED: 'delivered',
  REJECTED_BY_BUYER: 'delivery_failed',
  UNDELIVERABLE: 'delivery_failed',
  RETURNING_TO_SELLER: 'returning',
  RETURNED_TO_SELLER: 'returned',
  LOST: 'lost',
  DAMAGED: 'damaged',
}

/** What decides about one line; units are whole and not negative. */
export type LineFacts = {
  readonly id: string
  /** Status of the order by its own word. */
  readonly order: OrderStatus
  readonly quantity: number
  readonly shipped: number
  readonly delivered: number
  readonly isCancelled: boolean
  readonly isCancelRequested: boolean
}

/** What decides about an order. */
export type OrderFacts = {
  /** Amazon's word, as it came. */
  readonly word: unknown
  readonly status: OrderStatus
  readonly lines: readonly LineFacts[]
  readonly isSellers: boolean
  readonly paymentMethods: readonly unknown[]
}

/** Line ids are text; a bare number keeps its digits. */
export const lineIdOf = (id: unknown): string =>
  typeof id === 'string' || typeof id === 'number' ? String(id) : ''

/** The units that a cancellation of the line concerns, in the form of the unified model. */
export const cancellationLinesOf = (line: LineFacts): CancellationContent['lines'] => [
  { platform_line_id: line.id, quantity: cancelledUnits(line) + cancelRequestedUnits(line) },
]

/** Units that went out can no longer be cancelled, whatever the cancellation says. */
export const cancelledUnits = (line: LineFacts): number =>
  line.isCancelled ? Math.max(0, line.quantity - line.shipped) : 0

export const cancelRequestedUnits = (line: LineFacts): number =>
  line.isCancelRequested && !line.isCancelled ? Math.max(0, line.quantity - line.shipped) : 0

/** A request that found nothing left to cancel was overtaken by the shipment. */
export const cancellationStateOf = (line: LineFacts): CancellationContent['state'] =>
  line.isCancelled ? 'completed' : cancelRequestedUnits(line) > 0 ? 'requested' : 'rejected'

/** State of a line in the order's words, from its own units. */
export function lineStatusOf(line: LineFacts): OrderStatus {
  const { order, quantity, shipped, delivered } = line
  const open = quantity - cancelledUnits(line)
  if (order === 'cancelled' || (quantity > 0 && open === 0)) return 'cancelled'
  if (delivered > 0 && delivered >= open) return 'delivered'
  if (order === 'failed') return order
  if (shipped === 0) return order === 'partially_shipped' ? 'awaiting_fulfillment' : order
  return shipped < open ? 'partially_shipped' : 'shipped'
}

/** Derived from the units; `unknown` when the platform sent no lines or no order word. */
export function fulfillmentStatusOf({ status, lines }: OrderFacts): OrderContent['fulfillment_status'] {
  if (status === 'cancelled') return 'none'
  if (status === 'unknown' || lines.length === 0) return 'unknown'
  let open = 0
  let shipped = 0
  let delivered = 0
  for (const line of lines) {
    open += line.quantity - cancelledUnits(line)
    shipped += line.shipped
    delivered += line.delivered
  }
  if (open === 0) return 'none'
  if (delivered > 0) return delivered >= open ? 'delivered' : 'partially_delivered'
  if (shipped > 0) return shipped >= open ? 'shipped' : 'partially_shipped'
  return 'unfulfilled'
}

const hasOpenRequest = (line: LineFacts): boolean => cancelRequestedUnits(line) > 0

export function cancellationStatusOf({ status, lines }: OrderFacts): OrderContent['cancellation_status'] {
  if (status === 'cancelled') return 'cancelled'
  if (lines.some(hasOpenRequest)) return 'requested'
  if (lines.some((line) => cancelledUnits(line) > 0))
    return lines.every((line) => cancelledUnits(line) === line.quantity) ? 'cancelled' : 'partially_cancelled'
  return lines.some((line) => line.isCancelRequested && !line.isCancelled) ? 'rejected' : 'none'
}

/** Why an order must not be shipped yet. */
export function holdReasonsOf({ word, lines }: OrderFacts): OrderContent['hold_reasons'] {
  const reasons: OrderContent['hold_reasons'] = []
  if (word === 'PENDING' || word === 'Pending') reasons.push('unpaid')
  if (word === 'PENDING_AVAILABILITY' || word === 'PendingAvailability') reasons.push('availability_pending')
  if (lines.some(hasOpenRequest)) reasons.push('cancellation_requested')
  return reasons
}

const shippable: ReadonlySet<OrderStatus> = new Set([
  'awaiting_fulfillment',
  'processing',
  'partially_shipped',
])

/** The ERP may ship: paid, the seller's own parcel, and nobody asks to cancel. */
export const isFulfillable = ({ status, isSellers, lines }: OrderFacts): boolean =>
  isSellers && shippable.has(status) && !lines.some(hasOpenRequest)

const cashOnDelivery: ReadonlySet<unknown> = new Set(['COD', 'CashOnDelivery'])

/**
 * Amazon sends no payment state. An order that has left Pending is paid; cash on delivery is paid when
 * delivered; a cancelled one counts as voided, because what was taken in advance is returned by Amazon.
 * `UNFULFILLABLE` exists only for orders of other channels, whose payment Amazon does not see.
 */
export function paymentStatusOf({
  word,
  status,
  paymentMethods,
}: OrderFacts): OrderContent['payment_status'] {
  const order = orderStatusOf(word)
  if (order === 'on_hold') return 'pending'
  if (order === 'cancelled') return 'voided'
  if (order === 'unknown' || order === 'failed') return 'unknown'
  const onDelivery = paymentMethods.some((method) => cashOnDelivery.has(method))
  return onDelivery && status !== 'delivered' ? 'cod_pending' : 'paid'
}
