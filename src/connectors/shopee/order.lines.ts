import type { OrderLineContent } from '#canonical/order-line.ts'
import { text as note } from '#kernel/text.ts'
import { absent, absentList, firstOf, hasWord, optionalText, optionalCount, count } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'
import { amountAt, moneyOf } from './amounts.ts'
import { fromLine, lineStatusPaths } from './order.facts.ts'
import type { LineAndMoney } from './order.facts.ts'
import { knownIdOf, listOf, membersOf } from './raw-values.ts'
import { lineStatusOf } from './status.ts'
import { optionalIdAt, variationAt, wordsAt } from './values.ts'

const pricePaths = [
  'model_original_price',
  'model_discounted_price',
  '/order.currency',
  '/escrow.order_income.items',
]
const unitPaths = [
  'model_quantity_purchased',
  'cancel_requested_qty',
  'cancelled_qty',
  'return_requested_qty',
  'returned_qty',
  ...lineStatusPaths,
]
const idPaths = ['line_item_id', 'order_item_id', 'item_id', 'model_id', 'promotion_group_id']

const fromEscrow = note(
  'Escrow detail of the line; null without the permission for it.',
  '取自 escrow 明细;应用无权限时为 null',
)

/** The line's own promotion, then those of its list, each once. */
function promotionIdsOf({ raw }: LineAndMoney): string[] {
  const line = membersOf(raw)
  const own = knownIdOf(line['promotion_id'])
  const ids = own === null ? [] : [own]
  for (const entry of listOf(line['promotion_list'])) {
    const id = knownIdOf(membersOf(entry)['promotion_id'])
    if (id !== null && !ids.includes(id)) ids.push(id)
  }
  return ids
}

