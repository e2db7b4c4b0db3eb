import type { OrderContent } from '#canonical/order.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { absent, constant, derive, each, optionalText, present } from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'
import { minorMoney, minorSum } from './amounts.ts'

const parent = 'amount.parentOrderMap'
const needsApproval = (en: string, zh: string): Text =>
  note(
    `${en} null without bg.order.amount.query, which Temu approves separately.`,
    `${zh};未获 bg.order.amount.query 单独审批时为 null`,
  )
const none = note('Temu has no such amount.', 'Temu 无此金额')

export const totalsShape: Shape<OrderContent['totals']> = {
  items: minorMoney(
    `${parent}.retailPriceTotal`,
    needsApproval('What the buyer sees, before discounts.', '买家看到的商品总额,未减优惠'),
  ),
  item_discount: minorMoney(
    `${parent}.totalDiscount`,
    needsApproval('Seller and Temu together.', '卖家与平台优惠合计'),
  ),
  platform_discount: minorMoney(`${parent}.discountFromTEMU`, needsApproval('Paid by Temu.', '平台承担')),
  seller_discount: minorMoney(
    `${parent}.discountFromSeller`,
    needsApproval('Paid by the seller.', '卖家承担'),
  ),
  shipping: minorMoney(
    `${parent}.shippingAmountTotal`,
    needsApproval('Charged to the buyer.', '买家支付运费'),
  ),
  shipping_discount: absent(note('Not apart from the other discounts.', '未与其他优惠区分')),
  tax: minorMoney(`${parent}.taxTotal`, needsApproval('All tax.', '税额合计')),
  tip: absent(none),
  cod_fee: absent(none),
  gift_wrap: absent(none),
  platform_subsidy: absent(none),
  grand_total: minorSum(
    [`${parent}.customerPaid`, `${parent}.refundsTotal`],
    needsApproval('What was paid and what was refunded of it.', '买家实付与已退款之和'),
  ),
  buyer_paid: minorMoney(`${parent}.customerPaid`, needsApproval('Less the refunds.', '已扣除退款')),
  refunded: minorMoney(`${parent}.refundsTotal`, needsApproval('Refunded so far.', '已退款')),
}

const deduction = minorMoney(
  `${parent}.estimatedRevenueDeduction`,
  needsApproval('What Temu expects to deduct from the payout.', '预计从回款中扣减的金额'),
)

/** `fees`: the one deduction that Temu tells, an estimate. */
export const feesRule: Rule<OrderContent['fees']> = {
  rule: 'derive',
  paths: deduction.paths,
  note: deduction.note,
  make: () => {
    const decode = deduction.make()
    return (element, reading) => {
      const money = decode(element, reading)
      return money && /[1-9]/.test(money.amount)
        ? [{ type: 'other', name: 'estimatedRevenueDeduction', money, estimated: true }]
        : []
    }
  },
}

/** `tax`. One entry of `lines` for each product that bears tax. */
export const taxShape: Shape<OrderContent['tax']> = {
  tax_inclusive: absent(note('Temu does not tell, and it differs by site.', 'Temu 不返回,各站点规则不同')),
  lines: each(
    'order.orderList',
    {
      name: constant('TAX', note('Temu has one kind.', 'Temu 只有一种税项')),
      rate: derive(
        ['amount.productTaxRate'],
        ([rate]) => (typeof rate === 'number' || typeof rate === 'string' ? String(rate) : null),
        note('As Temu writes it; the unit is not documented.', '平台原值,单位未见说明'),
      ),
      money: minorSum(
        ['amount.productTaxAmount', 'amount.shipTaxAmount'],
        note('Tax on product and shipping.', '商品与运费税额'),
      ),
      collected_by: constant('unknown', note('Temu does not tell.', 'Temu 不返回')),
      jurisdiction: absent(note('Temu does not tell.', 'Temu 不返回')),
    },
    needsApproval('Products that bear tax, where Temu tells it by line.', '按行返回的税额'),
    present(['amount.productTaxAmount'], note('The line bears tax.', '该行含税')),
  ),
  ioss_number: absent(note('Not in orders.', '订单接口不返回')),
  vat_number: optionalText('shipping.taxCode', note('Brazil: CPF or CNPJ.', '巴西:CPF 或 CNPJ')),
  invoice_status: absent(note('Not in orders.', '订单接口不返回')),
}
