import type { OrderContent } from '#canonical/order.ts'
import { isoTime } from '#kernel/clock.ts'
import { text as note } from '#kernel/text.ts'
import {
  absent,
  choice,
  constant,
  derive,
  each,
  epoch,
  firstOf,
  identifier,
  list,
  optionalEpoch,
  optionalText,
  part,
} from '#mapping/index.ts'
import type { FieldMap, Refuse } from '#mapping/index.ts'
import { codeByRegion } from './markets.ts'
import { addressShape } from './order.address.ts'
import { fromOrder } from './order.facts.ts'
import { ignored } from './order.ignored.ts'
import { lineShape } from './order.lines.ts'
import { packageShape } from './order.packages.ts'
import { feesRule, taxShape, totalsShape } from './order.totals.ts'
import { idOf, listOf, msOf, textOf } from './raw-values.ts'
import {
  afterSaleStatusOf,
  cancellationStatusOf,
  fulfillmentStatusOf,
  holdReasonsOf,
  isFulfillable,
  paymentStatusOf,
} from './status.ts'

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
function earliestOf([times]: readonly unknown[]): string | null {
  const known = listOf(times).flatMap((time) => msOf(time) ?? [])
  return known.length === 0 ? null : isoTime(Math.min(...known))
}

function buyerIdOf([id]: readonly unknown[], refuse: Refuse): string | null {
  if (id === undefined || id === null || id === '' || id === 0) return null
  const known = idOf(id)
  if (known === null) refuse(0, 'id')
  return known
}

const programFlags = {
  'order.cod': 'cash_on_delivery',
  'order.advance_package': 'advance_fulfilment',
  'order.is_international': 'international',
  'order.hot_listing_order': 'hot_listing',
} as const
const programs = Object.values(programFlags)

/** One place as text, or a list of one: both are seen. */
const firstPlaceOf = (values: readonly unknown[]): string | null => {
  for (const place of values.flat(2)) if (textOf(place) !== null) return textOf(place)
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
      ({ status }) => status,
      note(
        'From order_status. Split orders of which some parcels went are partially_shipped; under IN_CANCEL and TO_RETURN the parcels tell the stage; lost or returned parcels are failed.',
        '由 order_status 换算。拆单且部分揽收为 partially_shipped;IN_CANCEL、TO_RETURN 时按包裹判断阶段;包裹全部丢失或派送失败为 failed',
      ),
    ),
    payment_status: fromOrder(
      paymentStatusOf,
      note(
        'From status and pay_time; cod_pending until cash on delivery is delivered; voided when cancelled.',
        '由状态与 pay_time 推导;货到付款签收前为 cod_pending;取消为 voided',
      ),
    ),
    fulfillment_status: fromOrder(
      fulfillmentStatusOf,
      note('From the units of the lines.', '由各行数量推导'),
    ),
    cancellation_status: fromOrder(
      cancellationStatusOf,
      note(
        'IN_CANCEL: requested. CANCELLED: cancelled. Else from the lines.',
        'IN_CANCEL 为 requested,CANCELLED 为 cancelled,否则按各行',
      ),
    ),
    after_sale_status: fromOrder(
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
      isFulfillable,
      note('The seller ships, not all shipped, nothing that holds it.', '卖家发货、未全部发货且无暂停原因'),
    ),
    hold_reasons: fromOrder(
      holdReasonsOf,
      note(
        'UNPAID, pending terms, INVOICE_PENDING, a request to cancel, or an order already matched with an advance parcel.',
        '未付款、挂起原因、待补发票、申请取消,或已匹配提前备货包裹',
      ),
    ),
    ordered_at: optionalEpoch('order.create_time', 'seconds', note('UTC.', 'UTC')),
    paid_at: optionalEpoch('order.pay_time', 'seconds', note('0 until paid.', '付款前为 0')),
    confirmed_at: absent(note('Shopee sends none.', 'Shopee 不返回')),
    ship_by_at: firstOf(
      [
        derive(['packages[].ship_by_date'], earliestOf, note('Earliest of the parcels.', '各包裹中最早的')),
        optionalEpoch('order.ship_by_date', 'seconds', note('Of the order.', '订单级')),
      ],
      note('Earliest deadline of the parcels, else the order’s.', '取包裹中最早的截止时间,否则取订单级'),
    ),
    deliver_by_at: optionalEpoch('order.edt_to', 'seconds', note('Latest estimate.', '预计最晚送达')),
    shipped_at: optionalEpoch('order.pickup_done_time', 'seconds', note('Picked up.', '揽收时间')),
    delivered_at: absent(note('Not in the order.', '订单接口不返回')),
    completed_at: absent(note('Shopee tells that, not when.', 'Shopee 只告知已完成,不含时间')),
    cancelled_at: absent(note('Shopee tells that, not when.', 'Shopee 只告知已取消,不含时间')),
    platform_created_at: epoch('order.create_time', 'seconds', note('UTC.', 'UTC')),
    platform_updated_at: epoch('order.update_time', 'seconds', note('UTC.', 'UTC')),
    currency: optionalText('order.currency', note('Of all amounts.', '所有金额的币种')),
    totals: totalsShape,
    fees: feesRule,
    tax: taxShape,
    buyer: {
      platform_buyer_id: derive(['order.buyer_user_id'], buyerIdOf, note('Buyer id.', '买家 ID')),
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
      warehouse_hint: derive(
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
      ({ cancellation }) => (cancellation === null ? [] : [cancellation]),
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
