import { Type } from 'typebox'
import { Quantity, about, maybeMoney, maybeText, nullable, object, openEnum } from './schema.ts'
import type { Static } from './schema.ts'
import { orderStatuses } from './status.ts'

const counter = (en: string, zh: string) => ({ ...Quantity, ...about(en, zh) })

/** What one platform says about one ordered product. `line_status` of a line uses the order's words. */
export const OrderLineContent = object(
  {
    platform_line_id: Type.String(about('The platform id of the line.', '平台子单 ID')),
    platform_unit_ids: Type.Array(Type.String(), {
      ...about(
        'Ids of the single units where the platform has a row for each.',
        '逐件建行的平台所给出的单件 ID',
      ),
    }),
    platform_product_id: maybeText('Product id at the platform.', '平台商品 ID'),
    platform_sku_id: maybeText('Variation id at the platform.', '平台 SKU ID'),
    seller_sku: maybeText('The SKU the seller gave.', '卖家 SKU(MSKU)'),
    title: maybeText('Product title.', '商品标题'),
    variant_attributes: Type.Array(object({ name: Type.String(), value: Type.String() }), {
      ...about('Chosen options.', '规格属性'),
    }),
    image_url: maybeText('Picture.', '商品图片'),
    gtin: maybeText('GTIN, EAN or UPC.', '商品条码（GTIN）'),
    condition: maybeText('Condition in lower case, e.g. new.', '成色，小写，如 new'),
    line_status: openEnum(orderStatuses, about('State of the line.', '子单状态')),
    platform_status: maybeText('The platform’s own word.', '平台原始状态'),
    is_gift: Type.Boolean(about('Ordered as a gift.', '是否礼品')),
    is_platform_fulfilled: Type.Boolean(
      about('Shipped by the platform’s warehouse.', '是否由平台仓发货（FBA/FBT 等）'),
    ),
    unit_price: maybeMoney('Price of one unit.', '单价'),
    items_total: maybeMoney('Price of all units before discounts.', '商品小计（未减优惠）'),
    seller_discount: maybeMoney('Discount the seller pays, positive.', '卖家承担的优惠，正数'),
    platform_discount: maybeMoney('Discount the platform pays, positive.', '平台承担的优惠，正数'),
    discount_total: maybeMoney('All discounts, positive.', '优惠合计，正数'),
    shipping_total: maybeMoney('Shipping charged for the line.', '运费'),
    tax_total: maybeMoney('All tax of the line.', '税额合计'),
    gift_wrap_total: maybeMoney('Gift wrap.', '礼品包装费'),
    cod_fee: maybeMoney('Cash-on-delivery fee.', '货到付款手续费'),
    line_total: maybeMoney('What the line comes to after discounts and tax.', '子单合计（优惠及税后）'),
    quantity: counter('Units ordered.', '下单数量'),
    cancel_requested_quantity: counter('Units the buyer wants cancelled.', '买家申请取消数量'),
    cancelled_quantity: counter('Units cancelled.', '已取消数量'),
    shipped_quantity: counter('Units shipped.', '已发货数量'),
    delivered_quantity: counter('Units delivered.', '已签收数量'),
    return_requested_quantity: counter('Units the buyer wants to return.', '申请退货数量'),
    returned_quantity: counter('Units returned.', '已退货数量'),
    refunded_money: maybeMoney('Refunded so far.', '已退款金额'),
    gift_message: maybeText('Message of the giver.', '礼品留言', { pii: true }),
    gift_wrap_level: maybeText('Kind of gift wrap.', '礼品包装类型'),
    serial_numbers: Type.Array(Type.String(), { ...about('Serial numbers.', '序列号') }),
    promotion_ids: Type.Array(Type.String(), { ...about('Promotions that applied.', '命中的促销 ID') }),
    points_granted: nullable(Type.Integer(), about('Loyalty points granted.', '赠送积分')),
    customization_url: maybeText('Where the buyer’s customisation is.', '买家定制内容链接', { pii: true }),
    ioss_number: maybeText('IOSS number to print on the customs form.', 'IOSS 号（用于清关）'),
    deliver_from: maybeText('Start of the promised delivery window.', '承诺送达时间窗起点'),
    deliver_to: maybeText('End of the promised delivery window.', '承诺送达时间窗终点'),
  },
  { title: 'OrderLineContent' },
)
export type OrderLineContent = Static<typeof OrderLineContent>

/** A line as the hub keeps it: the platform's content with our id. */
export const OrderLine = object(
  {
    id: Type.String(about('Our id, stable over every re-read.', '系统行 ID，重复拉取不变')),
    ...OrderLineContent.properties,
  },
  { title: 'OrderLine' },
)
export type OrderLine = Static<typeof OrderLine>
