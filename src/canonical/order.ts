import { Type } from 'typebox'
import { maybeAddress } from './address.ts'
import { Cancellation, CancellationContent } from './cancellation.ts'
import { OrderLine, OrderLineContent } from './order-line.ts'
import { Package, PackageContent } from './package.ts'
import {
  Instant,
  Money,
  about,
  maybeInstant,
  maybeMoney,
  maybeText,
  nullable,
  object,
  openEnum,
} from './schema.ts'
import type { Static } from './schema.ts'
import {
  afterSaleStatuses,
  cancellationStatuses,
  complianceFlags,
  fulfillmentStatuses,
  fulfillmentTypes,
  holdReasons,
  orderStatuses,
  orderTypes,
  paymentStatuses,
} from './status.ts'
import { platforms } from './platform.ts'

const feeTypes = ['commission', 'transaction', 'shipping', 'service', 'other'] as const

/** What the buyer and the platform agreed on, by kind. `null` where the platform does not tell. */
export const OrderTotals = object(
  {
    items: maybeMoney('Goods before discounts.', '商品总额（未减优惠）'),
    item_discount: maybeMoney('Discounts on goods, positive.', '商品优惠，正数'),
    platform_discount: maybeMoney('Discounts the platform pays, positive.', '平台承担的优惠，正数'),
    seller_discount: maybeMoney('Discounts the seller pays, positive.', '卖家承担的优惠，正数'),
    shipping: maybeMoney('Shipping charged.', '运费'),
    shipping_discount: maybeMoney('Discount on shipping, positive.', '运费优惠，正数'),
    tax: maybeMoney('All tax.', '税额合计'),
    tip: maybeMoney('Tip for the courier.', '小费'),
    cod_fee: maybeMoney('Cash-on-delivery fee.', '货到付款手续费'),
    gift_wrap: maybeMoney('Gift wrap.', '礼品包装费'),
    platform_subsidy: maybeMoney('What the platform adds.', '平台补贴'),
    grand_total: maybeMoney('What the order comes to.', '订单总额'),
    buyer_paid: maybeMoney('What the buyer paid.', '买家实付'),
    refunded: maybeMoney('Refunded so far.', '已退款'),
  },
  { title: 'OrderTotals' },
)

