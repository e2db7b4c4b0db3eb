import type { OrderContent } from '#canonical/order.ts'
import type { Money } from '#kernel/money.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { absent, derive, money, optionalText, word } from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'
import { fault } from '#mapping/rule.ts'
import { listOf, membersOf, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { addMoney, moneyOf } from './amounts.ts'

const currency = 'payment.currency'
const amount = (name: string, about: Text): Rule<Money | null> => money(`payment.${name}`, currency, about)

/** Several amounts of `payment` as one; each is refused where it is no amount. */
const together = (names: readonly string[], about: Text): Rule<Money | null> => ({
  rule: 'derive',
  paths: [...names.map((name) => `payment.${name}`), currency],
  note: about,
  make: () => (element, reading) => {
    const payment = membersOf(membersOf(element)['payment'])
    let sum: Money | null = null
    for (const name of names) {
      const value = payment[name]
      if (value === undefined || value === null || value === '') continue
      const part = moneyOf(value, payment['currency'])
      if (part) sum = addMoney(sum, part)
      else fault(reading, `payment.${name}`, 'decimal amount with a currency', value)
    }
    return sum
  },
})

function buyerPaidOf([total, unit, paid]: readonly unknown[]): Money | null {
  return typeof paid === 'number' && paid > 0 ? moneyOf(total, unit) : null
}

/** `totals`. Formulas are not asserted: fees of ID and TH enter the total in ways that are not documented. */
export const totalsShape: Shape<OrderContent['totals']> = {
  items: amount('original_total_product_price', note('List price of all items.', '商品原价合计')),
  item_discount: together(
    ['seller_discount', 'platform_discount'],
    note('Seller’s and platform’s discounts on goods.', '卖家与平台的商品优惠合计'),
  ),
  platform_discount: together(
    ['platform_discount', 'shipping_fee_platform_discount', 'payment_platform_discount'],
    note('On goods, shipping and the way of paying.', '商品、运费与支付方式的平台优惠合计'),
  ),
  seller_discount: together(
    ['seller_discount', 'shipping_fee_seller_discount'],
    note('On goods and shipping.', '商品与运费的卖家优惠合计'),
  ),
  shipping: amount(
    'shipping_fee',
    note('Charged, after the discounts on shipping.', '实收运费(已减运费优惠)'),
  ),
  shipping_discount: together(
    ['shipping_fee_seller_discount', 'shipping_fee_platform_discount'],
    note('Already taken off in shipping.', '已在 shipping 中扣减'),
  ),
  tax: amount('tax', note('Added to prices in the US and cross-border only.', '仅美国与跨境为价外税')),
  tip: absent(note('There are no tips.', '平台没有小费')),
  cod_fee: money(
    'price_detail.cod_fee',
    'price_detail.currency',
    note(
      'Only in the price detail, which the hub does not ask for: one call per order.',
      '仅在价格明细接口中返回;每单需一次调用,系统默认不请求',
    ),
  ),
  gift_wrap: absent(note('There is no gift wrap.', '平台没有礼品包装')),
  platform_subsidy: absent(note('Discounts only.', '只有优惠金额')),
  grand_total: amount('total_amount', note('As sent.', '平台原值')),
  buyer_paid: derive(
    ['payment.total_amount', currency, 'paid_time'],
    buyerPaidOf,
    note('The total, once there is a time of payment.', '有付款时间后取订单总额'),
  ),
  refunded: absent(note('Refunds have calls of their own.', '退款需查退款接口')),
}

type TaxLine = OrderContent['tax']['lines'][number]

/** One entry for each kind and rate of tax over all units. */
function taxLinesOf([items, orderCurrency]: readonly unknown[]): TaxLine[] {
  const lines: TaxLine[] = []
  for (const item of listOf(items)) {
    const { item_tax: taxes, currency: unit } = membersOf(item)
    for (const tax of listOf(taxes)) addTax(lines, membersOf(tax), unit ?? orderCurrency)
  }
  return lines
}

function addTax(lines: TaxLine[], tax: Members, unit: unknown): void {
  const name = textOf(tax['tax_type']) ?? 'TAX'
  const rate = textOf(tax['tax_rate'])
  const part = moneyOf(tax['tax_amount'], unit)
  const same = lines.find((line) => line.name === name && line.rate === rate)
  if (same) same.money = addMoney(same.money, part)
  else lines.push({ name, rate, money: part, collected_by: 'unknown', jurisdiction: null })
}

/** Prices include tax unless tax is added; without an amount of tax nothing is known. */
function isTaxInclusive([tax, unit]: readonly unknown[]): boolean | null {
  const read = moneyOf(tax, unit)
  if (read === null) return null
  return /[1-9]/.test(read.amount) ? false : read.currency === 'USD' ? null : true
}

/** `tax`. */
export const taxShape: Shape<OrderContent['tax']> = {
  tax_inclusive: derive(
    ['payment.tax', currency],
    isTaxInclusive,
    note(
      'Tax above zero is added to the prices; zero outside the US means that prices include it.',
      '税额大于 0 表示价外税;美国以外税额为 0 表示价格含税',
    ),
  ),
  lines: derive(
    ['line_items', currency],
    taxLinesOf,
    note('item_tax of all units by kind and rate.', '各件 item_tax 按税种与税率合计'),
  ),
  ioss_number: absent(note('Not in orders.', '订单接口不返回')),
  vat_number: optionalText('cpf', note('Brazil: CPF of the buyer.', '巴西:买家 CPF')),
  invoice_status: word(
    'need_upload_invoice',
    note('Brazil: NEED_INVOICE, INVOICE_UPLOADED …', '巴西:NEED_INVOICE、INVOICE_UPLOADED 等'),
  ),
}
