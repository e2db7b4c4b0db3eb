import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

const kept = (en: string, zh: string): Text =>
  note(`${en} Not part of the unified order; kept in the raw document.`, `${zh};统一模型不含,原始报文保留`)
const ofBuyer = kept('Identity of the recipient.', '收件人证件信息')
const repeated = note('Repeats the order.', '与订单信息重复')
const inTotals = note(
  'Before its discounts; the fee and the discounts are mapped.',
  '优惠前运费,已映射实付与优惠',
)

/** Fields that the unified order leaves out, each with its reason. */
export const ignored: Readonly<Record<string, Text>> = {
  'order.address_updated_at': kept('Last change of the address.', '地址更新时间'),
  'order.voucher_code': note('The items carry their own codes.', '商品行已带优惠券编码'),
  'order.shipping_fee_original': inTotals,
  'order.items_count': note('The units are counted.', '以商品行计数'),
  'order.recipient_info.identify_no': ofBuyer,
  'order.recipient_info.passport_no': ofBuyer,
  'order.recipient_info.detail_address': note('Repeats the first address line.', '与地址首行重复'),
  'order.extra_attributes': kept('Free JSON text of the platform.', '平台自由扩展 JSON'),
  'items[].order_id': repeated,
  'items[].shop_id': kept('Name of the store.', '店铺名称'),
  'items[].created_at': repeated,
  'items[].updated_at': note('The order’s counts.', '以订单更新时间为准'),
  'items[].wallet_credits': kept('Paid from the wallet.', '钱包支付金额'),
  'items[].shipping_fee_original': inTotals,
  'items[].shipping_fee_discount_seller': note('The order has the sum.', '订单已有合计'),
  'items[].shipping_fee_discount_platform': note('The order has the sum.', '订单已有合计'),
  'items[].shipping_service_cost': kept('Cost of the shipping service.', '物流服务成本'),
  'items[].tracking_code_pre': note('Not used by the platform.', '平台未使用'),
  'items[].product_detail_url': kept('Page of the product.', '商品页链接'),
  'items[].fulfillment_sla': kept('Kind of deadline.', '履约时效类型'),
  'items[].priority_fulfillment_tag': kept('Label for urgent orders.', '优先发货标签'),
  'items[].return_status': note('The status of the unit decides.', '以商品状态为准'),
  'items[].purchase_order_id': kept('Purchase order of the platform.', '平台采购单'),
  'items[].purchase_order_number': kept('Purchase order of the platform.', '平台采购单号'),
  'items[].invoice_number': kept('Invoice number of the seller.', '卖家发票号'),
  'items[].digital_delivery_info': kept('Where digital goods go.', '虚拟商品交付信息'),
  'items[].extra_attributes': kept('Free JSON text of the platform.', '平台自由扩展 JSON'),
  'items[].show_gift_wrapping_tag': note('The wrapping text itself is mapped.', '已映射礼品包装文字'),
  'items[].show_giftwrapping_tag': note('The same tag under its other spelling.', '同一字段的另一种拼写'),
  'items[].personalization': kept('Text to print on the goods.', '定制文字'),
  'items[].show_personalization_tag': kept('Whether there is such a text.', '是否有定制文字'),
  'items[].pick_up_store_info': kept('Store where the buyer picks up.', '自提门店'),
  'items[].supply_price': kept('Supply price of managed shops.', '托管模式供货价'),
  'items[].supply_price_currency': kept('Its currency.', '供货价币种'),
  'items[].mp3_order': kept('Business model of the shop.', '经营模式标记'),
  'items[].biz_group': kept('70100 seller fulfils, 70020 warehouse.', '70100 卖家履约,70020 仓履约'),
  'items[].can_escalate_pickup': kept('Pick-up may be escalated.', '可否催揽收'),
}
