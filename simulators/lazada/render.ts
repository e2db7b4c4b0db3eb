import type { FaultSwitches } from '../faults.ts'
import { hasDecimals, ventures, type Venture } from './countries.ts'
import { statusesOf, type SimulatedOrder, type Unit } from './order.ts'

const dayMs = 86_400_000

/** `2026-09-14 11:30:00 +0800`: the time of the venture with its offset, as live answers write it. */
export function localStamp(ms: number, { offset }: Venture): string {
  const hours = Number(offset.slice(1, 3))
  return `${new Date(ms + hours * 3600_000).toISOString().slice(0, 19).replace('T', ' ')} ${offset}`
}

/** Masked as the platform masks: the first letter and the last stay. */
const mask = (text: string): string =>
  text.length < 2 ? '*' : `${text.at(0)}${'*'.repeat(Math.max(2, text.length - 2))}${text.at(-1)}`

const number = (amount: number, venture: Venture): number => (hasDecimals(venture) ? amount / 100 : amount)
const decimal = (amount: number, venture: Venture): string =>
  hasDecimals(venture) ? (amount / 100).toFixed(2) : `${amount}.00`

const sumOf = (order: SimulatedOrder, pick: (unit: Unit) => number): number =>
  order.units.reduce((sum, unit) => sum + pick(unit), 0)

export type View = {
  readonly faults: FaultSwitches
  /** The app passed the security review: personal data is clear. */
  readonly clear: boolean
}

/** The order of /orders/get and /order/get; the two spell one member differently and differ in two more. */
export function renderOrder(order: SimulatedOrder, call: 'list' | 'one', view: View): object {
  const venture = ventures[order.store.country]
  const stamp = (ms: number): string =>
    view.faults.marks('mixed_time_units', order.orderId) ? String(ms) : localStamp(ms, venture)
  const show = (text: string): string => (view.clear ? text : mask(text))
  const [state, city, district, postCode] = order.place
  const address = {
    first_name: show(order.person),
    last_name: '',
    phone: show(order.phone),
    phone2: '',
    address1: show(order.street),
    address2: '',
    address3: state,
    address4: city,
    address5: district,
    city,
    post_code: postCode,
    country: venture.name,
    [call === 'list' ? 'addressDsitrict' : 'addressDistrict']: district,
  }
  const seller = sumOf(order, ({ voucherSeller }) => voucherSeller)
  const platform = sumOf(order, ({ voucherPlatform }) => voucherPlatform)
  const asks = order.units.some(({ asksToCancel }) => asksToCancel)
  return {
    order_id: Number(order.orderId),
    order_number: Number(order.orderId),
    statuses: statusesOf(order).map((status) => statusWord(order, status, view)),
    created_at: stamp(order.createdMs),
    updated_at: stamp(order.updatedMs),
    price: decimal(
      sumOf(order, ({ price }) => price),
      venture,
    ),
    voucher: number(seller + platform, venture),
    ...(call === 'list' && {
      voucher_seller: number(seller, venture),
      voucher_platform: number(platform, venture),
      address_updated_at: 'null',
    }),
    voucher_code: '',
    shipping_fee: number(order.shippingFee, venture),
    shipping_fee_original: number(order.shippingFee, venture),
    shipping_fee_discount_seller: 0,
    shipping_fee_discount_platform: 0,
    items_count: order.units.length,
    payment_method: order.payment,
    customer_first_name: show(order.person),
    customer_last_name: '',
    address_shipping: address,
    address_billing: address,
    tax_code: '',
    branch_number: '',
    national_registration_number: '',
    remarks: '',
    buyer_note: '',
    gift_option: order.kind === 'gift',
    gift_message: order.kind === 'gift' ? 'Happy birthday' : '',
    delivery_info: '',
    extra_attributes: '',
    promised_shipping_times: '',
    warehouse_code: warehouseOf(order),
    need_cancel_confirm: asks,
    is_cancel_pending: false,
    ...(view.faults.marks('unknown_field', order.orderId) && { delivery_mood: { level: 3 } }),
  }
}

const warehouseOf = (order: SimulatedOrder): string =>
  order.kind === 'fbl' ? `OMS-LAZADA-${order.store.country.toUpperCase()}-W-1` : 'dropshipping'

