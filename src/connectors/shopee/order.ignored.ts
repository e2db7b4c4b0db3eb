import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

const under = (prefix: string, names: string, reason: Text): Record<string, Text> =>
  Object.fromEntries(
    names
      .trim()
      .split(/\s+/)
      .map((name) => [`${prefix}${name}`, reason]),
  )

const kept = (en: string, zh: string): Text =>
  note(`${en} Not part of the unified order; kept in the raw document.`, `${zh};统一模型不含,原始报文保留`)
const joined = note('Read together with the rows that name the list.', '与引用该列表的字段一并读取')
const repeats = note('Repeats the order.', '与订单字段重复')

const ofOrder = {
  ...under('order.', 'booking_sn', kept('Booking of an advance fulfilment.', '提前备货单号')),
  ...under('order.', 'days_to_ship', note('The deadline itself is mapped.', '已映射发货截止时间')),
  ...under('order.', 'pending_description', note('Words for pending_terms.', 'pending_terms 的文字说明')),
  ...under(
    'order.',
    'actual_shipping_fee actual_shipping_fee_confirmed reverse_shipping_fee order_chargeable_weight_gram',
    kept('Cost of shipping for the seller.', '卖家侧运费与计费重'),
  ),
  ...under('order.', 'goods_to_declare', kept('Customs declaration (cross-border).', '跨境申报标记')),
  ...under('order.', 'note note_update_time', kept('The seller’s own note.', '卖家备注')),
  ...under('order.', 'dropshipper dropshipper_phone', kept('Drop shipper (Indonesia).', '代发人(印尼)')),
  ...under('order.', 'split_up', note('The parcels tell.', '由包裹列表体现')),
  ...under('order.', 'return_request_due_date', kept('Last day for a return.', '退货申请截止时间')),
  ...under('order.', 'edt_from edt', note('Only the latest delivery is used.', '只取最晚送达时间')),
  ...under('order.', 'international_label is_buyer_shop_collection', kept('Mark of the order.', '订单标记')),
  ...under('order.', 'buyer_proof_of_collection', kept('Proof of collection.', '自提凭证')),
  ...under(
    'order.',
    'prescription_check_status pharmacist_name prescription_images prescription_approval_time prescription_rejection_time prescription_reject_reason',
    kept('Check of a prescription (ID, PH, TH).', '处方审核信息'),
  ),
  ...under(
    'order.',
    'can_full_cancel_order can_partial_cancel_order buyer_preference_for_partial_cancellation',
    kept('What the seller may cancel.', '卖家可取消范围'),
  ),
  ...under(
    'order.invoice_data.',
    'number series_number access_key issue_date total_value products_total_value tax_code pending_reason',
    kept('Invoice of the seller (Brazil).', '卖家发票信息(巴西)'),
  ),
  ...under(
    'order.payment_info[].',
    'payment_processor_register card_brand transaction_id payment_amount',
    kept('Payment data (Brazil).', '支付信息(巴西)'),
  ),
  ...under('order.recipient_address.', 'geolocation', kept('Coordinates.', '经纬度')),
}

const ofLines = {
  ...under(
    'order.item_list[].',
    'wholesale add_on_deal main_item add_on_deal_id promotion_list[].promotion_type',
    kept('Kind of promotion.', '促销类型'),
  ),
  ...under('order.item_list[].', 'weight', kept('Weight of one.', '单件重量')),
  ...under(
    'order.item_list[].',
    'error_in_fetching_is_prescription_item consultation_id',
    kept('Prescription of the item.', '处方信息'),
  ),
  ...under('order.item_list[].', 'is_b2c_owned_item', kept('Owned by Shopee.', 'Shopee 自营')),
  ...under('order.item_list[].', 'hot_listing_item', kept('Mark of the item.', '商品标记')),
  ...under(
    'order.item_list[].',
    'active_qty',
    note('Follows from the other quantities.', '可由其他数量推出'),
  ),
  ...under(
    'order.package_list[].',
    'allow_self_design_awb group_shipment_id parcel_chargeable_weight parcel_chargeable_weight_gram virtual_contact_number package_query_number',
    kept('For printing labels.', '面单打印信息'),
  ),
  ...under(
    'order.package_list[].item_list[].',
    'item_id model_id model_quantity order_item_id promotion_group_id',
    joined,
  ),
}

