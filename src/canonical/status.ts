import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

/** Life of an order, least advanced first. `unknown` keeps the platform's own word in `platform_status`. */
export const orderStatuses = [
  'awaiting_payment',
  'on_hold',
  'awaiting_fulfillment',
  'processing',
  'partially_shipped',
  'shipped',
  'delivered',
  'completed',
  'cancelled',
  'failed',
  'unknown',
] as const
export type OrderStatus = (typeof orderStatuses)[number]

export const orderStatusTexts: Readonly<Record<OrderStatus, Text>> = {
  awaiting_payment: text('The buyer has not paid yet.', '待付款'),
  on_hold: text(
    'Paid or pending, but must not be shipped yet: see hold_reasons.',
    '暂不可发货，原因见 hold_reasons',
  ),
  awaiting_fulfillment: text('Paid and ready to ship.', '待发货'),
  processing: text('Label bought or packed, not handed over.', '处理中（已打单或已打包，未交运）'),
  partially_shipped: text('Some units are on their way.', '部分发货'),
  shipped: text('All units are on their way.', '已发货'),
  delivered: text('The carrier reports delivery.', '已签收'),
  completed: text('Closed by the platform.', '已完成'),
  cancelled: text('Cancelled before delivery.', '已取消'),
  failed: text('Cannot be delivered.', '履约失败'),
  unknown: text(
    'A status this version does not know; the original is in platform_status.',
    '未知状态，原值见 platform_status',
  ),
}

/**
 * Moves that a later snapshot may make. Anything else that would change the status is stored, not
 * applied, and announced as `order.transition_rejected`. Staying put is always a move.
 */
const moves: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  awaiting_payment: ['on_hold', 'awaiting_fulfillment', 'cancelled'],
  on_hold: ['awaiting_fulfillment', 'processing', 'shipped', 'cancelled', 'failed'],
  awaiting_fulfillment: ['on_hold', 'processing', 'partially_shipped', 'shipped', 'cancelled', 'failed'],
  processing: [
    'on_hold',
    'awaiting_fulfillment',
    'partially_shipped',
    'shipped',
    'delivered',
    'cancelled',
    'failed',
  ],
  partially_shipped: ['shipped', 'delivered', 'completed', 'failed'],
  shipped: ['delivered', 'completed', 'cancelled', 'failed'],
  delivered: ['completed'],
  completed: [],
  cancelled: [],
  failed: [],
  unknown: orderStatuses,
}

/** States in which only `after_sale_status` and details still move. */
export const terminalStatuses: ReadonlySet<OrderStatus> = new Set(['completed', 'cancelled', 'failed'])

const forward: ReadonlySet<OrderStatus> = new Set([
  'awaiting_payment',
  'on_hold',
  'awaiting_fulfillment',
  'processing',
  'partially_shipped',
  'shipped',
  'delivered',
])

/**
 * May an order go from one status to another? Two additions to the table:
 * steps that nobody saw count as made (a snapshot may arrive after several moves, so a state that the
 * table reaches over others is a move; `cancelled` is only ever entered directly), and `unknown` may be
 * entered from every state that is not terminal.
 */
export function mayMove(from: OrderStatus, to: OrderStatus): boolean {
  if (from === to || from === 'unknown') return true
  if (to === 'unknown') return !terminalStatuses.has(from)
  return reachable.get(from)!.has(to)
}

/** Each state with those that lie ahead of it: direct moves, and forward moves of forward moves. */
const reachable: ReadonlyMap<OrderStatus, ReadonlySet<OrderStatus>> = new Map(
  orderStatuses.map((from) => [from, ahead(from)]),
)

function ahead(from: OrderStatus): ReadonlySet<OrderStatus> {
  const seen = new Set<OrderStatus>(moves[from])
  const queue = [...seen]
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (!isAdvance(from, next)) continue
    for (const step of moves[next])
      if (step !== 'cancelled' && isAdvance(next, step) && !seen.has(step)) {
        seen.add(step)
        queue.push(step)
      }
  }
  return seen
}

function isAdvance(from: OrderStatus, to: OrderStatus): boolean {
  return !forward.has(to) || orderStatuses.indexOf(to) > orderStatuses.indexOf(from)
}

export const paymentStatuses = [
  'unpaid',
  'pending',
  'authorized',
  'paid',
  'partially_refunded',
  'refunded',
  'voided',
  'cod_pending',
  'unknown',
] as const
export const fulfillmentStatuses = [
  'unfulfilled',
  'partially_packed',
  'packed',
  'partially_shipped',
  'shipped',
  'partially_delivered',
  'delivered',
  'returned',
  'none',
  'unknown',
] as const
export const cancellationStatuses = [
  'none',
  'requested',
  'accepted',
  'rejected',
  'partially_cancelled',
  'cancelled',
] as const
export const afterSaleStatuses = [
  'none',
  'open',
  'partially_refunded',
  'refunded',
  'closed',
  'disputed',
] as const
export const packageStatuses = [
  'draft',
  'label_requested',
  'label_ready',
  'ready_to_ship',
  'handed_over',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'delivery_failed',
  'lost',
  'damaged',
  'returning',
  'returned',
  'cancelled',
  'unknown',
] as const
export const orderTypes = [
  'standard',
  'preorder',
  'replacement',
  'exchange',
  'sample',
  'gift',
  'business',
] as const
export const fulfillmentTypes = ['seller', 'platform', 'mixed', 'unknown'] as const
export const piiStates = ['clear', 'masked', 'encrypted', 'expired', 'absent'] as const
export const holdReasons = [
  'unpaid',
  'risk_review',
  'remorse_period',
  'address_pending',
  'cancellation_requested',
  'qualification_required',
  'tro_hold',
  'missing_compliance',
  'availability_pending',
  'platform_hold',
] as const
export const complianceFlags = ['has_regulated_items', 'qualification_required', 'dangerous_goods'] as const
