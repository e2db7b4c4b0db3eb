import type { OrderStatus } from '#canonical/status.ts'
import { deriveFrom } from '#mapping/index.ts'
import { listOf, membersOf, unitsOf } from './raw-values.ts'
import { lineIdOf, orderStatusOf } from './status.ts'
import type { LineFacts, OrderFacts } from './status.ts'

/**
 * What several rows of the 2026 table derive from: the units of a line, and the order status once parcels
 * are looked at. All inputs are raw values; anything that is not what the model says counts as absent
 * here, because the row that owns the field reports it.
 */

type LineValues = {
  readonly id: unknown
  readonly quantity: unknown
  readonly fulfilled: unknown
  readonly request: unknown
  readonly execution: unknown
}

function lineFacts(line: LineValues, order: OrderStatus, packages: unknown): LineFacts {
  const shipped = unitsOf(line.fulfilled)
  return {
    id: lineIdOf(line.id),
    order,
    quantity: unitsOf(line.quantity),
    shipped,
    delivered: Math.min(shipped, deliveredUnits(line.id, packages)),
    isCancelled: order === 'cancelled' || isThere(line.execution),
    isCancelRequested: isThere(line.request),
  }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null

function deliveredUnits(lineId: unknown, packages: unknown): number {
  let delivered = 0
  for (const parcel of listOf(packages)) {
    if (packageWord(parcel) !== 'DELIVERED') continue
    for (const entry of listOf(membersOf(parcel)['packageItems'])) {
      const { orderItemId, quantity } = membersOf(entry)
      if (orderItemId === lineId) delivered += unitsOf(quantity)
    }
  }
  return delivered
}

const packageWord = (parcel: unknown): unknown => membersOf(membersOf(parcel)['packageStatus'])['status']
const packageDetail = (parcel: unknown): unknown =>
  membersOf(membersOf(parcel)['packageStatus'])['detailedStatus']

/** Rows of a line. */
export const fromLine = deriveFrom(
  [
    'orderItemId',
    'quantityOrdered',
    'fulfillment.quantityFulfilled',
    'cancellation.cancellationRequest',
    'cancellation.cancellationExecution',
    '/fulfillment.fulfillmentStatus',
    '/packages',
  ],
  ([id, quantity, fulfilled, request, execution, word, packages]) =>
    lineFacts({ id, quantity, fulfilled, request, execution }, orderStatusOf(word), packages),
)

function orderFacts([word, packages, items, fulfilledBy, methods]: readonly unknown[]): OrderFacts {
  const order = orderStatusOf(word)
  const lines = listOf(items).map((item) => {
    const { orderItemId: id, quantityOrdered: quantity, fulfillment, cancellation } = membersOf(item)
    const { cancellationRequest: request, cancellationExecution: execution } = membersOf(cancellation)
    const { quantityFulfilled: fulfilled } = membersOf(fulfillment)
    return lineFacts({ id, quantity, fulfilled, request, execution }, order, packages)
  })
  return {
    word,
    status: statusWithParcels(order, listOf(packages)),
    lines,
    isSellers: fulfilledBy === 'MERCHANT',
    paymentMethods: listOf(methods),
  }
}

/** Rows of an order. */
export const fromOrder = deriveFrom(
  [
    'fulfillment.fulfillmentStatus',
    'packages',
    'orderItems',
    'fulfillment.fulfilledBy',
    'payment.paymentExecutions[].paymentMethod',
  ],
  orderFacts,
)

const cancelled: ReadonlySet<unknown> = new Set(['CANCELLED', 'CANCELED'])
const waiting: ReadonlySet<unknown> = new Set(['PENDING_PICK_UP', 'PENDING_DROP_OFF'])

/**
 * Amazon's order word ends at SHIPPED; its parcels know the rest. Delivered when every parcel that was not
 * cancelled is; failed when none of them can be; processing when a label is bought and nothing handed over.
 */
function statusWithParcels(status: OrderStatus, packages: readonly unknown[]): OrderStatus {
  const live = packages.filter((parcel) => !cancelled.has(packageWord(parcel)))
  if (live.length === 0) return status
  if (status === 'awaiting_fulfillment')
    return live.every((parcel) => waiting.has(packageDetail(parcel))) ? 'processing' : status
  if (status !== 'shipped') return status
  if (live.every((parcel) => packageWord(parcel) === 'DELIVERED')) return 'delivered'
  return live.every((parcel) => packageWord(parcel) === 'UNDELIVERABLE') ? 'failed' : status
}
