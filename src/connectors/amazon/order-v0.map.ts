import type { OrderContent } from '#canonical/order.ts'
import { text as note } from '#kernel/text.ts'
import {
  absent,
  absentList,
  choice,
  constant,
  derive,
  each,
  firstOf,
  flag,
  identifier,
  join,
  list,
  optionalText,
  optionalTime,
  part,
  time,
  word,
} from '#mapping/index.ts'
import type { FieldMap, Refuse } from '#mapping/index.ts'
import { codeByMarketId, currencyByMarketId } from './markets.ts'
import { addressShape } from './order-v0.address.ts'
import { fromOrder } from './order-v0.facts.ts'
import { ignored } from './order-v0.ignored.ts'
import { cancellationShape, isCancellation, lineShape } from './order-v0.lines.ts'
import { taxShape, totalsShape } from './order-v0.totals.ts'
import {
  cancellationStatusOf,
  fulfillmentStatusOf,
  holdReasonsOf,
  isFulfillable,
  orderStatusesV0,
  paymentStatusOf,
} from './status.ts'

/** A flag of v0: true or false, also as a word; absent is false. */
function readFlag(values: readonly unknown[], index: number, refuse: Refuse): boolean {
  const value = values[index]
  if (value === true || value === 'true') return true
  if (value !== undefined && value !== null && value !== '' && value !== false && value !== 'false')
    refuse(index, 'true or false')
  return false
}

const channels = {
  AFN: 'platform',
  AmazonFulfilled: 'platform',
  MFN: 'seller',
  SellerFulfilled: 'seller',
} as const

/** Most particular first: a replacement for a business customer is a replacement. */
function orderTypeOf(values: readonly unknown[], refuse: Refuse): OrderContent['order_type'] {
  const [type] = values
  if (type !== undefined && type !== null && typeof type !== 'string') refuse(0, 'text')
  const isReplacement = readFlag(values, 1, refuse)
  const isBusiness = readFlag(values, 2, refuse)
  if (isReplacement) return 'replacement'
  if (type === 'Preorder') return 'preorder'
  return isBusiness ? 'business' : 'standard'
}

/** The flags of v0 in the words of Orders 2026-01-01, so that consumers see one vocabulary. */
const programFlags = {
  IsPrime: 'prime',
  IsBusinessOrder: 'amazon_business',
  IsPremiumOrder: 'premium',
  IsISPU: 'in_store_pick_up',
  IsIBA: 'invoice_by_amazon',
  IsGlobalExpressEnabled: 'global_express',
  IsAccessPointOrder: 'access_point',
} as const

const programs = Object.values(programFlags)

function logisticsModeOf([
  channel,
  easyShip,
]: readonly unknown[]): OrderContent['shipping']['logistics_mode'] {
  if (channel === 'AFN' || channel === 'AmazonFulfilled' || easyShip !== undefined) return 'platform_label'
  return channel === 'MFN' || channel === 'SellerFulfilled' ? 'seller_label' : 'unknown'
}

/**
 * The order of v0 with what the other calls add laid into it: `OrderItems` (getOrderItems, each with its
 * `BuyerInfo`), `ShippingAddress`, `DeliveryPreferences`, `BuyerCompanyName` (getOrderAddress), `BuyerInfo`
 * (getOrderBuyerInfo). `unwrap.ts` builds it.
 */
