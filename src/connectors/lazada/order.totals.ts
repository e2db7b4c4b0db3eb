import type { OrderContent } from '#canonical/order.ts'
import type { Money } from '#kernel/money.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { absent, firstOf } from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'
import { fromOrder, totalOf } from './order.facts.ts'
import type { AmountName, OrderFacts } from './order.facts.ts'
import { membersOfSum } from './order.units.ts'
import type { SumName } from './order.units.ts'
import { added, looseText } from './order.values.ts'
import { wordOf } from './raw-values.ts'

const currencies = ['items[].currency', 'order.address_shipping.country']

const ofOrder = (names: readonly AmountName[], about: Text): Rule<Money | null> =>
  fromOrder(
    [...names.map((name) => `order.${name}`), ...currencies],
    ({ amounts }) => names.reduce<Money | null>((sum, name) => added(sum, amounts[name]), null),
    about,
  )

/** The sum over the items; what the order says when the items were not read. */
const ofItems = (name: SumName, about: Text, instead?: AmountName): Rule<Money | null> =>
  fromOrder(
    [
      ...membersOfSum(name).map((member) => `items[].${member}`),
      ...(instead ? [`order.${instead}`] : []),
      ...currencies,
    ],
    ({ sums, amounts }) => sums[name] ?? (instead ? amounts[instead] : null),
    about,
  )

const whole = note(
  'price less voucher plus shipping_fee: price is before vouchers and shipping.',
  'price − voucher + shipping_fee;price 为优惠券与运费之前的商品总额',
)
const wholePaths = ['order.price', 'order.voucher', 'order.shipping_fee', ...currencies]

/** `totals`. Amounts of the order carry no currency: the items' own, or that of the country it goes to. */
export const totalsShape: Shape<OrderContent['totals']> = {
  items: ofOrder(['price'], note('Goods before vouchers.', '优惠券之前的商品总额')),
  item_discount: ofOrder(['voucher'], note('All vouchers, whoever pays them.', '优惠券合计,不分承担方')),
  platform_discount: ofItems(
    'platform',
    note(
      'Vouchers and Lazada bonus that Lazada pays; shipping discounts are apart.',
      '平台承担的优惠券与 Lazada Bonus,不含运费优惠',
    ),
    'voucher_platform',
  ),
  seller_discount: ofItems(
    'seller',
    note(
      'Vouchers and Lazada bonus that the seller pays; shipping discounts are apart.',
      '卖家承担的优惠券与 Lazada Bonus,不含运费优惠',
    ),
    'voucher_seller',
  ),
  shipping: ofOrder(
    ['shipping_fee'],
    note('What the buyer pays, discounts taken off.', '买家实付运费(已减优惠)'),
  ),
  shipping_discount: ofOrder(
    ['shipping_fee_discount_seller', 'shipping_fee_discount_platform'],
    note('Of seller and platform together.', '卖家与平台运费优惠之和'),
  ),
  tax: ofItems('tax', note('Mostly included in the prices.', '多数国家价格已含税')),
  tip: absent(note('Lazada has none.', '平台无小费')),
  cod_fee: absent(note('Not in orders.', '订单接口不返回')),
  gift_wrap: absent(note('Lazada sends no price of it.', '平台不返回礼品包装费')),
  platform_subsidy: absent(note('In the finance API only.', '仅在财务接口')),
  grand_total: fromOrder(wholePaths, totalOf, whole),
  buyer_paid: fromOrder(
    wholePaths,
    (facts) => (facts.payment === 'paid' ? totalOf(facts) : null),
    note('The grand total once it is paid.', '付款后等于订单总额,未付款为空'),
  ),
  refunded: absent(note('Refunds are in the reverse and finance APIs.', '退款在逆向与财务接口')),
}

function taxLinesOf({ sums }: OrderFacts): OrderContent['tax']['lines'] {
  const money = sums.tax
  return money && /[1-9]/.test(money.amount)
    ? [{ name: 'TAX', rate: null, money, collected_by: 'unknown', jurisdiction: null }]
    : []
}

/** `tax`. */
export const taxShape: Shape<OrderContent['tax']> = {
  tax_inclusive: absent(note('Lazada does not tell, and it differs by country.', '平台不返回,各国规则不同')),
  lines: fromOrder(
    ['items[].tax_amount', 'items[].currency'],
    taxLinesOf,
    note('One line with all tax, where there is any.', '有税额时合计为一行'),
  ),
  ioss_number: absent(note('Not used in these countries.', '当地不适用')),
  vat_number: firstOf(
    [
      looseText('order.tax_code', note('Thailand and Vietnam.', '泰国、越南')),
      looseText('order.national_registration_number', note('Where there is no tax code.', '无税号时')),
    ],
    note('Tax code, else the national registration number.', '税号,缺失时取国民登记号'),
  ),
  invoice_status: absent(note('Not in orders.', '订单接口不返回')),
}

/** `buyer`. */
export const buyerShape: Shape<OrderContent['buyer']> = {
  platform_buyer_id: fromOrder(
    ['items[].buyer_id'],
    ({ first }) => wordOf(first['buyer_id']),
    note('Only in the items.', '仅在商品行返回'),
  ),
  display_name: fromOrder(
    ['order.customer_first_name', 'order.customer_last_name'],
    ({ order }) =>
      [order['customer_first_name'], order['customer_last_name']].map(wordOf).filter(Boolean).join(' ') ||
      null,
    note('Masked until the app passes the security review.', '应用通过安全评审前为脱敏数据'),
  ),
  email_proxy: firstOf(
    [
      looseText('order.address_shipping.customer_email', note('Mostly empty.', '一般为空')),
      looseText('order.address_billing.customer_email', note('Mostly empty.', '一般为空')),
    ],
    note('Mostly empty.', '一般为空'),
  ),
  company: absent(note('Not in orders.', '订单接口不返回')),
  purchase_order_number: absent(note('Buyers give none.', '买家不提供')),
  is_business: fromOrder(
    ['order.branch_number'],
    ({ order }) => wordOf(order['branch_number']) !== null,
    note('Thai tax invoices name a branch.', '泰国税务发票带分支机构号'),
  ),
  message: fromOrder(
    ['order.buyer_note', 'order.remarks'],
    ({ order }) => [order['buyer_note'], order['remarks']].map(wordOf).filter(Boolean).join('; ') || null,
    note('buyer_note, then remarks.', 'buyer_note 与 remarks'),
  ),
}
