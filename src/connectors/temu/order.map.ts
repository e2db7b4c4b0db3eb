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
import { optionalId } from './amounts.ts'
import { instant, optionalInstant } from './instants.ts'
import { codeBySiteId, currencyBySiteId } from './markets.ts'
import { addressShape } from './order.address.ts'
import { fromOrder } from './order.facts.ts'
import { ignored } from './order.ignored.ts'
import { lineShape } from './order.lines.ts'
import { packagesRule } from './order.packages.ts'
import {
  firstWarehouse,
  fulfillmentTypeOf,
  isPreorder,
  logisticsModeOf,
  needsQualification,
  paidAt,
  programsOf,
} from './order.readings.ts'
import { feesRule, taxShape, totalsShape } from './order.totals.ts'
import {
  afterSaleStatusOf,
  cancellationStatusOf,
  cancellationsOf,
  fulfillmentStatusOf,
  holdReasonsOf,
  isFulfillable,
  orderStatuses,
  paymentStatusOf,
} from './status.ts'

const parent = 'order.parentOrderMap'

const notBuyers = note('Temu tells nothing about the buyer.', 'Temu 不返回买家信息')

/**
 * `{order, amount?, shipping?}`: `order` an entry of bg.order.list.v2.get or the result of
 * bg.order.detail.v2.get, `amount` that of bg.order.amount.query with the lines' amounts laid into the lines,
 * `shipping` the address. `document.ts` builds it.
 */
