import type { FaultSwitches } from '../faults.ts'
import { decimalOf } from './markets.ts'
import { hasPlatformLabel, isByPlatform, type SimulatedOrder, type Unit } from './order.ts'
import { renderAddress } from './render-address.ts'

/** The faults that one order has. */
export type View = {
  readonly unknownStatus: boolean
  readonly unknownField: boolean
  readonly missingCurrency: boolean
  readonly milliseconds: boolean
}

export const viewOf = (faults: FaultSwitches, { orderId }: SimulatedOrder): View => ({
  unknownStatus: faults.marks('unknown_status', orderId),
  unknownField: faults.marks('unknown_field', orderId),
  missingCurrency: faults.marks('missing_currency', orderId),
  milliseconds: faults.marks('mixed_time_units', orderId),
})

export const secondsOf = (ms: number): number => Math.floor(ms / 1000)

type Writer = {
  readonly money: (minor: number) => string
  readonly time: (ms: number) => number
  readonly currency: Readonly<Record<string, string>>
}

const writerFor = ({ shop: { market } }: SimulatedOrder, view: View): Writer => ({
  money: (minor) => decimalOf(minor, market.digits),
  time: (ms) => (view.milliseconds ? Math.floor(ms) : secondsOf(ms)),
  currency: view.missingCurrency ? {} : { currency: market.currency },
})

const salePrice = (unit: Unit): number => unit.price - unit.sellerDiscount - unit.platformDiscount
const isTaxed = ({ shop }: SimulatedOrder): boolean => shop.market.taxTenThousandths > 0
const taxOf = ({ shop }: SimulatedOrder, minor: number): number =>
  Math.round((minor * shop.market.taxTenThousandths) / 10_000)

/** Sums of an order in minor units; units that were cancelled one by one are no longer charged. */
export function amountsOf(order: SimulatedOrder) {
  const charged = order.units.filter((unit) => order.status === 'CANCELLED' || unit.status !== 'CANCELLED')
  const sum = (pick: (unit: Unit) => number): number => charged.reduce((total, unit) => total + pick(unit), 0)
  const items = sum((unit) => unit.price)
  const seller = sum((unit) => unit.sellerDiscount)
  const platform = sum((unit) => unit.platformDiscount)
  const productTax = sum((unit) => taxOf(order, salePrice(unit)))
  const shipping = order.shipping - order.shippingPlatformDiscount
  const shippingTax = taxOf(order, shipping)
  const subTotal = items - seller - platform
  return {
    items,
    seller,
    platform,
    subTotal,
    shipping,
    productTax,
    shippingTax,
    total: subTotal + shipping + productTax + shippingTax,
  }
}

function renderPayment(order: SimulatedOrder, { money, currency }: Writer): object {
  const sums = amountsOf(order)
  return {
    ...currency,
    sub_total: money(sums.subTotal),
    shipping_fee: money(sums.shipping),
    seller_discount: money(sums.seller),
    platform_discount: money(sums.platform),
    total_amount: money(sums.total),
    original_total_product_price: money(sums.items),
    original_shipping_fee: money(order.shipping),
    shipping_fee_seller_discount: money(0),
    shipping_fee_platform_discount: money(order.shippingPlatformDiscount),
    shipping_fee_cofunded_discount: money(0),
    tax: money(sums.productTax + sums.shippingTax),
    ...(isTaxed(order) && {
      product_tax: money(sums.productTax),
      shipping_fee_tax: money(sums.shippingTax),
      retail_delivery_fee: money(0),
    }),
  }
}

function renderUnit(order: SimulatedOrder, unit: Unit, { money, time, currency }: Writer): object {
  const parcel = order.parcels.find(({ id }) => id === unit.packageId)
  return {
    id: unit.id,
    sku_id: unit.skuId,
    product_id: unit.productId,
    product_name: unit.title,
    sku_name: 'Default',
    sku_image: `https://img.example/${unit.sellerSku.toLowerCase()}.jpg`,
    original_price: money(unit.price),
    sale_price: money(salePrice(unit)),
    platform_discount: money(unit.platformDiscount),
    seller_discount: money(unit.sellerDiscount),
    display_status: unit.status,
    package_status: unit.packageStatus,
    package_id: unit.packageId,
    seller_sku: unit.sellerSku,
    ...currency,
    is_gift: unit.isGift,
    sku_type: order.kind === 'preorder' ? 'PRE_ORDER' : 'NORMAL',
    is_dangerous_good: unit.isDangerous,
    needs_prescription: false,
    ...(isTaxed(order) && {
      item_tax: [
        {
          tax_type: 'SALES_TAX',
          tax_amount: money(taxOf(order, salePrice(unit))),
          tax_rate: String(order.shop.market.taxTenThousandths / 10_000),
        },
      ],
      retail_delivery_fee: money(0),
    }),
    ...(unit.isGift && { gift_retail_price: money(0) }),
    ...(parcel && {
      tracking_number: parcel.trackingNumber,
      shipping_provider_name: parcel.carrier,
      shipping_provider_id: parcel.carrierId,
    }),
    ...(unit.rtsMs !== null && { rts_time: time(unit.rtsMs) }),
    ...(unit.cancelled && { cancel_user: unit.cancelled.by, cancel_reason: unit.cancelled.reason }),
  }
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

function renderTimes(
  { times, createdMs, updatedMs, cancelRequestedMs }: SimulatedOrder,
  { time }: Writer,
): object {
  const optional = {
    paid_time: times.paid,
    rts_time: times.rts,
    collection_time: times.collected,
    delivery_time: times.delivered,
    cancel_time: times.cancelled,
    request_cancel_time: cancelRequestedMs ?? undefined,
  }
  return {
    create_time: time(createdMs),
    update_time: time(updatedMs),
    rts_sla_time: time(createdMs + 2 * dayMs),
    tts_sla_time: time(createdMs + 3 * dayMs),
    shipping_due_time: time(createdMs + 4 * dayMs),
    cancel_order_sla_time: time(createdMs + 4 * dayMs),
    delivery_option_required_delivery_time: time(createdMs + 7 * dayMs),
    ...Object.fromEntries(
      Object.entries(optional).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, time(ms)]])),
    ),
  }
}

