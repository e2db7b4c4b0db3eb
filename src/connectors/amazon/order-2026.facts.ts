import type { OrderStatus } from '#canonical/status.ts'
import { listOf, membersOf, unitsOf } from './raw-values.ts'
import { lineIdOf, orderStatusOf } from './status.ts'
import type { LineFacts } from './status.ts'

/**
 * What several rows of the 2026 table derive from: the units of a line, and the order status once parcels
 * are looked at. All inputs are raw values of a document; anything that is not what the model says counts
 * as absent here, because the row that owns the field reports it.
 */

/** The paths from which `lineFacts` reads, in its order; relative to a line. */
export const lineFactPaths = [
  'orderItemId',
  'quantityOrdered',
  'fulfillment.quantityFulfilled',
  'cancellation.cancellationRequest',
  'cancellation.cancellationExecution',
  '/fulfillment.fulfillmentStatus',
  '/packages',
] as const

export function lineFacts(values: readonly unknown[]): LineFacts {
  const [id, quantity, fulfilled, request, execution, word, packages] = values
  const shipped = unitsOf(fulfilled)
  return {
    id: lineIdOf(id),
    quantity: unitsOf(quantity),
    shipped,
    delivered: Math.min(shipped, deliveredUnits(id, packages)),
    isCancelled: isThere(execution) || orderStatusOf(word) === 'cancelled',
    isCancelRequested: isThere(request),
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

/** The paths from which `orderFacts` reads, in its order. */
export const orderFactPaths = ['fulfillment.fulfillmentStatus', 'packages', 'orderItems'] as const

export type OrderFacts = {
  readonly word: unknown
  readonly status: OrderStatus
  readonly lines: readonly LineFacts[]
}

export function orderFacts(values: readonly unknown[]): OrderFacts {
  const [word, packages, items] = values
  const lines = listOf(items).map((item) => {
    const { orderItemId, quantityOrdered, fulfillment, cancellation } = membersOf(item)
    const { cancellationRequest, cancellationExecution } = membersOf(cancellation)
    const { quantityFulfilled } = membersOf(fulfillment)
    return lineFacts([
      orderItemId,
      quantityOrdered,
      quantityFulfilled,
      cancellationRequest,
      cancellationExecution,
      word,
      packages,
    ])
  })
  return { word, status: statusWithParcels(orderStatusOf(word), listOf(packages)), lines }
}

const waiting: ReadonlySet<unknown> = new Set(['PENDING_PICK_UP', 'PENDING_DROP_OFF'])

/**
 * Amazon's order word ends at SHIPPED; its parcels know the rest. Delivered when every parcel that was not
 * cancelled is; failed when none of them can be; processing when a label is bought and nothing handed over.
 */
function statusWithParcels(status: OrderStatus, packages: readonly unknown[]): OrderStatus {
  const live = packages.filter((parcel) => packageWord(parcel) !== 'CANCELLED')
  if (live.length === 0) return status
  if (status === 'awaiting_fulfillment')
    return live.every((parcel) => waiting.has(packageDetail(parcel))) ? 'processing' : status
  if (status !== 'shipped') return status
  if (live.every((parcel) => packageWord(parcel) === 'DELIVERED')) return 'delivered'
  return live.every((parcel) => packageWord(parcel) === 'UNDELIVERABLE') ? 'failed' : status
}
