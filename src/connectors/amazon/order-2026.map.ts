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
  hasWord,
  identifier,
  join,
  list,
  optionalText,
  optionalTime,
  part,
  time,
  word,
  words,
} from '#mapping/index.ts'
import type { FieldMap, Refuse } from '#mapping/index.ts'
import { codeByMarketId, currencyByMarketId } from './markets.ts'
import { addressShape } from './order-2026.address.ts'
import { fromOrder } from './order-2026.facts.ts'
import { ignored } from './order-2026.ignored.ts'
import { cancellationShape, isCancellation, lineShape } from './order-2026.lines.ts'
import { packageShape } from './order-2026.packages.ts'
import { taxShape, totalsShape } from './order-2026.totals.ts'
import { listOf } from './raw-values.ts'
import {
  cancellationStatusOf,
  fulfillmentStatusOf,
  holdReasonsOf,
  isFulfillable,
  paymentStatusOf,
} from './status.ts'

const includes = (list: unknown, word: string): boolean => listOf(list).includes(word)

/** Most particular first: an exchange for a business customer is an exchange. */
function orderTypeOf(
  [programs, associations]: readonly unknown[],
  refuse: Refuse,
): OrderContent['order_type'] {
  if (listOf(associations).some((word) => typeof word !== 'string')) refuse(1, 'text')
  if (includes(associations, 'EXCHANGE_ORIGINAL_ID')) return 'exchange'
  if (includes(associations, 'REPLACEMENT_ORIGINAL_ID')) return 'replacement'
  if (includes(programs, 'PREORDER')) return 'preorder'
  return includes(programs, 'AMAZON_BUSINESS') ? 'business' : 'standard'
}

type LogisticsMode = OrderContent['shipping']['logistics_mode']

function logisticsModeOf([by, programs]: readonly unknown[]): LogisticsMode {
  if (by === 'AMAZON' || includes(programs, 'AMAZON_EASY_SHIP') || includes(programs, 'DELIVERY_BY_AMAZON'))
    return 'platform_label'
  return by === 'MERCHANT' ? 'seller_label' : 'unknown'
}

