import type { PostalAddress } from '../catalog.ts'
import { present } from './amounts.ts'
import { marketplaceName } from './marketplaces.ts'
import { lineTotal, orderTotal, showsRecipient, wasPaid, windowsOf } from './order.ts'
import type { OrderItem, Parcel, SimulatedOrder } from './order.ts'
import { renderOrderTax, renderItemTax } from './render-2026-tax.ts'
import { renderAddress, renderPreference } from './render-2026-recipient.ts'
import { money, timeOf, type View } from './view.ts'

/** The order of Orders API 2026-01-01; a data set that is not asked for is left out. Source: docs: orders-api-v2026-01-01. */
export const dataSets = [
  'BUYER',
  'RECIPIENT',
  'PROCEEDS',
  'EXPENSE',
  'PROMOTION',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'TAX',
  'PAYMENT',
  'FULFILLMENT_ORDERS',
] as const
export type DataSet = (typeof dataSets)[number]

function renderBreakdowns(order: SimulatedOrder, view: View, item: OrderItem): object[] {
  const tax = [
    { subtype: 'ITEM', value: money(order, view, item.tax) },
    ...(item.shippingTax ? [{ subtype: 'SHIPPING', value: money(order, view, item.shippingTax) }] : []),
  ]
  return [
    { type: 'ITEM', subtotal: money(order, view, item.unitPrice * item.quantity) },
    ...(item.shipping ? [{ type: 'SHIPPING', subtotal: money(order, view, item.shipping) }] : []),
    ...(item.giftWrap ? [{ type: 'GIFT_WRAP', subtotal: money(order, view, item.giftWrap) }] : []),
    ...(item.discount
      ? [
          {
            type: 'DISCOUNT',
            subtotal: money(order, view, -item.discount),
            detailedBreakdowns: [{ subtype: 'ITEM', value: money(order, view, -item.discount) }],
          },
        ]
      : []),
    ...(item.tax
      ? [{ type: 'TAX', subtotal: money(order, view, item.tax + item.shippingTax), detailedBreakdowns: tax }]
      : []),
  ]
}

const sumOf = (order: SimulatedOrder, part: (item: OrderItem) => number): number =>
  order.items.reduce((sum, item) => sum + part(item), 0)

function renderProceeds(order: SimulatedOrder, view: View): object | undefined {
  if (order.cancelled) return { grandTotal: money(order, view, 0) }
  if (!wasPaid(order)) return undefined
  const parts: readonly [string, number][] = [
    ['ITEM', sumOf(order, (item) => item.unitPrice * item.quantity)],
    ['SHIPPING', sumOf(order, (item) => item.shipping)],
    ['GIFT_WRAP', sumOf(order, (item) => item.giftWrap)],
    ['DISCOUNT', -sumOf(order, (item) => item.discount)],
    ['TAX', sumOf(order, (item) => item.tax + item.shippingTax)],
  ]
  return {
    grandTotal: money(order, view, orderTotal(order)),
    breakdowns: parts
      .filter(([type, minor]) => type === 'ITEM' || minor !== 0)
      .map(([type, minor]) => ({ type, subtotal: money(order, view, minor) })),
  }
}

function renderBuyer(order: SimulatedOrder, view: View): object | undefined {
  if (!wasPaid(order) || order.cancelled) return undefined
  const { buyer, marketplace } = order
  const shown = present({
    buyerName: view.pii && !order.byAmazon ? buyer.name : undefined,
    buyerEmail: view.pii ? `${buyer.mailbox}@marketplace.${marketplace.domain}` : undefined,
    buyerCompanyName: buyer.company,
    buyerPurchaseOrderNumber: buyer.purchaseOrder,
  })
  return Object.keys(shown).length > 0 ? shown : undefined
}

