import type { OrderContent } from '#canonical/order.ts'
import { text as note } from '#kernel/text.ts'
import { derive } from '#mapping/index.ts'
import type { Rule } from '#mapping/index.ts'
import { idOf, listOf, membersOf, textOf, unitsOf } from './raw-values.ts'

type Package = OrderContent['packages'][number]
type PackageLines = Package['lines']

/** Parcels by their number, each with the lines that name it. */
function packagesOf([list]: readonly unknown[]): OrderContent['packages'] {
  const byId = new Map<string, PackageLines>()
  for (const entry of listOf(list)) {
    const line = membersOf(entry)
    const parcels = listOf(line['packageSnInfo']).flatMap(
      (parcel) => textOf(membersOf(parcel)['packageSn']) ?? [],
    )
    for (const id of parcels) {
      const lines = byId.get(id) ?? []
      byId.set(id, lines)
      // How a line is split over its parcels is not told: at least one unit in each.
      const quantity = parcels.length === 1 ? unitsOf(line['quantity']) : 1
      lines.push({ platform_line_id: idOf(line['orderSn']) ?? '', quantity })
    }
  }
  return [...byId].map(([id, lines]) => toPackage(id, lines))
}

const toPackage = (id: string, lines: PackageLines): Package => ({
  platform_package_id: id,
  status: 'unknown',
  platform_status: null,
  lines,
  platform_carrier_code: null,
  carrier_name: null,
  service_code: null,
  tracking_number: null,
  tracking_url: null,
  shipped_from_country_code: null,
  created_at: null,
  shipped_at: null,
  delivered_at: null,
})

export const packagesRule: Rule<OrderContent['packages']> = derive(
  ['order.orderList', 'order.orderList[].packageSnInfo'],
  packagesOf,
  note(
    'packageSnInfo, in the detail only: the number of the parcel and its lines. Carrier and tracking number are in bg.logistics.shipment.v2.get.',
    '仅详情含 packageSnInfo:包裹号与所含子单;承运商与运单号在 bg.logistics.shipment.v2.get',
  ),
)
