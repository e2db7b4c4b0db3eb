import type { Money } from '#kernel/money.ts'
import { fault } from '#mapping/rule.ts'
import type { Reading } from '#mapping/rule.ts'
import { added, isCurrency, readAmount, readFlag } from './order.values.ts'
import { isObject, wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { unitStatusOf } from './status.ts'
import type { Unit } from './status.ts'

/** Amounts that are summed over units, and the members of a row that make them up. */
const sumMembers = {
  items: ['item_price'],
  paid: ['paid_price'],
  discount: ['voucher_amount'],
  seller: ['voucher_seller', 'voucher_seller_lpi'],
  platform: ['voucher_platform', 'voucher_platform_lpi'],
  shipping: ['shipping_amount'],
  tax: ['tax_amount'],
} as const
export type SumName = keyof typeof sumMembers
export type Sums = Record<SumName, Money | null>

export const membersOfSum = (name: SumName): readonly string[] => sumMembers[name]

const summed = Object.entries(sumMembers).flatMap(([sum, names]) =>
  names.map((name) => ({ sum: sum as SumName, name })),
)

const noSums = (): Sums => ({
  items: null,
  paid: null,
  discount: null,
  seller: null,
  platform: null,
  shipping: null,
  tax: null,
})

/**
 * Lazada has one row for each unit. Rows that are alike in article, prices, status and parcel become one
 * line with a quantity; its first row gives the id, and every unit keeps its own.
 */
export type Line = {
  readonly id: string
  readonly first: Members
  readonly units: Unit[]
  readonly unitIds: string[]
  readonly sums: Sums
}

/** A parcel, found by its first row; a line is in one parcel whole, for the parcel makes rows alike. */
export type Parcel = { readonly id: string; readonly first: Members; readonly lines: Line[] }

export type Units = {
  readonly rows: readonly Members[]
  /** One for each row, in the same order. */
  readonly units: readonly Unit[]
  readonly lines: readonly Line[]
  readonly parcels: readonly Parcel[]
  readonly sums: Sums
  readonly currency: string | null
}

const halfPaid: ReadonlySet<unknown> = new Set(['unpaid', 'unpaid final payment'])

/** Reads the items of an order, once. Faults name the row. */
export function readUnits(items: unknown, reading: Reading): Units {
  const rows: Members[] = []
  const units: Unit[] = []
  const lines: Line[] = []
  const parcels: Parcel[] = []
  const sums = noSums()
  const seen: string[] = []
  let currency: string | null = null
  if (Array.isArray(items))
    for (let i = 0; i < items.length; i++) {
      const row: unknown = items[i]
      if (!isObject(row)) continue
      const id = wordOf(row['order_item_id'])
      if (id === null) fault(reading, `items.${i}.order_item_id`, 'identifier', row['order_item_id'])
      if (id === null || seen.includes(id)) continue
      seen.push(id)
      const unit = unitOf(row, i, reading)
      rows.push(row)
      units.push(unit)
      const line = placeInLine(lines, row, id, unit)
      if (line.first === row) placeInParcel(parcels, line)
      if (currency === null && isCurrency(row['currency'])) currency = row['currency']
      addAmounts(row, i, line.sums, sums, reading)
    }
  return { rows, units, lines, parcels, sums, currency }
}

function unitOf(row: Members, index: number, reading: Reading): Unit {
  const word = wordOf(row['status'])
  return {
    word,
    status: unitStatusOf(word),
    asksToCancel: readFlag(row['need_cancel_confirm'], reading, `items.${index}.need_cancel_confirm`),
    isCancelPending: readFlag(row['is_cancel_pending'], reading, `items.${index}.is_cancel_pending`),
    isHalfPaid: halfPaid.has(row['stage_pay_status']),
    isByPlatform:
      row['is_fbl'] === undefined
        ? row['shipping_type'] === 'Warehouse'
        : readFlag(row['is_fbl'], reading, `items.${index}.is_fbl`),
  }
}

const articleOf = (row: Members): unknown => wordOf(row['sku']) ?? wordOf(row['sku_id']) ?? row['shop_sku']

const isAlike = (one: Members, other: Members): boolean =>
  one['status'] === other['status'] &&
  one['item_price'] === other['item_price'] &&
  one['paid_price'] === other['paid_price'] &&
  wordOf(one['package_id']) === wordOf(other['package_id']) &&
  articleOf(one) === articleOf(other)

function placeInLine(lines: Line[], row: Members, id: string, unit: Unit): Line {
  for (const line of lines)
    if (isAlike(line.first, row)) {
      line.units.push(unit)
      line.unitIds.push(id)
      return line
    }
  const line = { id, first: row, units: [unit], unitIds: [id], sums: noSums() }
  lines.push(line)
  return line
}

function placeInParcel(parcels: Parcel[], line: Line): void {
  const id = wordOf(line.first['package_id'])
  if (id === null) return
  const parcel = parcels.find((known) => known.id === id)
  if (parcel) parcel.lines.push(line)
  else parcels.push({ id, first: line.first, lines: [line] })
}

function addAmounts(row: Members, index: number, line: Sums, order: Sums, reading: Reading): void {
  const currency = row['currency']
  let hasCurrency: boolean | undefined
  for (const { sum, name } of summed) {
    const value = row[name]
    if (value === undefined || value === null || value === '') continue
    hasCurrency ??= isCurrency(currency)
    if (!hasCurrency) {
      fault(reading, `items.${index}.currency`, 'ISO 4217 currency', currency)
      return
    }
    const amount = readAmount(value, currency as string)
    if (amount === undefined) fault(reading, `items.${index}.${name}`, 'decimal amount', value)
    else if (amount !== null) {
      line[sum] = added(line[sum], amount)
      order[sum] = added(order[sum], amount)
    }
  }
}