export const orderV0: FieldMap<OrderContent> = {
  platform: 'amazon',
  document: 'order_v0',
  apiVersion: 'Orders v0',
  source: 'getOrders, getOrder, getOrderItems, getOrderAddress, getOrderBuyerInfo, getOrderItemsBuyerInfo',
  version: 'amazon.order_v0.1',
  shape: {
    platform_order_id: identifier('AmazonOrderId', note('3-7-7 digits.', '3-7-7 格式')),
    platform_order_number: optionalText(
      'AmazonOrderId',
      note('People see the same number.', '与平台单号相同'),
    ),
    merchant_order_id: optionalText('SellerOrderId', note('Number the seller gave.', '卖家自定义单号')),
    marketplace_code: choice(
      'MarketplaceId',
      codeByMarketId,
      null,
      note(
        'null for ids outside the table of 23, such as multi-channel orders.',
        '不在 23 个站点内的 ID（如多渠道订单）为 null',
      ),
    ),
    order_type: derive(
      ['OrderType', 'IsReplacementOrder', 'IsBusinessOrder'],
      orderTypeOf,
      note('replacement, preorder, business, else standard.', '依次判断：补发、预售、企业购，否则为普通'),
    ),
    fulfillment_type: choice('FulfillmentChannel', channels, 'unknown', note('AFN is FBA.', 'AFN 即 FBA')),
    status: choice(
      'OrderStatus',
      orderStatusesV0,
      'unknown',
      note('v0 does not tell of delivery.', 'v0 不返回签收信息'),
    ),
    payment_status: fromOrder(
      paymentStatusOf,
      note(
        'Not sent: pending while Pending, then paid; cod_pending for cash on delivery; voided when cancelled.',
        '亚马逊不返回：Pending 为 pending，之后为 paid；货到付款为 cod_pending；取消为 voided',
      ),
    ),
    fulfillment_status: fromOrder(
      fulfillmentStatusOf,
      note(
        'From the units of the items; without items from the order’s two counters.',
        '由商品数量推导；没有商品时用订单的两个计数',
      ),
    ),
    cancellation_status: fromOrder(
      cancellationStatusOf,
      note('Requests are only in the items.', '取消申请只在商品中'),
    ),
    after_sale_status: constant('none', note('Orders do not tell of returns.', '订单接口不含售后信息')),
    platform_status: optionalText('OrderStatus', note('Canceled has one l.', '注意拼写为 Canceled')),
    platform_substatus: optionalText('EasyShipShipmentStatus', note('Easy Ship only.', '仅 Easy Ship')),
    is_fulfillable: fromOrder(
      isFulfillable,
      note(
        'Seller ships, paid, not all shipped, and no request to cancel.',
        '自发货、已付款、未全部发货且无取消申请',
      ),
    ),
    hold_reasons: fromOrder(
      holdReasonsOf,
      note(
        'Pending: unpaid. PendingAvailability: availability_pending. A request to cancel: cancellation_requested.',
        'Pending：未付款；PendingAvailability：等待可售；有取消申请：cancellation_requested',
      ),
    ),
    ordered_at: optionalTime('PurchaseDate', note('UTC.', 'UTC')),
    paid_at: absent(note('No version of the API has it.', '接口没有付款时间')),
    confirmed_at: absent(note('Not in orders.', '订单接口不返回')),
    ship_by_at: optionalTime('LatestShipDate', note('Seller-fulfilled orders only.', '仅自发货')),
    deliver_by_at: optionalTime('LatestDeliveryDate', note('Seller-fulfilled orders only.', '仅自发货')),
    shipped_at: absent(note('Not in v0.', 'v0 不返回')),
    delivered_at: absent(note('Not in v0.', 'v0 不返回')),
    completed_at: absent(note('Amazon orders have no such step.', '亚马逊没有该状态')),
    cancelled_at: absent(note('Amazon tells that, not when.', '亚马逊只告知已取消，不含时间')),
    platform_created_at: time('PurchaseDate', note('UTC.', 'UTC')),
    platform_updated_at: time(
      'LastUpdateDate',
      note('Moves also when the buyer asks to cancel.', '买家申请取消时也会更新'),
    ),
    currency: firstOf(
      [
        optionalText('OrderTotal.CurrencyCode', note('Of the grand total.', '订单总额的币种')),
        choice('MarketplaceId', currencyByMarketId, null, note('Of the marketplace.', '站点币种')),
      ],
      note('Of the grand total; of the marketplace while there is none.', '取订单总额币种，缺失时取站点币种'),
    ),
    totals: totalsShape,
    fees: absentList(note('Fees are in the Finances API.', '费用在 Finances 接口')),
    tax: taxShape,
    buyer: {
      platform_buyer_id: absent(
        note('Amazon hides it; the proxy e-mail is per buyer.', '亚马逊不返回，可用代理邮箱区分'),
      ),
      display_name: optionalText(
        'BuyerInfo.BuyerName',
        note('Needs a restricted data token.', '需要受限数据令牌（RDT）'),
      ),
      email_proxy: optionalText(
        'BuyerInfo.BuyerEmail',
        note('Amazon’s forwarding address.', '亚马逊代理邮箱'),
      ),
      company: firstOf(
        [
          optionalText('BuyerCompanyName', note('Answer of getOrderAddress.', 'getOrderAddress 返回')),
          optionalText('BuyerInfo.BuyerTaxInfo.CompanyLegalName', note('Brazil.', '巴西')),
          optionalText('BuyerTaxInformation.BuyerLegalCompanyName', note('Türkiye.', '土耳其')),
        ],
        note('Company of the buyer.', '买家公司'),
      ),
      purchase_order_number: optionalText(
        'BuyerInfo.PurchaseOrderNumber',
        note('Business orders.', '企业购订单'),
      ),
      is_business: flag('IsBusinessOrder', note('Business order.', '企业购订单')),
      message: absent(note('Buyers write through Messaging, not in the order.', '买家消息不在订单中')),
    },
    shipping_address: part(
      'ShippingAddress',
      addressShape,
      note(
        'From Unshipped on; personal parts need a restricted data token.',
        'Unshipped 起返回，个人信息需 RDT',
      ),
    ),
    billing_address: absent(note('v0 has tax addresses as one text only.', 'v0 只有整段文本的税务地址')),
    shipping: {
      service_level: word(
        'ShipmentServiceLevelCategory',
        note('standard, next_day, free_economy …', 'standard、next_day、free_economy 等'),
      ),
      requested_carrier: optionalText(
        'AutomatedShippingSettings.AutomatedCarrier',
        note('Carrier of Shipping Settings Automation.', '自动发货设置指定的承运商'),
      ),
      logistics_mode: derive(
        ['FulfillmentChannel', 'EasyShipShipmentStatus'],
        logisticsModeOf,
        note('platform_label for FBA and Easy Ship.', 'FBA 与 Easy Ship 为平台面单'),
      ),
      warehouse_hint: optionalText(
        'FulfillmentInstruction.FulfillmentSupplySourceId',
        note('Supply source the order should ship from.', '指定发货的供货源 ID'),
      ),
      instructions: join(
        ['DeliveryPreferences.DropOffLocation', 'DeliveryPreferences.AddressInstructions'],
        '; ',
        note('Where to leave it, then how to get there.', '放置位置与送达说明'),
      ),
    },
    payment_methods: list(
      ['PaymentMethodDetails', 'PaymentExecutionDetail[].PaymentMethod'],
      note(
        'Amazon’s words; PaymentMethod itself is only COD, CVS or Other.',
        '亚马逊原值；PaymentMethod 本身只有 COD、CVS、Other',
      ),
    ),
    programs: derive(
      Object.keys(programFlags),
      (values, refuse) => programs.filter((_, index) => readFlag(values, index, refuse)),
      note('The flags of v0 in the words of Orders 2026-01-01.', '将 v0 的标记转换为 2026-01-01 版本的写法'),
    ),
    replaced_platform_order_id: optionalText(
      'ReplacedOrderId',
      note('The order this one replaces.', '被补发的原订单'),
    ),
    lines: each(
      'OrderItems',
      lineShape,
      note('Answer of getOrderItems; empty when it was not read.', 'getOrderItems 返回；未读取时为空'),
    ),
    packages: absentList(note('v0 has no packages.', 'v0 没有包裹')),
    cancellations: each(
      'OrderItems',
      cancellationShape,
      note('One for each item with a request.', '每个有取消申请的商品一条'),
      isCancellation,
    ),
    compliance_flags: derive(
      ['HasRegulatedItems'],
      (values, refuse) => (readFlag(values, 0, refuse) ? ['has_regulated_items'] : []),
      note('HasRegulatedItems.', 'HasRegulatedItems'),
    ),
  },
  ignored,
}
