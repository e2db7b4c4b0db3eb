import type { OrderContent } from '#canonical/order.ts'
import type { PackageContent } from '#canonical/package.ts'
import type { OrderStatus } from '#canonical/status.ts'

/**
 * Words of one unit (docs: 121327, 120167), of filters, and older spellings. Returned goods stay
 * delivered, and parcels on their way back stay failed: the after-sale status tells the rest.
 */
export const unitStatuses: Readonly<Record<string, OrderStatus>> = {
  unpaid: 'awaiting_payment',
  pending: 'awaiting_fulfillment',
  topack: 'awaiting_fulfillment',
  toship: 'awaiting_fulfillment',
  packed: 'processing',
  repacked: 'processing',
  ready_to_ship_pending: 'processing',
  ready_to_ship: 'processing',
  shipped: 'shipped',
  shipping: 'shipped',
  delivered: 'delivered',
  returned: 'delivered',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  failed: 'failed',
  failed_delivery: 'failed',
  lost: 'failed',
  lost_by_3pl: 'failed',
  damaged_by_3pl: 'failed',
  shipped_back: 'failed',
  shipped_back_success: 'failed',
  shipped_back_failed: 'failed',
  package_scrapped: 'failed',
}

const known = new Map<unknown, OrderStatus>(Object.entries(unitStatuses))

/** `unknown` for a word of a later version. */
export const unitStatusOf = (word: unknown): OrderStatus => known.get(word) ?? 'unknown'

export type PackageStatus = PackageContent['status']

/** The parcel, by the word of its units. */
export const packageStatuses: Readonly<Record<string, PackageStatus>> = {
  pending: 'draft',
  packed: 'label_ready',
  repacked: 'cancelled',
  ready_to_ship_pending: 'ready_to_ship',
  ready_to_ship: 'ready_to_ship',
  shipped: 'in_transit',
  shipping: 'in_transit',
  delivered: 'delivered',
  returned: 'returned',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  failed: 'delivery_failed',
  failed_delivery: 'delivery_failed',
  lost: 'lost',
  lost_by_3pl: 'lost',
  damaged_by_3pl: 'damaged',
  shipped_back: 'returning',
  shipped_back_success: 'returned',
  shipped_back_failed: 'lost',
  package_scrapped: 'damaged',
}

/** What decides about one unit. */
export type Unit = {
  readonly word: string | null
  readonly status: OrderStatus
  readonly asksToCancel: boolean
  /** The seller agreed to cancel; the carrier has still to give the parcel back. */
  readonly isCancelPending: boolean
  /** Only a part of a pre-sale is paid. */
  readonly isHalfPaid: boolean
  /** From Lazada's warehouse. */
  readonly isByPlatform: boolean
}

/** Least advanced first; what is not here is not on its way any more. */
const advance: readonly OrderStatus[] = [
  'awaiting_payment',
  'awaiting_fulfillment',
  'processing',
  'shipped',
  'delivered',
]
const shippedFrom = advance.indexOf('shipped')

export const isOpen = ({ status }: Unit): boolean => status !== 'cancelled' && status !== 'failed'

/**
 * The least advanced unit that is still open decides; where others are further on than the warehouse,
 * the order is partly shipped. One unit nobody knows makes the whole unknown: it must not be shipped.
 */
export function orderStatusOf(units: readonly Unit[]): OrderStatus {
  let least = advance.length
  let most = -1
  let failed = 0
  for (const { status } of units) {
    if (status === 'unknown') return 'unknown'
    if (status === 'failed') failed++
    const rank = advance.indexOf(status)
    if (rank < 0) continue
    least = Math.min(least, rank)
    most = Math.max(most, rank)
  }
  if (units.length === 0) return 'unknown'
  if (most < 0) return failed > 0 ? 'failed' : 'cancelled'
  return most >= shippedFrom && least < shippedFrom ? 'partially_shipped' : advance[least]!
}

const rankOf = ({ status }: Unit): number => advance.indexOf(status)

export function fulfillmentStatusOf(units: readonly Unit[]): OrderContent['fulfillment_status'] {
  if (units.length === 0 || units.some(({ status }) => status === 'unknown')) return 'unknown'
  const open = units.filter(isOpen)
  if (open.length === 0) return 'none'
  if (open.every(({ word }) => word === 'returned')) return 'returned'
  const least = Math.min(...open.map(rankOf))
  const most = Math.max(...open.map(rankOf))
  if (most >= advance.indexOf('delivered')) return least === most ? 'delivered' : 'partially_delivered'
  if (most >= shippedFrom) return least === most ? 'shipped' : 'partially_shipped'
  if (most >= advance.indexOf('processing')) return least === most ? 'packed' : 'partially_packed'
  return 'unfulfilled'
}

export function cancellationStatusOf(units: readonly Unit[]): OrderContent['cancellation_status'] {
  const cancelled = units.filter(({ status }) => status === 'cancelled').length
  if (cancelled > 0 && cancelled === units.length) return 'cancelled'
  const open = units.filter(isOpen)
  if (open.some(({ asksToCancel }) => asksToCancel)) return 'requested'
  if (open.some(({ isCancelPending }) => isCancelPending)) return 'accepted'
  return cancelled > 0 ? 'partially_cancelled' : 'none'
}

const goesBack: ReadonlySet<string | null> = new Set([
  'returned',
  'shipped_back',
  'shipped_back_success',
  'shipped_back_failed',
])

export const afterSaleStatusOf = (units: readonly Unit[]): OrderContent['after_sale_status'] =>
  units.some(({ word }) => goesBack.has(word)) ? 'open' : 'none'

export const hasOpenRequest = (unit: Unit): boolean =>
  isOpen(unit) && (unit.asksToCancel || unit.isCancelPending)

const isUnpaid = (unit: Unit): boolean =>
  isOpen(unit) && (unit.status === 'awaiting_payment' || unit.isHalfPaid)

/** Why an order must not be shipped yet. */
export function holdReasonsOf(units: readonly Unit[]): OrderContent['hold_reasons'] {
  const reasons: OrderContent['hold_reasons'] = []
  if (units.some(isUnpaid)) reasons.push('unpaid')
  if (units.some(hasOpenRequest)) reasons.push('cancellation_requested')
  return reasons
}

const shippable: ReadonlySet<OrderStatus> = new Set([
  'awaiting_fulfillment',
  'processing',
  'partially_shipped',
])

/** The ERP may ship: paid or cash on delivery, the seller's own parcel, and nobody asks to cancel. */
export const isFulfillable = (units: readonly Unit[], byPlatform: boolean): boolean =>
  !byPlatform && shippable.has(orderStatusOf(units)) && holdReasonsOf(units).length === 0

/** Lazada sends no payment state: an order beyond `unpaid` is paid, but cash on delivery only when delivered. */
export function paymentStatusOf(
  units: readonly Unit[],
  isCashOnDelivery: boolean,
): OrderContent['payment_status'] {
  const status = orderStatusOf(units)
  if (status === 'unknown') return 'unknown'
  if (status === 'awaiting_payment') return 'unpaid'
  if (units.some(isUnpaid)) return 'pending'
  if (status === 'cancelled') return 'voided'
  if (!isCashOnDelivery || status === 'delivered') return 'paid'
  return status === 'failed' ? 'voided' : 'cod_pending'
}
