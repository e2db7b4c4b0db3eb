import type { OrderContent } from '#canonical/order.ts'
import type { OrderStatus } from '#canonical/status.ts'
import { deriveFrom } from '#mapping/index.ts'
import type { Refuse } from '#mapping/index.ts'
import { idOf, readFlag } from './raw-values.ts'
import { orderStatusOf } from './status.ts'
import { linesOf, openUnits } from './units.ts'
import type { Line } from './units.ts'

/** What several rows about an order derive from. */
export type OrderFacts = {
  readonly status: OrderStatus
  readonly lines: readonly Line[]
  readonly isCancelRequested: boolean
  readonly isCod: boolean
  readonly isPaid: boolean
  readonly isSellers: boolean
  readonly isPreorder: boolean
  readonly needsInvoice: boolean
}

const isTime = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && value !== 0 && value !== '0'

const preorders: ReadonlySet<unknown> = new Set(['PRE_ORDER', 'BACK_ORDER'])

/** Rows of an order. */
export const fromOrder = deriveFrom(
  [
    'status',
    'line_items',
    'is_buyer_request_cancel',
    'is_cod',
    'paid_time',
    'fulfillment_type',
    'order_type',
    'need_upload_invoice',
  ],
  ([word, items, request, cod, paid, fulfilment, type, invoice], refuse): OrderFacts => ({
    status: orderStatusOf(word),
    lines: linesOf(items, word).list,
    isCancelRequested: readFlag(request, 2, refuse),
    isCod: readFlag(cod, 3, refuse),
    isPaid: isTime(paid),
    isSellers: fulfilment === 'FULFILLMENT_BY_SELLER',
    isPreorder: preorders.has(type),
    needsInvoice: invoice === 'NEED_INVOICE',
  }),
)

/**
 * The platform sends the time of payment and no state. Cash on delivery is paid with the delivery; a cancelled
 * order counts as voided, because the platform returns what was taken.
 */
export function paymentStatusOf({ status, isCod, isPaid }: OrderFacts): OrderContent['payment_status'] {
  if (status === 'cancelled') return 'voided'
  if (isCod) return status === 'delivered' || status === 'completed' ? 'paid' : 'cod_pending'
  if (isPaid) return 'paid'
  if (status === 'awaiting_payment') return 'unpaid'
  if (status === 'on_hold') return 'pending'
  return status === 'unknown' ? 'unknown' : 'paid'
}

const atLeastOne = <T extends string>(count: number, open: number, all: T, some: T): T | null =>
  count === 0 ? null : count === open ? all : some

/** From the units; `unknown` without units or without a word that is known. */
export function fulfillmentStatusOf({ status, lines }: OrderFacts): OrderContent['fulfillment_status'] {
  if (status === 'cancelled') return 'none'
  if (status === 'unknown' || lines.length === 0) return 'unknown'
  const open = lines.reduce((sum, line) => sum + line.units.length - line.cancelled, 0)
  if (open === 0) return 'none'
  const count = (pick: (line: Line) => number): number => lines.reduce((sum, line) => sum + pick(line), 0)
  return (
    atLeastOne(
      count((line) => line.delivered),
      open,
      'delivered',
      'partially_delivered',
    ) ??
    atLeastOne(
      count((line) => line.shipped),
      open,
      'shipped',
      'partially_shipped',
    ) ??
    atLeastOne(count(packedUnits), open, 'packed', 'partially_packed') ??
    'unfulfilled'
  )
}

const packedUnits = ({ units }: Line): number => units.filter(({ status }) => status === 'processing').length

/** The wish to cancel is a flag of the whole order; it concerns what was not shipped yet. */
export const requestedUnits = (line: Line, isCancelRequested: boolean): number =>
  isCancelRequested ? openUnits(line) : 0

export function cancellationStatusOf(facts: OrderFacts): OrderContent['cancellation_status'] {
  const { status, lines, isCancelRequested } = facts
  if (status === 'cancelled') return 'cancelled'
  if (hasOpenRequest(facts)) return 'requested'
  if (lines.some((line) => line.cancelled > 0))
    return lines.every((line) => line.cancelled === line.units.length) ? 'cancelled' : 'partially_cancelled'
  return isCancelRequested && lines.length > 0 ? 'rejected' : 'none'
}

const hasOpenRequest = ({ lines, isCancelRequested }: OrderFacts): boolean =>
  lines.some((line) => requestedUnits(line, isCancelRequested) > 0)

const beforeShipping: ReadonlySet<OrderStatus> = new Set([
  'awaiting_payment',
  'on_hold',
  'awaiting_fulfillment',
  'processing',
])

/** Why an order must not be shipped yet. */
export function holdReasonsOf(facts: OrderFacts): OrderContent['hold_reasons'] {
  const { status, isPreorder, needsInvoice } = facts
  const reasons: OrderContent['hold_reasons'] = []
  if (status === 'awaiting_payment') reasons.push('unpaid')
  if (status === 'on_hold') reasons.push(isPreorder ? 'availability_pending' : 'remorse_period')
  if (status !== 'cancelled' && hasOpenRequest(facts)) reasons.push('cancellation_requested')
  if (needsInvoice && beforeShipping.has(status)) reasons.push('missing_compliance')
  return reasons
}

const shippable: ReadonlySet<OrderStatus> = new Set([
  'awaiting_fulfillment',
  'processing',
  'partially_shipped',
])

/** The ERP may ship: the seller's own parcel, in a state to be shipped, and nothing stands against it. */
export const isFulfillable = (facts: OrderFacts): boolean =>
  facts.isSellers && shippable.has(facts.status) && holdReasonsOf(facts).length === 0

/** Most particular first. Flags decide: the ids of other orders are also sent where the flag says no. */
export function orderTypeOf(
  [exchange, replacement, sample, type]: readonly unknown[],
  refuse: Refuse,
): OrderContent['order_type'] {
  if (readFlag(exchange, 0, refuse)) return 'exchange'
  if (readFlag(replacement, 1, refuse)) return 'replacement'
  if (readFlag(sample, 2, refuse)) return 'sample'
  return preorders.has(type) ? 'preorder' : 'standard'
}

/** The order this one replaces or exchanges. */
export function replacedOrderOf(
  [exchange, source, replacement, replaced]: readonly unknown[],
  refuse: Refuse,
): string | null {
  if (readFlag(exchange, 0, refuse)) return idOf(source)
  return readFlag(replacement, 2, refuse) ? idOf(replaced) : null
}