const statusWord = (order: SimulatedOrder, status: string, { faults }: View): string =>
  faults.marks('unknown_status', order.orderId) ? 'teleported' : status

const providerTypes: Readonly<Record<string, string>> = { digital: 'DIGITAL', own_fleet: 'SELLER_OWN_FLEET' }

/** One row of the item calls. Ids are numbers here and texts there, as live. */
export function renderUnit(order: SimulatedOrder, unit: Unit, view: View): object {
  const venture = ventures[order.store.country]
  const mixed = view.faults.marks('mixed_time_units', order.orderId)
  const amount = (value: number): number => number(value, venture)
  const voucher = unit.voucherSeller + unit.voucherPlatform
  const flag = (isSet: boolean): number => (isSet ? 1 : 0)
  return {
    order_id: Number(order.orderId),
    order_item_id: Number(unit.itemId),
    status: statusWord(order, unit.status, view),
    name: unit.title,
    sku: unit.sku,
    shop_sku: `${unit.productId}_${order.store.country.toUpperCase()}AMZ-${unit.skuId}`,
    sku_id: unit.skuId,
    product_id: unit.productId,
    variation: unit.variation,
    product_main_image: `https://img.example.com/${unit.sku}.jpg`,
    product_detail_url: `https://www.example.com/-i${unit.productId}-s${unit.skuId}.html`,
    item_price: amount(unit.price),
    paid_price: amount(unit.price - voucher),
    ...(!view.faults.marks('missing_currency', order.orderId) && { currency: venture.currency }),
    voucher_amount: amount(voucher),
    voucher_seller: amount(unit.voucherSeller),
    voucher_platform: amount(unit.voucherPlatform),
    voucher_seller_lpi: 0,
    voucher_platform_lpi: 0,
    voucher_code: '',
    wallet_credits: 0,
    shipping_amount: amount(unit.shipping),
    shipping_fee_original: amount(unit.shipping),
    shipping_fee_discount_seller: 0,
    shipping_fee_discount_platform: 0,
    shipping_service_cost: 0,
    tax_amount: 0,
    created_at: localStamp(order.createdMs, venture),
    updated_at: localStamp(order.updatedMs, venture),
    ...(order.paidMs !== null && { payment_time: mixed ? Math.floor(order.paidMs / 1000) : order.paidMs }),
    sla_time_stamp: localStamp(endOfSecondDay(order.createdMs), venture).replace(' ', 'T').replace(' ', ''),
    promised_shipping_time: '',
    package_id: unit.packageId,
    tracking_code: unit.trackingCode,
    tracking_code_pre: '',
    shipment_provider: unit.carrier,
    shipping_provider_type: providerTypes[order.kind] ?? 'STANDARD',
    shipping_type: order.kind === 'fbl' ? 'Warehouse' : 'Dropshipping',
    warehouse_code: warehouseOf(order),
    is_fbl: flag(order.kind === 'fbl'),
    is_digital: flag(order.kind === 'digital'),
    delivery_option_sof: flag(order.kind === 'own_fleet'),
    is_reroute: 0,
    shop_id: order.store.shortCode,
    buyer_id: Number(order.buyerId),
    order_type: order.kind === 'preorder' ? 'PreSale' : 'Normal',
    stage_pay_status: order.kind === 'preorder' && order.paidMs === null ? 'unpaid final payment' : '',
    order_flag: 'NORMAL',
    return_status: '',
    ...cancellationOf(order, unit),
    invoice_number: '',
    purchase_order_id: '',
    purchase_order_number: '',
    digital_delivery_info: '',
    gift_wrapping: '',
    personalization: '',
    biz_group: order.kind === 'fbl' ? 70_020 : 70_100,
    semi_managed: false,
    extra_attributes: '',
  }
}

const cancellationOf = (order: SimulatedOrder, unit: Unit): object => ({
  reason: unit.reason,
  reason_detail: '',
  cancel_return_initiator: unit.initiator,
  ...(unit.reverseOrderId !== null && { reverse_order_id: Number(unit.reverseOrderId) }),
  need_cancel_confirm: unit.asksToCancel,
  is_cancel_pending: false,
  ...(unit.asksToCancel && order.cancelByMs !== null && { cancel_trigger_time: order.cancelByMs }),
})

const endOfSecondDay = (createdMs: number): number => Math.floor(createdMs / dayMs) * dayMs + 3 * dayMs - 1000
