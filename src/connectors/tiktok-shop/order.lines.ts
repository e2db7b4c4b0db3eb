import type { OrderLineContent } from '#canonical/order-line.ts'
import { text as note } from '#kernel/text.ts'
import {
  absent,
  absentList,
  constant,
  derive,
  flag,
  hasWord,
  identifier,
  money,
  optionalText,
} from '#mapping/index.ts'
import type { Refuse, Shape } from '#mapping/index.ts'
import { addMoney } from './amounts.ts'
import { fromLine, sumOfDetails } from './line.facts.ts'
import { requestedUnits } from './order.facts.ts'
import { lineStatusOf, wordsOf } from './units.ts'

function variantOf([name]: readonly unknown[], refuse: Refuse): OrderLineContent['variant_attributes'] {
  if (name === undefined || name === null || name === '' || name === 'Default') return []
  if (typeof name === 'string') return [{ name: 'variant', value: name }]
  refuse(0, 'text')
  return []
}

/** True for the unit that names its line: each line is written once. */
export const isLine = fromLine(
  ({ isFirst }) => isFirst,
  note(
    'Units of one variation at one price are one line, named by the lowest unit id.',
    '同一 SKU、同一价格的单件合并为一行,取最小的单件 ID 作为行 ID',
  ),
)

/** One line out of the units in `line_items`. */
export const lineShape: Shape<OrderLineContent> = {
  platform_line_id: identifier('id', note('Lowest id of its units.', '该行各单件中最小的 ID')),
  platform_unit_ids: fromLine(
    ({ line }) => line.units.map(({ id }) => id),
    note('Needed for shipping and cancelling.', '发货与取消时需要逐件 ID'),
  ),
  platform_product_id: optionalText('product_id', note('Product.', '商品 ID')),
  platform_sku_id: optionalText('sku_id', note('Variation.', 'SKU ID')),
  seller_sku: optionalText('seller_sku', note('SKU of the seller.', '卖家 SKU')),
  title: optionalText('product_name', note('Product name.', '商品名称')),
  variant_attributes: derive(
    ['sku_name'],
    variantOf,
    note('One text for all options; none for "Default".', '全部规格为一个文本,"Default" 表示无规格'),
  ),
  image_url: optionalText('sku_image', note('Picture of the variation.', 'SKU 图片')),
  gtin: absent(note('Not in orders.', '订单接口不返回条码')),
  condition: absent(note('Not in orders.', '订单接口不返回成色')),
  line_status: fromLine(
    ({ line }) => lineStatusOf(line),
    note(
      'Least advanced open unit decides; partially_shipped when only some are on their way.',
      '取进度最慢的未取消单件;仅部分发出时为 partially_shipped',
    ),
  ),
  platform_status: fromLine(
    ({ line }) => wordsOf(line),
    note('display_status; several joined by commas.', 'display_status,多个以逗号连接'),
  ),
  is_gift: flag('is_gift', note('A gift of the seller, free of charge.', '卖家赠品')),
  is_platform_fulfilled: hasWord(
    '/fulfillment_type',
    ['FULFILLMENT_BY_TIKTOK', 'FULFILLMENT_BY_DILAYANI_TOKOPEDIA'],
    note('FBT, or Dilayani Tokopedia.', 'FBT 或 Dilayani Tokopedia'),
  ),
  unit_price: money(
    'sale_price',
    'currency',
    note('Sale price of one unit, discounts taken off.', '单件售价(已减优惠)'),
  ),
  items_total: fromLine(
    ({ amounts }) => amounts.items,
    note('Sum of original_price: before discounts.', '各件 original_price 合计(未减优惠)'),
  ),
  seller_discount: fromLine(({ amounts }) => amounts.seller, note('Sum over the units.', '各件合计')),
  platform_discount: fromLine(({ amounts }) => amounts.platform, note('Sum over the units.', '各件合计')),
  discount_total: fromLine(
    ({ amounts: { seller, platform } }) => addMoney(seller, platform),
    note('Seller’s and platform’s.', '卖家与平台优惠合计'),
  ),
  shipping_total: fromLine(
    (facts) => sumOfDetails(facts, 'shipping_sale_price'),
    note(
      'Only in the price detail, which the hub does not ask for: one call per order.',
      '仅在价格明细接口中返回;每单需一次调用,系统默认不请求',
    ),
  ),
  tax_total: fromLine(
    ({ amounts }) => amounts.tax,
    note('item_tax; only where tax is added to the price.', 'item_tax 合计,仅价外税站点返回'),
  ),
  gift_wrap_total: absent(note('There is no gift wrap.', '平台没有礼品包装')),
  cod_fee: fromLine(
    (facts) => sumOfDetails(facts, 'cod_fee_amount'),
    note('Only in the price detail.', '仅在价格明细接口中返回'),
  ),
  line_total: fromLine(
    ({ amounts: { sale, tax } }) => addMoney(sale, tax),
    note('Sale prices and tax.', '售价与税额合计'),
  ),
  quantity: fromLine(
    ({ line }) => line.units.length,
    note('The platform has a row per unit: counted.', '平台逐件建行,数量为件数'),
  ),
  cancel_requested_quantity: fromLine(
    ({ line, isCancelRequested }) => requestedUnits(line, isCancelRequested),
    note(
      'The wish is a flag of the order: units neither shipped nor cancelled.',
      '取消申请为订单级标记,取未发货且未取消的件数',
    ),
  ),
  cancelled_quantity: fromLine(({ line }) => line.cancelled, note('Cancelled units.', '已取消件数')),
  shipped_quantity: fromLine(({ line }) => line.shipped, note('IN_TRANSIT and later.', 'IN_TRANSIT 及之后')),
  delivered_quantity: fromLine(
    ({ line }) => line.delivered,
    note('DELIVERED and COMPLETED.', 'DELIVERED 与 COMPLETED'),
  ),
  return_requested_quantity: constant(0, note('Returns have calls of their own.', '售后需查退货接口')),
  returned_quantity: constant(0, note('Returns have calls of their own.', '售后需查退货接口')),
  refunded_money: absent(note('Refunds have calls of their own.', '退款需查退款接口')),
  gift_message: absent(note('There is none.', '平台没有该字段')),
  gift_wrap_level: absent(note('There is no gift wrap.', '平台没有礼品包装')),
  serial_numbers: absentList(note('Not in orders.', '订单接口不返回')),
  promotion_ids: absentList(note('Only amounts, no ids.', '只有优惠金额,没有促销 ID')),
  points_granted: absent(note('There are none.', '平台没有积分')),
  customization_url: absent(note('There is none.', '平台没有该字段')),
  ioss_number: absent(note('Not in orders.', '订单接口不返回')),
  deliver_from: absent(note('Promised per order.', '只有订单级承诺时间')),
  deliver_to: absent(note('Promised per order.', '只有订单级承诺时间')),
}
