import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

const kept = (en: string, zh: string): Text =>
  note(`${en} Not part of the unified order; kept in the raw document.`, `${zh};统一模型不含,原始报文保留`)

const parent = 'order.parentOrderMap'
const line = 'order.orderList[]'
const amount = 'amount.parentOrderMap'
const byFormula = kept('A part or a variant of totals that are mapped.', '已映射金额的组成部分或变体')

const paths = (prefix: string, names: string, reason: Text): readonly (readonly [string, Text])[] =>
  names.split(' ').map((name) => [`${prefix}.${name}`, reason] as const)

/** Fields of an order, its amounts and its address that the unified order leaves out, each with its reason. */
export const ignored: Readonly<Record<string, Text>> = Object.fromEntries([
  ...paths(parent, 'regionName1 regionName2 regionName3', note('Repeats the address.', '与收货地址重复')),
  ...paths(
    parent,
    'hasShippingFee',
    note('Documented as the opposite of its name: not to be used.', '文档含义与字段名相反,不使用'),
  ),
  ...paths(parent, 'batchOrderNumberList', kept('Batches of a cooperative warehouse.', '合作仓批次号')),
  ...paths(
    `${parent}.paymentInfo[]`,
    'paymentCardBrand paymentAuthCode paymentProcessorRegister',
    kept('Brazil: details of the payment.', '巴西付款明细'),
  ),
  ...paths(
    line,
    'orderCreateTime orderShippingTime',
    note('Times of the order are mapped.', '已映射订单级时间'),
  ),
  ...paths(
    line,
    'orderPaymentType isShipmentConsolidatedByMainMall',
    note('Repeats the order.', '与订单级字段重复'),
  ),
  ...paths(line, 'inventoryDeductionWarehouseName', note('The id is mapped.', '已映射仓库 ID')),
  ...paths(line, 'isCancelledDuringPending', kept('Cancelled while pending.', '是否在待处理期间取消')),
  ...paths(
    line,
    'earliestTimeBuyShippingLabel earliestTimeGetShippingDocument',
    kept('When a label can be bought or printed.', '可购买或打印面单的最早时间'),
  ),
  ...paths(line, 'packageAbnormalTypeList', kept('Troubles with a parcel.', '包裹异常类型')),
  ...paths(line, 'hasUploadedEvidence', kept('Evidence for a qualification.', '是否已上传资质凭证')),
  ...paths(
    `${line}.productList[]`,
    'productId soldFactor',
    kept('Product in the stock of semi-managed malls; pieces per unit.', '半托管货品 ID 与每件数量'),
  ),
  ...paths(amount, 'parentOrderSn', note('Repeats the order id.', '与订单号重复')),
  ...paths(
    amount,
    'basePriceTotal estimatedRevenue',
    kept('What Temu pays the seller.', 'Temu 付给卖家的金额'),
  ),
  ...paths(
    amount,
    'shipTaxAmount shipAmountTotalTaxIncl retailPriceTotalTaxIncl retailPriceTotalTaxExcl productTaxAmount temuTaxTotal taxTotalAfterDiscount',
    byFormula,
  ),
  ...paths(amount, 'signOnDelivery', kept('Fee for a signature.', '签收服务费')),
  ['amount.warning', kept('Remarks on the amounts.', '金额提示')],
  [
    'amount.orderList',
    note(
      'Amounts of a line that the order does not have; the others stand in their lines.',
      '订单中不存在的子单金额',
    ),
  ],
  ...paths(`${line}.amount`, 'orderSn', note('Repeats the line id.', '与子单号重复')),
  ...paths(
    `${line}.amount`,
    'basePrice unitBasePrice',
    kept('What Temu pays the seller.', 'Temu 付给卖家的金额'),
  ),
  ...paths(
    `${line}.amount`,
    'shipAmountTotalTaxIncl retailPriceTotalTaxIncl unitRetailPriceVatIncl unitRetailPriceVatExcl shipTaxRate',
    byFormula,
  ),
  ...paths('shipping', 'regionName1', note('Country as a name; the code is mapped.', '国家名称,已映射代码')),
  ...paths('shipping', 'receiptAdditionalName', kept('Second name of the recipient.', '收件人附加姓名')),
  ...paths('shipping', 'backupMobile', kept('Second telephone.', '备用电话')),
  ...paths('shipping', 'taxCodeType', kept('Brazil: kind of tax number.', '巴西税号类型')),
  ...paths('shipping.warning', 'isRestriction', note('The reason is mapped.', '已映射限制原因')),
  ...paths(
    'shipping.addressExtra',
    'additionalFirstName additionalLastName',
    kept('Second name of the recipient.', '收件人附加姓名'),
  ),
])
