import { isoTime } from '#kernel/clock.ts'
import type { PostalAddress } from '../catalog.ts'
import { decimalOf, present } from './amounts.ts'
import { marketplaceName } from './marketplaces.ts'
import { v0StatusOf } from './notice-board.ts'
import {
  orderTotal,
  showsRecipient,
  wasPaid,
  windowsOf,
  type OrderItem,
  type SimulatedOrder,
} from './order.ts'
import type { PiiElement } from './restricted.ts'
import type { View } from './view.ts'

/** The same order in the words of Orders v0. Source: docs: orders-api-v0-reference. */
export type ViewV0 = View & { readonly reveals: ReadonlySet<PiiElement> }

const seconds = (ms: number): string => isoTime(ms).replace(/\.\d{3}Z$/, 'Z')

function money(order: SimulatedOrder, view: View, minor: number): object {
  const { currency } = order.marketplace
  const Amount = decimalOf(minor, currency)
  return view.missingCurrency ? { Amount } : { CurrencyCode: currency, Amount }
}

/** Nothing of money, address or promises is shown before payment. */
const isOpen = (order: SimulatedOrder): boolean => wasPaid(order) && !order.cancelled

const street = (address: PostalAddress): object =>
  present({
    AddressLine1: address.line1,
    AddressLine2: address.line2,
    City: address.city,
    County: address.district,
    StateOrRegion: address.state,
    PostalCode: address.postalCode,
    CountryCode: address.countryCode,
  })

export function renderAddress(order: SimulatedOrder): object {
  const { address, buyer } = order
  const coarse = { City: address.city, StateOrRegion: address.state, PostalCode: address.postalCode }
  if (order.byAmazon) return present({ ...coarse, CountryCode: address.countryCode })
  return present({
    Name: buyer.name,
    CompanyName: buyer.company,
    ...street(address),
    Phone: buyer.phone,
    ExtendedFields:
      address.countryCode === 'BR'
        ? present({
            StreetName: address.street,
            StreetNumber: address.houseNumber,
            Complement: address.line2,
            Neighborhood: address.district,
          })
        : undefined,
    AddressType: buyer.company ? 'Commercial' : 'Residential',
  })
}

export function renderBuyer(order: SimulatedOrder): object {
  const { buyer, marketplace, country, address } = order
  const brazil = country === 'BR'
  return present({
    BuyerEmail: `${buyer.mailbox}@marketplace.${marketplace.domain}`,
    BuyerName: order.byAmazon ? undefined : buyer.name,
    BuyerCounty: brazil ? address.district : undefined,
    BuyerTaxInfo: brazil
      ? present({
          CompanyLegalName: buyer.company,
          TaxingRegion: 'BR',
          TaxClassifications: [{ Name: buyer.company ? 'CNPJ' : 'CPF', Value: buyer.taxNumber }],
        })
      : undefined,
    PurchaseOrderNumber: buyer.purchaseOrder,
  })
}

function renderPromise(order: SimulatedOrder): object {
  if (order.byAmazon || !wasPaid(order)) return {}
  const windows = windowsOf(order)
  return {
    EarliestShipDate: seconds(windows.shipFromMs),
    LatestShipDate: seconds(windows.shipByMs),
    EarliestDeliveryDate: seconds(windows.deliverFromMs),
    LatestDeliveryDate: seconds(windows.deliverByMs),
  }
}

function renderPayment(order: SimulatedOrder, view: View): object {
  if (!isOpen(order)) return {}
  const { payment, country } = order
  const total = money(order, view, orderTotal(order))
  return present({
    OrderTotal: total,
    PaymentMethod: 'Other',
    PaymentMethodDetails: [payment.method === 'Other' ? 'Standard' : payment.method],
    PaymentExecutionDetail:
      country === 'BR'
        ? [
            present({
              Payment: total,
              PaymentMethod: payment.method,
              AcquirerId: '45.555.555/0001-55',
              CardBrand: payment.method === 'CreditCard' ? payment.brand : undefined,
              AuthorizationCode: payment.code,
            }),
          ]
        : undefined,
  })
}

/** Members that only some countries have. */
function renderCountry(order: SimulatedOrder, view: ViewV0): object {
  const { country, buyer } = order
  if (country === 'BR')
    return {
      MarketplaceTaxInfo: { TaxClassifications: [{ Name: 'CNPJ', Value: '55555555000155' }] },
      SellerDisplayName: 'Northwind Home',
      ElectronicInvoiceStatus: order.status === 'SHIPPED' ? 'Accepted' : 'Processing',
    }
  if (country !== 'TR') return {}
  return present({
    BuyerInvoicePreference: buyer.company ? 'BUSINESS' : 'INDIVIDUAL',
    BuyerTaxInformation:
      view.reveals.has('buyerTaxInformation') && buyer.company
        ? {
            BuyerLegalCompanyName: buyer.company,
            BuyerBusinessAddress: `${order.address.line1}, ${order.address.city}`,
            BuyerTaxRegistrationId: buyer.taxNumber,
            BuyerTaxOffice: 'Kadıköy Vergi Dairesi',
          }
        : undefined,
  })
}

const levels = { STANDARD: 'Standard', EXPEDITED: 'Expedited', SECOND_DAY: 'SecondDay', NEXT_DAY: 'NextDay' }

