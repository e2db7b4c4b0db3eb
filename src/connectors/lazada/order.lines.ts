import type { OrderLineContent } from '#canonical/order-line.ts'
import type { Money } from '#kernel/money.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { absent, absentList, choice, constant, firstOf, optionalText } from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'
import { fromLine, isLineThat } from './order.facts.ts'
import { membersOfSum } from './order.units.ts'
import type { Line, SumName } from './order.units.ts'
import { fromMembers, looseText, looseTime, readAmount } from './order.values.ts'
import { wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { hasOpenRequest, unitStatuses } from './status.ts'
import type { Unit } from './status.ts'

/** True for the first of the rows that make up a line. */
export const isLine = isLineThat(
  ['order_item_id'],
  () => true,
  note('The first of the rows that are alike.', '相同各行中的第一行'),
)

/** How many units of the line are so; `paths` are those that decide it. */
const countUnits = (paths: readonly string[], counts: (unit: Unit) => boolean, about: Text): Rule<number> =>
  fromLine(
    paths,
    ({ units }) => {
      let count = 0
      for (const unit of units) if (counts(unit)) count++
      return count
    },
    about,
  )

/** The sum of some members over the units of the line. */
const lineSum = (name: SumName, about: Text): Rule<Money | null> =>
  fromLine([...membersOfSum(name), 'currency'], ({ sums }) => sums[name], about)

const unitPriceOf = ({ first, units, sums }: Line): Money | null =>
  units.length === 1 || sums.items === null
    ? sums.items
    : (readAmount(first['item_price'], sums.items.currency) ?? null)

/** `Color:Red, Size:XL`; text without a name is kept under the platform's own word. */
function attributesOf({ variation }: Members): OrderLineContent['variant_attributes'] {
  const written = wordOf(variation)
  if (written === null) return []
  return written.split(',').flatMap((part) => {
    const at = part.indexOf(':')
    const value = part.slice(at + 1).trim()
    return value === '' ? [] : [{ name: at > 0 ? part.slice(0, at).trim() : 'variation', value }]
  })
}

const voucherCodes = ['voucher_code', 'voucher_code_seller', 'voucher_code_platform'] as const

function promotionsOf(row: Members): string[] {
  const codes: string[] = []
  for (const name of voucherCodes) {
    const code = wordOf(row[name])
    if (code !== null && !codes.includes(code)) codes.push(code)
  }
  return codes
}

/** The first row of a line in `items` (answers of /order/items/get and /orders/items/get). */
export const lineShape: Shape<OrderLineContent> = {
  platform_line_id: fromLine(
    ['order_item_id'],
    ({ id }) => id,
    note('order_item_id of the first unit.', '第一件的 order_item_id'),
  ),
  platform_unit_ids: fromLine(
    ['order_item_id'],
    ({ unitIds }) => unitIds,
    note('order_item_id of every unit: one row each.', '每件一行,取各行 order_item_id'),
  ),
  platform_product_id: looseText('product_id', note('Item id.', '商品 ID')),
  platform_sku_id: firstOf(
    [
      looseText('sku_id', note('SKU id.', 'SKU ID')),
      looseText('shop_sku', note('Older orders.', '早期订单')),
    ],
    note('sku_id; shop_sku where there is none.', 'sku_id,缺失时取 shop_sku'),
  ),
  seller_sku: looseText('sku', note('SKU of the seller.', '卖家 SKU')),
  title: optionalText('name', note('Title.', '商品标题')),
  variant_attributes: fromMembers(
    ['variation'],
    attributesOf,
    note('Pairs of name and value, separated by commas.', '以逗号分隔的“名称:值”'),
  ),
  image_url: optionalText('product_main_image', note('Main picture.', '主图')),
  gtin: absent(note('Not in orders.', '订单接口不返回条码')),
  condition: absent(note('Not in orders.', '订单接口不返回成色')),
  line_status: choice('status', unitStatuses, 'unknown', note('Status of the unit.', '逐件状态')),
  platform_status: looseText('status', note('Lazada’s word.', '平台原值')),
  is_gift: fromLine(
    ['/order.gift_option', 'gift_wrapping'],
    ({ first }, { isGift }) => isGift || wordOf(first['gift_wrapping']) !== null,
    note('Gift option of the order, or gift wrap of the unit.', '订单选择礼品,或该件有礼品包装'),
  ),
  is_platform_fulfilled: fromLine(
    ['is_fbl', 'shipping_type'],
    ({ units }) => units.every(({ isByPlatform }) => isByPlatform),
    note(
      'is_fbl; the shipping type Warehouse where it is not sent.',
      'is_fbl;未返回时看 shipping_type 是否为 Warehouse',
    ),
  ),
  unit_price: fromLine(
    ['item_price', 'currency'],
    unitPriceOf,
    note('Price of one unit before vouchers.', '单价,未减优惠券'),
  ),
  items_total: lineSum('items', note('Sum over the units.', '各件合计')),
  seller_discount: lineSum(
    'seller',
    note('Vouchers and Lazada bonus that the seller pays.', '卖家承担的优惠券与 Lazada Bonus'),
  ),
  platform_discount: lineSum(
    'platform',
    note('Vouchers and Lazada bonus that Lazada pays.', '平台承担的优惠券与 Lazada Bonus'),
  ),
  discount_total: lineSum('discount', note('All vouchers.', '优惠券合计')),
  shipping_total: lineSum('shipping', note('Charged for the units.', '各件运费合计')),
  tax_total: lineSum('tax', note('Mostly included in the price.', '多数国家价格已含税')),
  gift_wrap_total: absent(note('Lazada sends no price of it.', '平台不返回礼品包装费')),
  cod_fee: absent(note('Not in orders.', '订单接口不返回')),
  line_total: lineSum('paid', note('Sum of what was paid for the units, after vouchers.', '各件券后价合计')),
  quantity: fromLine(
    ['order_item_id'],
    ({ unitIds }) => unitIds.length,
    note('Rows alike in SKU, prices, status and parcel.', 'SKU、价格、状态、包裹均相同的行数'),
  ),
  cancel_requested_quantity: countUnits(
    ['need_cancel_confirm', 'is_cancel_pending'],
    hasOpenRequest,
    note('need_cancel_confirm or is_cancel_pending.', 'need_cancel_confirm 或 is_cancel_pending'),
  ),
  cancelled_quantity: countUnits(
    ['status'],
    ({ status }) => status === 'cancelled',
    note('Status canceled.', '状态为 canceled'),
  ),
  shipped_quantity: countUnits(
    ['status'],
    ({ status, word }) =>
      status === 'shipped' || status === 'delivered' || (status === 'failed' && word !== 'failed'),
    note('Handed over, whatever came of it.', '已交运,不论结果'),
  ),
  delivered_quantity: countUnits(
    ['status'],
    ({ status }) => status === 'delivered',
    note('delivered or returned.', 'delivered 或 returned'),
  ),
  return_requested_quantity: constant(0, note('Requests are in the reverse API.', '退货申请在逆向接口')),
  returned_quantity: countUnits(
    ['status'],
    ({ word }) => word === 'returned',
    note('Status returned.', '状态为 returned'),
  ),
  refunded_money: absent(note('Refunds are in the reverse and finance APIs.', '退款在逆向与财务接口')),
  gift_message: firstOf(
    [
      looseText('gift_wrapping', note('Text for the wrapping of the unit.', '该件礼品包装文字')),
      looseText('/order.gift_message', note('Of the order.', '订单礼品留言')),
    ],
    note('Of the unit, else of the order.', '优先取该件,其次取订单'),
  ),
  gift_wrap_level: absent(note('There is only one kind.', '仅一种礼品包装')),
  serial_numbers: absentList(note('Not in orders.', '订单接口不返回')),
  promotion_ids: fromMembers(voucherCodes, promotionsOf, note('Codes of the vouchers.', '优惠券编码')),
  points_granted: absent(note('Lazada grants none in orders.', '订单不含赠送积分')),
  customization_url: absent(note('Only text, in personalization.', '仅有文字,见 personalization')),
  ioss_number: absent(note('Not used in these countries.', '当地不适用')),
  deliver_from: looseTime('schedule_delivery_start_timeslot', note('Scheduled delivery only.', '仅预约配送')),
  deliver_to: looseTime('schedule_delivery_end_timeslot', note('Scheduled delivery only.', '仅预约配送')),
}
