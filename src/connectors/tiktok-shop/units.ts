import { orderStatuses } from '#canonical/status.ts'
import type { OrderStatus } from '#canonical/status.ts'
import { canonicalAmount, sumMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import { idOf, isObject, listOf, membersOf, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { isDelivered, isShipped, orderStatusOf, unitStatusOf } from './status.ts'

/**
 * The platform has a row for every single unit and no quantity. Units of one variation at one price are
 * made one line. The line is named by its lowest unit id, and a unit never changes its line while it moves
 * through packages and states, so lines keep their identity over every reading.
 */
export type Unit = {
  readonly id: string
  readonly status: OrderStatus
  readonly packageId: string | null
  readonly raw: Members
}

export type Line = {
  readonly id: string
  /** By id, lowest first. */
  readonly units: readonly Unit[]
  readonly shipped: number
  readonly delivered: number
  readonly cancelled: number
}

export type Lines = {
  readonly list: readonly Line[]
  readonly byUnit: ReadonlyMap<string, Line>
  /** Two rows with one id: the document contradicts itself. */
  readonly hasTwins: boolean
}

/** Lines of documents that are being read: worked out once for all rows of a table. */
const known = new WeakMap<readonly unknown[], Lines>()
const none: Lines = { list: [], byUnit: new Map(), hasTwins: false }

/** The lines of `line_items`; `orderWord` is the order's own status. */
export function linesOf(items: unknown, orderWord: unknown): Lines {
  const rows = listOf(items)
  if (rows.length === 0) return none
  let lines = known.get(rows)
  if (!lines) known.set(rows, (lines = grouped(rows, orderStatusOf(orderWord))))
  return lines
}

function grouped(rows: readonly unknown[], order: OrderStatus): Lines {
  const groups = new Map<string, Unit[]>()
  for (const row of rows) {
    if (!isObject(row)) continue
    const unit: Unit = {
      id: idOf(row['id']) ?? '',
      status: unitStatusOf(row['display_status'], row['package_status'], order),
      packageId: idOf(row['package_id']),
      raw: row,
    }
    const key = keyOf(row)
    const group = groups.get(key)
    if (group) group.push(unit)
    else groups.set(key, [unit])
  }
  const list: Line[] = []
  const byUnit = new Map<string, Line>()
  let units = 0
  for (const group of groups.values()) {
    const line = lineOf(group)
    list.push(line)
    for (const { id } of group) byUnit.set(id, line)
    units += group.length
  }
  return { list, byUnit, hasTwins: byUnit.size < units }
}

const keyOf = ({ sku_id, seller_sku, sale_price, original_price, is_gift }: Members): string =>
  `${String(sku_id ?? seller_sku)}\n${String(sale_price)}\n${String(original_price)}\n${String(is_gift)}`

/** Ids are decimal text of differing length. */
const byId = (left: Unit, right: Unit): number =>
  left.id.length - right.id.length || (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)

function lineOf(units: Unit[]): Line {
  if (units.length > 1) units.sort(byId)
  const line = { id: units[0]!.id, units, shipped: 0, delivered: 0, cancelled: 0 }
  for (const { status } of units) {
    if (status === 'cancelled') line.cancelled++
    if (isShipped(status)) line.shipped++
    if (isDelivered(status)) line.delivered++
  }
  return line
}

/** Units of a line that are neither shipped nor cancelled. */
export const openUnits = ({ units, shipped, cancelled }: Line): number => units.length - shipped - cancelled

/** Least advanced open unit decides; partly shipped when some are on their way and others are not. */
export function lineStatusOf(line: Line): OrderStatus {
  const { units, shipped, cancelled } = line
  if (cancelled === units.length) return 'cancelled'
  if (units.some(({ status }) => status === 'unknown')) return 'unknown'
  if (shipped > 0 && openUnits(line) > 0) return 'partially_shipped'
  let least: OrderStatus = 'completed'
  for (const { status } of units)
    if (status !== 'cancelled' && orderStatuses.indexOf(status) < orderStatuses.indexOf(least)) least = status
  return least
}

/** An amount of a raw row as money; `null` when it has none, or no currency. Malformed ones are refused elsewhere. */
export function moneyOf(amount: unknown, currency: unknown): Money | null {
  const decimal = typeof amount === 'number' ? String(amount) : textOf(amount)
  const unit = textOf(currency)
  if (decimal === null || unit === null) return null
  const canonical = canonicalAmount(decimal, unit)
  return canonical === null ? null : { amount: canonical, currency: unit }
}

/** The sum of some amounts of all units of a line; `null` when no unit has one. */
export const sumOfUnits = ({ units }: Line, ...names: readonly string[]): Money | null =>
  units.length === 1 && names.length === 1
    ? moneyOf(units[0]!.raw[names[0]!], units[0]!.raw['currency'])
    : sumMoney(units.flatMap(({ raw }) => names.map((name) => moneyOf(raw[name], raw['currency']))))

/** All tax of a line; `null` where the platform lists none. */
export const taxOfUnits = ({ units }: Line): Money | null =>
  sumMoney(
    units.flatMap(({ raw }) =>
      listOf(raw['item_tax']).map((tax) => moneyOf(membersOf(tax)['tax_amount'], raw['currency'])),
    ),
  )
