import type { OrderContent } from '#canonical/order.ts'
import type { Money } from '#kernel/money.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import {
  absent,
  choice,
  constant,
  derive,
  difference,
  discount,
  each,
  either,
  money,
  optionalText,
  present,
  sum,
  word,
} from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'

const members = { amount: 'amount', currency: 'currencyCode' }
const wholeOrder = note('Order level.', '订单级')
const allLines = note('Sum of the lines.', '各行合计')

/** Amazon adds the lines up itself on most orders; where it does not, the lines are added up here. */
const ownFigures = present(
  ['proceeds.breakdowns'],
  note('The order has figures of its own.', '订单级有收入明细'),
)

const proceeds = (type: string, about: Text): Rule<Money | null> =>
  either(
    ownFigures,
    money(
      `proceeds.breakdowns[type=${type}].subtotal.amount`,
      `proceeds.breakdowns[type=${type}].subtotal.currencyCode`,
      wholeOrder,
    ),
    sum([`orderItems[].proceeds.breakdowns[type=${type}].subtotal`], members, allLines),
    about,
  )

const orderDiscount = 'proceeds.breakdowns[type=DISCOUNT].subtotal'
const lineDiscounts = 'orderItems[].proceeds.breakdowns[type=DISCOUNT].subtotal'
const shippingDiscounts =
  'orderItems[].proceeds.breakdowns[type=DISCOUNT].detailedBreakdowns[subtype=SHIPPING].value'

const allDiscounts = (about: Text): Rule<Money | null> =>
  either(
    ownFigures,
    discount(`${orderDiscount}.amount`, `${orderDiscount}.currencyCode`, wholeOrder),
    sum([lineDiscounts], members, allLines, 'positive'),
    about,
  )

const shippingDiscount = sum(
  [shippingDiscounts],
  members,
  note('SHIPPING part of the lines’ discounts.', '各行优惠中的 SHIPPING 部分'),
  'positive',
)

/** `totals`. Amazon calls it proceeds: what the seller receives from the sale (data set PROCEEDS). */
export const totalsShape: Shape<OrderContent['totals']> = {
  items: proceeds('ITEM', note('ITEM part of the proceeds.', '收入明细中的 ITEM')),
  item_discount: difference(
    allDiscounts(wholeOrder),
    shippingDiscount,
    note(
      'DISCOUNT part, less what of it is for shipping; without sign.',
      'DISCOUNT 减去其中的运费优惠，统一为正数',
    ),
  ),
  platform_discount: absent(note('Amazon does not tell what it pays itself.', '亚马逊不返回平台承担部分')),
  seller_discount: allDiscounts(
    note(
      'Discounts in Amazon orders are the seller’s; written without sign.',
      '亚马逊订单优惠由卖家承担，统一为正数',
    ),
  ),
  shipping: proceeds('SHIPPING', note('SHIPPING part of the proceeds.', '收入明细中的 SHIPPING')),
  shipping_discount: shippingDiscount,
  tax: proceeds('TAX', note('TAX part of the proceeds.', '收入明细中的 TAX')),
  tip: money(
    'proceeds.breakdowns[type=DELIVERY_TIP].subtotal.amount',
    'proceeds.breakdowns[type=DELIVERY_TIP].subtotal.currencyCode',
    note('Charged apart from the goods; may still be PENDING.', '单独收取，可能仍为 PENDING'),
  ),
  cod_fee: proceeds('COD_FEE', note('COD_FEE part of the proceeds.', '收入明细中的 COD_FEE')),
  gift_wrap: proceeds('GIFT_WRAP', note('GIFT_WRAP part of the proceeds.', '收入明细中的 GIFT_WRAP')),
  platform_subsidy: absent(note('Amazon sends none.', '亚马逊不返回')),
  grand_total: money(
    'proceeds.grandTotal.amount',
    'proceeds.grandTotal.currencyCode',
    note('Absent while PENDING.', 'PENDING 状态下缺失'),
  ),
  buyer_paid: sum(
    ['payment.paymentExecutions[].paymentAmount'],
    members,
    note('Sum of the payments; needs the data set PAYMENT.', '各笔付款合计，需要请求 PAYMENT 数据集'),
  ),
  refunded: absent(note('Refunds are in the Finances API.', '退款在 Finances 接口')),
}

/** `tax`. One entry of `lines` for each order line that bears tax. */
export const taxShape: Shape<OrderContent['tax']> = {
  tax_inclusive: absent(
    note('Amazon does not tell, and it differs by country.', '亚马逊不返回，各国规则不同'),
  ),
  lines: each(
    'orderItems',
    {
      name: constant('TAX', note('Amazon has one kind.', '亚马逊只有一种税项')),
      rate: absent(note('Amazon sends amounts only.', '亚马逊只返回金额')),
      money: money(
        'proceeds.breakdowns[type=TAX].subtotal.amount',
        'proceeds.breakdowns[type=TAX].subtotal.currencyCode',
        note('All tax of one order line.', '该订单行的全部税额'),
      ),
      collected_by: choice(
        'tax.taxCollections[model=MARKETPLACE_FACILITATOR].model',
        { MARKETPLACE_FACILITATOR: 'platform' } as const,
        'unknown',
        note(
          'platform when Amazon collects and remits; needs the data set TAX.',
          '由亚马逊代收代缴为 platform，需要请求 TAX 数据集',
        ),
      ),
      jurisdiction: absent(note('Not in orders.', '订单接口不返回')),
    },
    note('Lines that bear tax.', '含税的订单行'),
    present(['proceeds.breakdowns[type=TAX]'], note('The line bears tax.', '该行含税')),
  ),
  ioss_number: derive(
    ['orderItems[].fulfillment.shipping.internationalShipping.iossNumber'],
    ([numbers]) => firstText(numbers),
    note('The first one among the lines.', '取各行中的第一个'),
  ),
  vat_number: optionalText(
    'tax.taxRegistrations[entityType=BUYER].taxRegistrationNumber',
    note(
      'Tax number of the buyer: VAT, CPF, CNPJ …; needs the data set TAX.',
      '买家税号（VAT、CPF、CNPJ 等），需要请求 TAX 数据集',
    ),
  ),
  invoice_status: word('tax.taxInvoicing.invoiceStatus', note('Brazil and Easy Ship.', '巴西与 Easy Ship')),
}

/** The first text of a list that is not empty. */
export const firstText = (values: unknown): string | null =>
  Array.isArray(values)
    ? ((values.find((value) => typeof value === 'string' && value !== '') as string | undefined) ?? null)
    : null