function renderFulfillment(order: SimulatedOrder, view: View): object {
  const windows = windowsOf(order)
  const promised = wasPaid(order) && order.kind !== 'pickup'
  return present({
    fulfillmentStatus: view.unknownStatus ? 'AWAITING_CUSTOMS_REVIEW' : order.status,
    fulfilledBy: order.byAmazon ? 'AMAZON' : 'MERCHANT',
    fulfillmentServiceLevel: order.serviceLevel,
    shipByWindow: promised
      ? { earliestDateTime: timeOf(view, windows.shipFromMs), latestDateTime: timeOf(view, windows.shipByMs) }
      : undefined,
    deliverByWindow:
      promised && !order.byAmazon
        ? {
            earliestDateTime: timeOf(view, windows.deliverFromMs),
            latestDateTime: timeOf(view, windows.deliverByMs),
          }
        : undefined,
  })
}

function renderShipFrom(address: PostalAddress): object {
  return present({
    name: 'Main warehouse',
    addressLine1: address.line1,
    city: address.city,
    stateOrRegion: address.state,
    postalCode: address.postalCode,
    countryCode: address.countryCode,
  })
}

const renderParcel = (order: SimulatedOrder, view: View, parcel: Parcel): object => ({
  packageReferenceId: parcel.reference,
  createdTime: timeOf(view, parcel.createdMs),
  packageStatus: { status: parcel.state, detailedStatus: parcel.detail },
  carrier: parcel.carrier,
  shipTime: timeOf(view, parcel.shippedMs),
  shippingService: parcel.service,
  trackingNumber: parcel.trackingNumber,
  shipFromAddress: renderShipFrom(order.shipFrom),
  packageItems: parcel.contents,
})

function renderPayment(order: SimulatedOrder, view: View): object | undefined {
  if (!wasPaid(order) || order.cancelled) return undefined
  const { payment, country } = order
  const brazil = country === 'BR'
  return {
    paymentExecutions: [
      present({
        paymentMethod: payment.method,
        paymentAmount: money(order, view, orderTotal(order)),
        acquirerId: brazil ? '45.555.555/0001-55' : undefined,
        cardBrand: brazil && payment.method === 'CreditCard' ? payment.brand : undefined,
        authorizationCode: brazil ? payment.code : undefined,
      }),
    ],
  }
}

/** The order-level member of each data set. */
const orderParts: Readonly<Record<DataSet, (order: SimulatedOrder, view: View) => object | undefined>> = {
  BUYER: (order, view) => ({ buyer: renderBuyer(order, view) }),
  RECIPIENT: (order, view) => ({
    recipient: showsRecipient(order)
      ? present({ deliveryAddress: renderAddress(order, view), deliveryPreference: renderPreference(order) })
      : undefined,
  }),
  PROCEEDS: (order, view) => ({ proceeds: renderProceeds(order, view) }),
  EXPENSE: () => undefined,
  PROMOTION: () => undefined,
  CANCELLATION: () => undefined,
  FULFILLMENT: (order, view) => ({ fulfillment: renderFulfillment(order, view) }),
  PACKAGES: (order, view) => ({
    packages: order.byAmazon ? undefined : order.parcels.map((parcel) => renderParcel(order, view, parcel)),
  }),
  TAX: (order, view) => ({ tax: view.tax && wasPaid(order) ? renderOrderTax(order, view) : undefined }),
  PAYMENT: (order, view) => ({ payment: renderPayment(order, view) }),
  FULFILLMENT_ORDERS: () => undefined,
}

