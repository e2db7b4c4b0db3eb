import { orderStatuses } from '#canonical/status.ts'
import type { OrderStatus } from '#canonical/status.ts'
import { sumMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import { isZero, moneyOf } from './amounts.ts'
import { idOf, isObject, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { isDelivered, isShipped, orderStatusOf, unitStatusOf } from './status.ts'

/**
 * The platform has a row for every single unit and no quantity. Units of one variation at one price are
 * made one line. The line is named by its lowest unit id, and a unit never changes its line while it moves
 * through packages and states, so lines keep their identity over every reading.
 */
export type Unit = { readonly id: string; readonly status: OrderStatus; readonly raw: Members }

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
  readonly byRow: ReadonlyMap<unknown, Line>
  /** Rows whose id another row has, too: the document contradicts itself. */
  readonly twins: ReadonlySet<unknown>
  readonly hasCancelled: boolean
}

const none: Lines = { list: [], byRow: new Map(), twins: new Set(), hasCancelled: false }

/** The document that is being read: its lines are worked out once for all rows of the table. */
let lastRows: unknown
let lastWord: unknown
let lastLines = none

/** The lines of `line_items`; `orderWord` is the order's own status. */
export function linesOf(items: unknown, orderWord: unknown): Lines {
  if (!Array.isArray(items) || items.length === 0) return none
  if (items !== lastRows || orderWord !== lastWord) {
    lastLines = grouped(items, orderStatusOf(orderWord))
    lastRows = items
    lastWord = orderWord
  }
  return lastLines
}

function grouped(rows: readonly unknown[], order: OrderStatus): Lines {
  const groups: Unit[][] = []
  const twins = new Set<unknown>()
  for (const row of rows) {
    if (!isObject(row)) continue
    const id = idOf(row['id']) ?? ''
    const unit = { id, status: unitStatusOf(row['display_status'], row['package_status'], order), raw: row }
    let isTwin = false
    let home: Unit[] | undefined
    for (const group of groups) {
      if (isAlike(group[0]!.raw, row)) home = group
      for (const other of group) isTwin ||= other.id === id
    }
    if (isTwin) twins.add(row)
    if (home) home.push(unit)
    else groups.push([unit])
  }
  const list = groups.map(lineOf)
  const byRow = new Map<unknown, Line>()
  for (const line of list) for (const { raw } of line.units) byRow.set(raw, line)
  return { list, byRow, twins, hasCancelled: list.some((line) => line.cancelled > 0) }
}

const isAlike = (one: Members, other: Members): boolean =>
  one['sku_id'] === other['sku_id'] &&
  one['sale_price'] === other['sale_price'] &&
  one['original_price'] === other['original_price'] &&
  one['is_gift'] === other['is_gift'] &&
  one['seller_sku'] === other['seller_sku']

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
  if (units.length === 1) return units[0]!.status
  if (cancelled === units.length) return 'cancelled'
  if (units.some(({ status }) => status === 'unknown')) return 'unknown'
  if (shipped > 0 && openUnits(line) > 0) return 'partially_shipped'
  let least: OrderStatus = 'completed'
  for (const { status } of units)
    if (status !== 'cancelled' && orderStatuses.indexOf(status) < orderStatuses.indexOf(least)) least = status
  return least
}

/** Distinct words of the units, in the order of their ids. */
export function wordsOf({ units }: Line): string | null {
  const first = textOf(units[0]?.raw['display_status'])
  if (units.every(({ raw }) => raw['display_status'] === units[0]!.raw['display_status'])) return first
  return [...new Set(units.flatMap(({ raw }) => textOf(raw['display_status']) ?? []))].join(',')
}

/** What a line comes to; each `null` when no unit has it. */
export type LineAmounts = {
  readonly items: Money | null
  readonly sale: Money | null
  readonly seller: Money | null
  readonly platform: Money | null
  readonly tax: Money | null
}

export const amountsOf = ({ units }: Line): LineAmounts => ({
  items: total(units, 'original_price'),
  sale: total(units, 'sale_price'),
  seller: total(units, 'seller_discount'),
  platform: total(units, 'platform_discount'),
  tax: taxOf(units),
})

/** Units of one line mostly cost the same: their amounts are then read once, and nothing is added to nothing. */
function total(units: readonly Unit[], name: string): Money | null {
  const { raw } = units[0]!
  const first = moneyOf(raw[name], raw['currency'])
  if (units.length === 1 || (first !== null && isZero(first) && areAlike(units, name))) return first
  const parts: (Money | null)[] = [first]
  for (let i = 1; i < units.length; i++) {
    const other = units[i]!.raw
    const isSame = other[name] === raw[name] && other['currency'] === raw['currency']
    parts.push(isSame ? first : moneyOf(other[name], other['currency']))
  }
  return sumMoney(parts)
}

const areAlike = (units: readonly Unit[], name: string): boolean =>
  units.every(({ raw }) => raw[name] === units[0]!.raw[name])

function taxOf(units: readonly Unit[]): Money | null {
  const parts: (Money | null)[] = []
  for (const { raw } of units) {
    const taxes = raw['item_tax']
    if (!Array.isArray(taxes)) continue
    for (const tax of taxes as unknown[])
      if (isObject(tax)) parts.push(moneyOf(tax['tax_amount'], raw['currency']))
  }
  return parts.length === 0 ? null : sumMoney(parts)
}
