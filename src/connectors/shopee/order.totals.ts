import type { OrderContent } from '#canonical/order.ts'
import type { Money } from '#kernel/money.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { absent, constant, firstOf, optionalText, word } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'
import { fault } from '#mapping/rule.ts'
import type { Reading, Rule } from '#mapping/rule.ts'
import { amountAt, amountOf, discountAt, moneyOf } from './amounts.ts'
import type { Amount } from './amounts.ts'
import { fromOrder } from './order.facts.ts'
import type { Facts, LineAndMoney } from './order.facts.ts'
import { textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

const income = (name: string): string => `escrow.order_income.${name}`

/** An amount of the escrow detail; `null` when it is absent, a fault when it is no decimal. */
function amountIn(members: Members, name: string, reading: Reading): Amount | null {
  const value = members[name]
  if (value === undefined || value === null || value === '') return null
  const amount = amountOf(value)
  if (amount === null) fault(reading, income(name), 'decimal amount', value)
  return amount
}

/** Amounts of the escrow detail added up, without signs; `null` when there is no escrow detail. */
const escrowSum = (names: readonly string[], about: Text): Rule<Money | null> =>
  fromOrder(
    [...names.map(income), 'order.currency'],
    ({ income: members, currency }, reading) => {
      if (members === null) return null
      let total: Amount | null = null
      for (const name of names) {
        const amount = amountIn(members, name, reading)
        if (amount !== null) total = (total ?? 0) + Math.abs(amount)
      }
      return moneyOf(total, currency)
    },
    about,
  )

/** Sum of the prices of all units; `null` when none is known, or as soon as one that must be is not. */
function goodsOf({ lines }: Facts, price: (line: LineAndMoney) => Amount | null): Amount | null {
  let sum: Amount | null = null
  for (const line of lines) {
    const amount = price(line)
    if (amount === null) return null
    sum = (sum ?? 0) + amount * line.quantity
  }
  return sum
}

const originalOf = ({ original }: LineAndMoney): Amount | null => original
const savedOf = ({ original, discounted }: LineAndMoney): Amount | null =>
  original === null || discounted === null ? null : original - discounted

const taxNames = [
  'escrow_tax',
  'cross_border_tax',
  'final_product_vat_tax',
  'final_shipping_vat_tax',
  'final_escrow_product_gst',
  'final_escrow_shipping_gst',
]

const noEscrow = 'null without the permission for escrow.'
const noEscrowZh = '应用无 escrow 权限时为 null'

/** `totals`: lines and total from the order, the split of who pays from the escrow detail. */
export const totalsShape: Shape<OrderContent['totals']> = {
  items: fromOrder(
    ['order.item_list', 'order.currency'],
    (facts) => moneyOf(goodsOf(facts, originalOf), facts.currency),
    note('Sum of model_original_price by quantity.', '各行 model_original_price 乘数量之和'),
  ),
  item_discount: firstOf(
    [
      escrowSum(['seller_discount', 'shopee_discount'], note('Without vouchers.', '不含优惠券')),
      fromOrder(
        ['order.item_list', 'order.currency'],
        (facts) => moneyOf(goodsOf(facts, savedOf), facts.currency),
        note('Difference of the two prices.', '两个单价之差'),
      ),
    ],
    note(
      'Escrow: seller_discount and shopee_discount; else the difference of the prices, unknown in bundle deals.',
      '取 escrow 的 seller_discount 与 shopee_discount;否则为单价之差,套装优惠中为 null',
    ),
  ),
  platform_discount: escrowSum(
    ['shopee_discount', 'voucher_from_shopee', 'coins'],
    note(
      `Discount, vouchers and coins that Shopee pays; ${noEscrow}`,
      `Shopee 承担的折扣、优惠券与金币;${noEscrowZh}`,
    ),
  ),
  seller_discount: escrowSum(
    ['seller_discount', 'voucher_from_seller'],
    note(`Discount and vouchers that the seller pays; ${noEscrow}`, `卖家承担的折扣与优惠券;${noEscrowZh}`),
  ),
  shipping: firstOf(
    [
      amountAt(income('buyer_paid_shipping_fee'), note('What the buyer pays.', '买家实付运费')),
      amountAt('order.estimated_shipping_fee', note('An estimate.', '预估运费')),
    ],
    note('Paid by the buyer; without escrow Shopee’s estimate.', '买家实付运费,无 escrow 时取预估值'),
  ),
  shipping_discount: escrowSum(
    ['seller_shipping_discount', 'shopee_shipping_rebate', 'shipping_fee_discount_from_3pl'],
    note(`By seller, Shopee and carrier; ${noEscrow}`, `卖家、Shopee 与物流商的运费优惠;${noEscrowZh}`),
  ),
  tax: escrowSum(
    taxNames,
    note(`Mostly 0, because prices include tax; ${noEscrow}`, `价格已含税,多为 0;${noEscrowZh}`),
  ),
  tip: absent(note('Shopee has none.', 'Shopee 无此项')),
  cod_fee: absent(note('Shopee has none.', 'Shopee 无此项')),
  gift_wrap: absent(note('Shopee has none.', 'Shopee 无此项')),
  platform_subsidy: discountAt(
    income('sip_subsidy'),
    note(`Subsidy of the SIP programme; ${noEscrow}`, `SIP 项目补贴;${noEscrowZh}`),
  ),
  grand_total: amountAt(
    'order.total_amount',
    note(
      'What the buyer pays, shipping included, after Shopee’s promotions; absent before payment.',
      '买家应付(含运费、已减 Shopee 优惠),付款前缺失',
    ),
  ),
  buyer_paid: firstOf(
    [
      amountAt(income('buyer_total_amount'), note('Exact.', '准确值')),
      fromOrder(
        ['order.total_amount', 'order.currency', 'order.pay_time'],
        ({ isPaid, order, currency }) => (isPaid ? moneyOf(amountOf(order['total_amount']), currency) : null),
        note('Once paid.', '付款后'),
      ),
    ],
    note(
      'Escrow; else total_amount once there is a payment time.',
      '取 escrow;否则有付款时间后取 total_amount',
    ),
  ),
  refunded: discountAt(
    income('seller_return_refund'),
    note(`The seller’s part of refunds; ${noEscrow}`, `退款中卖家承担部分;${noEscrowZh}`),
  ),
}

type FeeType = OrderContent['fees'][number]['type']

const fees: Readonly<Record<string, FeeType>> = {
  commission_fee: 'commission',
  order_ams_commission_fee: 'commission',
  service_fee: 'service',
  campaign_fee: 'service',
  fbs_fee: 'service',
  seller_transaction_fee: 'transaction',
  credit_card_transaction_fee: 'transaction',
  seller_order_processing_fee: 'other',
  shipping_seller_protection_fee_amount: 'other',
  delivery_seller_protection_fee_premium_amount: 'other',
  ads_escrow_top_up_fee_or_technical_support_fee: 'other',
}
const feeNames = Object.keys(fees)

/** Fees that are not zero; estimates until the order is completed. */
export const feesRule: Rule<OrderContent['fees']> = fromOrder(
  [...feeNames.map(income), 'order.currency', 'order.order_status'],
  ({ income: members, currency, word: status }, reading) => {
    const charged: OrderContent['fees'] = []
    if (members === null) return charged
    for (const name of feeNames) {
      const money = moneyOf(amountIn(members, name, reading) || null, currency)
      if (money !== null) charged.push({ type: fees[name]!, name, money, estimated: status !== 'COMPLETED' })
    }
    return charged
  },
  note(
    'Fees of the escrow detail that are not zero; empty without the permission for it.',
    'escrow 中不为零的费用;应用无权限时为空',
  ),
)

/** `tax`. One entry for each tax of the escrow detail that is not zero. */
export const taxShape: Shape<OrderContent['tax']> = {
  tax_inclusive: constant(true, note('Prices include tax in all markets.', '所有站点价格均含税')),
  lines: fromOrder(
    [...taxNames.map(income), 'order.currency', 'order.region'],
    ({ income: members, currency, order }, reading) => {
      const taxes: OrderContent['tax']['lines'] = []
      if (members === null) return taxes
      for (const name of taxNames) {
        const money = moneyOf(amountIn(members, name, reading) || null, currency)
        if (money === null) continue
        taxes.push({
          name,
          rate: null,
          money,
          collected_by: 'platform',
          jurisdiction: textOf(order['region']),
        })
      }
      return taxes
    },
    note(
      'Taxes of the escrow detail that are not zero; Shopee remits them.',
      'escrow 中不为零的税项,由 Shopee 代缴',
    ),
  ),
  ioss_number: absent(note('Shopee has none.', 'Shopee 无此项')),
  vat_number: optionalText('order.buyer_cpf_id', note('CPF of the buyer (Brazil).', '买家 CPF(巴西)')),
  invoice_status: word(
    'order.invoice_data.status',
    note('Invoice of the seller (Brazil).', '卖家发票状态(巴西)'),
  ),
}
