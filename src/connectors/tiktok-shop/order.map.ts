import type { OrderContent } from '#canonical/order.ts'
import { text as note } from '#kernel/text.ts'
import {
  absent,
  absentList,
  choice,
  constant,
  derive,
  each,
  firstOf,
  identifier,
  list,
  optionalText,
  part,
  word,
} from '#mapping/index.ts'
import type { FieldMap } from '#mapping/index.ts'
import { instant, optionalInstant } from './instants.ts'
import { addressShape } from './order.address.ts'
import { cancellationShape, isCancellation } from './order.cancellations.ts'
import {
  cancellationStatusOf,
  fromOrder,
  fulfillmentStatusOf,
  holdReasonsOf,
  isFulfillable,
  orderTypeOf,
  paymentStatusOf,
  replacedOrderOf,
} from './order.facts.ts'
import { ignored } from './order.ignored.ts'
import { isLine, lineShape } from './order.lines.ts'
import { packageShape } from './order.packages.ts'
import { taxShape, totalsShape } from './order.totals.ts'
import { complianceFlagsOf, programsOf } from './programs.ts'
import { orderStatuses } from './status.ts'

const seconds = (path: string, en: string, zh: string) => optionalInstant(path, note(en, zh))

export const order: FieldMap<OrderContent> = {
  platform: 'tiktok_shop',
  document: 'order',
  apiVersion: 'Orders 202309, 202507',
  source: 'Get Order List, Get Order Detail',
  version: 'tiktok_shop.order.1',
  shape: {
    platform_order_id: identifier('id', note('Decimal text beyond 2^53.', '十进制字符串,超过 2^53')),
    platform_order_number: optionalText('id', note('People see the same number.', '与平台单号相同')),
    merchant_order_id: absent(note('There is none.', '平台没有卖家单号')),
    marketplace_code: absent(
      note('Orders do not name their market: it is the shop’s.', '订单不含站点,由店铺决定'),
    ),
    order_type: derive(
      ['is_exchange_order', 'is_replacement_order', 'is_sample_order', 'order_type'],
      orderTypeOf,
      note(
        'exchange, replacement, sample, preorder (PRE_ORDER, BACK_ORDER), else standard.',
        '依次判断:换货、补发、样品、预售(PRE_ORDER、BACK_ORDER),否则为普通',
      ),
    ),
    fulfillment_type: choice(
      'fulfillment_type',
      {
        FULFILLMENT_BY_SELLER: 'seller',
        FULFILLMENT_BY_TIKTOK: 'platform',
        FULFILLMENT_BY_DILAYANI_TOKOPEDIA: 'platform',
      } as const,
      'unknown',
      note('FULFILLMENT_BY_TIKTOK is FBT.', 'FULFILLMENT_BY_TIKTOK 即 FBT'),
    ),
    status: choice(
      'status',
      orderStatuses,
      'unknown',
      note(
        'ON_HOLD must not be shipped; AWAITING_COLLECTION: arranged, not handed over.',
        'ON_HOLD 不可发货;AWAITING_COLLECTION 为已安排未揽收',
      ),
    ),
    payment_status: fromOrder(
      paymentStatusOf,
      note(
        'Not sent: from paid_time, the status and is_cod; voided when cancelled.',
        '平台不返回:由 paid_time、状态与 is_cod 推导,取消为 voided',
      ),
    ),
    fulfillment_status: fromOrder(fulfillmentStatusOf, note('From the units.', '由各单件推导')),
    cancellation_status: fromOrder(
      cancellationStatusOf,
      note(
        'requested while is_buyer_request_cancel and anything is unshipped.',
        'is_buyer_request_cancel 且仍有未发货单件时为 requested',
      ),
    ),
    after_sale_status: constant('none', note('Returns have calls of their own.', '售后需查退货接口')),
    platform_status: optionalText('status', note('The platform’s word.', '平台原值')),
    platform_substatus: absent(note('There is none.', '平台没有次级状态')),
    is_fulfillable: fromOrder(
      isFulfillable,
      note('Seller ships, ready, and nothing stands against it.', '卖家履约、状态可发且无暂缓原因'),
    ),
    hold_reasons: fromOrder(
      holdReasonsOf,
      note(
        'UNPAID: unpaid. ON_HOLD: remorse_period, availability_pending for pre-orders. A wish to cancel: cancellation_requested. Brazil, NEED_INVOICE: missing_compliance.',
        'UNPAID:未付款;ON_HOLD:犹豫期,预售为等待可售;买家申请取消:cancellation_requested;巴西 NEED_INVOICE:missing_compliance',
      ),
    ),
    ordered_at: seconds('create_time', 'Placed.', '下单时间'),
    paid_at: seconds('paid_time', 'Absent for cash on delivery (UNVERIFIED).', '货到付款没有(未经证实)'),
    confirmed_at: absent(note('There is no such step.', '平台没有该步骤')),
    ship_by_at: seconds(
      'rts_sla_time',
      'Latest time to ship, set by the platform.',
      '平台规定的最晚发货时间',
    ),
    deliver_by_at: firstOf(
      [
        seconds('delivery_option_required_delivery_time', 'Of the delivery option.', '配送选项承诺时间'),
        seconds('delivery_sla_time', 'Of the platform.', '平台承诺时间'),
      ],
      note('Should arrive by.', '应送达时间'),
    ),
    shipped_at: firstOf(
      [
        seconds('collection_time', 'Picked up.', '揽收时间'),
        seconds('rts_time', 'Arranged by the seller.', '卖家安排发货时间'),
      ],
      note('Picked up; until then, arranged by the seller.', '揽收时间;未揽收时取卖家安排发货时间'),
    ),
    delivered_at: seconds('delivery_time', 'Delivered.', '签收时间'),
    completed_at: absent(note('The platform tells that, not when.', '平台只告知已完成,不含时间')),
    cancelled_at: seconds('cancel_time', 'Cancelled.', '取消时间'),
    platform_created_at: instant('create_time', note('Unix seconds.', 'Unix 秒')),
    platform_updated_at: firstOf(
      [
        seconds('update_time', 'Last change.', '更新时间'),
        instant('create_time', note('Of the creation.', '创建时间')),
      ],
      note('Last change; the creation where there is none.', '更新时间,缺失时取创建时间'),
    ),
    currency: firstOf(
      [
        optionalText('payment.currency', note('Of the payment.', '支付币种')),
        derive(
          ['line_items[].currency'],
          ([currencies]) => firstText(currencies),
          note('Of the units.', '单件币种'),
        ),
      ],
      note('Of the payment, else of the units.', '取支付币种,缺失时取单件币种'),
    ),
    totals: totalsShape,
    fees: absentList(note('Fees are in the finance calls.', '费用在财务接口')),
    tax: taxShape,
    buyer: {
      platform_buyer_id: optionalText('user_id', note('Buyer id.', '买家 ID')),
      display_name: optionalText('buyer_nickname', note('Nickname.', '买家昵称')),
      email_proxy: optionalText('buyer_email', note('Always a relay address.', '平台代理邮箱')),
      company: absent(note('There are no business buyers.', '平台没有企业买家')),
      purchase_order_number: absent(note('There is none.', '平台没有采购单号')),
      is_business: constant(false, note('There are no business buyers.', '平台没有企业买家')),
      message: optionalText('buyer_message', note('To the seller.', '买家留言')),
    },
    shipping_address: part(
      'recipient_address',
      addressShape,
      note('Empty while UNPAID or ON_HOLD.', 'UNPAID 与 ON_HOLD 状态下为空'),
    ),
    billing_address: absent(note('There is none.', '平台不返回账单地址')),
    shipping: {
      service_level: word('delivery_option_name', note('standard_shipping …', 'standard_shipping 等')),
      requested_carrier: optionalText(
        'shipping_provider',
        note('Of an order of one parcel.', '单包裹订单的物流商'),
      ),
      logistics_mode: choice(
        'shipping_type',
        { TIKTOK: 'platform_label', SELLER: 'seller_label' } as const,
        'unknown',
        note('TIKTOK is the platform’s label.', 'TIKTOK 为平台面单'),
      ),
      warehouse_hint: optionalText(
        'warehouse_id',
        note('Warehouse of the seller at the platform.', '平台侧卖家仓 ID'),
      ),
      instructions: optionalText(
        'recipient_address.delivery_preferences.drop_off_location',
        note('US: where to leave it.', '美国:放置位置'),
      ),
    },
    payment_methods: list('payment_method_name', note('For people.', '支付方式名称')),
    programs: derive(
      ['commerce_platform', 'order_type', 'fast_delivery_program', 'is_subscription_order'],
      programsOf,
      note(
        'tokopedia, zero_lottery, made_to_order …, 3_day_delivery, subscription.',
        'tokopedia、zero_lottery、made_to_order 等、3_day_delivery、subscription',
      ),
    ),
    replaced_platform_order_id: derive(
      ['is_exchange_order', 'exchange_source_order_id', 'is_replacement_order', 'replaced_order_id'],
      replacedOrderOf,
      note('Only where the flag says so.', '仅当相应标记为 true'),
    ),
    lines: each('line_items', lineShape, note('Units made lines.', '逐件合并为行'), isLine),
    packages: each(
      'packages',
      packageShape,
      note('Ids here, the rest at the units.', '此处只有 ID,其余取自单件'),
    ),
    cancellations: each(
      'line_items',
      cancellationShape,
      note('One for each line with cancelled or unwanted units.', '每个有取消或申请取消单件的行一条'),
      isCancellation,
    ),
    compliance_flags: derive(
      ['line_items[].is_dangerous_good', 'line_items[].needs_prescription'],
      complianceFlagsOf,
      note(
        'is_dangerous_good: dangerous_goods. needs_prescription: has_regulated_items.',
        'is_dangerous_good 为危险品;needs_prescription 为管制商品',
      ),
    ),
  },
  ignored,
}

const firstText = (values: unknown): string | null =>
  Array.isArray(values)
    ? (((values as unknown[]).find((value) => typeof value === 'string' && value !== '') as
        string | undefined) ?? null)
    : null