export const order: FieldMap<OrderContent> = {
  platform: 'temu',
  document: 'order',
  apiVersion: 'v2',
  source:
    'bg.order.list.v2.get, bg.order.detail.v2.get, bg.order.amount.query, bg.order.shippinginfo.v2.get, bg.order.decryptshippinginfo.get',
  version: 'temu.order.1',
  shape: {
    platform_order_id: identifier(
      `${parent}.parentOrderSn`,
      note('Parent order, PO-<region>-….', '父订单号 PO-<区域>-…'),
    ),
    platform_order_number: optionalText(
      `${parent}.parentOrderSn`,
      note('People see the same number.', '与平台单号相同'),
    ),
    merchant_order_id: absent(note('Temu has no number of the seller.', 'Temu 没有卖家自定义单号')),
    marketplace_code: choice(
      `${parent}.siteId`,
      codeBySiteId,
      null,
      note('null for unknown sites.', '未知站点为 null'),
    ),
    order_type: derive(
      ['order.orderList[].orderLabel'],
      (values) => (isPreorder(values) ? 'preorder' : 'standard'),
      note('preorder when a line has the label pre_sale_order.', '子单含 pre_sale_order 标签为预售'),
    ),
    fulfillment_type: derive(
      ['order.orderList[].fulfillmentType', `${parent}.isShipmentConsolidatedByMainMall`],
      fulfillmentTypeOf,
      note(
        'platform for cooperative warehouses and orders shipped by the main site.',
        '合作仓或主站合并发货为 platform',
      ),
    ),
    status: {
      ...fromOrder(
        ({ status }) => status,
        note(
          'The number, and the least advanced open line where lines differ. 51 counts as shipped.',
          '由数字状态转换;子单不一致时取进度最慢的未取消子单;51 视为已发货',
        ),
      ),
      values: orderStatuses,
    },
    payment_status: fromOrder(
      paymentStatusOf,
      note(
        'Not sent: paid once out of pending; COD when delivered; voided when cancelled.',
        'Temu 不返回:离开待处理即已付款,COD 签收后视为已付,取消为 voided',
      ),
    ),
    fulfillment_status: fromOrder(
      fulfillmentStatusOf,
      note('From the units of the lines.', '由子单数量推导'),
    ),
    cancellation_status: fromOrder(
      cancellationStatusOf,
      note(
        'From status, units and the label pending_buyer_cancellation.',
        '由状态、数量与 pending_buyer_cancellation 标签推导',
      ),
    ),
    after_sale_status: fromOrder(
      afterSaleStatusOf,
      note(
        'From refundsTotal, where the amounts came; returns are elsewhere.',
        '有金额时由 refundsTotal 推导,退货在售后接口',
      ),
    ),
    platform_status: optionalId(`${parent}.parentOrderStatus`, note('Number.', '数字状态')),
    platform_substatus: absent(note('Temu has one status.', 'Temu 只有一个状态')),
    is_fulfillable: fromOrder(
      isFulfillable,
      note('Seller ships, not pending, no open request.', '自发货、非待处理且无待处理申请'),
    ),
    hold_reasons: fromOrder(
      holdReasonsOf,
      note(
        'Pending is the remorse period; open requests to cancel or to change the address; risk review; consolidated shipment.',
        '待处理期、取消申请、改址申请、风险审核、主站合并发货',
      ),
    ),
    ordered_at: optionalInstant(`${parent}.parentOrderTime`, note('Placed.', '下单时间')),
    paid_at: derive(
      [`${parent}.parentConfirmTime`, `${parent}.orderPaymentType`],
      paidAt,
      note(
        'Temu has no time of payment; the confirmation is nearest. null for COD.',
        '无付款时间,取最接近的确认时间;COD 为 null',
      ),
    ),
    confirmed_at: optionalInstant(`${parent}.parentConfirmTime`, note('Confirmed.', '确认时间')),
    ship_by_at: optionalInstant(`${parent}.expectShipLatestTime`, note('Ship by.', '最晚发货时间')),
    deliver_by_at: optionalInstant(
      `${parent}.latestDeliveryTime`,
      note('A deadline, not an event.', '截止时间,并非签收时间'),
    ),
    shipped_at: optionalInstant(`${parent}.parentShippingTime`, note('Shipped.', '发货时间')),
    delivered_at: absent(note('Temu tells that, not when.', 'Temu 只告知已签收,不含时间')),
    completed_at: absent(note('Temu orders have no such step.', 'Temu 没有该状态')),
    cancelled_at: absent(note('Temu tells that, not when.', 'Temu 只告知已取消,不含时间')),
    platform_created_at: instant(`${parent}.parentOrderTime`, note('Placed.', '下单时间')),
    platform_updated_at: firstOf(
      [
        optionalInstant(`${parent}.updateTime`, note('In the list only.', '仅列表返回')),
        optionalInstant(`${parent}.parentShippingTime`, note('Shipped.', '发货时间')),
        optionalInstant(`${parent}.parentOrderPendingFinishTime`, note('End of pending.', '待处理结束时间')),
        instant(`${parent}.parentOrderTime`, note('Placed.', '下单时间')),
      ],
      note(
        'updateTime; in the detail, which lacks it, the latest time there is.',
        '取 updateTime;详情无此字段时取最晚的时间',
      ),
    ),
    currency: firstOf(
      [
        optionalText('amount.parentOrderMap.retailPriceTotal.currency', note('Of the amounts.', '金额币种')),
        choice(`${parent}.siteId`, currencyBySiteId, null, note('Of the site.', '站点币种')),
      ],
      note('Of the amounts; of the site without them.', '取金额币种,缺失时取站点币种'),
    ),
    totals: totalsShape,
    fees: feesRule,
    tax: taxShape,
    buyer: {
      platform_buyer_id: absent(notBuyers),
      display_name: absent(notBuyers),
      email_proxy: optionalText('shipping.mail', note('Temu’s forwarding address.', 'Temu 代理邮箱')),
      company: absent(notBuyers),
      purchase_order_number: absent(notBuyers),
      is_business: constant(false, notBuyers),
      message: absent(notBuyers),
    },
    shipping_address: part(
      'shipping',
      addressShape,
      note(
        'A call of its own, from status 2 on; clear only with Temu’s approval.',
        '单独接口,状态 2 起返回;明文需单独审批',
      ),
    ),
    billing_address: absent(note('Temu has none.', 'Temu 不返回')),
    shipping: {
      service_level: choice(
        `${parent}.shippingMethod`,
        { '1': 'standard', '2': 'store_delivery', '3': 'customer_pickup' },
        null,
        note('standard, store delivery, pick-up.', '标准配送、门店配送、自提'),
      ),
      requested_carrier: absent(note('Temu has none.', 'Temu 不返回')),
      logistics_mode: derive(
        [`${parent}.fulfillmentWarning`, 'shipping.warning.reason'],
        logisticsModeOf,
        note(
          'platform_label where own shipping is restricted; else the seller may choose.',
          '限制自发货时为平台面单,其余可自选',
        ),
      ),
      warehouse_hint: derive(
        ['order.orderList[].inventoryDeductionWarehouseId'],
        firstWarehouse,
        note('Warehouse of the first line that has one.', '首个有仓库的子单'),
      ),
      instructions: optionalText(
        'shipping.addressExtra.contactlessDropPoint',
        note('Where to leave it.', '无接触放置点'),
      ),
    },
    payment_methods: list(
      [`${parent}.orderPaymentType`, `${parent}.paymentInfo[].paymentMethod`],
      note('PPD (prepaid) or COD; the method in Brazil.', 'PPD(预付)或 COD;巴西含具体方式'),
    ),
    programs: derive(
      ['order.orderList[].orderLabel', `${parent}.parentOrderLabel`, `${parent}.fulfillmentWarning`],
      programsOf,
      note('Labels of lines and warnings of the order, lower case.', '子单标签与订单履约提示,小写'),
    ),
    replaced_platform_order_id: absent(note('Temu has no replacements.', 'Temu 没有补发单')),
    lines: each('order.orderList', lineShape, note('Lines.', '子单')),
    packages: packagesRule,
    cancellations: fromOrder(
      cancellationsOf,
      note(
        'One for each line that is cancelled or asked to be, by the line’s number; open requests are the buyer’s.',
        '每个有取消或申请的子单一条,以子单号标识;待处理申请来自买家',
      ),
    ),
    compliance_flags: derive(
      ['order.orderList[].qualificationUploadEndTime', 'order.orderList[].fulfillmentWarning'],
      needsQualification,
      note('A line wants papers.', '子单需要资质材料'),
    ),
  },
  ignored,
}
