import type { OrderContent } from '#canonical/order.ts'
import { text as note } from '#kernel/text.ts'
import { absent, absentList, each, identifier, list, lowerSnake, part } from '#mapping/index.ts'
import type { FieldMap } from '#mapping/index.ts'
import { codeByCurrency } from './markets.ts'
import { addressShape } from './order.address.ts'
import { cancellationShape, isCancellation } from './order.cancellations.ts'
import {
  fromOrder,
  fulfillmentTypeOf,
  logisticsModeOf,
  paidAtOf,
  platformStatusOf,
  programsOf,
  shipByOf,
  warehouseOf,
} from './order.facts.ts'
import { ignored } from './order.ignored.ts'
import { isLine, lineShape } from './order.lines.ts'
import { isPackage, packageShape } from './order.packages.ts'
import { buyerShape, taxShape, totalsShape } from './order.totals.ts'
import { looseText } from './order.values.ts'
import { wordOf } from './raw-values.ts'
import {
  afterSaleStatusOf,
  cancellationStatusOf,
  fulfillmentStatusOf,
  holdReasonsOf,
  isFulfillable,
} from './status.ts'

const words = ['items[].status', 'order.statuses']
const requests = [
  'items[].need_cancel_confirm',
  'items[].is_cancel_pending',
  'order.need_cancel_confirm',
  'order.is_cancel_pending',
]
const byPlatform = ['items[].is_fbl', 'items[].shipping_type']
const currencies = ['items[].currency', 'order.address_shipping.country']

/**
 * An order and its items as one document, `{order, items}`: `order` from /orders/get or /order/get, `items`
 * (one row per unit) from /order/items/get or /orders/items/get. `unwrap.ts` builds it from what is at hand.
 */
