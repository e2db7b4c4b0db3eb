import type { OrderLineContent } from '#canonical/order-line.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import {
  absent,
  absentList,
  constant,
  derive,
  firstOf,
  hasWord,
  identifier,
  optionalText,
} from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'
import { minorMoney, minorSum, minorTimes, optionalId } from './amounts.ts'
import { fromLine } from './order.facts.ts'
import { listOf, textOf } from './raw-values.ts'
import { orderStatuses } from './status.ts'

const needsApproval = (en: string, zh: string): Text =>
  note(
    `${en} null without bg.order.amount.query, which Temu approves separately.`,
    `${zh};未获 bg.order.amount.query 单独审批时为 null`,
  )
const none = note('Temu has no such field.', 'Temu 无此字段')

/** The first of some values, as text; ids may be numbers. */
function firstId([values]: readonly unknown[]): string | null {
  for (const value of listOf(values)) {
    if (typeof value === 'number') return String(value)
    if (textOf(value) !== null) return textOf(value)
  }
  return null
}

const specOf = ([original, buyers]: readonly unknown[]): OrderLineContent['variant_attributes'] => {
  const value = textOf(original) ?? textOf(buyers)
  return value === null ? [] : [{ name: 'spec', value }]
}

/** One entry of `orderList`, with its amounts as `amount`. */
export const lineShape: Shape<OrderLineContent> = {
  platform_line_id: identifier('orderSn', note('A line has a number of its own.', '子单有独立编号')),
  platform_unit_ids: absentList(note('A line has no ids for single units.', 'Temu 没有逐件 ID')),
  platform_product_id: optionalId('goodsId', note('Product.', '商品 ID')),
  platform_sku_id: firstOf(
    [
      optionalId('skuId', note('Local malls.', '本地店铺')),
      derive(['productList[].productSkuId'], firstId, note('Semi-managed malls.', '半托管店铺')),
    ],
    note('skuId, for semi-managed malls productSkuId.', 'skuId,半托管店铺取 productSkuId'),
  ),
  seller_sku: derive(
    ['productList[].extCode'],
    firstId,
    note('extCode; local malls may leave the list out.', 'extCode,本地店铺可能不返回'),
  ),
  title: firstOf(
    [
      optionalText('originalGoodsName', note('The seller’s title.', '卖家填写的标题')),
      optionalText('goodsName', note('What the buyer sees.', '买家看到的标题')),
    ],
    note('The seller’s title, else the buyer’s.', '优先取卖家标题'),
  ),
  variant_attributes: derive(
    ['originalSpecName', 'spec'],
    specOf,
    note('One text for all options.', '多个规格合为一段文本'),
  ),
  image_url: optionalText('thumbUrl', note('Thumbnail.', '缩略图')),
  gtin: absent(none),
  condition: absent(none),
  line_status: {
    ...fromLine(
      ({ status }) => status,
      note(
        'orderStatus; a line without units left is cancelled.',
        '由 orderStatus 转换,数量全部取消为已取消',
      ),
    ),
    values: orderStatuses,
  },
  platform_status: optionalId('orderStatus', note('Number.', '数字状态')),
  is_gift: constant(false, note('Temu has no gifts.', 'Temu 没有礼品订单')),
  is_platform_fulfilled: hasWord(
    'fulfillmentType',
    ['fulfillByCooperativeWarehouse'],
    note('Shipped by a cooperative warehouse.', '由合作仓发货'),
  ),
  unit_price: minorMoney('amount.unitRetailPrice', needsApproval('What the buyer sees.', '买家看到的单价')),
  items_total: minorTimes(
    'amount.unitRetailPrice',
    'amount.quantity',
    needsApproval('Unit price times the units of the amounts.', '单价乘以金额接口的数量'),
  ),
  seller_discount: minorMoney('amount.discountFromSeller', needsApproval('Paid by the seller.', '卖家承担')),
  platform_discount: minorMoney('amount.discountFromTEMU', needsApproval('Paid by Temu.', '平台承担')),
  discount_total: minorSum(
    ['amount.discountFromSeller', 'amount.discountFromTEMU'],
    needsApproval('Both together.', '两者合计'),
  ),
  shipping_total: minorMoney('amount.shipAmountTotal', needsApproval('Share of the shipping.', '分摊运费')),
  tax_total: minorSum(
    ['amount.productTaxAmount', 'amount.shipTaxAmount'],
    needsApproval('Where Temu tells it by line.', '按行返回时才有'),
  ),
  gift_wrap_total: absent(none),
  cod_fee: absent(none),
  line_total: absent(
    note(
      'Temu does not say whether the price holds the tax, so the parts cannot be added up.',
      '未说明价格是否含税,无法由各部分相加',
    ),
  ),
  quantity: fromLine(
    (line) => line.quantity,
    note(
      'originalOrderQuantity; without it quantity, which is what is left, and what was cancelled.',
      '取 originalOrderQuantity;缺失时为 quantity(剩余数量)加已取消数量',
    ),
  ),
  cancel_requested_quantity: fromLine(
    (line) => line.cancelRequested,
    note('The label is for the whole order: units not yet shipped.', '取消标签针对整单,取未发货数量'),
  ),
  cancelled_quantity: fromLine(
    (line) => line.cancelled,
    note('canceledQuantityBeforeShipment; all for status 3.', 'canceledQuantityBeforeShipment,状态 3 为全部'),
  ),
  shipped_quantity: fromLine(
    (line) => line.shipped,
    note('From the status; at least one for 41.', '由状态推导,41 至少为 1'),
  ),
  delivered_quantity: fromLine(
    (line) => line.delivered,
    note('From the status; at least one for 51.', '由状态推导,51 至少为 1'),
  ),
  return_requested_quantity: constant(0, note('Returns are not part of orders.', '订单接口不含退货信息')),
  returned_quantity: constant(0, note('Returns are not part of orders.', '订单接口不含退货信息')),
  refunded_money: absent(note('Refunds are told for the whole order.', '退款仅有整单金额')),
  gift_message: absent(none),
  gift_wrap_level: absent(none),
  serial_numbers: absentList(none),
  promotion_ids: absentList(none),
  points_granted: absent(none),
  customization_url: absent(none),
  ioss_number: absent(none),
  deliver_from: absent(none),
  deliver_to: absent(none),
}