/** The line-level member of each data set. */
type ItemPart = (order: SimulatedOrder, view: View, item: OrderItem) => object | undefined
const itemParts: Partial<Record<DataSet, ItemPart>> = {
  PROCEEDS: (order, view, item) => {
    if (order.cancelled) return { proceeds: { proceedsTotal: money(order, view, 0), breakdowns: [] } }
    if (!wasPaid(order)) return undefined
    return {
      proceeds: {
        proceedsTotal: money(order, view, lineTotal(item)),
        breakdowns: renderBreakdowns(order, view, item),
      },
    }
  },
  EXPENSE: (order, view, item) =>
    item.points > 0 && wasPaid(order)
      ? {
          expense: {
            pointsCost: {
              pointsGranted: {
                pointsNumber: item.points,
                pointsMonetaryValue: money(order, view, item.points),
              },
            },
          },
        }
      : undefined,
  PROMOTION: (_order, _view, item) =>
    item.promotionId ? { promotion: { breakdowns: [{ promotionId: item.promotionId }] } } : undefined,
  CANCELLATION: (order) =>
    order.cancelRequest || order.cancelled
      ? {
          cancellation: present({
            cancellationRequest: order.cancelRequest
              ? { requester: 'BUYER', cancelReason: order.cancelRequest }
              : undefined,
            cancellationExecution: order.cancelled
              ? { cancelledBy: order.cancelled.by, cancelReason: order.cancelled.reason }
              : undefined,
          }),
        }
      : undefined,
  FULFILLMENT: (order, view, item) => ({
    fulfillment: present({
      quantityFulfilled: item.shipped,
      quantityUnfulfilled: order.cancelled ? 0 : item.quantity - item.shipped,
      packing:
        item.gift && wasPaid(order)
          ? {
              giftOption: present({
                giftMessage: view.pii ? item.gift.message : undefined,
                giftWrapLevel: item.gift.level,
              }),
            }
          : undefined,
      shipping:
        order.kind === 'prime' && item.serialNumbers.length > 0
          ? { shippingConstraints: { signatureConfirmation: 'MANDATORY' } }
          : undefined,
    }),
  }),
  TAX: (order, view, item) => ({ tax: view.tax && wasPaid(order) ? renderItemTax(order, item) : undefined }),
}

function renderItem(order: SimulatedOrder, view: View, item: OrderItem, wanted: readonly DataSet[]): object {
  const priced = wasPaid(order) || order.serial % 3 === 0
  const parts = wanted.map((name) => itemParts[name]?.(order, view, item))
  return present({
    orderItemId: item.orderItemId,
    quantityOrdered: item.quantity,
    programs: item.subscribed ? ['SUBSCRIBE_AND_SAVE'] : undefined,
    product: present({
      asin: item.asin,
      title: item.title,
      sellerSku: item.sku,
      condition: priced ? { conditionType: 'NEW', conditionSubtype: 'NEW', conditionNote: '' } : undefined,
      price: priced
        ? present({
            unitPrice: money(order, view, item.unitPrice),
            priceDesignation: order.buyer.company ? 'BUSINESS_PRICE' : undefined,
          })
        : undefined,
      serialNumbers: item.shipped > 0 && item.serialNumbers.length > 0 ? item.serialNumbers : undefined,
      customization: view.pii && item.customizedUrl ? { customizedUrl: item.customizedUrl } : undefined,
    }),
    packingHint: view.unknownField ? { fragile: true } : undefined,
    ...Object.assign({}, ...parts),
  })
}

/** One order with the data sets asked for, in the shape of the wire. */
export function renderOrder(order: SimulatedOrder, wanted: readonly DataSet[], view: View): object {
  return present({
    orderId: order.orderId,
    orderAliases:
      order.serial % 4 === 0 ? undefined : [{ aliasId: order.sellerOrderId, aliasType: 'SELLER_ORDER_ID' }],
    createdTime: timeOf(view, order.createdMs),
    lastUpdatedTime: timeOf(view, order.updatedMs),
    programs: order.programs,
    associatedOrders: order.replacesOrderId
      ? [{ orderId: order.replacesOrderId, associationType: 'REPLACEMENT_ORIGINAL_ID' }]
      : undefined,
    salesChannel: {
      channelName: 'AMAZON',
      marketplaceId: order.marketplace.id,
      marketplaceName: marketplaceName(order.marketplace),
    },
    customsReviewLane: view.unknownField ? 'GREEN' : undefined,
    ...Object.assign({}, ...wanted.map((name) => orderParts[name](order, view))),
    orderItems: order.items.map((item) => renderItem(order, view, item, wanted)),
  })
}