export const order: FieldMap<OrderContent> = {
  platform: 'lazada',
  document: 'order',
  apiVersion: 'LazOP REST',
  source: 'GetOrders, GetOrder, GetOrderItems, GetMultipleOrderItems',
  version: 'lazada.order.1',
  shape: {
    platform_order_id: identifier(
      'order.order_id',
      note(
        'Unique within a store only: a cart over two stores gives both the same.',
        '仅在店铺内唯一,跨店购物车会出现相同单号',
      ),
    ),
    platform_order_number: looseText('order.order_number', note('Same as order_id.', '与 order_id 相同')),
    merchant_order_id: absent(note('Lazada keeps none.', '平台不保存卖家单号')),
    marketplace_code: fromOrder(
      currencies,
      ({ currency }) => (currency === null ? null : (codeByCurrency[currency] ?? null)),
      note('Orders do not name it: by their currency.', '订单不返回站点,按币种判断'),
    ),
    order_type: fromOrder(
      ['items[].order_type'],
      ({ rows }) => (rows.some((row) => row['order_type'] === 'PreSale') ? 'preorder' : 'standard'),
      note('preorder for PreSale.', 'PreSale 为预售'),
    ),
    fulfillment_type: fromOrder(
      byPlatform,
      fulfillmentTypeOf,
      note('is_fbl 1 is Fulfilled by Lazada.', 'is_fbl 为 1 即 FBL'),
    ),
    status: fromOrder(
      words,
      ({ status }) => status,
      note(
        'The least advanced unit that is neither cancelled nor failed; partially_shipped when others have left.',
        '取未取消、未失败商品中进度最慢者;其余已发出时为部分发货',
      ),
    ),
    payment_status: fromOrder(
      [...words, 'items[].stage_pay_status', 'order.payment_method'],
      ({ payment }) => payment,
      note(
        'Not sent: paid beyond unpaid; cod_pending until delivery; pending for half-paid pre-sales; voided when cancelled.',
        '平台不返回:非 unpaid 即已付款;货到付款签收前为 cod_pending;预售付定金为 pending;取消为 voided',
      ),
    ),
    fulfillment_status: fromOrder(
      words,
      ({ units }) => fulfillmentStatusOf(units),
      note('From the units.', '由各件状态推导'),
    ),
    cancellation_status: fromOrder(
      [...words, ...requests],
      ({ units }) => cancellationStatusOf(units),
      note(
        'requested: the seller must answer; accepted: agreed, the carrier has yet to stop it.',
        'requested 待卖家答复;accepted 已同意、待物流拦截',
      ),
    ),
    after_sale_status: fromOrder(
      words,
      ({ units }) => afterSaleStatusOf(units),
      note('open when units were returned or go back.', '有退货或退回中的商品为 open'),
    ),
    platform_status: fromOrder(
      words,
      platformStatusOf,
      note('The distinct words, separated by commas.', '去重后的状态,以逗号分隔'),
    ),
    platform_substatus: absent(note('There is none.', '无次级状态')),
    is_fulfillable: fromOrder(
      [...words, ...requests, ...byPlatform],
      (facts) => isFulfillable(facts.units, fulfillmentTypeOf(facts) === 'platform'),
      note(
        'Seller ships, paid or cash on delivery, not all shipped, and nobody asks to cancel.',
        '自发货、已付款或货到付款、未全部发出且无取消申请',
      ),
    ),
    hold_reasons: fromOrder(
      [...words, ...requests, 'items[].stage_pay_status'],
      ({ units }) => holdReasonsOf(units),
      note('unpaid; cancellation_requested.', '未付款;取消申请'),
    ),
    ordered_at: fromOrder(
      ['order.created_at'],
      ({ createdAt }) => createdAt,
      note('With its own offset.', '按报文自带时区解析'),
    ),
    paid_at: fromOrder(
      ['items[].payment_time', 'order.payment_method'],
      paidAtOf,
      note(
        'Earliest payment_time; cash on delivery only once delivered.',
        '最早的 payment_time;货到付款签收后才有',
      ),
    ),
    confirmed_at: absent(note('Not in orders.', '订单接口不返回')),
    ship_by_at: fromOrder(
      ['items[].sla_time_stamp', 'items[].promised_shipping_time', 'order.promised_shipping_times'],
      shipByOf,
      note(
        'Earliest sla_time_stamp of open units; else a promised time that has an offset.',
        '未完结商品中最早的 sla_time_stamp,缺失时取带时区的承诺时间',
      ),
    ),
    deliver_by_at: absent(note('Not in orders.', '订单接口不返回')),
    shipped_at: absent(note('In the logistics trace only.', '仅在物流轨迹接口')),
    delivered_at: absent(note('In the logistics trace only.', '仅在物流轨迹接口')),
    completed_at: absent(note('Lazada has no such step.', '平台无该状态')),
    cancelled_at: absent(note('Lazada tells that, not when.', '平台不返回取消时间')),
    platform_created_at: {
      ...fromOrder(
        ['order.created_at'],
        ({ createdAt }) => createdAt ?? '1970-01-01T00:00:00.000Z',
        note('With its own offset.', '按报文自带时区解析'),
      ),
      required: true,
    },
    platform_updated_at: fromOrder(
      ['order.updated_at', 'order.created_at'],
      ({ updatedAt, createdAt }) => updatedAt ?? createdAt ?? '1970-01-01T00:00:00.000Z',
      note('updated_at; created_at where there is none.', 'updated_at,缺失时取 created_at'),
    ),
    currency: fromOrder(
      currencies,
      ({ currency }) => currency,
      note('Of the items; without items, of the country it goes to.', '取商品行币种;无商品行时按收货国家'),
    ),
    totals: totalsShape,
    fees: absentList(note('Fees are in the finance API.', '费用在财务接口')),
    tax: taxShape,
    buyer: buyerShape,
    shipping_address: part('order.address_shipping', addressShape, note('Masked by default.', '默认脱敏')),
    billing_address: part('order.address_billing', addressShape, note('Masked by default.', '默认脱敏')),
    shipping: {
      service_level: fromOrder(
        ['items[].shipping_provider_type'],
        ({ first }) => serviceLevelOf(first['shipping_provider_type']),
        note('standard, express, economy, instant …', 'standard、express、economy、instant 等'),
      ),
      requested_carrier: absent(note('Lazada assigns the carrier when packed.', '承运商由平台在打包时分配')),
      logistics_mode: fromOrder(
        ['items[].delivery_option_sof'],
        logisticsModeOf,
        note(
          'seller_label for the seller’s own fleet, else platform_label.',
          '自配送为卖家面单,其余为平台面单',
        ),
      ),
      warehouse_hint: fromOrder(
        ['items[].warehouse_code', 'order.warehouse_code'],
        warehouseOf,
        note('null for `dropshipping`: the seller’s only warehouse.', 'dropshipping 表示唯一默认仓,取空'),
      ),
      instructions: looseText('order.delivery_info', note('Delivery remark.', '配送备注')),
    },
    payment_methods: list('order.payment_method', note('Words differ by country.', '各国取值不同')),
    programs: fromOrder(
      [
        ...byPlatform,
        'items[].delivery_option_sof',
        'items[].is_digital',
        'items[].is_reroute',
        'items[].semi_managed',
        'items[].order_flag',
        'items[].order_type',
      ],
      programsOf,
      note('Flags and words of the items that name a programme.', '由商品行的标记与类型得出'),
    ),
    replaced_platform_order_id: absent(note('Lazada has no replacements.', '平台无补发单')),
    lines: each(
      'items',
      lineShape,
      note(
        'Rows that are alike make one line; empty when items were not read.',
        '相同各行合并为一行;未读取商品时为空',
      ),
      isLine,
    ),
    packages: each(
      'items',
      packageShape,
      note('One for each package_id.', '每个 package_id 一条'),
      isPackage,
    ),
    cancellations: each(
      'items',
      cancellationShape,
      note('Lines cancelled, or asked to be.', '已取消或申请取消的行'),
      isCancellation,
    ),
    compliance_flags: absentList(note('Not in orders.', '订单接口不返回')),
  },
  ignored,
}

function serviceLevelOf(value: unknown): string | null {
  const word = wordOf(value)
  return word === null ? null : lowerSnake(word)
}