const ofPackages = {
  ...under('packages[].', 'order_sn item_list recipient_address update_time days_to_ship', repeats),
  ...under('packages[].', 'pending_terms pending_description', repeats),
  ...under(
    'packages[].',
    'package_number fulfillment_status logistics_channel_id shipping_carrier tracking_number pickup_done_time',
    joined,
  ),
  ...under(
    'packages[].',
    `allow_self_design_awb tracking_number_expiration_date is_split_up parcel_chargeable_weight_gram
     group_shipment_id virtual_contact_number package_query_number sorting_group is_shipment_arranged
     status_info_tag can_split_order can_unsplit_order pharmacist_name prescription_images
     prescription_approval_time prescription_rejection_time is_buyer_shop_collection
     buyer_proof_of_collection preparation_end_time driver_info can_full_cancel_order
     can_partial_cancel_order buyer_preference_for_partial_cancellation invoice_pending`,
    kept('Detail of the parcel.', '包裹明细'),
  ),
}

const ofEscrow = {
  ...under('escrow.', 'order_sn buyer_user_name', repeats),
  ...under('escrow.', 'return_order_sn_list', kept('Returns of the order.', '退货单号')),
  ...under('escrow.', 'buyer_payment_info', kept('What the buyer saw at the till.', '买家结算明细')),
  ...under(
    'escrow.order_income.items[].',
    'line_item_id item_id model_id seller_discount shopee_discount discount_from_coin discount_from_voucher_shopee discount_from_voucher_seller',
    joined,
  ),
  ...under(
    'escrow.order_income.items[].',
    `item_name item_sku model_name model_sku original_price original_price_pri selling_price discounted_price
     bcrs_deposit activity_type activity_id is_main_item quantity_purchased is_b2c_shop_item
     ams_commission_fee is_kit kit_items promotion_list`,
    kept('Line of the settlement.', '结算行明细'),
  ),
  ...under(
    'escrow.order_income.',
    `escrow_amount order_original_price original_price order_discounted_price order_selling_price
     order_seller_discount bcrs_deposit buyer_transaction_fee payment_promotion seller_lost_compensation
     seller_coin_cash_back estimated_shipping_fee final_shipping_fee actual_shipping_fee shipping_fee_sst
     order_chargeable_weight seller_voucher_code drc_adjustable_refund cost_of_goods_sold
     original_cost_of_goods_sold original_shopee_discount reverse_shipping_fee reverse_shipping_fee_sst
     final_product_protection credit_card_promotion rsf_seller_protection_fee_claim_amount
     fsf_seller_protection_fee_claim_amount order_adjustment total_adjustment_amount
     escrow_amount_after_adjustment buyer_payment_method instalment_plan sales_tax_on_lvg
     final_return_to_seller_shipping_fee withholding_tax overseas_return_service_fee
     prorated_coins_value_offset_return_items prorated_shopee_voucher_offset_return_items
     prorated_seller_voucher_offset_return_items prorated_payment_channel_promo_bank_offset_return_items
     prorated_payment_channel_promo_shopee_offset_return_items vat_on_imported_goods tenure_info_list
     withholding_vat_tax withholding_pit_tax withholding_cit_tax tax_registration_code
     buyer_paid_packaging_fee trade_in_bonus_by_seller trade_in_bonus_seller net_commission_fee net_service_fee
     net_commission_fee_info_list net_service_fee_info_list seller_product_rebate pix_discount
     prorated_pix_discount_offset_return_items th_import_duty remaining_voucher refund_amount_to_buyer
     shipping_fee_discount_from_pl`,
    kept('Settlement of the seller.', '卖家结算明细'),
  ),
  ...under(
    'escrow.order_income.',
    `escrow_amount_pri buyer_total_amount_pri original_price_pri seller_return_refund_pri commission_fee_pri
     service_fee_pri drc_adjustable_refund_pri sip_subsidy_pri pri_currency aff_currency exchange_rate`,
    kept('Settlement in the currency of the primary shop (SIP).', 'SIP 主店币种的结算明细'),
  ),
}

/** Fields of an order and its parts that the unified order leaves out, each with its reason. */
export const ignored: Readonly<Record<string, Text>> = { ...ofOrder, ...ofLines, ...ofPackages, ...ofEscrow }