export const order2026: FieldMap<OrderContent> = {
  platform: 'amazon',
  document: 'order',
  apiVersion: 'Orders 2026-01-01',
  source: 'searchOrders, getOrder',
  version: 'amazon.order.1',
  shape: {
    platform_order_id: identifier(
      'orderId',
      note('Opaque; 3-7-7 digits for Amazon’s own orders.', '视为不透明字符串，亚马逊站内订单为 3-7-7 格式'),
    ),
    platform_order_number: optionalText('orderId', note('People see the same number.', '与平台单号相同')),
    merchant_order_id: optionalText(
      'orderAliases[aliasType=SELLER_ORDER_ID].aliasId',
      note(
        'Number the seller gave; Amazon repeats its own where there is none.',
        '卖家自定义单号，未填写时亚马逊可能回填平台单号',
      ),
    ),
    marketplace_code: choice(
      'salesChannel.marketplaceId',
      codeByMarketId,
      null,
      note(
        'null for ids outside the table of 23, such as multi-channel orders.',
        '不在 23 个站点内的 ID（如多渠道订单）为 null',
      ),
    ),
    order_type: derive(
      ['programs', 'associatedOrders[].associationType'],
      orderTypeOf,
      note(
        'exchange, replacement, preorder, business, else standard.',
        '依次判断：换货、补发、预售、企业购，否则为普通',
      ),
    ),
    fulfillment_type: choice(
      'fulfillment.fulfilledBy',
      { AMAZON: 'platform', MERCHANT: 'seller' } as const,
      'unknown',
      note('AMAZON is FBA.', 'AMAZON 即 FBA'),
    ),
    status: fromOrder(
      ({ status }) => status,
      note(
        'PENDING and PENDING_AVAILABILITY: on_hold. UNSHIPPED: awaiting_fulfillment, processing once labels are bought. SHIPPED and INVOICE_UNCONFIRMED: shipped; delivered when all parcels are, failed when none can be delivered. CANCELLED: cancelled. UNFULFILLABLE: failed. Others: unknown.',
        'PENDING、PENDING_AVAILABILITY 为 on_hold;UNSHIPPED 为 awaiting_fulfillment，已打单为 processing;SHIPPED、INVOICE_UNCONFIRMED 为 shipped，全部包裹签收为 delivered，全部无法派送为 failed;CANCELLED 为 cancelled;UNFULFILLABLE 为 failed；其他为 unknown',
      ),
    ),
    payment_status: fromOrder(
      paymentStatusOf,
      note(
        'Not sent: pending while PENDING, then paid; cod_pending for cash on delivery until delivered; voided when cancelled, as nothing is left charged.',
        '亚马逊不返回：PENDING 为 pending，之后为 paid；货到付款签收前为 cod_pending；取消为 voided',
      ),
    ),
    fulfillment_status: fromOrder(
      fulfillmentStatusOf,
      note('From the units of the lines.', '由各行数量推导'),
    ),
    cancellation_status: fromOrder(
      cancellationStatusOf,
      note('From the lines’ requests and cancellations.', '由各行的取消申请与取消结果推导'),
    ),
    after_sale_status: constant('none', note('Orders do not tell of returns.', '订单接口不含售后信息')),
    platform_status: optionalText(
      'fulfillment.fulfillmentStatus',
      note('Needs the data set FULFILLMENT.', '需要请求 FULFILLMENT 数据集'),
    ),
    platform_substatus: absent(
      note('Parcels have it: packages[].platform_status.', '见包裹的 platform_status'),
    ),
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
        'PENDING: unpaid. PENDING_AVAILABILITY: availability_pending. A request to cancel: cancellation_requested.',
        'PENDING：未付款；PENDING_AVAILABILITY：等待可售；有取消申请：cancellation_requested',
      ),
    ),
    ordered_at: optionalTime('createdTime', note('UTC.', 'UTC')),
    paid_at: absent(
      note(
        'No version of the API has it; the hub tells when it first saw the order paid (event order.paid).',
        '接口没有付款时间，可参考 order.paid 事件时间',
      ),
    ),
    confirmed_at: absent(note('Not in orders.', '订单接口不返回')),
    ship_by_at: optionalTime(
      'fulfillment.shipByWindow.latestDateTime',
      note('End of the window.', '发货时间窗终点'),
    ),
    deliver_by_at: optionalTime(
      'fulfillment.deliverByWindow.latestDateTime',
      note('End of the window.', '送达时间窗终点'),
    ),
    shipped_at: absent(note('Per parcel: packages[].shipped_at.', '见包裹的 shipped_at')),
    delivered_at: absent(note('Amazon tells that, not when.', '亚马逊只告知已签收，不含时间')),
    completed_at: absent(note('Amazon orders have no such step.', '亚马逊没有该状态')),
    cancelled_at: absent(note('Amazon tells that, not when.', '亚马逊只告知已取消，不含时间')),
    platform_created_at: time('createdTime', note('UTC.', 'UTC')),
    platform_updated_at: time(
      'lastUpdatedTime',
      note('Moves also when the buyer asks to cancel.', '买家申请取消时也会更新'),
    ),
    currency: firstOf(
      [
        optionalText('proceeds.grandTotal.currencyCode', note('Of the grand total.', '订单总额的币种')),
        choice(
          'salesChannel.marketplaceId',
          currencyByMarketId,
          null,
          note('Of the marketplace.', '站点币种'),
        ),
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
        'buyer.buyerName',
        note('Needs a role for personal data.', '需要个人信息权限'),
      ),
      email_proxy: optionalText('buyer.buyerEmail', note('Amazon’s forwarding address.', '亚马逊代理邮箱')),
      company: optionalText('buyer.buyerCompanyName', note('Business orders.', '企业购订单')),
      purchase_order_number: optionalText(
        'buyer.buyerPurchaseOrderNumber',
        note('Business orders.', '企业购订单'),
      ),
      is_business: hasWord(
        'programs',
        ['AMAZON_BUSINESS'],
        note('Programme AMAZON_BUSINESS.', '属于 AMAZON_BUSINESS'),
      ),
      message: absent(note('Buyers write through Messaging, not in the order.', '买家消息不在订单中')),
    },
    shipping_address: part(
      'recipient.deliveryAddress',
      addressShape,
      note(
        'Needs the data set RECIPIENT; absent while PENDING.',
        '需要请求 RECIPIENT 数据集，PENDING 状态下缺失',
      ),
    ),
    billing_address: part(
      'tax.taxRegistrations[entityType=BUYER].taxRegistrationAddress',
      addressShape,
      note('Address of the buyer’s tax registration, where invoices go.', '买家税务登记地址，用于开票'),
    ),
    shipping: {
      service_level: word(
        'fulfillment.fulfillmentServiceLevel',
        note('standard, next_day, free_economy …', 'standard、next_day、free_economy 等'),
      ),
      requested_carrier: absent(
        note('The buyer chooses a speed, not a carrier.', '买家只选时效，不选承运商'),
      ),
      logistics_mode: derive(
        ['fulfillment.fulfilledBy', 'programs'],
        logisticsModeOf,
        note(
          'platform_label for FBA, Easy Ship and Delivery by Amazon.',
          'FBA、Easy Ship 与 Delivery by Amazon 为平台面单',
        ),
      ),
      warehouse_hint: absent(
        note('Ship-from addresses are the seller’s own, per parcel.', '发货地址在包裹中，由卖家填写'),
      ),
      instructions: join(
        ['recipient.deliveryPreference.dropOffLocation', 'recipient.deliveryPreference.addressInstruction'],
        '; ',
        note('Where to leave it, then how to get there.', '放置位置与送达说明'),
      ),
    },
    payment_methods: list(
      'payment.paymentExecutions[].paymentMethod',
      note('Needs the data set PAYMENT.', '需要请求 PAYMENT 数据集'),
    ),
    programs: words(
      'programs',
      note(
        'prime, amazon_business, in_store_pick_up, amazon_easy_ship …',
        'prime、amazon_business、in_store_pick_up、amazon_easy_ship 等',
      ),
    ),
    replaced_platform_order_id: firstOf(
      [
        optionalText(
          'associatedOrders[associationType=REPLACEMENT_ORIGINAL_ID].orderId',
          note('Replaced order.', '被补发的订单'),
        ),
        optionalText(
          'associatedOrders[associationType=EXCHANGE_ORIGINAL_ID].orderId',
          note('Exchanged order.', '被换货的订单'),
        ),
      ],
      note('The order this one replaces or exchanges.', '被补发或换货的原订单'),
    ),
    lines: each('orderItems', lineShape, note('Always sent.', '始终返回')),
    packages: each(
      'packages',
      packageShape,
      note(
        'Needs the data set PACKAGES; the seller’s own parcels only.',
        '需要请求 PACKAGES 数据集，仅自发货包裹',
      ),
    ),
    cancellations: each(
      'orderItems',
      cancellationShape,
      note('One for each line with a request or a cancellation.', '每个有取消申请或取消结果的行一条'),
      isCancellation,
    ),
    compliance_flags: absentList(note('Regulated goods are only marked in v0.', '管制商品标记仅在 v0 返回')),
  },
  ignored,
}
