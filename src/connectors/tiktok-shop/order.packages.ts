import type { PackageContent } from '#canonical/package.ts'
import { text as note } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { absent, identifier } from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'
import type { Reading } from '#mapping/rule.ts'
import { instantOf } from './instants.ts'
import { idOf, listOf, membersOf, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { packageStatusOf } from './status.ts'
import { linesOf } from './units.ts'
import type { Unit } from './units.ts'

/** `packages` has only ids; all else stands at the units inside, or at the order when it is the only parcel. */
type PackageFacts = {
  readonly first: Unit | undefined
  readonly lines: PackageContent['lines']
  /** Values of the order that speak of its only parcel. */
  readonly tracking: unknown
  readonly collected: unknown
  readonly delivered: unknown
}

const paths = [
  'id',
  '/packages',
  '/status',
  '/tracking_number',
  '/collection_time',
  '/delivery_time',
  ...[
    'id',
    'package_id',
    'package_status',
    'shipping_provider_id',
    'shipping_provider_name',
    'tracking_number',
    'rts_time',
  ].map((name) => `/line_items[].${name}`),
]

/** Rows of a package. Its units stand elsewhere in the document, so these rows read that themselves. */
const fromPackage = <T>(pick: (facts: PackageFacts) => T, about: Text): Rule<T> => ({
  rule: 'derive',
  paths,
  note: about,
  make: () => (element, reading) => pick(factsOf(element, reading)),
})

let lastElement: unknown
let lastReading: Reading | undefined
let lastFacts: PackageFacts

function factsOf(element: unknown, reading: Reading): PackageFacts {
  if (element !== lastElement || reading !== lastReading) {
    lastFacts = readFacts(membersOf(element), membersOf(reading.root))
    lastElement = element
    lastReading = reading
  }
  return lastFacts
}

function readFacts({ id }: Members, order: Members): PackageFacts {
  const packageId = idOf(id)
  let first: Unit | undefined
  const lines: PackageContent['lines'] = []
  for (const line of linesOf(order['line_items'], order['status']).list) {
    let quantity = 0
    for (const unit of line.units) {
      if (packageId === null || idOf(unit.raw['package_id']) !== packageId) continue
      first ??= unit
      quantity++
    }
    if (quantity > 0) lines.push({ platform_line_id: line.id, quantity })
  }
  const isOnly = listOf(order['packages']).length === 1
  return {
    first,
    lines,
    tracking: isOnly ? order['tracking_number'] : null,
    collected: isOnly ? order['collection_time'] : null,
    delivered: isOnly ? order['delivery_time'] : null,
  }
}

const unitText = (unit: Unit | undefined, name: string): string | null => textOf(unit?.raw[name])

const onlyParcel = note('Known only for an order of one parcel.', '仅单包裹订单可知')

/** One entry of `packages`. */
export const packageShape: Shape<PackageContent> = {
  platform_package_id: identifier('id', note('Package id.', '包裹 ID')),
  status: fromPackage(
    ({ first }) => packageStatusOf(first?.raw['package_status']),
    note(
      'TO_FULFILL: draft. PROCESSING: ready_to_ship. FULFILLING: in_transit. COMPLETED: delivered. CANCELLED: cancelled.',
      'TO_FULFILL 为 draft;PROCESSING 为 ready_to_ship;FULFILLING 为 in_transit;COMPLETED 为 delivered;CANCELLED 为 cancelled',
    ),
  ),
  platform_status: fromPackage(
    ({ first }) => unitText(first, 'package_status'),
    note('package_status of its units.', '包裹内单件的 package_status'),
  ),
  lines: fromPackage(({ lines }) => lines, note('Units with this package_id.', 'package_id 相同的单件')),
  platform_carrier_code: fromPackage(
    ({ first }) => unitText(first, 'shipping_provider_id'),
    note('Ids differ by market.', '各站点的物流商 ID 不同'),
  ),
  carrier_name: fromPackage(
    ({ first }) => unitText(first, 'shipping_provider_name'),
    note('shipping_provider_name.', '物流商名称'),
  ),
  service_code: absent(note('The order has a delivery option, parcels have none.', '只有订单级配送选项')),
  tracking_number: fromPackage(
    ({ first, tracking }) => unitText(first, 'tracking_number') ?? textOf(tracking),
    note('Of its units; else the order’s, for its only parcel.', '取单件运单号;单包裹订单可取订单运单号'),
  ),
  tracking_url: absent(note('The platform sends none.', '平台不返回')),
  shipped_from_country_code: absent(note('Orders name the warehouse only by id.', '订单只返回仓库 ID')),
  created_at: fromPackage(
    ({ first }) => instantOf(first?.raw['rts_time']),
    note('rts_time of its units: label or tracking number arranged.', '单件 rts_time:已安排发货'),
  ),
  shipped_at: fromPackage(({ collected }) => instantOf(collected), onlyParcel),
  delivered_at: fromPackage(({ delivered }) => instantOf(delivered), onlyParcel),
}
