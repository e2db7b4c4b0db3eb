import type { Country } from './countries.ts'

/** The words of a unit, as the platform spells them. */
export type UnitStatus =
  | 'unpaid'
  | 'pending'
  | 'packed'
  | 'ready_to_ship'
  | 'shipped'
  | 'delivered'
  | 'canceled'
  | 'returned'
  | 'failed_delivery'
  | 'shipped_back'
  | 'shipped_back_success'
  | 'lost_by_3pl'

/** The stories an order can live; order-life.ts has what happens in each. */
export type OrderKind =
  | 'standard'
  | 'cod'
  | 'fbl'
  | 'own_fleet'
  | 'digital'
  | 'gift'
  | 'split'
  | 'preorder'
  | 'cancelled_by_buyer'
  | 'cancelled_by_seller'
  | 'unpaid'
  | 'returned'
  | 'failed_delivery'
  | 'lost'

/** One row: one piece of one article. Amounts are hundredths, or wholes where the currency has no more. */
export type Unit = {
  readonly itemId: string
  readonly sku: string
  readonly skuId: string
  readonly productId: string
  readonly title: string
  readonly variation: string
  readonly price: number
  readonly voucherSeller: number
  readonly voucherPlatform: number
  readonly shipping: number
  status: UnitStatus
  packageId: string
  trackingCode: string
  carrier: string
  reason: string
  initiator: string
  reverseOrderId: string | null
  asksToCancel: boolean
}

export type Account = {
  /** The seller id, or of a cross-border account its own id. */
  readonly accountId: string
  /** A country, or `cb`. */
  readonly region: Country | 'cb'
  readonly name: string
  readonly stores: readonly Store[]
}

export type Store = {
  readonly country: Country
  readonly sellerId: string
  readonly userId: string
  readonly shortCode: string
}

export type SimulatedOrder = {
  readonly orderId: string
  readonly serial: number
  readonly accountId: string
  readonly store: Store
  readonly kind: OrderKind
  readonly units: readonly Unit[]
  readonly shippingFee: number
  readonly payment: string
  readonly buyerId: string
  readonly person: string
  readonly phone: string
  readonly street: string
  readonly place: readonly [state: string, city: string, district: string, postCode: string]
  readonly createdMs: number
  updatedMs: number
  paidMs: number | null
  cancelByMs: number | null
  nextStep: number
  dueMs: number
}

/** Distinct words of the units, as the platform lists them. */
export const statusesOf = (order: SimulatedOrder): readonly UnitStatus[] => [
  ...new Set(order.units.map(({ status }) => status)),
]
