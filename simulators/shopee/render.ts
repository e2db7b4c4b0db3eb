import type { FaultSwitches } from '../faults.ts'
import { secondsOf, type OrderItem, type Parcel, type SimulatedOrder } from './order.ts'
import { regionOf } from './regions.ts'

/** Amounts go out as JSON numbers in major units. */
const majorOf = (order: SimulatedOrder, minor: number): number =>
  regionOf(order.region).decimals === 2 ? minor / 100 : minor

/** First and last letter stay. */
const masked = (text: string): string => (text.length < 2 ? '*' : `${text[0]}******${text.at(-1)!}`)

const itemKeys = (item: OrderItem): object => ({
  item_id: item.itemId,
  model_id: item.modelId,
  order_item_id: item.orderItemId,
  promotion_group_id: item.promotionGroupId,
})

export const goodsOf = (order: SimulatedOrder): number =>
  order.items.reduce(
    (sum, item) => sum + item.discounted * item.quantity - item.sellerVoucher - item.platformVoucher,
    0,
  )

/** What a PENDING order looks like to callers that did not ask for that word. */
const statusFor = (order: SimulatedOrder, showsPending: boolean): string =>
  order.status === 'PENDING' && !showsPending ? 'UNPAID' : order.status

export const wordOf = (order: SimulatedOrder, faults: FaultSwitches, showsPending: boolean): string =>
  faults.marks('unknown_status', order.orderSn) ? 'AWAITING_DRONE' : statusFor(order, showsPending)

function addressOf(order: SimulatedOrder): object {
  const [state, city, district, town, zipcode] = order.place
  return {
    name: masked(order.buyer.name),
    phone: `******${String(order.buyer.id).slice(-2)}`,
    town,
    district,
    city,
    state,
    region: order.region,
    zipcode,
    full_address: '******',
  }
}

const location = (order: SimulatedOrder): string => regionOf(order.region).location

function renderItem(order: SimulatedOrder, item: OrderItem): object {
  const isDeal = item.promotionGroupId > 0
  return {
    ...itemKeys(item),
    line_item_id: item.lineItemId,
    item_name: item.name,
    item_sku: item.itemSku,
    model_name: item.modelName,
    model_sku: item.modelSku,
    model_quantity_purchased: item.quantity,
    model_original_price: majorOf(order, item.original),
    model_discounted_price: isDeal ? 0 : majorOf(order, item.discounted),
    wholesale: false,
    weight: 0.3,
    add_on_deal: false,
    main_item: false,
    add_on_deal_id: 0,
    promotion_type: isDeal ? 'bundle_deal' : item.discounted < item.original ? 'product_promotion' : '',
    promotion_id: isDeal || item.discounted < item.original ? 700_000_000 + (item.itemId % 1_000_000) : 0,
    promotion_list: [],
    image_info: { image_url: `https://images.example/${item.itemId}_tn` },
    product_location_id: [location(order)],
    is_prescription_item: false,
    is_b2c_owned_item: false,
    hot_listing_item: false,
  }
}

const contentsOf = (order: SimulatedOrder, parcel: Parcel): object[] =>
  parcel.contents.map(({ item, quantity }) => ({
    ...itemKeys(item),
    model_quantity: quantity,
    product_location_id: location(order),
  }))

function renderParcel(order: SimulatedOrder, parcel: Parcel): object {
  const { carrier, channelId } = regionOf(order.region)
  return {
    package_number: parcel.number,
    logistics_status: parcel.status,
    logistics_channel_id: channelId,
    shipping_carrier: carrier,
    allow_self_design_awb: true,
    item_list: contentsOf(order, parcel),
    parcel_chargeable_weight_gram: 300,
    group_shipment_id: null,
    sorting_group: 'North',
  }
}

const ifPaid = (order: SimulatedOrder, ms: number | null): number =>
  order.status === 'UNPAID' || ms === null ? 0 : secondsOf(ms)

