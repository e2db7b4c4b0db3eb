import type { Country } from '../catalog-places.ts'
import type { Person, PostalAddress } from '../catalog.ts'
import type { Marketplace } from './marketplaces.ts'

export type OrderStatus =
  | 'PENDING_AVAILABILITY'
  | 'PENDING'
  | 'UNSHIPPED'
  | 'PARTIALLY_SHIPPED'
  | 'SHIPPED'
  | 'CANCELLED'
  | 'UNFULFILLABLE'

/** The stories an order can live; order-life.ts has what happens in each. */
export type OrderKind =
  | 'merchant'
  | 'fba'
  | 'prime'
  | 'business'
  | 'gift'
  | 'partial'
  | 'cancelled_by_buyer'
  | 'cancel_refused'
  | 'cancelled_by_merchant'
  | 'unpaid'
  | 'preorder'
  | 'pickup'
  | 'replacement'
  | 'undeliverable'

export type OrderItem = {
  readonly orderItemId: string
  readonly asin: string
  readonly sku: string
  readonly title: string
  readonly quantity: number
  shipped: number
  /** All amounts in the smallest unit of the marketplace's currency; for the whole line but the first. */
  readonly unitPrice: number
  readonly discount: number
  readonly shipping: number
  readonly tax: number
  readonly shippingTax: number
  readonly giftWrap: number
  readonly points: number
  readonly promotionId: string | null
  readonly gift: { readonly message: string; readonly level: string } | null
  readonly customizedUrl: string | null
  readonly subscribed: boolean
  readonly serialNumbers: readonly string[]
}

export type PackageState = 'SHIPPED' | 'IN_TRANSIT' | 'DELIVERED' | 'UNDELIVERABLE'

export type Parcel = {
  readonly reference: string
  readonly createdMs: number
  readonly shippedMs: number
  readonly carrier: string
  readonly service: string
  readonly trackingNumber: string
  readonly contents: readonly { readonly orderItemId: string; readonly quantity: number }[]
  state: PackageState
  detail: string
}

export type Buyer = Person & {
  readonly company: string | null
  readonly purchaseOrder: string | null
  readonly taxNumber: string
}

/** One order as the platform keeps it; both API versions are drawn from this. */
export type SimulatedOrder = {
  readonly orderId: string
  /** Running number within the simulator; the seed's address of everything random in it. */
  readonly serial: number
  readonly sellerId: string
  readonly marketplace: Marketplace
  readonly country: Country
  readonly kind: OrderKind
  readonly sellerOrderId: string
  readonly replacesOrderId: string | null
  readonly byAmazon: boolean
  readonly serviceLevel: 'STANDARD' | 'EXPEDITED' | 'SECOND_DAY' | 'NEXT_DAY'
  readonly programs: readonly string[]
  readonly buyer: Buyer
  readonly address: PostalAddress
  readonly shipFrom: PostalAddress
  readonly items: readonly OrderItem[]
  readonly payment: { readonly method: string; readonly brand: string | null; readonly code: string }
  readonly createdMs: number
  updatedMs: number
  status: OrderStatus
  /** When the money was promised; the platform never shows it. */
  authorisedMs: number | null
  cancelRequest: string | null
  cancelled: { readonly by: 'BUYER' | 'MERCHANT' | 'AMAZON'; readonly reason: string } | null
  readonly parcels: Parcel[]
  /** Index of the next step of its story, and when it is due. */
  nextStep: number
  dueMs: number
}

export const wasPaid = (order: SimulatedOrder): boolean => order.authorisedMs !== null

/** Person and address are shown from payment to the end, but not for a cancelled order. */
export const showsRecipient = (order: SimulatedOrder): boolean =>
  order.status === 'UNSHIPPED' || order.status === 'PARTIALLY_SHIPPED' || order.status === 'SHIPPED'

export const lineTotal = (item: OrderItem): number =>
  item.unitPrice * item.quantity + item.shipping + item.tax + item.shippingTax + item.giftWrap - item.discount

export const orderTotal = (order: SimulatedOrder): number =>
  order.items.reduce((sum, item) => sum + lineTotal(item), 0)

export type Windows = {
  readonly shipFromMs: number
  readonly shipByMs: number
  readonly deliverFromMs: number
  readonly deliverByMs: number
}

const dayMs = 86_400_000
/** Days from payment to the ends of the promised windows: ship by, deliver from, deliver by. */
const promiseDays = {
  STANDARD: [2, 4, 8],
  EXPEDITED: [1, 2, 4],
  SECOND_DAY: [1, 2, 2],
  NEXT_DAY: [0, 1, 1],
} as const

/** Promised windows end with the day (UTC); they count from the order's creation. */
export function windowsOf(order: SimulatedOrder): Windows {
  const startOfDay = Math.floor(order.createdMs / dayMs) * dayMs
  const [ship, from, by] = promiseDays[order.serviceLevel]
  return {
    shipFromMs: startOfDay,
    shipByMs: startOfDay + (ship + 1) * dayMs - 1000,
    deliverFromMs: startOfDay + from * dayMs,
    deliverByMs: startOfDay + (by + 1) * dayMs - 1000,
  }
}