function renderFlags(order: SimulatedOrder): object {
  const { cancelled, replacedOrderId, shop } = order
  return {
    is_cod: order.kind === 'cod',
    is_sample_order: order.kind === 'sample',
    is_replacement_order: replacedOrderId !== null,
    is_exchange_order: false,
    is_on_hold_order: order.wasOnHold,
    is_buyer_request_cancel: order.cancelRequestedMs !== null,
    is_subscription_order: false,
    has_updated_recipient_address: false,
    order_type: order.kind === 'preorder' && shop.market.country === 'US' ? 'PRE_ORDER' : 'NORMAL',
    ...(replacedOrderId !== null && { replaced_order_id: replacedOrderId }),
    ...(cancelled && { cancellation_initiator: cancelled.by, cancel_reason: cancelled.reason }),
    ...(shop.market.country === 'ID' && { commerce_platform: 'TIKTOK_SHOP' }),
    ...(shop.market.country === 'BR' && {
      cpf: '000.000.001-91',
      cpf_name: order.recipient.name,
      need_upload_invoice: 'NO_NEED',
    }),
  }
}

/** An order as Get Order Detail tells it; the search tells the same, the payment codes excepted. */
export function renderOrder(order: SimulatedOrder, view: View, isDetail: boolean): object {
  const writer = writerFor(order, view)
  const only = order.parcels.length === 1 ? order.parcels[0] : undefined
  return {
    id: order.orderId,
    status: view.unknownStatus ? 'AWAITING_MIRACLE' : order.status,
    user_id: order.buyerId,
    buyer_email: `${order.recipient.mailbox}@scs2.tiktok.com`,
    buyer_nickname: order.nickname,
    buyer_message: order.message,
    ...renderTimes(order, writer),
    payment: renderPayment(order, writer),
    line_items: order.units.map((unit) => renderUnit(order, unit, writer)),
    recipient_address: renderAddress(order),
    fulfillment_type: isByPlatform(order) ? 'FULFILLMENT_BY_TIKTOK' : 'FULFILLMENT_BY_SELLER',
    shipping_type: hasPlatformLabel(order) ? 'TIKTOK' : 'SELLER',
    delivery_type: 'HOME_DELIVERY',
    delivery_option_id: '7091146663229654785',
    delivery_option_name: 'Standard shipping',
    warehouse_id: '6955005333819123123',
    payment_method_name: order.paymentMethod,
    packages: order.parcels.map(({ id }) => ({ id })),
    ...(only && {
      tracking_number: only.trackingNumber,
      shipping_provider: only.carrier,
      shipping_provider_id: only.carrierId,
    }),
    ...renderFlags(order),
    ...(isDetail &&
      order.kind !== 'cod' && { payment_card_type: 'Debit', payment_method_code: 'pm_pi_ccdc' }),
    ...(view.unknownField && { quantum_state: 'entangled', parcel_mood: { colour: 'blue' } }),
  }
}

/** The answer of Get Price Detail, in the few parts that the order itself does not tell. */
export function renderPriceDetail(order: SimulatedOrder): object {
  const { market } = order.shop
  const money = (minor: number): string => decimalOf(minor, market.digits)
  const sums = amountsOf(order)
  const codFee = order.kind === 'cod' ? Math.round(sums.total / 100) : 0
  return {
    currency: market.currency,
    total: money(sums.total),
    payment: money(sums.total),
    subtotal: money(sums.subTotal),
    subtotal_deduction_seller: money(sums.seller),
    subtotal_deduction_platform: money(sums.platform),
    shipping_list_price: money(order.shipping),
    shipping_sale_price: money(sums.shipping),
    tax_amount: money(sums.productTax + sums.shippingTax),
    cod_fee: money(codFee),
    line_items: order.units.map((unit, index) => ({
      id: unit.id,
      currency: market.currency,
      sku_list_price: money(unit.price),
      sku_sale_price: money(salePrice(unit)),
      shipping_sale_price: money(index === 0 ? sums.shipping : 0),
      cod_fee_amount: money(index === 0 ? codFee : 0),
    })),
  }
}
