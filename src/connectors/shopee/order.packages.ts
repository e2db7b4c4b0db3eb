import type { PackageContent } from '#canonical/package.ts'
import { text as note } from '#kernel/text.ts'
import { absent, derive, deriveFrom, identifier, optionalText } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'
import { detailOf, lineIdOf, lineKeyOf } from './order.facts.ts'
import { idOf, listOf, membersOf, msOf, textOf, unitsOf } from './raw-values.ts'
import { packageStatusOf } from './status.ts'

/** A parcel's own members, with what get_package_detail adds. */
const fromPackage = deriveFrom(
  ['package_number', 'logistics_status', 'logistics_channel_id', 'shipping_carrier', '/packages'],
  ([number, word, channel, carrier, details]) => {
    const detail = detailOf(details, number)
    return {
      word: textOf(word) ?? textOf(detail['fulfillment_status']),
      channel: idOf(channel) ?? idOf(detail['logistics_channel_id']),
      carrier: textOf(carrier) ?? textOf(detail['shipping_carrier']),
      trackingNumber: textOf(detail['tracking_number']),
      shippedAtMs: msOf(detail['pickup_done_time']),
    }
  },
)

/** Lines of a parcel; Shopee names the line by its parts, and we by its id. */
function linesOf([items, lines]: readonly unknown[]): PackageContent['lines'] {
  const ids = new Map(listOf(lines).map((line) => [lineKeyOf(membersOf(line)), lineIdOf(membersOf(line))]))
  return listOf(items)
    .map(membersOf)
    .map((item) => {
      const key = lineKeyOf(item)
      return { platform_line_id: ids.get(key) ?? key, quantity: unitsOf(item['model_quantity']) }
    })
}

/** One entry of `package_list` of an order. */
export const packageShape: Shape<PackageContent> = {
  platform_package_id: identifier('package_number', note('Package number.', '包裹号')),
  status: fromPackage(
    ({ word }) => packageStatusOf(word),
    note(
      'From logistics_status: arranged is ready_to_ship, picked up is handed_over.',
      '由 logistics_status 换算:已安排为 ready_to_ship,已揽收为 handed_over',
    ),
  ),
  platform_status: fromPackage(({ word }) => word, note('Shopee’s word.', 'Shopee 原值')),
  lines: derive(
    ['item_list', '/order.item_list'],
    linesOf,
    note('Matched by item, variation and deal.', '按商品、规格与优惠组匹配'),
  ),
  platform_carrier_code: fromPackage(
    ({ channel }) => channel,
    note('Id of the logistics channel.', '物流渠道 ID'),
  ),
  carrier_name: fromPackage(({ carrier }) => carrier, note('Name of the channel.', '物流渠道名称')),
  service_code: optionalText('sorting_group', note('Region group of the courier (BR, VN).', '分拣分组')),
  tracking_number: fromPackage(
    ({ trackingNumber }) => trackingNumber,
    note(
      'Only in get_package_detail; may come some minutes after PROCESSED.',
      '仅包裹详情返回,PROCESSED 后可能数分钟才有',
    ),
  ),
  tracking_url: absent(note('Shopee sends none.', 'Shopee 不返回')),
  shipped_from_country_code: absent(note('Shopee sends none.', 'Shopee 不返回')),
  created_at: absent(note('Shopee sends none.', 'Shopee 不返回')),
  shipped_at: fromPackage(
    ({ shippedAtMs }) => (shippedAtMs === null ? null : new Date(shippedAtMs).toISOString()),
    note('Time of pick-up in get_package_detail.', '包裹详情中的揽收时间'),
  ),
  delivered_at: absent(note('Only in get_tracking_info, which is not read.', '仅物流轨迹接口返回,未读取')),
}
