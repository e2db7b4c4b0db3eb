import type { CancellationContent } from '#canonical/cancellation.ts'
import type { PackageContent } from '#canonical/package.ts'
import type { OrderStatus } from '#canonical/status.ts'

/**
 * Words of orders and of their units (docs: get-order-detail). Pushes write CANCEL where the API writes
 * CANCELLED; TO_SHIP stands in the published sample of a unit only.
 */
export const orderStatuses: Readonly<Record<string, OrderStatus>> = {
  UNPAID: 'awaiting_payment',
  ON_HOLD: 'on_hold',
  AWAITING_SHIPMENT: 'awaiting_fulfillment',
  TO_SHIP: 'awaiting_fulfillment',
  PARTIALLY_SHIPPING: 'partially_shipped',
  AWAITING_COLLECTION: 'processing',
  IN_TRANSIT: 'shipped',
  DELIVERED: 'delivered',
  COMPLETED: 'completed',
  CANCELLED: 'cancelled',
  CANCEL: 'cancelled',
}
const orderWords = new Map<unknown, OrderStatus>(Object.entries(orderStatuses))

/** `unknown` for a word of a later version. */
export const orderStatusOf = (word: unknown): OrderStatus => orderWords.get(word) ?? 'unknown'

/** Words of packages, and what a unit inside is then. */
const packageWords = new Map<unknown, readonly [PackageContent['status'], OrderStatus]>([
  ['TO_FULFILL', ['draft', 'awaiting_fulfillment']],
  ['PROCESSING', ['ready_to_ship', 'processing']],
  ['FULFILLING', ['in_transit', 'shipped']],
  ['COMPLETED', ['delivered', 'delivered']],
  ['CANCELLED', ['cancelled', 'cancelled']],
])

export const packageStatusOf = (word: unknown): PackageContent['status'] =>
  packageWords.get(word)?.[0] ?? 'unknown'

/**
 * What one unit is: its own word, else that of its package, else the order's. A cancelled order has no
 * other units; a partly shipped one says nothing of a single unit.
 */
export function unitStatusOf(word: unknown, packageWord: unknown, order: OrderStatus): OrderStatus {
  if (order === 'cancelled') return order
  const own = orderWords.get(word) ?? packageWords.get(packageWord)?.[1]
  const isSilent = (value: unknown): boolean => value === undefined || value === null || value === ''
  const status = own ?? (isSilent(word) && isSilent(packageWord) ? order : 'unknown')
  return status === 'partially_shipped' ? 'awaiting_fulfillment' : status
}

const delivered: ReadonlySet<OrderStatus> = new Set(['delivered', 'completed'])
export const isDelivered = (status: OrderStatus): boolean => delivered.has(status)
export const isShipped = (status: OrderStatus): boolean => status === 'shipped' || delivered.has(status)

const parties = new Map<unknown, CancellationContent['initiated_by']>([
  ['BUYER', 'buyer'],
  ['SELLER', 'seller'],
  ['OPERATOR', 'platform'],
  ['SYSTEM', 'system'],
])
export const partyOf = (word: unknown): CancellationContent['initiated_by'] => parties.get(word) ?? 'unknown'
