import type { CancellationContent } from '#canonical/cancellation.ts'
import type { OrderLineContent } from '#canonical/order-line.ts'
import { text as note } from '#kernel/text.ts'
import {
  absent,
  absentList,
  constant,
  count,
  discount,
  firstOf,
  hasWord,
  choice,
  identifier,
  list,
  money,
  optionalCount,
  optionalText,
  optionalTime,
  present,
  word,
} from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import { fromLine } from './order-2026.facts.ts'
import {
  cancellationLinesOf,
  cancelRequestedUnits,
  cancellationStateOf,
  cancelledUnits,
  lineStatusOf,
} from './status.ts'

const proceeds = (type: string, about: Text): Rule<Money | null> =>
  money(
    `proceeds.breakdowns[type=${type}].subtotal.amount`,
    `proceeds.breakdowns[type=${type}].subtotal.currencyCode`,
    about,
  )

const discounted = (about: Text): Rule<Money | null> =>
  discount(
    'proceeds.breakdowns[type=DISCOUNT].subtotal.amount',
    'proceeds.breakdowns[type=DISCOUNT].subtotal.currencyCode',
    about,
  )

/** One entry of `orderItems` (Orders 2026-01-01). */
export const lineShape: Shape<OrderLineContent> = {
  platform_line_id: identifier(
    'orderItemId',
    note(
      'Do not join it with the item id of finance transactions: they differ.',
      '与财务流水中的 item id 不同，不要用来关联',
    ),
  ),
  platform_unit_ids: absentList(note('A line has no ids for single units.', '亚马逊没有逐件 ID')),
  platform_product_id: optionalText('product.asin', note('ASIN.', 'ASIN')),
  platform_sku_id: absent(
    note('The ASIN already names the variation.', 'ASIN 已精确到变体，没有单独的 SKU ID'),
  ),
  seller_sku: optionalText('product.sellerSku', note('SKU of the seller.', '卖家 SKU')),
  title: optionalText(
    'product.title',
    note('Title in the language of the marketplace.', '站点语言的商品标题'),
  ),
  variant_attributes: absentList(note('Only inside the title.', '只体现在标题里')),
  image_url: absent(note('Not in orders; ask the Catalog API.', '订单接口不返回图片，需查 Catalog 接口')),
  gtin: absent(note('Not in orders.', '订单接口不返回条码')),
  condition: word(
    'product.condition.conditionType',
    note('new, used, refurbished …', '成色：new、used、refurbished 等'),
  ),
  line_status: fromLine(
    lineStatusOf,
    note(
      'Amazon has no status per line: from the order’s word and the units of the line.',
      '亚马逊没有子单状态，由订单状态与该行数量推导',
    ),
  ),
  platform_status: absent(note('Amazon has no status per line.', '亚马逊没有子单状态')),
  is_gift: present(
    ['fulfillment.packing.giftOption'],
    note('There is a gift option.', '存在礼品选项即为礼品'),
  ),
  is_platform_fulfilled: hasWord('/fulfillment.fulfilledBy', ['AMAZON'], note('FBA.', 'FBA 订单')),
  unit_price: money(
    'product.price.unitPrice.amount',
    'product.price.unitPrice.currencyCode',
    note('Price of one unit; not promised while PENDING.', '单价，PENDING 状态下可能缺失'),
  ),
  items_total: proceeds(
    'ITEM',
    note('ITEM part of the proceeds: all units.', '收入明细中的 ITEM：全部件数小计'),
  ),
  seller_discount: discounted(
    note(
      'Discounts in Amazon orders are the seller’s; written without sign.',
      '亚马逊订单优惠由卖家承担，统一为正数',
    ),
  ),
  platform_discount: absent(note('Amazon does not tell what it pays itself.', '亚马逊不返回平台承担部分')),
  discount_total: discounted(
    note('DISCOUNT part of the proceeds, without sign.', '收入明细中的 DISCOUNT，统一为正数'),
  ),
  shipping_total: proceeds('SHIPPING', note('SHIPPING part of the proceeds.', '收入明细中的 SHIPPING')),
  tax_total: proceeds(
    'TAX',
    note('TAX part of the proceeds, shipping tax included.', '收入明细中的 TAX，含运费税'),
  ),
  gift_wrap_total: proceeds('GIFT_WRAP', note('GIFT_WRAP part of the proceeds.', '收入明细中的 GIFT_WRAP')),
  cod_fee: proceeds('COD_FEE', note('COD_FEE part of the proceeds.', '收入明细中的 COD_FEE')),
  line_total: money(
    'proceeds.proceedsTotal.amount',
    'proceeds.proceedsTotal.currencyCode',
    note('What the seller receives for the line.', '卖家在该行的收入合计'),
  ),
  quantity: count(
    'quantityOrdered',
    note('Units ordered; stays after a cancellation.', '下单数量，取消后不变'),
  ),
  cancel_requested_quantity: fromLine(
    cancelRequestedUnits,
    note('A request is for the whole line: the units not yet shipped.', '取消申请针对整行，取未发货数量'),
  ),
  cancelled_quantity: fromLine(
    cancelledUnits,
    note(
      'Units not shipped, once the line or the whole order is cancelled.',
      '该行或整单取消后，未发货的数量',
    ),
  ),
  shipped_quantity: optionalCount(
    'fulfillment.quantityFulfilled',
    0,
    note('Needs the data set FULFILLMENT.', '需要请求 FULFILLMENT 数据集'),
  ),
  delivered_quantity: fromLine(
    ({ delivered }) => delivered,
    note(
      'Units in parcels with status DELIVERED; seller’s own parcels only.',
      'DELIVERED 包裹内的件数，仅自发货包裹可知',
    ),
  ),
  return_requested_quantity: constant(0, note('Returns are not part of orders.', '订单接口不含退货信息')),
  returned_quantity: constant(0, note('Returns are not part of orders.', '订单接口不含退货信息')),
  refunded_money: absent(note('Refunds are in the Finances API.', '退款在 Finances 接口')),
  gift_message: optionalText(
    'fulfillment.packing.giftOption.giftMessage',
    note('Needs a role for personal data.', '需要个人信息权限'),
  ),
  gift_wrap_level: optionalText(
    'fulfillment.packing.giftOption.giftWrapLevel',
    note('Amazon’s word.', '亚马逊原值'),
  ),
  serial_numbers: list('product.serialNumbers', note('Serial numbers.', '序列号')),
  promotion_ids: list(
    'promotion.breakdowns[].promotionId',
    note('Needs the data set PROMOTION.', '需要请求 PROMOTION 数据集'),
  ),
  points_granted: optionalCount(
    'expense.pointsCost.pointsGranted.pointsNumber',
    null,
    note('Amazon Points of Japan.', '日本站积分'),
  ),
  customization_url: optionalText(
    'product.customization.customizedUrl',
    note('Needs a role for personal data.', '需要个人信息权限'),
  ),
  ioss_number: optionalText(
    'fulfillment.shipping.internationalShipping.iossNumber',
    note('Print it on the customs form.', '用于清关申报'),
  ),
  deliver_from: optionalTime(
    'fulfillment.shipping.scheduledDeliveryWindow.earliestDateTime',
    note('Scheduled delivery only.', '仅预约配送'),
  ),
  deliver_to: optionalTime(
    'fulfillment.shipping.scheduledDeliveryWindow.latestDateTime',
    note('Scheduled delivery only.', '仅预约配送'),
  ),
}