/** One entry of `item_list`: all units of one variation, bought in one way. */
export const lineShape: Shape<OrderLineContent> = {
  platform_line_id: fromLine(
    idPaths,
    ({ id }) => id,
    note(
      'line_item_id; before July 2026 order_item_id, item_id, model_id and promotion_group_id joined, because no one of them is unique.',
      '取 line_item_id;2026 年 7 月前无此字段,以 order_item_id、item_id、model_id、promotion_group_id 组合',
    ),
  ),
  platform_unit_ids: absentList(note('A line has no ids for single units.', 'Shopee 没有逐件 ID')),
  platform_product_id: optionalIdAt('item_id', note('Item id.', '商品 ID')),
  platform_sku_id: optionalIdAt(
    'model_id',
    note('Variation; null for items without (0).', '规格 ID,无规格(0)时为 null'),
  ),
  seller_sku: firstOf(
    [
      wordsAt('model_sku', note('Of the variation.', '规格 SKU')),
      wordsAt('item_sku', note('Of the item.', '商品 SKU')),
    ],
    note('model_sku, else item_sku.', '优先 model_sku,否则 item_sku'),
  ),
  title: optionalText('item_name', note('In the language of the shop.', '店铺语言的商品标题')),
  variant_attributes: variationAt(
    'model_name',
    note('The variation’s name as one text.', '规格名称整段文本'),
  ),
  image_url: optionalText('image_info.image_url', note('Thumbnail.', '缩略图')),
  gtin: absent(note('Not in orders.', '订单接口不返回条码')),
  condition: absent(note('Not in orders.', '订单接口不返回成色')),
  line_status: fromLine(
    unitPaths,
    (line, { status }) => lineStatusOf(line, status),
    note(
      'Shopee has no status per line: from the order’s word, its parcels and the units.',
      'Shopee 没有子单状态,由订单状态、包裹与数量推导',
    ),
  ),
  platform_status: absent(note('Shopee has no status per line.', 'Shopee 没有子单状态')),
  is_gift: hasWord(
    'promotion_type',
    ['gift_with_purchase', 'free_gift'],
    note('A free gift of a promotion.', '促销赠品'),
  ),
  is_platform_fulfilled: hasWord(
    '/order.fulfillment_flag',
    ['fulfilled_by_shopee'],
    note('Fulfilled by Shopee.', 'Shopee 仓发货(FBS)'),
  ),
  unit_price: amountAt('model_original_price', note('Before discounts.', '未减优惠的单价')),
  items_total: fromLine(
    pricePaths,
    (line, { currency }) => moneyOf(line.itemsTotal, currency),
    note('model_original_price by quantity.', 'model_original_price 乘数量'),
  ),
  seller_discount: fromLine(
    pricePaths,
    (line, { currency }) => moneyOf(line.sellerDiscount, currency),
    fromEscrow,
  ),
  platform_discount: fromLine(
    pricePaths,
    (line, { currency }) => moneyOf(line.platformDiscount, currency),
    note(
      'Escrow detail of the line, coins included; null without the permission for it.',
      '取自 escrow 明细(含金币抵扣);应用无权限时为 null',
    ),
  ),
  discount_total: fromLine(
    pricePaths,
    (line, { currency }) => moneyOf(line.discountTotal, currency),
    note(
      'From escrow; without it the difference of the two prices, which leaves vouchers out and is unknown in bundle deals.',
      '取自 escrow;无 escrow 时为两个单价之差(不含优惠券),套装优惠中为 null',
    ),
  ),
  shipping_total: absent(note('Shipping is charged for the order.', '运费按订单收取')),
  tax_total: absent(
    note('Shopee does not split tax by line; prices include it.', '税额不按行拆分,价格已含税'),
  ),
  gift_wrap_total: absent(note('Shopee has none.', 'Shopee 无此项')),
  cod_fee: absent(note('Shopee has none.', 'Shopee 无此项')),
  line_total: fromLine(
    pricePaths,
    ({ itemsTotal, discountTotal }, { currency }) =>
      moneyOf(itemsTotal === null || discountTotal === null ? null : itemsTotal - discountTotal, currency),
    note('Goods less discounts.', '商品小计减优惠'),
  ),
  quantity: count('model_quantity_purchased', note('Units ordered.', '下单数量')),
  cancel_requested_quantity: fromLine(
    unitPaths,
    (line) => line.cancelRequested,
    note('cancel_requested_qty; all units while IN_CANCEL.', '取 cancel_requested_qty;IN_CANCEL 时为全部'),
  ),
  cancelled_quantity: fromLine(
    unitPaths,
    (line) => line.cancelled,
    note('cancelled_qty; all units when the order is cancelled.', '取 cancelled_qty;订单取消时为全部'),
  ),
  shipped_quantity: fromLine(
    unitPaths,
    (line) => line.shipped,
    note(
      'From the order’s word, or from the parcels picked up where only some are.',
      '由订单状态推导;部分发货时按已揽收包裹计算',
    ),
  ),
  delivered_quantity: fromLine(
    unitPaths,
    (line) => line.delivered,
    note('From TO_CONFIRM_RECEIVE on, or by parcel.', 'TO_CONFIRM_RECEIVE 起为全部,否则按包裹'),
  ),
  return_requested_quantity: optionalCount('return_requested_qty', 0, note('As sent.', '平台原值')),
  returned_quantity: optionalCount('returned_qty', 0, note('As sent.', '平台原值')),
  refunded_money: absent(note('Refunds are in the returns API.', '退款在退货接口')),
  gift_message: absent(note('Shopee has none.', 'Shopee 无此项')),
  gift_wrap_level: absent(note('Shopee has none.', 'Shopee 无此项')),
  serial_numbers: absentList(note('Shopee has none.', 'Shopee 无此项')),
  promotion_ids: fromLine(
    ['promotion_id', 'promotion_list[].promotion_id'],
    promotionIdsOf,
    note('Each once; 0 means none.', '去重;0 表示无促销'),
  ),
  points_granted: absent(note('Shopee tells coins spent, not granted.', 'Shopee 不返回赠送金币')),
  customization_url: absent(note('Shopee has none.', 'Shopee 无此项')),
  ioss_number: absent(note('Shopee has none.', 'Shopee 无此项')),
  deliver_from: absent(note('The window is told for the order.', '送达时间窗在订单级')),
  deliver_to: absent(note('The window is told for the order.', '送达时间窗在订单级')),
}
