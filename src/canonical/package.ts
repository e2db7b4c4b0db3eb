import { Type } from 'typebox'
import { Quantity, about, maybeInstant, maybeText, object, openEnum } from './schema.ts'
import type { Static } from './schema.ts'
import { packageStatuses } from './status.ts'

/** One parcel as the platform knows it. */
export const PackageContent = object(
  {
    platform_package_id: Type.String(about('The platform id of the parcel.', '平台包裹 ID')),
    status: openEnum(packageStatuses, about('State of the parcel.', '包裹状态')),
    platform_status: maybeText('The platform’s own word.', '平台原始包裹状态'),
    lines: Type.Array(
      object({
        platform_line_id: Type.String(about('Line in the parcel.', '包裹内子单 ID')),
        quantity: { ...Quantity, ...about('Units of it.', '件数') },
      }),
      { ...about('What is inside.', '包裹内容') },
    ),
    platform_carrier_code: maybeText('Carrier in the platform’s words.', '平台承运商代码'),
    carrier_name: maybeText('Carrier for people.', '承运商名称'),
    service_code: maybeText('Service.', '物流服务'),
    tracking_number: maybeText('Tracking number.', '运单号'),
    tracking_url: maybeText('Tracking page.', '物流查询链接'),
    shipped_from_country_code: maybeText('Country it left from.', '发货国家'),
    created_at: maybeInstant('Created at the platform.', '平台创建时间'),
    shipped_at: maybeInstant('Handed over.', '交运时间'),
    delivered_at: maybeInstant('Delivered.', '签收时间'),
  },
  { title: 'PackageContent' },
)
export type PackageContent = Static<typeof PackageContent>

export const Package = object(
  {
    id: Type.String(about('Our id, stable over every re-read.', '系统包裹 ID')),
    ...PackageContent.properties,
  },
  { title: 'Package' },
)
export type Package = Static<typeof Package>
