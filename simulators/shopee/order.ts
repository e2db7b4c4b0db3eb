/** An order as the simulated platform keeps it. Amounts are in the smallest unit the market prints. */
export type OrderKind =
  | 'standard'
  | 'cod'
  | 'fbs'
  | 'split'
  | 'bundle'
  | 'pending'
  | 'unpaid'
  | 'cancelled_by_buyer'
  | 'cancel_refused'
  | 'cancelled_by_seller'
  | 'retry'
  | 'returned'
  | 'preorder'
  | 'invoice'

export type OrderItem = {
  readonly lineItemId: number
  readonly orderItemId: number
  readonly itemId: number
  readonly modelId: number
  readonly name: string
  readonly itemSku: string
  readonly modelSku: string
  readonly modelName: string
  readonly quantity: number
  readonly original: number
  readonly discounted: number
  readonly sellerVoucher: number
  readonly platformVoucher: number
  readonly promotionGroupId: number
}

export type Parcel = {
  readonly number: string
  readonly contents: readonly { readonly item: OrderItem; readonly quantity: number }[]
  status: string
  trackingNumber: string
  pickedUpMs: number | null
}

export type SimulatedOrder = {
  readonly orderSn: string
  readonly serial: number
  readonly shopId: number
  readonly region: string
  readonly currency: string
  readonly kind: OrderKind
  readonly cod: boolean
  readonly flag: string
  readonly buyer: { readonly id: number; readonly name: string; readonly userName: string }
  readonly place: readonly [string, string, string, string, string]
  readonly items: readonly OrderItem[]
  readonly shipping: number
  readonly message: string
  readonly createdMs: number
  updatedMs: number
  status: string
  payMs: number | null
  shipByMs: number | null
  pendingTerms: readonly string[]
  cancelBy: string
  cancelReason: string
  buyerCancelReason: string
  parcels: Parcel[]
  nextStep: number
  dueMs: number
}

/** Times on the wire are whole seconds; lists filter on the same. */
export const secondsOf = (ms: number): number => Math.floor(ms / 1000)