const parties: Readonly<Record<string, CancellationContent['initiated_by']>> = {
  BUYER: 'buyer',
  MERCHANT: 'seller',
  AMAZON: 'platform',
}

/** The cancellation of one entry of `orderItems`; lines without any are left out. */
export const cancellationShape: Shape<CancellationContent> = {
  platform_cancellation_id: identifier(
    'orderItemId',
    note('Cancellations have no id: the line’s.', '取消没有单独 ID，取子单 ID'),
  ),
  initiated_by: firstOf(
    [
      choice('cancellation.cancellationRequest.requester', parties, null, note('Who asked.', '申请方')),
      choice(
        'cancellation.cancellationExecution.cancelledBy',
        parties,
        'unknown',
        note('Who cancelled.', '执行方'),
      ),
    ],
    note('Who asked; without a request, who cancelled.', '有申请取申请方，否则取执行方'),
  ),
  reason_code: absent(
    note('Amazon sends one text, see reason_text.', '亚马逊只有一个文本字段，见 reason_text'),
  ),
  reason_text: firstOf(
    [
      optionalText(
        'cancellation.cancellationRequest.cancelReason',
        note('Reason of the request.', '申请原因'),
      ),
      optionalText(
        'cancellation.cancellationExecution.cancelReason',
        note('Reason of the cancellation.', '取消原因'),
      ),
    ],
    note('Amazon’s text: words, or a code such as NO_INVENTORY.', '亚马逊原值：文字或 NO_INVENTORY 之类代码'),
  ),
  state: fromLine(
    cancellationStateOf,
    note(
      'completed when cancelled; rejected when everything was shipped despite the request.',
      '已取消为 completed；申请后仍全部发货为 rejected',
    ),
  ),
  respond_by_at: absent(note('Amazon sets no deadline.', '亚马逊没有答复时限')),
  lines: fromLine(cancellationLinesOf, note('Always one line.', '固定一行')),
}

/** Lines with a request or a cancellation. */
export const isCancellation = present(
  ['cancellation.cancellationRequest', 'cancellation.cancellationExecution'],
  note('There is a request or a cancellation.', '存在取消申请或取消结果'),
)
