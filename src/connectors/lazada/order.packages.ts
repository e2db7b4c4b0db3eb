import type { PackageContent } from '#canonical/package.ts'
import { text as note } from '#kernel/text.ts'
import { absent, choice, optionalText, word } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'
import { fromParcel, isParcel } from './order.facts.ts'
import { looseText } from './order.values.ts'
import { packageStatuses } from './status.ts'

/** True for the first row of each parcel. */
export const isPackage = isParcel(note('The first row with this package_id.', '该 package_id 的第一行'))

/** The first row of a parcel in `items`. */
export const packageShape: Shape<PackageContent> = {
  platform_package_id: fromParcel(['package_id'], ({ id }) => id, note('Given when packed.', '打包时生成')),
  status: choice(
    'status',
    packageStatuses,
    'unknown',
    note('By the state of its units.', '按包裹内商品状态'),
  ),
  platform_status: looseText('status', note('Word of the first unit.', '首件状态原值')),
  lines: fromParcel(
    ['package_id', 'order_item_id'],
    ({ lines }) => lines.map(({ id, unitIds }) => ({ platform_line_id: id, quantity: unitIds.length })),
    note('Units with this package_id.', '属于该包裹的商品'),
  ),
  platform_carrier_code: absent(note('Orders carry the carrier’s name only.', '订单只返回承运商名称')),
  carrier_name: optionalText(
    'shipment_provider',
    note('Assigned by Lazada when packed.', '打包时由平台分配'),
  ),
  service_code: word(
    'shipping_provider_type',
    note('standard, express, economy …', 'standard、express、economy 等'),
  ),
  tracking_number: looseText('tracking_code', note('Assigned when packed.', '打包时分配')),
  tracking_url: absent(note('Not in orders.', '订单接口不返回')),
  shipped_from_country_code: absent(note('Not in orders.', '订单接口不返回')),
  created_at: absent(note('Not in orders.', '订单接口不返回')),
  shipped_at: absent(note('In the logistics trace only.', '仅在物流轨迹接口')),
  delivered_at: absent(note('In the logistics trace only.', '仅在物流轨迹接口')),
}
