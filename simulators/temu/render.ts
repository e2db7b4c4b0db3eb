import type { FaultSwitches } from '../faults.ts'
import { left, status } from './order.ts'
import type { Label, Line, SimulatedOrder } from './order.ts'

/** Unix seconds; the fault writes milliseconds. `null` for what has not happened. */
const seconds = (ms: number | null): number | null => (ms === null ? null : Math.floor(ms / 1000))

const hourMs = 3_600_000
const labelNames: readonly Label[] = [
  'soon_to_be_overdue',
  'past_due',
  'pending_buyer_cancellation',
  'pending_buyer_address_change',
  'pending_risk_control_alert',
  'signature_required_on_delivery',
]

const orderKindLabels = (order: SimulatedOrder) => [
  { name: 'customized_products', value: 0 },
  { name: 'pre_sale_order', value: order.kind === 'presale' ? 1 : 0 },
]

const paymentOf = (order: SimulatedOrder): 'COD' | 'PPD' =>
  order.kind === 'cash_on_delivery' ? 'COD' : 'PPD'

export const fulfilmentTypeOf = (order: SimulatedOrder): string =>
  order.kind === 'cooperative' ? 'fulfillByCooperativeWarehouse' : 'fulfillBySeller'

/** Labels that are on now, those of the clock included. */
export function labelsOf(order: SimulatedOrder, nowMs: number): ReadonlySet<Label> {
  const on = new Set(order.labels)
  const leftMs = shipByMs(order) - nowMs
  if (order.status !== status.unshipped) return on
  if (leftMs < 0) on.add('past_due')
  else if (leftMs < 12 * hourMs) on.add('soon_to_be_overdue')
  return on
}

const shipByMs = (order: SimulatedOrder): number =>
  order.createdMs + (order.kind === 'presale' ? 120 : 72) * hourMs

const warningsOf = (order: SimulatedOrder): readonly string[] => [
  ...(order.mall.site.country === 'BR' ? ['RESTRICT_SELF_SHIPPING'] : []),
  ...(order.labels.has('signature_required_on_delivery') ? ['SUGGEST_SIGNATURE_ON_DELIVERY'] : []),
]

function renderParent(order: SimulatedOrder, nowMs: number, faults: FaultSwitches): Record<string, unknown> {
  const on = labelsOf(order, nowMs)
  const isPending = order.status === status.pending
  return {
    parentOrderSn: order.parentOrderSn,
    parentOrderStatus: faults.marks('unknown_status', order.parentOrderSn) ? 77 : order.status,
    parentOrderTime: seconds(order.createdMs),
    parentOrderPendingFinishTime: seconds(order.pendingEndedMs),
    parentConfirmTime: seconds(order.confirmedMs),
    expectShipLatestTime: isPending ? null : seconds(shipByMs(order)),
    latestDeliveryTime: seconds(shipByMs(order) + 168 * hourMs),
    parentShippingTime: seconds(order.shippedMs),
    siteId: order.mall.site.siteId,
    regionId: order.mall.site.regionId,
    orderPaymentType: paymentOf(order),
    hasShippingFee: order.lines.every(({ shipping }) => shipping === 0),
    shippingMethod: 1,
    batchOrderNumberList: order.kind === 'cooperative' ? [`BN${order.serial}`] : [],
    fulfillmentWarning: warningsOf(order),
    parentOrderLabel: labelNames.map((name) => ({ name, value: on.has(name) ? 1 : 0 })),
    ...(faults.marks('unknown_field', order.parentOrderSn) && { carbonFootprint: { grams: 120 } }),
  }
}

function renderLine(order: SimulatedOrder, line: Line): Record<string, unknown> {
  const isLocal = order.mall.type === 'local'
  return {
    orderSn: line.orderSn,
    orderStatus: line.status,
    quantity: left(line),
    originalOrderQuantity: line.ordered,
    canceledQuantityBeforeShipment: line.cancelled,
    goodsId: line.goodsId,
    ...(isLocal && { skuId: line.skuId }),
    spec: line.spec,
    originalSpecName: line.spec,
    goodsName: line.title,
    originalGoodsName: line.title,
    thumbUrl: `https://img.example/${line.goodsId}.jpg`,
    fulfillmentType: fulfilmentTypeOf(order),
    inventoryDeductionWarehouseId: isLocal ? order.warehouseId : null,
    inventoryDeductionWarehouseName: isLocal ? 'Main' : null,
    orderPaymentType: paymentOf(order),
    isCancelledDuringPending: order.kind === 'cancelled_pending' && line.status === status.cancelled,
    orderCreateTime: seconds(order.createdMs),
    orderShippingTime: seconds(line.shippedMs),
    packageAbnormalTypeList: [],
    orderLabel: orderKindLabels(order),
    fulfillmentWarning: [],
    productList: [
      {
        productId: Math.floor(line.goodsId / 100_000),
        productSkuId: Math.floor(line.skuId / 1000),
        soldFactor: 1,
        extCode: line.sellerSku,
      },
    ],
  }
}

