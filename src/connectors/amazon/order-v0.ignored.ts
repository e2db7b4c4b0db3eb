import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

const kept = (en: string, zh: string): Text =>
  note(`${en} Not part of the unified order; kept in the raw document.`, `${zh}；统一模型不含，原始报文保留`)
const onDemand = kept('Orders sourced on demand.', '按需采购订单')
const inAddressLines = note('Repeats the address lines in parts (Brazil).', '巴西地址拆分字段，与地址行重复')

/** Fields of Orders v0 that the unified order leaves out, each with its reason. */
export const ignored: Readonly<Record<string, Text>> = {
  NextToken: note(
    'More items follow on a page that was not given: the lines are incomplete.',
    '还有未提供的商品页，订单行不完整',
  ),
  SalesChannel: note('Implied by the marketplace id.', '由站点 ID 决定'),
  OrderChannel: kept('Dropped by Amazon.', '亚马逊已停用'),
  ShipServiceLevel: note(
    'Free text of the service level; the category is mapped.',
    '时效文字描述，已映射其类别',
  ),
  CbaDisplayableShippingLabel: kept('Checkout by Amazon.', 'Checkout by Amazon'),
  EarliestShipDate: note('Only the deadline is used.', '只取截止时间'),
  EarliestDeliveryDate: note('Only the deadline is used.', '只取截止时间'),
  PromiseResponseDueDate: onDemand,
  IsEstimatedShipDateSet: onDemand,
  IsSoldByAB: kept('Sold by Amazon Business EU.', '由 Amazon Business EU 销售'),
  DefaultShipFromLocationAddress: kept('The seller’s own address.', '卖家发货地址'),
  BuyerInvoicePreference: kept('Invoice for a person or a business (Türkiye).', '个人或企业发票（土耳其）'),
  'BuyerTaxInformation.BuyerBusinessAddress': kept(
    'Address as one text (Türkiye).',
    '整段文本地址（土耳其）',
  ),
  'BuyerTaxInformation.BuyerTaxOffice': kept('Tax office (Türkiye).', '税务局（土耳其）'),
  MarketplaceTaxInfo: kept('Tax data of the marketplace (Brazil).', '站点税务信息（巴西）'),
  SellerDisplayName: kept('Name of the seller (Brazil).', '卖家名称（巴西）'),
  'AutomatedShippingSettings.HasAutomatedShippingSettings': kept(
    'Shipping Settings Automation is on.',
    '已启用自动发货设置',
  ),
  'AutomatedShippingSettings.AutomatedShipMethod': kept('Its ship method.', '自动发货方式'),
  'BuyerInfo.AmazonOrderId': note('Repeats the order id.', '与订单号重复'),
  'BuyerInfo.BuyerCounty': kept('County of the buyer (Brazil).', '买家所在县（巴西）'),
  'BuyerInfo.BuyerTaxInfo.TaxingRegion': kept('Taxing region (Brazil).', '征税地区（巴西）'),
  'BuyerInfo.BuyerTaxInfo.TaxClassifications[].Name': kept(
    'Kind of tax number (Brazil).',
    '税号类型（巴西）',
  ),
  'ShippingAddress.AddressType': kept('Residential or commercial.', '住宅或商业'),
  'ShippingAddress.ExtendedFields.StreetName': inAddressLines,
  'ShippingAddress.ExtendedFields.StreetNumber': inAddressLines,
  'ShippingAddress.ExtendedFields.Complement': inAddressLines,
  'ShippingAddress.ExtendedFields.GeoCoordinates': kept('Coordinates.', '经纬度'),
  'DeliveryPreferences.PreferredDeliveryTime': kept(
    'Opening hours of a business address.',
    '企业地址营业时间',
  ),
  'DeliveryPreferences.OtherAttributes': kept('Pallets and access points.', '托盘与自提点能力'),
  'PaymentExecutionDetail[].AcquirerId': kept('Brazil: the acquirer of a card payment.', '巴西收单机构'),
  'PaymentExecutionDetail[].CardBrand': kept('Brazil: brand of the card.', '巴西卡品牌'),
  'PaymentExecutionDetail[].AuthorizationCode': kept(
    'Brazil: authorisation of the payment.',
    '巴西付款授权码',
  ),
  'OrderItems[].AssociatedItems': kept('Services bought with the product.', '附加服务'),
  'OrderItems[].ProductInfo': kept('Number of items in a pack.', '套装件数'),
  'OrderItems[].PointsGranted.PointsMonetaryValue': kept('Value of the points (Japan).', '积分金额（日本）'),
  'OrderItems[].ShippingDiscountTax': kept(
    'Whether the tax already reflects it is not documented.',
    '税额是否已扣除未见说明',
  ),
  'OrderItems[].PromotionDiscountTax': kept(
    'Whether the tax already reflects it is not documented.',
    '税额是否已扣除未见说明',
  ),
  'OrderItems[].ConditionNote': kept('Seller’s remark on used goods.', '卖家成色说明'),
  'OrderItems[].ConditionSubtypeId': kept('Grade of used goods.', '二手成色等级'),
  'OrderItems[].PriceDesignation': kept('Business price.', '企业价标记'),
  'OrderItems[].TaxCollection.ResponsibleParty': kept('Amazon company that remits.', '代缴的亚马逊主体'),
  'OrderItems[].SerialNumberRequired': kept('Serial numbers must be recorded.', '是否必须登记序列号'),
  'OrderItems[].IsTransparency': kept('Transparency codes are needed.', '是否需要 Transparency 防伪码'),
  'OrderItems[].StoreChainStoreId': kept('Store of an in-store pick-up.', '自提门店'),
  'OrderItems[].DeemedResellerCategory': kept('Reporting scheme (IOSS, UOSS).', '申报方案（IOSS、UOSS）'),
  'OrderItems[].BuyerInfo.OrderItemId': note('Repeats the item id.', '与子单 ID 重复'),
  'OrderItems[].SubstitutionPreferences': kept('Substitutes the buyer accepts.', '买家可接受的替代品'),
  'OrderItems[].Measurement': kept('Goods sold by weight or length.', '按重量或长度销售'),
  'OrderItems[].ShippingConstraints': kept(
    'Signature, identity or age checks, pallets.',
    '签名、身份、年龄验证及托盘要求',
  ),
  'OrderItems[].AmazonPrograms': kept('Programmes of one item.', '行级计划'),
}
