import type { PackageContent } from '#canonical/package.ts'
import { text as note } from '#kernel/text.ts'
import {
  absent,
  choice,
  count,
  each,
  firstOf,
  identifier,
  join,
  optionalText,
  optionalTime,
} from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'
import { detailedPackageStatuses, packageStatuses } from './status.ts'

/** One entry of `packages` (Orders 2026-01-01, data set PACKAGES; the seller's own parcels only). */
export const packageShape: Shape<PackageContent> = {
  platform_package_id: identifier(
    'packageReferenceId',
    note('The seller’s reference.', '卖家填写的包裹编号'),
  ),
  status: firstOf(
    [
      choice(
        'packageStatus.detailedStatus',
        detailedPackageStatuses,
        null,
        note('The finer word.', '细分状态'),
      ),
      choice('packageStatus.status', packageStatuses, 'unknown', note('The coarse word.', '主状态')),
    ],
    note('The finer word where it is known, else the coarse one.', '优先取细分状态，未知时取主状态'),
  ),
  platform_status: join(
    ['packageStatus.status', 'packageStatus.detailedStatus'],
    '/',
    note('Both words of Amazon.', '亚马逊主状态与细分状态'),
  ),
  lines: each(
    'packageItems',
    {
      platform_line_id: identifier('orderItemId', note('Line in the parcel.', '包裹内子单')),
      quantity: count('quantity', note('Units of it.', '件数')),
    },
    note('What is inside.', '包裹内容'),
  ),
  platform_carrier_code: optionalText('carrier', note('Free text of the seller.', '卖家填写的承运商')),
  carrier_name: optionalText('carrier', note('Free text of the seller.', '卖家填写的承运商')),
  service_code: optionalText('shippingService', note('Free text of the seller.', '卖家填写的物流服务')),
  tracking_number: optionalText('trackingNumber', note('Tracking number.', '运单号')),
  tracking_url: absent(note('Amazon sends none.', '亚马逊不返回')),
  shipped_from_country_code: optionalText(
    'shipFromAddress.countryCode',
    note('Country of the ship-from address.', '发货地国家'),
  ),
  created_at: optionalTime('createdTime', note('Created.', '创建时间')),
  shipped_at: optionalTime(
    'shipTime',
    note('As the seller stated it; may lie ahead.', '卖家申报的发货时间，可能晚于当前时间'),
  ),
  delivered_at: absent(note('Amazon tells that, not when.', '亚马逊只告知已签收，不含时间')),
}
