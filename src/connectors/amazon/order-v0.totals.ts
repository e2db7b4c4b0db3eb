import type { OrderContent } from '#canonical/order.ts'
import type { Money } from '#kernel/money.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import {
  absent,
  choice,
  constant,
  derive,
  each,
  firstOf,
  money,
  optionalText,
  present,
  sum,
  word,
} from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'
import { members } from './order-v0.lines.ts'
import { listOf, textOf } from './raw-values.ts'

const ofItems = (names: readonly string[], about: Text): Rule<Money | null> =>
  sum(
    names.map((name) => `OrderItems[].${name}`),
    members,
    about,
  )
const discountsOf = (names: readonly string[], about: Text): Rule<Money | null> =>
  sum(
    names.map((name) => `OrderItems[].${name}`),
    members,
    about,
    'positive',
  )

/** `totals`: v0 has only the grand total; the rest are sums over the items, where those were read. */
export const totalsShape: Shape<OrderContent['totals']> = {
  items: ofItems(['ItemPrice'], note('Sum of ItemPrice.', 'ItemPrice 合计')),
  item_discount: discountsOf(
    ['PromotionDiscount'],
    note('Sum of PromotionDiscount, without sign.', 'PromotionDiscount 合计，统一为正数'),
  ),
  platform_discount: absent(note('Amazon does not tell what it pays itself.', '亚马逊不返回平台承担部分')),
  seller_discount: discountsOf(
    ['PromotionDiscount', 'ShippingDiscount', 'CODFeeDiscount'],
    note(
      'Discounts in Amazon orders are the seller’s; written without sign.',
      '亚马逊订单优惠由卖家承担，统一为正数',
    ),
  ),
  shipping: ofItems(['ShippingPrice'], note('Sum of ShippingPrice.', 'ShippingPrice 合计')),
  shipping_discount: discountsOf(
    ['ShippingDiscount'],
    note('Sum of ShippingDiscount, without sign.', 'ShippingDiscount 合计，统一为正数'),
  ),
  tax: ofItems(
    ['ItemTax', 'ShippingTax', 'BuyerInfo.GiftWrapTax'],
    note('Tax of goods, shipping and gift wrap.', '商品、运费与礼品包装的税额合计'),
  ),
  tip: absent(note('Only in Orders 2026-01-01.', '仅 2026-01-01 版本返回')),
  cod_fee: ofItems(['CODFee'], note('Sum of CODFee.', 'CODFee 合计')),
  gift_wrap: ofItems(['BuyerInfo.GiftWrapPrice'], note('Sum of GiftWrapPrice.', 'GiftWrapPrice 合计')),
  platform_subsidy: absent(note('Amazon sends none.', '亚马逊不返回')),
  grand_total: money(
    'OrderTotal.Amount',
    'OrderTotal.CurrencyCode',
    note('Absent while Pending.', 'Pending 状态下缺失'),
  ),
  buyer_paid: sum(
    ['PaymentExecutionDetail[].Payment'],
    members,
    note('Sum of the payments, where Amazon lists them.', '各笔付款合计（亚马逊返回时）'),
  ),
  refunded: absent(note('Refunds are in the Finances API.', '退款在 Finances 接口')),
}

const firstText = ([values]: readonly unknown[]): string | null => {
  for (const value of listOf(values)) if (textOf(value) !== null) return textOf(value)
  return null
}

/** `tax`. One entry of `lines` for each item that bears tax. */
export const taxShape: Shape<OrderContent['tax']> = {
  tax_inclusive: absent(
    note('Amazon does not tell, and it differs by country.', '亚马逊不返回，各国规则不同'),
  ),
  lines: each(
    'OrderItems',
    {
      name: constant('TAX', note('Amazon has one kind.', '亚马逊只有一种税项')),
      rate: absent(note('Amazon sends amounts only.', '亚马逊只返回金额')),
      money: sum(
        ['ItemTax', 'ShippingTax', 'BuyerInfo.GiftWrapTax'],
        members,
        note('All tax of one item.', '该商品的全部税额'),
      ),
      collected_by: choice(
        'TaxCollection.Model',
        { MarketplaceFacilitator: 'platform' } as const,
        'unknown',
        note('platform when Amazon collects and remits.', '由亚马逊代收代缴为 platform'),
      ),
      jurisdiction: absent(note('Not in orders.', '订单接口不返回')),
    },
    note('Items that bear tax.', '含税的商品'),
    present(['ItemTax', 'ShippingTax', 'BuyerInfo.GiftWrapTax'], note('The item bears tax.', '该商品含税')),
  ),
  ioss_number: derive(
    ['OrderItems[].IossNumber'],
    firstText,
    note('The first one among the items.', '取各商品中的第一个'),
  ),
  vat_number: firstOf(
    [
      optionalText('BuyerTaxInformation.BuyerTaxRegistrationId', note('Türkiye.', '土耳其')),
      derive(
        ['BuyerInfo.BuyerTaxInfo.TaxClassifications[].Value'],
        firstText,
        note('First tax classification of the buyer.', '买家税务分类中的第一个'),
      ),
    ],
    note('Tax number of the buyer.', '买家税号'),
  ),
  invoice_status: word('ElectronicInvoiceStatus', note('Brazil and Easy Ship.', '巴西与 Easy Ship')),
}
