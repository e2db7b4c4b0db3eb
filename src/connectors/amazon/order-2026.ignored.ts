import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

const inAddressLines = note('Repeats the address lines in parts (Brazil).', '巴西地址拆分字段，与地址行重复')
const kept = (en: string, zh: string): Text =>
  note(`${en} Not part of the unified order; kept in the raw document.`, `${zh}；统一模型不含，原始报文保留`)

/** Fields of Orders 2026-01-01 that the unified order leaves out, each with its reason. */
export const ignored: Readonly<Record<string, Text>> = {
  'salesChannel.channelName': kept('Sold on Amazon or elsewhere.', '站内或站外销售'),
  'salesChannel.marketplaceName': note('Implied by the marketplace id.', '由站点 ID 决定'),
  'recipient.deliveryAddress.addressType': kept(
    'Residential, commercial or pick-up point.',
    '住宅、商业或自提点',
  ),
  'recipient.deliveryAddress.extendedFields.streetName': inAddressLines,
  'recipient.deliveryAddress.extendedFields.streetNumber': inAddressLines,
  'recipient.deliveryAddress.extendedFields.complement': inAddressLines,
  'recipient.deliveryPreference.deliveryTime': kept(
    'Opening hours of a business address.',
    '企业地址营业时间',
  ),
  'recipient.deliveryPreference.deliveryCapabilities': kept('Pallets and access points.', '托盘与自提点能力'),
  'proceeds.breakdowns[].status': kept('State of a delivery tip.', '小费状态'),
  'payment.paymentExecutions[].acquirerId': kept('Brazil: the acquirer of a card payment.', '巴西收单机构'),
  'payment.paymentExecutions[].cardBrand': kept('Brazil: brand of the card.', '巴西卡品牌'),
  'payment.paymentExecutions[].authorizationCode': kept(
    'Brazil: authorisation of the payment.',
    '巴西付款授权码',
  ),
  'tax.taxRegistrations[].legalName': kept('Name in a tax registration.', '税务登记名称'),
  'tax.taxRegistrations[].taxRegistrationType': kept('Kind of tax number.', '税号类型'),
  'tax.taxRegistrations[].taxRegistrationAttributes': kept('Tax office (Türkiye).', '税务局（土耳其）'),
  'tax.taxRegistrations[].taxRegistrationAddress.addressType': kept('Kind of address.', '地址类型'),
  'tax.taxRegistrations[].taxRegistrationAddress.extendedFields.streetName': inAddressLines,
  'tax.taxRegistrations[].taxRegistrationAddress.extendedFields.streetNumber': inAddressLines,
  'tax.taxRegistrations[].taxRegistrationAddress.extendedFields.complement': inAddressLines,
  'tax.taxInvoicing.buyerInvoicePreference': kept(
    'Invoice for a person or a business (Türkiye).',
    '个人或企业发票（土耳其）',
  ),
  'fulfillment.shipByWindow.earliestDateTime': note('Only the deadline is used.', '只取截止时间'),
  'fulfillment.deliverByWindow.earliestDateTime': note('Only the deadline is used.', '只取截止时间'),
  'fulfillment.labelPrintingWindow': kept('When labels may be printed.', '可打印面单的时间'),
  'orderItems[].measurement': kept('Goods sold by weight or length.', '按重量或长度销售'),
  'orderItems[].associatedOrderItems': kept('Services bought with the product.', '附加服务'),
  'orderItems[].programs': kept(
    'Programmes of one line (TRANSPARENCY, SUBSCRIBE_AND_SAVE).',
    '行级计划（TRANSPARENCY、SUBSCRIBE_AND_SAVE）',
  ),
  'orderItems[].product.condition.conditionSubtype': kept('Grade of used goods.', '二手成色等级'),
  'orderItems[].product.condition.conditionNote': kept('Seller’s remark on used goods.', '卖家成色说明'),
  'orderItems[].product.price.priceDesignation': kept('Business price.', '企业价标记'),
  'orderItems[].proceeds.breakdowns[].detailedBreakdowns': note(
    'Parts of TAX and DISCOUNT; the subtotals are mapped, and the shipping part of a discount.',
    'TAX 与 DISCOUNT 的明细；已映射小计及优惠中的运费部分',
  ),
  'orderItems[].expense.pointsCost.pointsGranted.pointsMonetaryValue': kept(
    'Value of the points (Japan).',
    '积分金额（日本）',
  ),
  'orderItems[].fulfillment.quantityUnfulfilled': note(
    'Ordered less shipped less cancelled.',
    '可由下单、发货、取消数量算出',
  ),
  'orderItems[].fulfillment.picking': kept('Substitutes the buyer accepts.', '买家可接受的替代品'),
  'orderItems[].fulfillment.packing.serialNumberRequirement': kept(
    'Serial numbers must be recorded.',
    '是否必须登记序列号',
  ),
  'orderItems[].fulfillment.shipping.shippingConstraints': kept(
    'Signature, identity or age checks, pallets.',
    '签名、身份、年龄验证及托盘要求',
  ),
  'orderItems[].tax.taxCalculationBreakdowns': kept(
    'Reporting scheme (IOSS, UOSS).',
    '申报方案（IOSS、UOSS）',
  ),
  'orderItems[].tax.taxCollections[].responsibleParty': kept(
    'Amazon company that remits.',
    '代缴的亚马逊主体',
  ),
  'packages[].shipFromAddress.name': kept('The seller’s own address.', '卖家发货地址'),
  'packages[].shipFromAddress.addressLine1': kept('The seller’s own address.', '卖家发货地址'),
  'packages[].shipFromAddress.addressLine2': kept('The seller’s own address.', '卖家发货地址'),
  'packages[].shipFromAddress.addressLine3': kept('The seller’s own address.', '卖家发货地址'),
  'packages[].shipFromAddress.city': kept('The seller’s own address.', '卖家发货地址'),
  'packages[].shipFromAddress.districtOrCounty': kept('The seller’s own address.', '卖家发货地址'),
  'packages[].shipFromAddress.stateOrRegion': kept('The seller’s own address.', '卖家发货地址'),
  'packages[].shipFromAddress.municipality': kept('The seller’s own address.', '卖家发货地址'),
  'packages[].shipFromAddress.postalCode': kept('The seller’s own address.', '卖家发货地址'),
  'packages[].packageItems[].transparencyCodes': kept(
    'Transparency codes of the units.',
    'Transparency 防伪码',
  ),
  fulfillmentOrders: kept('Easy Ship: ids of fulfilment orders.', 'Easy Ship 的履约单号'),
}
