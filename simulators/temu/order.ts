import type { Person, PostalAddress } from '../catalog.ts'
import type { Mall } from './sites.ts'

/** Numbers of the platform, for parent orders and lines alike. */
export const status = {
  pending: 1,
  unshipped: 2,
  cancelled: 3,
  shipped: 4,
  partlyShipped: 41,
  delivered: 5,
  partlyDelivered: 51,
} as const

/** The stories an order can live; order-life.ts has what happens in each. */
export type OrderKind =
  | 'standard'
  | 'partial'
  | 'cancelled_pending'
  | 'cancelled_by_buyer'
  | 'cancel_refused'
  | 'units_cancelled'
  | 'out_of_stock'
  | 'address_changed'
  | 'risk_review'
  | 'cash_on_delivery'
  | 'cooperative'
  | 'presale'
  | 'consolidated'
  | 'refunded'

export type Line = {
  readonly orderSn: string
  readonly goodsId: number
  readonly skuId: number
  readonly sellerSku: string
  readonly title: string
  readonly spec: string
  readonly ordered: number
  /** Amounts in the smallest unit; retail is what the buyer sees, base what the seller gets. */
  readonly unitRetail: number
  readonly unitBase: number
  readonly sellerDiscount: number
  readonly platformDiscount: number
  readonly shipping: number
  cancelled: number
  status: number
  shippedMs: number | null
}

export type Label =
  | 'soon_to_be_overdue'
  | 'past_due'
  | 'pending_buyer_cancellation'
  | 'pending_buyer_address_change'
  | 'pending_risk_control_alert'
  | 'signature_required_on_delivery'

/** One parent order as the platform keeps it; every answer is drawn from this. */
export type SimulatedOrder = {
  readonly parentOrderSn: string
  readonly serial: number
  readonly mall: Mall
  readonly kind: OrderKind
  readonly buyer: Person
  address: PostalAddress
  readonly lines: readonly Line[]
  readonly tax: number
  readonly createdMs: number
  readonly warehouseId: string
  refunded: number
  updatedMs: number
  confirmedMs: number | null
  pendingEndedMs: number | null
  shippedMs: number | null
  status: number
  readonly labels: Set<Label>
  /** Index of the next step of its story, and when it is due. */
  nextStep: number
  dueMs: number
}

export const left = (line: Line): number => line.ordered - line.cancelled
