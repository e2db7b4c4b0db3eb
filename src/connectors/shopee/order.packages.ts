import type { PackageContent } from '#canonical/package.ts'
import { text as note } from '#kernel/text.ts'
import { absent, identifier, optionalText } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'
import type { Rule } from '#mapping/rule.ts'
import type { Text } from '#kernel/text.ts'
import { isSameLine, lineIdOf } from './line-keys.ts'
import { detailOf, factsOf } from './order.facts.ts'
import type { Facts } from './order.facts.ts'
import { knownIdOf, listOf, membersOf, textOf, unitsOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { packageStatusOf } from './status.ts'
import { isoOfSeconds } from './times.ts'

/** A row of a parcel: its own members, and those of get_package_detail. */
const fromPackage = <T>(
  paths: readonly string[],
  pick: (parcel: Members, detail: Members, facts: Facts) => T,
  note: Text,
): Rule<T> => ({
  rule: 'derive',
  paths,
  note,
  make: () => (element, reading) => {
    const facts = factsOf(reading)
    const parcel = membersOf(element)
    return pick(parcel, detailOf(facts.details, parcel['package_number']), facts)
  },
})

const wordOf = (parcel: Members, detail: Members): string | null =>
  textOf(parcel['logistics_status']) ?? textOf(detail['fulfillment_status'])

/** Lines of a parcel; Shopee names the line by its parts, and we by its id. */
const linesOf = (parcel: Members, _detail: Members, { lines }: Facts): PackageContent['lines'] =>
  listOf(parcel['item_list']).map((entry) => {
    const item = membersOf(entry)
    const line = lines.find(({ raw }) => isSameLine(item, membersOf(raw)))
    return {
      platform_line_id: line?.id ?? lineIdOf(item),
      quantity: unitsOf(item['model_quantity']),
    }
  })

/** One entry of `package_list` of an order. */
export const packageShape: Shape<PackageContent> = {
  platform_package_id: identifier('package_number', note('Package number.', '包裹号')),
  status: fromPackage(
    ['logistics_status', '/packages'],
    (parcel, detail) => packageStatusOf(wordOf(parcel, detail)),
    note(
      'From logistics_status: arranged is ready_to_ship, picked up is handed_over.',
      '由 logistics_status 换算:已安排为 ready_to_ship,已揽收为 handed_over',
    ),
  ),
  platform_status: fromPackage(
    ['logistics_status', '/packages'],
    wordOf,
    note('Shopee’s word.', 'Shopee 原值'),
  ),
  lines: fromPackage(
    ['item_list', '/order.item_list'],
    linesOf,
    note('Matched by item, variation and deal.', '按商品、规格与优惠组匹配'),
  ),
  platform_carrier_code: fromPackage(
    ['logistics_channel_id', '/packages'],
    (parcel, detail) =>
      knownIdOf(parcel['logistics_channel_id']) ?? knownIdOf(detail['logistics_channel_id']),
    note('Id of the logistics channel.', '物流渠道 ID'),
  ),
  carrier_name: fromPackage(
    ['shipping_carrier', '/packages'],
    (parcel, detail) => textOf(parcel['shipping_carrier']) ?? textOf(detail['shipping_carrier']),
    note('Name of the channel.', '物流渠道名称'),
  ),
  service_code: optionalText('sorting_group', note('Region group of the courier (BR, VN).', '分拣分组')),
  tracking_number: fromPackage(
    ['/packages'],
    (_parcel, detail) => textOf(detail['tracking_number']),
    note(
      'Only in get_package_detail; may come some minutes after PROCESSED.',
      '仅包裹详情返回,PROCESSED 后可能数分钟才有',
    ),
  ),
  tracking_url: absent(note('Shopee sends none.', 'Shopee 不返回')),
  shipped_from_country_code: absent(note('Shopee sends none.', 'Shopee 不返回')),
  created_at: absent(note('Shopee sends none.', 'Shopee 不返回')),
  shipped_at: fromPackage(
    ['/packages'],
    (_parcel, detail) => isoOfSeconds(detail['pickup_done_time']),
    note('Time of pick-up in get_package_detail.', '包裹详情中的揽收时间'),
  ),
  delivered_at: absent(note('Only in get_tracking_info, which is not read.', '仅物流轨迹接口返回,未读取')),
}
