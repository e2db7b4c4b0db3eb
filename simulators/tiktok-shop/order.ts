import type { Market } from './markets.ts'
import type { Recipient } from './people.ts'

export const orderStatuses = [
  'UNPAID',
  'ON_HOLD',
  'AWAITING_SHIPMENT',
  'PARTIALLY_SHIPPING',
  'AWAITING_COLLECTION',
  'IN_TRANSIT',
  'DELIVERED',
  'COMPLETED',
  'CANCELLED',
] as const
export type OrderStatus = (typeof orderStatuses)[number]
export type PackageStatus = 'TO_FULFILL' | 'PROCESSING' | 'FULFILLING' | 'COMPLETED' | 'CANCELLED'

export const orderKinds = [
  'standard',
  'platform_label',
  'fbt',
  'cod',
  'partial',
  'unpaid',
  'cancelled_on_hold',
  'cancelled_by_buyer',
  'cancel_refused',
  'cancelled_by_seller',
  'preorder',
  'sample',
  'replacement',
  'gift',
] as const
export type OrderKind = (typeof orderKinds)[number]

/** A shop of an account: what Get Authorized Shops tells. */
export type Shop = {
  readonly shopId: string
  readonly name: string
  readonly market: Market
  readonly sellerType: 'CROSS_BORDER' | 'LOCAL'
  readonly cipher: string
  readonly code: string
}

export type Account = {
  readonly openId: string
  readonly name: string
  readonly consentRegion: 'us' | 'global'
  readonly shops: readonly Shop[]
}

/** One unit of one thing: the platform has a row for each. Amounts in minor units. */
export type Unit = {
  readonly id: string
  readonly skuId: string
  readonly productId: string
  readonly sellerSku: string
  readonly title: string
  readonly price: number
  readonly sellerDiscount: number
  readonly platformDiscount: number
  readonly isGift: boolean
  readonly isDangerous: boolean
  status: OrderStatus
  packageStatus: PackageStatus
  packageId: string
  cancelled: { readonly by: string; readonly reason: string } | null
  rtsMs: number | null
}

export type Parcel = {
  readonly id: string
  readonly carrier: string
  readonly carrierId: string
  readonly trackingNumber: string
}

export type SimulatedOrder = {
  readonly orderId: string
  readonly account: Account
  readonly shop: Shop
  readonly kind: OrderKind
  readonly buyerId: string
  readonly nickname: string
  readonly message: string
  readonly recipient: Recipient
  readonly units: readonly Unit[]
  readonly shipping: number
  readonly shippingPlatformDiscount: number
  readonly paymentMethod: string
  readonly replacedOrderId: string | null
  readonly createdMs: number
  readonly parcels: Parcel[]
  updatedMs: number
  status: OrderStatus
  wasOnHold: boolean
  cancelRequestedMs: number | null
  cancelled: { readonly by: string; readonly reason: string } | null
  readonly times: { paid?: number; rts?: number; collected?: number; delivered?: number; cancelled?: number }
  nextStep: number
  dueMs: number
}

/** Fulfilled and labelled by whom. */
export const isByPlatform = ({ kind }: SimulatedOrder): boolean => kind === 'fbt'
export const hasPlatformLabel = ({ kind }: SimulatedOrder): boolean =>
  kind === 'fbt' || kind === 'platform_label' || kind === 'cod'