/** What comes without asking (docs: v2.order.get_order_detail). */
function renderBase(order: SimulatedOrder, faults: FaultSwitches, showsPending: boolean): object {
  const isMixed = faults.marks('mixed_time_units', order.orderSn)
  return {
    order_sn: order.orderSn,
    region: order.region,
    ...(faults.marks('missing_currency', order.orderSn) ? {} : { currency: order.currency }),
    cod: order.cod,
    order_status: wordOf(order, faults, showsPending),
    message_to_seller: order.message,
    create_time: secondsOf(order.createdMs),
    update_time: isMixed ? order.updatedMs : secondsOf(order.updatedMs),
    days_to_ship: order.kind === 'preorder' ? 7 : 2,
    ship_by_date: ifPaid(order, order.shipByMs),
    reverse_shipping_fee: 0,
    ...(order.pendingTerms.length > 0 && { pending_terms: order.pendingTerms }),
    ...(faults.marks('unknown_field', order.orderSn) && { delivery_robot: { model: 'R2', floor: 3 } }),
  }
}

type Maker = (order: SimulatedOrder) => object

const pickedUpMs = ({ parcels }: SimulatedOrder): number | null =>
  parcels.find((parcel) => parcel.pickedUpMs !== null)?.pickedUpMs ?? null

/** What each optional name brings. */
const optional: Readonly<Record<string, Maker>> = {
  buyer_user_id: (order) => ({ buyer_user_id: order.buyer.id }),
  buyer_username: (order) => ({ buyer_username: masked(order.buyer.userName) }),
  estimated_shipping_fee: (order) => ({ estimated_shipping_fee: majorOf(order, order.shipping) }),
  recipient_address: (order) => ({ recipient_address: addressOf(order) }),
  actual_shipping_fee: () => ({ actual_shipping_fee: 0 }),
  actual_shipping_fee_confirmed: () => ({ actual_shipping_fee_confirmed: false }),
  goods_to_declare: () => ({ goods_to_declare: false }),
  note: () => ({ note: '' }),
  note_update_time: () => ({ note_update_time: 0 }),
  item_list: (order) => ({ item_list: order.items.map((item) => renderItem(order, item)) }),
  pay_time: (order) => ({ pay_time: order.payMs === null ? null : secondsOf(order.payMs) }),
  dropshipper: () => ({ dropshipper: null }),
  dropshipper_phone: () => ({ dropshipper_phone: null }),
  split_up: (order) => ({ split_up: order.parcels.length > 1 }),
  buyer_cancel_reason: (order) => ({ buyer_cancel_reason: order.buyerCancelReason }),
  cancel_by: (order) => ({ cancel_by: order.cancelBy }),
  cancel_reason: (order) => ({ cancel_reason: order.cancelReason }),
  buyer_cpf_id: (order) => ({ buyer_cpf_id: order.region === 'BR' ? '***.***.***-21' : null }),
  fulfillment_flag: (order) => ({ fulfillment_flag: order.flag }),
  pickup_done_time: (order) => ({ pickup_done_time: ifPaid(order, pickedUpMs(order)) }),
  package_list: (order) => ({ package_list: order.parcels.map((parcel) => renderParcel(order, parcel)) }),
  shipping_carrier: (order) => ({ shipping_carrier: regionOf(order.region).carrier }),
  payment_method: (order) => {
    const { cod, payment } = regionOf(order.region)
    return { payment_method: order.cod ? cod : payment }
  },
  total_amount: (order) =>
    order.status === 'UNPAID' ? {} : { total_amount: majorOf(order, goodsOf(order) + order.shipping) },
  invoice_data: () => ({ invoice_data: null }),
  order_chargeable_weight_gram: () => ({ order_chargeable_weight_gram: 300 }),
  return_request_due_date: () => ({ return_request_due_date: 0 }),
  edt: (order) =>
    order.shipByMs === null
      ? {}
      : { edt_from: secondsOf(order.shipByMs) + 86_400, edt_to: secondsOf(order.shipByMs) + 3 * 86_400 },
  payment_info: () => ({ payment_info: [] }),
}

export function renderDetail(
  order: SimulatedOrder,
  names: readonly string[],
  faults: FaultSwitches,
  showsPending: boolean,
): object {
  return Object.assign(
    {},
    renderBase(order, faults, showsPending),
    ...names.map((name) => optional[name]?.(order) ?? {}),
  ) as object
}

