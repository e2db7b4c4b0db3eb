import type { OrderContent } from '#canonical/order.ts'
import { text as note } from '#kernel/text.ts'
import {
  absent,
  choice,
  constant,
  derive,
  each,
  firstOf,
  identifier,
  list,
  optionalText,
  part,
} from '#mapping/index.ts'
import type { FieldMap } from '#mapping/index.ts'
import { codeByRegion } from './markets.ts'
import { addressShape } from './order.address.ts'
import { cancellationsOf, fromOrder, statusPaths } from './order.facts.ts'
import { ignored } from './order.ignored.ts'
import { lineShape } from './order.lines.ts'
import { packageShape } from './order.packages.ts'
import { feesRule, taxShape, totalsShape } from './order.totals.ts'
import type { Facts } from './order.facts.ts'
import { listOf, membersOf, textOf, unitsOf } from './raw-values.ts'
import {
  afterSaleStatusOf,
  cancellationStatusOf,
  fulfillmentStatusOf,
  holdReasonsOf,
  isFulfillable,
  paymentStatusOf,
} from './status.ts'
import { isoOfSeconds, optionalSecondsAt, secondsAt } from './times.ts'
import { optionalIdAt } from './values.ts'

const fulfillmentFlags = {
  fulfilled_by_shopee: 'platform',
  fulfilled_by_local_seller: 'seller',
  fulfilled_by_cb_seller: 'seller',
} as const

const isYes = (value: unknown): boolean => value === true || value === 'true'

function orderTypeOf([sample, preorders]: readonly unknown[]): OrderContent['order_type'] {
  if (typeof sample === 'number' && sample > 0) return 'sample'
  return listOf(preorders).some(isYes) ? 'preorder' : 'standard'
}

/** Each parcel has its own deadline; the earliest counts. */
function earliestOf({ details }: Facts): string | null {
  let earliest: number | null = null
  for (const detail of details) {
    const seconds = unitsOf(membersOf(detail)['ship_by_date'])
    if (seconds > 0 && (earliest === null || seconds < earliest)) earliest = seconds
  }
  return earliest === null ? null : isoOfSeconds(earliest)
}

const unitPaths = [...statusPaths, 'order.item_list']

const programFlags = {
  'order.cod': 'cash_on_delivery',
  'order.advance_package': 'advance_fulfilment',
  'order.is_international': 'international',
  'order.hot_listing_order': 'hot_listing',
} as const
const programs = Object.values(programFlags)

/** A place as text, or as a list of one: both are seen. */
const placeOf = (item: unknown): string | null => {
  const place = membersOf(item)['product_location_id']
  return textOf(Array.isArray(place) ? place[0] : place)
}

function firstPlaceOf({ order }: Facts): string | null {
  for (const item of listOf(order['item_list'])) if (placeOf(item) !== null) return placeOf(item)
  for (const parcel of listOf(order['package_list']))
    for (const item of listOf(membersOf(parcel)['item_list']))
      if (placeOf(item) !== null) return placeOf(item)
  return null
}

/**
 * An order with its parts: `order` (get_order_detail), `packages` (get_package_detail, a list) and `escrow`
 * (get_escrow_detail); only `order` is always there. `unwrap.ts` and `orders.ts` build it.
 */