/** Everything a platform says about an order; the field tables fill exactly this. */
export const OrderContent = object(
  {
    platform_order_id: Type.String(about('Order id at the platform.', '平台单号')),
    platform_order_number: maybeText('Number shown to people.', '展示用订单号'),
    merchant_order_id: maybeText('Number the seller gave at the platform.', '卖家自定义单号'),
    marketplace_code: maybeText(
      'Marketplace, e.g. amazon_us. null when the platform does not tell.',
      '站点代码，如 amazon_us',
    ),
    order_type: openEnum(orderTypes, about('Kind of order.', '订单类型')),
    fulfillment_type: openEnum(fulfillmentTypes, about('Who ships.', '履约方式')),
    status: openEnum(orderStatuses, about('Where the order stands.', '订单状态')),
    payment_status: openEnum(paymentStatuses, about('Payment.', '付款状态')),
    fulfillment_status: openEnum(
      fulfillmentStatuses,
      about('Derived from the line counters.', '发货状态，由各行数量推导'),
    ),
    cancellation_status: openEnum(cancellationStatuses, about('Cancellation.', '取消状态')),
    after_sale_status: openEnum(afterSaleStatuses, about('After-sales.', '售后状态')),
    platform_status: maybeText('The platform’s own word, untouched.', '平台原始状态'),
    platform_substatus: maybeText('Second status of the platform.', '平台次级状态'),
    is_fulfillable: Type.Boolean(about('May the ERP ship now?', '当前是否可发货')),
    hold_reasons: Type.Array(openEnum(holdReasons), {
      ...about('Why it must not be shipped yet.', '暂不可发货的原因'),
    }),
    ordered_at: maybeInstant('Placed by the buyer.', '下单时间'),
    paid_at: maybeInstant('Paid.', '付款时间'),
    confirmed_at: maybeInstant('Confirmed by the platform.', '平台确认时间'),
    ship_by_at: maybeInstant('Latest hand-over.', '最晚发货时间'),
    deliver_by_at: maybeInstant('Latest delivery promised.', '承诺最晚送达时间'),
    shipped_at: maybeInstant('Shipped.', '发货时间'),
    delivered_at: maybeInstant('Delivered.', '签收时间'),
    completed_at: maybeInstant('Completed.', '完成时间'),
    cancelled_at: maybeInstant('Cancelled.', '取消时间'),
    platform_created_at: { ...Instant, ...about('Created at the platform.', '平台创建时间') },
    platform_updated_at: { ...Instant, ...about('Last change at the platform.', '平台更新时间') },
    currency: maybeText('ISO 4217 code of the order.', '订单币种'),
    totals: OrderTotals,
    fees: Type.Array(
      object({ type: openEnum(feeTypes), name: Type.String(), money: Money, estimated: Type.Boolean() }),
      { ...about('What the platform charges the seller.', '平台收取的费用') },
    ),
    tax: object(
      {
        tax_inclusive: nullable(Type.Boolean(), about('Prices include tax.', '价格是否含税')),
        lines: Type.Array(
          object({
            name: Type.String(),
            rate: nullable(Type.String()),
            money: nullable(Money),
            collected_by: openEnum(['platform', 'seller', 'unknown'] as const),
            jurisdiction: nullable(Type.String()),
          }),
          { ...about('Tax by kind.', '税项明细') },
        ),
        ioss_number: maybeText('IOSS number.', 'IOSS 号'),
        vat_number: maybeText('Tax number of the buyer.', '买家税号', { pii: true }),
        invoice_status: maybeText('State of the electronic invoice.', '电子发票状态'),
      },
      { title: 'OrderTax' },
    ),
    buyer: object(
      {
        platform_buyer_id: maybeText('Buyer id at the platform.', '平台买家 ID'),
        display_name: maybeText('Name.', '买家名称', { pii: true }),
        email_proxy: maybeText('Forwarding e-mail address.', '买家代理邮箱', { pii: true }),
        company: maybeText('Company.', '公司', { pii: true }),
        purchase_order_number: maybeText('The buyer’s own number.', '买家采购单号'),
        is_business: Type.Boolean(about('A business order.', '是否企业订单')),
        message: maybeText('Message to the seller.', '买家留言', { pii: true }),
      },
      { title: 'Buyer' },
    ),
    shipping_address: maybeAddress('Where it goes.', '收货地址'),
    billing_address: maybeAddress('Where the bill goes.', '账单地址'),
    shipping: object(
      {
        service_level: maybeText('Service the buyer chose, lower case.', '配送时效等级'),
        requested_carrier: maybeText('Carrier asked for.', '指定承运商'),
        logistics_mode: openEnum(
          ['platform_label', 'seller_label', 'unknown'] as const,
          about('Whose label.', '面单方式：平台面单或卖家面单'),
        ),
        warehouse_hint: maybeText('Warehouse named by the platform.', '平台指定仓库'),
        instructions: maybeText('For the courier.', '配送备注', { pii: true }),
      },
      { title: 'ShippingChoice' },
    ),
    payment_methods: Type.Array(Type.String(), {
      ...about('How it was paid, the platform’s words.', '付款方式（平台原值）'),
    }),
    programs: Type.Array(Type.String(), {
      ...about('Programmes it belongs to, lower case.', '所属平台计划，小写'),
    }),
    replaced_platform_order_id: maybeText('The order this one replaces.', '被替换的原平台单号'),
    lines: Type.Array(OrderLineContent, { ...about('Ordered products.', '子单') }),
    packages: Type.Array(PackageContent, { ...about('Parcels the platform knows.', '平台包裹') }),
    cancellations: Type.Array(CancellationContent, { ...about('Cancellations.', '取消申请与结果') }),
    compliance_flags: Type.Array(openEnum(complianceFlags), { ...about('Compliance.', '合规标记') }),
  },
  { title: 'OrderContent' },
)
export type OrderContent = Static<typeof OrderContent>

/** The order as the hub keeps it and the API and webhooks show it. */
export const Order = object(
  {
    id: Type.String(about('Our id.', '系统单号')),
    object: Type.Literal('order'),
    shop_id: Type.String(about('Shop it belongs to.', '所属店铺')),
    platform: openEnum(platforms, about('Platform.', '平台')),
    ...OrderContent.properties,
    lines: Type.Array(OrderLine),
    packages: Type.Array(Package),
    cancellations: Type.Array(Cancellation),
    first_seen_at: { ...Instant, ...about('First time the hub saw it.', '首次入库时间') },
    acknowledged_at: maybeInstant('Import confirmed by the ERP.', 'ERP 确认接单时间'),
    version: Type.Integer({
      minimum: 1,
      ...about('Grows by one with each accepted change.', '版本号，每次有效变更加 1'),
    }),
    content_hash: Type.String(about('SHA-256 of the unified content.', '统一内容的 SHA-256')),
    mapping_version: Type.String(about('Field table that produced it.', '字段映射表版本')),
  },
  { title: 'Order' },
)
export type Order = Static<typeof Order>
