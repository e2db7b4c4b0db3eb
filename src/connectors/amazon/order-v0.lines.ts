import type { CancellationContent } from '#canonical/cancellation.ts'
import type { OrderLineContent } from '#canonical/order-line.ts'
import { canonicalAmount, divideMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import {
  absent,
  absentList,
  constant,
  count,
  derive,
  flag,
  hasWord,
  identifier,
  list,
  money,
  optionalCount,
  optionalText,
  optionalTime,
  sum,
  word,
} from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'
import { fromLine } from './order-v0.facts.ts'
import {
  cancelRequestedUnits,
  cancellationLinesOf,
  cancellationStateOf,
  cancelledUnits,
  lineStatusOf,
} from './status.ts'

export const members = { amount: 'Amount', currency: 'CurrencyCode' }

const moneyAt = (path: string, about: Text): Rule<Money | null> =>
  money(`${path}.Amount`, `${path}.CurrencyCode`, about)

/** Price of one unit: v0 only tells the price of all units. */
function unitPriceOf([amount, currency, quantity]: readonly unknown[]): Money | null {
  if (typeof amount !== 'string' || typeof currency !== 'string' || typeof quantity !== 'number') return null
  const whole = canonicalAmount(amount, currency)
  return whole === null ? null : divideMoney({ amount: whole, currency }, quantity)
}

const discounts = (about: Text): Rule<Money | null> =>
  sum(['PromotionDiscount', 'ShippingDiscount', 'CODFeeDiscount'], members, about, 'positive')

/** One entry of `OrderItems` (Orders v0), with the answer of getOrderItemsBuyerInfo as its `BuyerInfo`. */
export const lineShape: Shape<OrderLineContent> = {
  platform_line_id: identifier(
    'OrderItemId',
    note(
      'Do not join it with the item id of finance transactions: they differ.',
      '与财务流水中的 item id 不同，不要用来关联',
    ),
  ),
  platform_unit_ids: absentList(note('A line has no ids for single units.', '亚马逊没有逐件 ID')),
  platform_product_id: optionalText('ASIN', note('ASIN.', 'ASIN')),
  platform_sku_id: absent(
    note('The ASIN already names the variation.', 'ASIN 已精确到变体，没有单独的 SKU ID'),
  ),
  seller_sku: optionalText('SellerSKU', note('SKU of the seller.', '卖家 SKU')),
  title: optionalText('Title', note('Title in the language of the marketplace.', '站点语言的商品标题')),
  variant_attributes: absentList(note('Only inside the title.', '只体现在标题里')),
  image_url: absent(note('Not in orders; ask the Catalog API.', '订单接口不返回图片，需查 Catalog 接口')),
  gtin: absent(note('Not in orders.', '订单接口不返回条码')),
  condition: word('ConditionId', note('new, used, refurbished …', '成色：new、used、refurbished 等')),
  line_status: fromLine(
    lineStatusOf,
    note(
      'Amazon has no status per line: from the order’s word and the units of the line.',
      '亚马逊没有子单状态，由订单状态与该行数量推导',
    ),
  ),
  platform_status: absent(note('Amazon has no status per line.', '亚马逊没有子单状态')),
  is_gift: flag('IsGift', note('Sent as the word "true" or "false".', '以字符串 "true" / "false" 返回')),
  is_platform_fulfilled: hasWord(
    '/FulfillmentChannel',
    ['AFN', 'AmazonFulfilled'],
    note('AFN is FBA.', 'AFN 即 FBA'),
  ),
  unit_price: derive(
    ['ItemPrice.Amount', 'ItemPrice.CurrencyCode', 'QuantityOrdered'],
    unitPriceOf,
    note(
      'ItemPrice divided by QuantityOrdered, to four decimals at most.',
      'ItemPrice 除以 QuantityOrdered，最多四位小数',
    ),
  ),
  items_total: moneyAt(
    'ItemPrice',
    note('For all units, without shipping and gift wrap.', '全部件数，不含运费与礼品包装'),
  ),
  seller_discount: discounts(
    note(
      'Discounts in Amazon orders are the seller’s; written without sign.',
      '亚马逊订单优惠由卖家承担，统一为正数',
    ),
  ),
  platform_discount: absent(note('Amazon does not tell what it pays itself.', '亚马逊不返回平台承担部分')),
  discount_total: discounts(
    note(
      'On goods, shipping and the cash-on-delivery fee, without sign.',
      '商品、运费与货到付款手续费的优惠，统一为正数',
    ),
  ),
  shipping_total: moneyAt('ShippingPrice', note('Before its discount.', '未减运费优惠')),
  tax_total: sum(
    ['ItemTax', 'ShippingTax', 'BuyerInfo.GiftWrapTax'],
    members,
    note('Tax of goods, shipping and gift wrap.', '商品、运费与礼品包装的税额'),
  ),
  gift_wrap_total: moneyAt(
    'BuyerInfo.GiftWrapPrice',
    note('Needs the buyer info of the items.', '需要商品买家信息'),
  ),
  cod_fee: moneyAt('CODFee', note('Before its discount.', '未减优惠')),
  line_total: absent(
    note(
      'v0 does not say whether ItemPrice holds ItemTax, so the parts cannot be added up.',
      'v0 未说明 ItemPrice 是否含税，无法由各部分相加',
    ),
  ),
  quantity: count(
    'QuantityOrdered',
    note('Units ordered; stays after a cancellation.', '下单数量，取消后不变'),
  ),
  cancel_requested_quantity: fromLine(
    cancelRequestedUnits,
    note('A request is for the whole line: the units not yet shipped.', '取消申请针对整行，取未发货数量'),
  ),
  cancelled_quantity: fromLine(
    cancelledUnits,
    note(
      'Units not shipped once the whole order is cancelled; v0 knows no other.',
      '整单取消后未发货的数量；v0 不区分行取消',
    ),
  ),
  shipped_quantity: optionalCount('QuantityShipped', 0, note('Units shipped.', '已发货数量')),
  delivered_quantity: constant(0, note('v0 does not tell of delivery.', 'v0 不返回签收信息')),
  return_requested_quantity: constant(0, note('Returns are not part of orders.', '订单接口不含退货信息')),
  returned_quantity: constant(0, note('Returns are not part of orders.', '订单接口不含退货信息')),
  refunded_money: absent(note('Refunds are in the Finances API.', '退款在 Finances 接口')),
  gift_message: optionalText(
    'BuyerInfo.GiftMessageText',
    note('Needs a restricted data token.', '需要受限数据令牌（RDT）'),
  ),
  gift_wrap_level: optionalText('BuyerInfo.GiftWrapLevel', note('Amazon’s word.', '亚马逊原值')),
  serial_numbers: list('SerialNumbers', note('Serial numbers.', '序列号')),
  promotion_ids: list('PromotionIds', note('Promotions.', '促销 ID')),
  points_granted: optionalCount(
    'PointsGranted.PointsNumber',
    null,
    note('Amazon Points of Japan.', '日本站积分'),
  ),
  customization_url: optionalText(
    'BuyerInfo.BuyerCustomizedInfo.CustomizedURL',
    note('Needs a restricted data token.', '需要受限数据令牌（RDT）'),
  ),
  ioss_number: optionalText('IossNumber', note('Print it on the customs form.', '用于清关申报')),
  deliver_from: optionalTime('ScheduledDeliveryStartDate', note('Scheduled delivery only.', '仅预约配送')),
  deliver_to: optionalTime('ScheduledDeliveryEndDate', note('Scheduled delivery only.', '仅预约配送')),
}

/** The cancellation request of one entry of `OrderItems`; lines without one are left out. */
export const cancellationShape: Shape<CancellationContent> = {
  platform_cancellation_id: identifier(
    'OrderItemId',
    note('Cancellations have no id: the line’s.', '取消没有单独 ID，取子单 ID'),
  ),
  initiated_by: constant('buyer', note('v0 only tells of requests by the buyer.', 'v0 只返回买家发起的申请')),
  reason_code: absent(note('Amazon sends words only.', '亚马逊只返回文字')),
  reason_text: optionalText(
    'BuyerRequestedCancel.BuyerCancelReason',
    note('The buyer’s reason.', '买家取消原因'),
  ),
  state: fromLine(
    cancellationStateOf,
    note(
      'completed when the order is cancelled; rejected when everything was shipped despite the request.',
      '订单已取消为 completed；申请后仍全部发货为 rejected',
    ),
  ),
  respond_by_at: absent(note('Amazon sets no deadline.', '亚马逊没有答复时限')),
  lines: fromLine(cancellationLinesOf, note('Always one line.', '固定一行')),
}

/** Lines whose cancellation the buyer asked for. */
export const isCancellation = flag(
  'BuyerRequestedCancel.IsBuyerRequestedCancel',
  note('Sent as the word "true" or "false".', '以字符串 "true" / "false" 返回'),
)