export const orderMap: FieldMap<OrderContent> = {
  platform: 'shopee',
  document: 'order',
  apiVersion: 'v2',
  source: 'v2.order.get_order_detail, v2.order.get_package_detail, v2.payment.get_escrow_detail',
  version: 'shopee.order.1',
  shape: {
    platform_order_id: identifier('order.order_sn', note('Order number.', '订单号')),
    platform_order_number: optionalText(
      'order.order_sn',
      note('People see the same number.', '与平台单号相同'),
    ),
    merchant_order_id: absent(note('Shopee has none.', 'Shopee 无此项')),
    marketplace_code: choice('order.region', codeByRegion, null, note('Region of the shop.', '店铺所在站点')),
    order_type: derive(
      ['order.affiliate_sample_type', 'packages[].is_pre_order'],
      orderTypeOf,
      note('sample, preorder (package detail), else standard.', '依次判断:样品、预售(包裹详情),否则为普通'),
    ),
    fulfillment_type: choice(
      'order.fulfillment_flag',
      fulfillmentFlags,
      'unknown',
      note('fulfilled_by_shopee is FBS.', 'fulfilled_by_shopee 即 FBS'),
    ),
    status: fromOrder(
      statusPaths,
      ({ status }) => status,
      note(
        'From order_status. Split orders of which some parcels went are partially_shipped; under IN_CANCEL and TO_RETURN the parcels tell the stage; lost or returned parcels are failed.',
        '由 order_status 换算。拆单且部分揽收为 partially_shipped;IN_CANCEL、TO_RETURN 时按包裹判断阶段;包裹全部丢失或派送失败为 failed',
      ),
    ),
    payment_status: fromOrder(
      ['order.order_status', 'order.cod', 'order.pay_time'],
      paymentStatusOf,
      note(
        'From status and pay_time; cod_pending until cash on delivery is delivered; voided when cancelled.',
        '由状态与 pay_time 推导;货到付款签收前为 cod_pending;取消为 voided',
      ),
    ),
    fulfillment_status: fromOrder(
      unitPaths,
      fulfillmentStatusOf,
      note('From the units of the lines.', '由各行数量推导'),
    ),
    cancellation_status: fromOrder(
      unitPaths,
      cancellationStatusOf,
      note(
        'IN_CANCEL: requested. CANCELLED: cancelled. Else from the lines.',
        'IN_CANCEL 为 requested,CANCELLED 为 cancelled,否则按各行',
      ),
    ),
    after_sale_status: fromOrder(
      unitPaths,
      afterSaleStatusOf,
      note('TO_RETURN or units in return: open.', 'TO_RETURN 或有退货数量:open'),
    ),
    platform_status: optionalText('order.order_status', note('As sent.', '平台原值')),
    platform_substatus: derive(
      ['order.pending_terms'],
      ([terms]) => {
        const words = listOf(terms).flatMap((term) => textOf(term) ?? [])
        return words.length === 0 ? null : words.join(',')
      },
      note('Why an order is pending.', '挂起原因(pending_terms)'),
    ),
    is_fulfillable: fromOrder(
      [...unitPaths, 'order.fulfillment_flag'],
      isFulfillable,
      note('The seller ships, not all shipped, nothing that holds it.', '卖家发货、未全部发货且无暂停原因'),
    ),
    hold_reasons: fromOrder(
      [...unitPaths, 'order.pending_terms', 'order.advance_package'],
      holdReasonsOf,
      note(
        'UNPAID, pending terms, INVOICE_PENDING, a request to cancel, or an order already matched with an advance parcel.',
        '未付款、挂起原因、待补发票、申请取消,或已匹配提前备货包裹',
      ),
    ),
    ordered_at: optionalSecondsAt('order.create_time', note('UTC.', 'UTC')),
    paid_at: optionalSecondsAt('order.pay_time', note('0 until paid.', '付款前为 0')),
    confirmed_at: absent(note('Shopee sends none.', 'Shopee 不返回')),
    ship_by_at: firstOf(
      [
        fromOrder(
          ['packages[].ship_by_date'],
          earliestOf,
          note('Earliest of the parcels.', '各包裹中最早的'),
        ),
        optionalSecondsAt('order.ship_by_date', note('Of the order.', '订单级')),
      ],
      note('Earliest deadline of the parcels, else the order’s.', '取包裹中最早的截止时间,否则取订单级'),
    ),
    deliver_by_at: optionalSecondsAt('order.edt_to', note('Latest estimate.', '预计最晚送达')),
    shipped_at: optionalSecondsAt('order.pickup_done_time', note('Picked up.', '揽收时间')),
    delivered_at: absent(note('Not in the order.', '订单接口不返回')),
    completed_at: absent(note('Shopee tells that, not when.', 'Shopee 只告知已完成,不含时间')),
    cancelled_at: absent(note('Shopee tells that, not when.', 'Shopee 只告知已取消,不含时间')),
    platform_created_at: secondsAt('order.create_time', note('UTC.', 'UTC')),
    platform_updated_at: secondsAt('order.update_time', note('UTC.', 'UTC')),
    currency: optionalText('order.currency', note('Of all amounts.', '所有金额的币种')),
    totals: totalsShape,
    fees: feesRule,
    tax: taxShape,
    buyer: {
      platform_buyer_id: optionalIdAt('order.buyer_user_id', note('Buyer id.', '买家 ID')),
      display_name: optionalText(
        'order.buyer_username',
        note('User name, may be masked.', '买家用户名,可能脱敏'),
      ),
      email_proxy: absent(note('Shopee sends none.', 'Shopee 不返回')),
      company: absent(note('Shopee sends none.', 'Shopee 不返回')),
      purchase_order_number: absent(note('Shopee sends none.', 'Shopee 不返回')),
      is_business: constant(false, note('Shopee does not tell.', 'Shopee 不区分企业买家')),
      message: optionalText('order.message_to_seller', note('Message to the seller.', '买家留言')),
    },
    shipping_address: part(
      'order.recipient_address',
      addressShape,
      note('Masked unless the app is approved.', '未获解密权限时脱敏'),
    ),
    billing_address: absent(note('Shopee sends none.', 'Shopee 不返回')),
    shipping: {
      service_level: absent(note('Only the carrier is told.', '只返回物流渠道')),
      requested_carrier: firstOf(
        [
          optionalText('order.checkout_shipping_carrier', note('Chosen by the buyer.', '买家所选')),
          optionalText('order.shipping_carrier', note('Of the order.', '订单渠道')),
        ],
        note('The buyer’s choice, else the order’s channel.', '优先买家所选渠道,否则取订单渠道'),
      ),
      logistics_mode: constant(
        'platform_label',
        note(
          'Shopee prints the label; channels that are not integrated are the exception.',
          '使用 Shopee 面单(非集成渠道除外)',
        ),
      ),
      warehouse_hint: fromOrder(
        ['order.item_list[].product_location_id', 'order.package_list[].item_list[].product_location_id'],
        firstPlaceOf,
        note('First location of the lines; text or a list of one.', '各行中第一个库存地点,可能是文本或数组'),
      ),
      instructions: absent(note('Shopee sends none.', 'Shopee 不返回')),
    },
    payment_methods: list(
      ['order.payment_method', 'order.payment_info[].payment_method'],
      note('Shopee’s words, in the language of the market.', 'Shopee 原值'),
    ),
    programs: derive(
      Object.keys(programFlags),
      (values) => programs.filter((_, index) => isYes(values[index])),
      note('The flags of the order as words.', '订单标记转换为文字'),
    ),
    replaced_platform_order_id: absent(note('Shopee sends none.', 'Shopee 不返回')),
    lines: each(
      'order.item_list',
      lineShape,
      note('One for each variation and deal.', '每个规格与优惠组一行'),
    ),
    packages: each('order.package_list', packageShape, note('Parcels of the order.', '订单包裹')),
    cancellations: fromOrder(
      [...unitPaths, 'order.cancel_by', 'order.cancel_reason', 'order.buyer_cancel_reason'],
      cancellationsOf,
      note('One at most; its id is the order number.', '最多一条,ID 取订单号'),
    ),
    compliance_flags: derive(
      ['order.item_list[].is_prescription_item'],
      ([flags]) => (listOf(flags).some(isYes) ? ['has_regulated_items'] : []),
      note('Prescription items.', '处方药商品'),
    ),
  },
  ignored,
}