/** Docs: v2.order.get_package_detail. */
export function renderPackage(order: SimulatedOrder, parcel: Parcel): object {
  const { carrier, channelId } = regionOf(order.region)
  return {
    order_sn: order.orderSn,
    package_number: parcel.number,
    fulfillment_status: parcel.status,
    update_time: secondsOf(order.updatedMs),
    logistics_channel_id: channelId,
    shipping_carrier: carrier,
    allow_self_design_awb: true,
    days_to_ship: order.kind === 'preorder' ? 7 : 2,
    ship_by_date: ifPaid(order, order.shipByMs),
    pending_terms: order.pendingTerms,
    pending_description: [],
    tracking_number: parcel.trackingNumber,
    tracking_number_expiration_date: 0,
    pickup_done_time: parcel.pickedUpMs === null ? 0 : secondsOf(parcel.pickedUpMs),
    is_split_up: order.parcels.length > 1,
    item_list: contentsOf(order, parcel),
    recipient_address: addressOf(order),
    parcel_chargeable_weight_gram: 300,
    group_shipment_id: 0,
    virtual_contact_number: '-',
    package_query_number: '-',
    sorting_group: 'North',
    is_shipment_arranged: parcel.trackingNumber !== '',
    can_split_order: false,
    can_unsplit_order: false,
    is_pre_order: order.kind === 'preorder',
  }
}

/** Docs: v2.payment.get_escrow_detail. Line amounts are for all units. */
export function renderEscrow(order: SimulatedOrder): object {
  const amount = (minor: number): number => majorOf(order, minor)
  const sum = (of: (item: OrderItem) => number): number =>
    order.items.reduce((total, item) => total + of(item), 0)
  const original = sum((item) => item.original * item.quantity)
  const saved = sum((item) => (item.original - item.discounted) * item.quantity)
  const commission = Math.round((original - saved) * 0.06)
  return {
    order_sn: order.orderSn,
    buyer_user_name: masked(order.buyer.userName),
    return_order_sn_list: [],
    order_income: {
      escrow_amount: amount(goodsOf(order) + sum((item) => item.platformVoucher) - commission),
      buyer_total_amount: amount(goodsOf(order) + order.shipping),
      order_original_price: amount(original),
      original_price: amount(original),
      order_selling_price: amount(original),
      seller_discount: amount(saved),
      shopee_discount: 0,
      voucher_from_seller: amount(sum((item) => item.sellerVoucher)),
      voucher_from_shopee: amount(sum((item) => item.platformVoucher)),
      coins: 0,
      buyer_paid_shipping_fee: amount(order.shipping),
      seller_shipping_discount: 0,
      shopee_shipping_rebate: 0,
      commission_fee: amount(commission),
      service_fee: 0,
      seller_transaction_fee: amount(Math.round(commission / 3)),
      escrow_tax: 0,
      cross_border_tax: 0,
      seller_return_refund: 0,
      final_product_vat_tax: 0,
      final_shipping_vat_tax: 0,
      items: order.items.map((item) => ({
        item_id: item.itemId,
        item_name: item.name,
        item_sku: item.itemSku,
        model_id: item.modelId,
        model_name: item.modelName,
        model_sku: item.modelSku,
        line_item_id: item.lineItemId,
        original_price: amount(item.original * item.quantity),
        selling_price: amount(item.original * item.quantity),
        discounted_price: amount(item.discounted * item.quantity),
        seller_discount: amount((item.original - item.discounted) * item.quantity),
        shopee_discount: 0,
        discount_from_coin: 0,
        discount_from_voucher_shopee: amount(item.platformVoucher),
        discount_from_voucher_seller: amount(item.sellerVoucher),
        activity_type: item.promotionGroupId > 0 ? 'bundle_deal' : '',
        activity_id: item.promotionGroupId,
        is_main_item: false,
        quantity_purchased: item.quantity,
        is_b2c_shop_item: false,
      })),
    },
  }
}