const count = (order: SimulatedOrder, part: (item: OrderItem) => number): number =>
  order.items.reduce((sum, item) => sum + part(item), 0)

export function renderOrderV0(order: SimulatedOrder, view: ViewV0): object {
  const shows = showsRecipient(order)
  const programs = new Set(order.programs)
  return present({
    AmazonOrderId: order.orderId,
    SellerOrderId: order.sellerOrderId,
    PurchaseDate: seconds(order.createdMs),
    LastUpdateDate: seconds(order.updatedMs),
    OrderStatus: view.unknownStatus ? 'AwaitingCustomsReview' : v0StatusOf(order),
    FulfillmentChannel: order.byAmazon ? 'AFN' : 'MFN',
    SalesChannel: marketplaceName(order.marketplace),
    ShipServiceLevel: levels[order.serviceLevel],
    ShipmentServiceLevelCategory: levels[order.serviceLevel],
    NumberOfItemsShipped: count(order, (item) => item.shipped),
    NumberOfItemsUnshipped: order.cancelled ? 0 : count(order, (item) => item.quantity - item.shipped),
    ...renderPayment(order, view),
    MarketplaceId: order.marketplace.id,
    OrderType: order.kind === 'preorder' ? 'Preorder' : 'StandardOrder',
    ...renderPromise(order),
    IsBusinessOrder: programs.has('AMAZON_BUSINESS'),
    IsPrime: programs.has('PRIME'),
    IsPremiumOrder: programs.has('PREMIUM'),
    IsGlobalExpressEnabled: false,
    IsReplacementOrder: order.kind === 'replacement',
    ReplacedOrderId: order.replacesOrderId,
    IsSoldByAB: false,
    IsISPU: order.kind === 'pickup',
    IsAccessPointOrder: false,
    HasRegulatedItems: false,
    DefaultShipFromLocationAddress: order.byAmazon
      ? undefined
      : { Name: 'Main warehouse', ...street(order.shipFrom), AddressType: 'Commercial' },
    AutomatedShippingSettings: { HasAutomatedShippingSettings: false },
    ...renderCountry(order, view),
    ShippingAddress: shows && view.reveals.has('shippingAddress') ? renderAddress(order) : undefined,
    BuyerInfo: shows && view.reveals.has('buyerInfo') ? renderBuyer(order) : undefined,
    CustomsReviewLane: view.unknownField ? 'GREEN' : undefined,
  })
}

export function renderItemBuyer(order: SimulatedOrder, view: View, item: OrderItem): object {
  const price = isOpen(order) && item.gift ? money(order, view, item.giftWrap) : undefined
  return present({
    BuyerCustomizedInfo: item.customizedUrl ? { CustomizedURL: item.customizedUrl } : undefined,
    GiftWrapPrice: price,
    GiftMessageText: price && item.gift?.message,
    GiftWrapLevel: price && item.gift?.level,
  })
}

/** The amounts of a line: `ItemPrice` is for all its units. */
function renderAmounts(order: SimulatedOrder, view: View, item: OrderItem): object {
  if (!isOpen(order)) return {}
  const amount = (minor: number): object => money(order, view, minor)
  return present({
    ItemPrice: amount(item.unitPrice * item.quantity),
    ItemTax: amount(item.tax),
    ...(item.shipping > 0 && {
      ShippingPrice: amount(item.shipping),
      ShippingTax: amount(item.shippingTax),
      ShippingDiscount: amount(0),
    }),
    PromotionDiscount: amount(item.discount),
    PromotionIds: item.promotionId ? [item.promotionId] : undefined,
    TaxCollection:
      order.country === 'US' && item.tax > 0
        ? { Model: 'MarketplaceFacilitator', ResponsibleParty: 'Amazon Services, Inc.' }
        : undefined,
    PointsGranted:
      item.points > 0 ? { PointsNumber: item.points, PointsMonetaryValue: amount(item.points) } : undefined,
  })
}

export function renderItemV0(order: SimulatedOrder, view: ViewV0, item: OrderItem): object {
  const paid = wasPaid(order)
  return present({
    ASIN: item.asin,
    SellerSKU: item.sku,
    OrderItemId: item.orderItemId,
    Title: item.title,
    QuantityOrdered: item.quantity,
    QuantityShipped: item.shipped,
    ProductInfo: { NumberOfItems: '1' },
    ...renderAmounts(order, view, item),
    IsGift: String(item.gift !== null && paid),
    ConditionId: 'New',
    ConditionSubtypeId: 'New',
    IsTransparency: false,
    SerialNumberRequired: item.serialNumbers.length > 0,
    SerialNumbers: item.shipped > 0 && item.serialNumbers.length > 0 ? item.serialNumbers : undefined,
    PriceDesignation: order.buyer.company ? 'BusinessPrice' : undefined,
    BuyerRequestedCancel: {
      IsBuyerRequestedCancel: String(order.cancelRequest !== null),
      BuyerCancelReason: order.cancelRequest ?? '',
    },
    AmazonPrograms: item.subscribed ? { Programs: ['SUBSCRIBE_AND_SAVE'] } : undefined,
    BuyerInfo: paid && view.reveals.has('buyerInfo') ? renderItemBuyer(order, view, item) : undefined,
    PackingHint: view.unknownField ? { Fragile: true } : undefined,
  })
}
