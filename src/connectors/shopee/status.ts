import type { CancellationContent } from '#canonical/cancellation.ts'
import type { OrderContent } from '#canonical/order.ts'
import type { PackageContent } from '#canonical/package.ts'
import type { OrderStatus } from '#canonical/status.ts'
import { isSameLine } from './line-keys.ts'
import { membersOf, unitsOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/**
 * Order words (docs: data definition of order status). IN_CANCEL and TO_RETURN say nothing about the stage:
 * that comes from the parcels; what stands here is the stage without any.
 */
export const orderStatuses: Readonly<Record<string, OrderStatus>> = {
  UNPAID: 'awaiting_payment',
  PENDING: 'on_hold',
  INVOICE_PENDING: 'on_hold',
  READY_TO_SHIP: 'awaiting_fulfillment',
  PROCESSED: 'processing',
  RETRY_SHIP: 'processing',
  SHIPPED: 'shipped',
  TO_CONFIRM_RECEIVE: 'delivered',
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
  CANCELED: 'cancelled',
  IN_CANCEL: 'awaiting_fulfillment',
  TO_RETURN: 'shipped',
}

const words = new Map<unknown, OrderStatus>(Object.entries(orderStatuses))

export type PackageStatus = PackageContent['status']

/** Words of `logistics_status` and `fulfillment_status` (docs: data definition). */
export const packageStatuses: Readonly<Record<string, PackageStatus>> = {
  LOGISTICS_NOT_START: 'draft',
  LOGISTICS_PENDING_ARRANGE: 'draft',
  LOGISTICS_READY: 'draft',
  LOGISTICS_REQUEST_CREATED: 'ready_to_ship',
  LOGISTICS_PICKUP_FAILED: 'ready_to_ship',
  LOGISTICS_PICKUP_RETRY: 'ready_to_ship',
  LOGISTICS_PICKUP_DONE: 'handed_over',
  LOGISTICS_DELIVERY_DONE: 'delivered',
  LOGISTICS_DELIVERY_FAILED: 'delivery_failed',
  LOGISTICS_LOST: 'lost',
  LOGISTICS_COD_REJECTED: 'cancelled',
  LOGISTICS_INVALID: 'cancelled',
  LOGISTICS_REQUEST_CANCELED: 'cancelled',
}

const packageWords = new Map<unknown, PackageStatus>(Object.entries(packageStatuses))
export const packageStatusOf = (word: unknown): PackageStatus => packageWords.get(word) ?? 'unknown'

const gone: ReadonlySet<PackageStatus> = new Set(['handed_over', 'delivered', 'delivery_failed', 'lost'])
const stuck: ReadonlySet<PackageStatus> = new Set(['delivery_failed', 'lost'])
const delivered: ReadonlySet<PackageStatus> = new Set(['delivered'])

export type PackageFacts = {
  readonly status: PackageStatus
  readonly items: readonly unknown[]
}

/** What decides about the order; see `order.facts.ts`. */
export type OrderFacts<Line extends LineFacts = LineFacts> = {
  /** Shopee's word, as it came. */
  readonly word: unknown
  readonly status: OrderStatus
  readonly packages: readonly PackageFacts[]
  readonly lines: readonly Line[]
  readonly isSellers: boolean
  readonly isCod: boolean
  readonly isPaid: boolean
  /** Matched with a parcel that was sent in advance: must not be shipped again. */
  readonly isAdvance: boolean
  readonly pendingTerms: readonly unknown[]
}

/** Units of one line, whole and not negative. */
export type LineFacts = {
  readonly id: string
  readonly quantity: number
  readonly cancelRequested: number
  readonly cancelled: number
  readonly shipped: number
  readonly delivered: number
  readonly returnRequested: number
  readonly returned: number
}

/**
 * The order's status: its word, corrected by its parcels where those know better. Split orders of which some
 * parcels went and others did not are partly shipped; when every parcel was lost or came back, it failed.
 */
export function statusOf(word: unknown, packages: readonly PackageFacts[]): OrderStatus {
  const status = words.get(word) ?? 'unknown'
  const open = packages.filter((parcel) => parcel.status !== 'cancelled')
  if (open.length === 0) return status
  if (word === 'IN_CANCEL') return isArranged(open) ? 'processing' : 'awaiting_fulfillment'
  if (word === 'TO_RETURN') return isEvery(open, delivered) ? 'delivered' : status
  if (!underWay.has(status)) return status
  if (open.some((parcel) => gone.has(parcel.status)) && !isEvery(open, gone)) return 'partially_shipped'
  return status === 'shipped' && isEvery(open, stuck) ? 'failed' : status
}

const underWay: ReadonlySet<OrderStatus> = new Set(['awaiting_fulfillment', 'processing', 'shipped'])

const isEvery = (packages: readonly PackageFacts[], wanted: ReadonlySet<PackageStatus>): boolean =>
  packages.every((parcel) => wanted.has(parcel.status))

const isArranged = (open: readonly PackageFacts[]): boolean =>
  open.some((parcel) => parcel.status === 'ready_to_ship')

const outWords: ReadonlySet<unknown> = new Set(['SHIPPED', 'TO_CONFIRM_RECEIVE', 'COMPLETED', 'TO_RETURN'])
const deliveredWords: ReadonlySet<unknown> = new Set(['TO_CONFIRM_RECEIVE', 'COMPLETED'])

/** A line's units as Shopee sends them; `null` where it does not. */
export type SentUnits = {
  readonly id: string
  readonly quantity: number
  readonly cancelRequested: number | null
  readonly cancelled: number | null
  readonly returnRequested: number
  readonly returned: number
}

/**
 * Units of a line. Shopee counts only what is cancelled or returned; what went out follows from the order's
 * word, and from the parcels where only some of them went.
 */
export function lineFactsOf(
  sent: SentUnits,
  raw: Members,
  { word, status, packages }: Pick<OrderFacts, 'word' | 'status' | 'packages'>,
): LineFacts {
  const { id, quantity, returnRequested, returned } = sent
  const isCancelled = status === 'cancelled'
  const cancelled = isCancelled ? quantity : Math.min(quantity, sent.cancelled ?? 0)
  const open = quantity - cancelled
  const inParcels = (wanted: (status: PackageStatus) => boolean): number =>
    Math.min(open, unitsIn(packages, raw, wanted))
  const isWhollyOut = outWords.has(word) && status !== 'partially_shipped'
  const shipped = isWhollyOut ? open : inParcels((parcel) => gone.has(parcel))
  const delivered = deliveredWords.has(word) ? open : inParcels((parcel) => parcel === 'delivered')
  return {
    id,
    quantity,
    cancelRequested: isCancelled
      ? 0
      : Math.min(open - shipped, sent.cancelRequested ?? (word === 'IN_CANCEL' ? open : 0)),
    cancelled,
    shipped: Math.max(shipped, delivered),
    delivered,
    returnRequested,
    returned,
  }
}

function unitsIn(
  packages: readonly PackageFacts[],
  line: Members,
  wanted: (status: PackageStatus) => boolean,
): number {
  let sum = 0
  for (const { status, items } of packages)
    if (wanted(status))
      for (const item of items)
        if (isSameLine(membersOf(item), line)) sum += unitsOf(membersOf(item)['model_quantity'])
  return sum
}

/** State of a line in the order's words, from its own units. */
export function lineStatusOf(
  { quantity, cancelled, shipped, delivered }: LineFacts,
  order: OrderStatus,
): OrderStatus {
  const open = quantity - cancelled
  if (order === 'cancelled' || (quantity > 0 && open === 0)) return 'cancelled'
  if (order === 'completed' || order === 'failed' || order === 'unknown') return order
  if (delivered > 0 && delivered >= open) return 'delivered'
  if (shipped === 0) return order === 'partially_shipped' ? 'awaiting_fulfillment' : order
  return shipped < open ? 'partially_shipped' : 'shipped'
}

/** Derived from the units; `unknown` when Shopee sent no lines or no order word. */
export function fulfillmentStatusOf({ status, lines }: OrderFacts): OrderContent['fulfillment_status'] {
  if (status === 'cancelled') return 'none'
  if (status === 'unknown' || lines.length === 0) return 'unknown'
  const total = { open: 0, shipped: 0, delivered: 0, returned: 0 }
  for (const line of lines) {
    total.open += line.quantity - line.cancelled
    total.shipped += line.shipped
    total.delivered += line.delivered
    total.returned += line.returned
  }
  if (total.open === 0) return 'none'
  if (total.returned >= total.open) return 'returned'
  if (total.delivered > 0) return total.delivered >= total.open ? 'delivered' : 'partially_delivered'
  if (total.shipped > 0) return total.shipped >= total.open ? 'shipped' : 'partially_shipped'
  return 'unfulfilled'
}

const hasRequest = (line: LineFacts): boolean => line.cancelRequested > 0

export function cancellationStatusOf({
  word,
  status,
  lines,
}: OrderFacts): OrderContent['cancellation_status'] {
  if (status === 'cancelled') return 'cancelled'
  if (word === 'IN_CANCEL' || lines.some(hasRequest)) return 'requested'
  if (!lines.some((line) => line.cancelled > 0)) return 'none'
  return lines.every((line) => line.cancelled === line.quantity) ? 'cancelled' : 'partially_cancelled'
}

export function afterSaleStatusOf({ word, lines }: OrderFacts): OrderContent['after_sale_status'] {
  if (word === 'TO_RETURN') return 'open'
  if (lines.some((line) => line.returnRequested > line.returned)) return 'open'
  return lines.some((line) => line.returned > 0) ? 'closed' : 'none'
}

type HoldReason = OrderContent['hold_reasons'][number]

const pendingTermReasons: ReadonlyMap<unknown, HoldReason> = new Map([['KYC_PENDING', 'risk_review']])

/** Why an order must not be shipped yet. */
export function holdReasonsOf(facts: OrderFacts): HoldReason[] {
  const { word, status, pendingTerms, isAdvance } = facts
  const reasons = new Set<HoldReason>()
  if (word === 'UNPAID') reasons.add('unpaid')
  if (word === 'INVOICE_PENDING') reasons.add('missing_compliance')
  if (beforeShipping.has(status)) {
    for (const term of pendingTerms) reasons.add(pendingTermReasons.get(term) ?? 'platform_hold')
    if ((word === 'PENDING' && pendingTerms.length === 0) || isAdvance) reasons.add('platform_hold')
  }
  if (cancellationStatusOf(facts) === 'requested') reasons.add('cancellation_requested')
  return [...reasons]
}

const shippable: ReadonlySet<OrderStatus> = new Set([
  'awaiting_fulfillment',
  'processing',
  'partially_shipped',
])
const beforeShipping: ReadonlySet<OrderStatus> = new Set(['on_hold', ...shippable])

/** The ERP may ship: paid or cash on delivery, the seller's own parcel, nothing that holds it. */
export const isFulfillable = (facts: OrderFacts): boolean =>
  facts.isSellers && shippable.has(facts.status) && holdReasonsOf(facts).length === 0

/**
 * Shopee sends a payment time, not a state. Cash on delivery is paid when delivered. A cancelled order counts
 * as voided, because what was taken is returned by Shopee.
 */
export function paymentStatusOf({ word, status, isCod, isPaid }: OrderFacts): OrderContent['payment_status'] {
  if (status === 'cancelled') return 'voided'
  if (word === 'UNPAID') return 'unpaid'
  if (isCod) return isPaid || deliveredWords.has(word) ? 'paid' : 'cod_pending'
  if (status !== 'unknown') return 'paid'
  return isPaid ? 'paid' : 'unknown'
}

const initiators: ReadonlyMap<string, CancellationContent['initiated_by']> = new Map([
  ['buyer', 'buyer'],
  ['seller', 'seller'],
  ['system', 'system'],
  ['ops', 'platform'],
])

/** `cancel_by`, whose case varies. While a buyer's request is open it is empty. */
export const initiatorOf = (by: unknown, isRequest: boolean): CancellationContent['initiated_by'] =>
  typeof by === 'string' && by !== ''
    ? (initiators.get(by.toLowerCase()) ?? 'unknown')
    : isRequest
      ? 'buyer'
      : 'unknown'