/** An entry of the list. */
export function renderEntry(order: SimulatedOrder, nowMs: number, faults: FaultSwitches): object {
  const isMixed = faults.marks('mixed_time_units', order.parentOrderSn)
  return {
    parentOrderMap: {
      ...renderParent(order, nowMs, faults),
      updateTime: isMixed ? order.updatedMs : seconds(order.updatedMs),
      isShipmentConsolidatedByMainMall: order.kind === 'consolidated',
    },
    orderList: order.lines.map((line) => renderLine(order, line)),
  }
}

/** The detail: no `updateTime`, but the region by name and the parcels. */
export function renderDetail(order: SimulatedOrder, nowMs: number, faults: FaultSwitches): object {
  const { address, mall } = order
  return {
    parentOrderMap: {
      ...renderParent(order, nowMs, faults),
      regionName1: mall.site.countryName,
      regionName2: address.state ?? address.city,
      regionName3: address.city,
      ...(mall.site.country === 'BR' && {
        paymentInfo: [
          {
            paymentMethod: 'PIX',
            paymentCardBrand: null,
            paymentAuthCode: String(order.serial),
            paymentProcessorRegister: null,
          },
        ],
      }),
    },
    orderList: order.lines.map((line) => ({
      ...renderLine(order, line),
      hasUploadedEvidence: false,
      packageSnInfo:
        line.shippedMs === null
          ? []
          : [{ packageSn: `PK-${line.orderSn.slice(4)}`, packageDeliveryType: 1, callSuccess: true }],
    })),
  }
}

/** Amounts of the part that was not cancelled; the formulas of docs: bg.order.amount.query hold. */
export function renderAmounts(order: SimulatedOrder, faults: FaultSwitches): object {
  const { currency } = order.mall.site
  const isBare = faults.marks('missing_currency', order.parentOrderSn)
  const money = (amount: number): object => (isBare ? { amount } : { currency, amount })
  const share = (line: Line, whole: number): number => Math.round((whole * left(line)) / line.ordered)
  const sum = (pick: (line: Line) => number): number => order.lines.reduce((all, line) => all + pick(line), 0)
  const base = sum((line) => line.unitBase * left(line))
  const retail = sum((line) => line.unitRetail * left(line))
  const shipping = sum((line) => share(line, line.shipping))
  const ofSeller = sum((line) => share(line, line.sellerDiscount))
  const ofTemu = sum((line) => share(line, line.platformDiscount))
  const tax = retail === 0 ? 0 : order.tax
  return {
    parentOrderMap: {
      parentOrderSn: order.parentOrderSn,
      basePriceTotal: money(base),
      shippingAmountTotal: money(shipping),
      taxTotal: money(tax),
      discountFromSeller: money(ofSeller),
      discountFromTEMU: money(ofTemu),
      refundsTotal: money(order.refunded),
      estimatedRevenueDeduction: money(ofSeller),
      estimatedRevenue: money(base + shipping - ofSeller),
      retailPriceTotal: money(retail),
      customerPaid: money(retail + shipping + tax - order.refunded - ofSeller - ofTemu),
      totalDiscount: money(ofSeller + ofTemu),
      signOnDelivery: null,
    },
    orderList: order.lines.map((line) => ({
      orderSn: line.orderSn,
      basePrice: money(line.unitBase * left(line)),
      unitBasePrice: money(line.unitBase),
      quantity: left(line),
      unitRetailPrice: money(line.unitRetail),
      discountFromSeller: money(share(line, line.sellerDiscount)),
      discountFromTEMU: money(share(line, line.platformDiscount)),
      shipAmountTotal: money(share(line, line.shipping)),
    })),
    warning: [],
  }
}

const masked = (text: string): string =>
  text
    .split(' ')
    .map((word) => `${word[0] ?? ''}***`)
    .join(' ')

/** The address: name and street masked, a forwarding number with an extension, unless the app may see all. */
export function renderAddress(order: SimulatedOrder, isClear: boolean): object {
  const { buyer, address, mall, serial } = order
  const hide = (text: string | null): string | null => (text === null || isClear ? text : masked(text))
  const [firstName = '', ...names] = buyer.name.split(' ')
  const isBrazil = mall.site.country === 'BR'
  return {
    receiptName: hide(buyer.name),
    receiptAdditionalName: null,
    mobile: isClear
      ? buyer.phone
      : `213000${String(serial % 10_000).padStart(4, '0')} ${1000 + (serial % 9000)}`,
    backupMobile: null,
    mail: `${buyer.mailbox}@g.shipping.temuemail.com`,
    regionName1: mall.site.countryName,
    regionName2: address.state ?? address.city,
    regionName3: address.city,
    regionName4: address.district,
    addressLine1: hide(address.line1),
    addressLine2: hide(address.line2),
    addressLine3: null,
    postCode: address.postalCode,
    addressLineAll: hide([address.line1, address.line2].filter((line) => line !== null).join(', ')),
    addressExtra: {
      firstName: hide(firstName),
      lastName: hide(names.join(' ')),
      additionalFirstName: null,
      additionalLastName: null,
    },
    ...(isBrazil && { taxCode: String(10_000_000_000 + serial), taxCodeType: 1 }),
    warning: isBrazil ? { isRestriction: true, reason: 3 } : null,
  }
}
