import { negativeMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import { fault } from '#mapping/rule.ts'
import type { Reading } from '#mapping/rule.ts'
import type { Rule } from '#mapping/index.ts'
import { countryCodeByName, currencyByCountryCode } from './markets.ts'
import { readUnits } from './order.units.ts'
import type { Line, Parcel, Units } from './order.units.ts'
import { added, readAmount, readFlag, readTime } from './order.values.ts'
import { flagOf, instantOf, listOf, membersOf, utcTextOf, wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { isOpen, orderStatusOf, paymentStatusOf, unitStatusOf } from './status.ts'
import type { Unit } from './status.ts'

const amountNames = [
  'price',
  'voucher',
  'voucher_seller',
  'voucher_platform',
  'shipping_fee',
  'shipping_fee_discount_seller',
  'shipping_fee_discount_platform',
] as const
export type AmountName = (typeof amountNames)[number]

/** What the rows of the order's table derive from; worked out once for each document. */
export type OrderFacts = Units & {
  readonly order: Members
  /** First row of the items, for what is the same in all; empty without items. */
  readonly first: Members
  readonly status: ReturnType<typeof orderStatusOf>
  readonly payment: ReturnType<typeof paymentStatusOf>
  readonly isCashOnDelivery: boolean
  readonly isGift: boolean
  readonly createdAt: string | null
  readonly updatedAt: string | null
  /** Amounts of the order; `null` without amount or currency. */
  readonly amounts: Readonly<Record<AmountName, Money | null>>
}

function readFacts(reading: Reading): OrderFacts {
  const root = membersOf(reading.root)
  const order = membersOf(root['order'])
  const read = readUnits(root['items'], reading)
  const currency = read.rows.length > 0 ? read.currency : currencyByAddress(order)
  const units = unitsOf(read, order, reading)
  const isCashOnDelivery = order['payment_method'] === 'COD'
  const created = order['created_at']
  const createdAt = readTime(created, reading, 'order.created_at')
  if (createdAt === null && instantOf(created) === null && !hasFault(reading, 'order.created_at'))
    fault(reading, 'order.created_at', 'time with offset, or unix time', created)
  return {
    rows: read.rows,
    lines: read.lines,
    parcels: read.parcels,
    sums: read.sums,
    currency,
    units,
    order,
    first: read.rows[0] ?? {},
    status: orderStatusOf(units),
    payment: paymentStatusOf(units, isCashOnDelivery),
    isCashOnDelivery,
    isGift: readFlag(order['gift_option'], reading, 'order.gift_option'),
    createdAt,
    updatedAt: readTime(order['updated_at'], reading, 'order.updated_at'),
    amounts: readAmounts(order, currency, reading),
  }
}

const hasFault = ({ faults }: Reading, path: string): boolean => faults.some((found) => found.path === path)

function readAmounts(order: Members, currency: string | null, reading: Reading): OrderFacts['amounts'] {
  const amounts: Record<AmountName, Money | null> = {
    price: null,
    voucher: null,
    voucher_seller: null,
    voucher_platform: null,
    shipping_fee: null,
    shipping_fee_discount_seller: null,
    shipping_fee_discount_platform: null,
  }
  for (const name of amountNames) {
    const value = order[name]
    const amount = readAmount(value, currency ?? 'XXX')
    if (amount === undefined) fault(reading, `order.${name}`, 'decimal amount', value)
    else if (currency !== null) amounts[name] = amount
  }
  return amounts
}

/** The currency of an order whose items were not read: that of the country it goes to. */
function currencyByAddress(order: Members): string | null {
  const country = wordOf(membersOf(order['address_shipping'])['country'])
  return currencyByCountryCode[countryCodeByName[country ?? ''] ?? ''] ?? null
}

/**
 * The units by the items; before those were read, by the order's own words. What the order says of a
 * cancellation holds for all of its open units, unless the items say it themselves.
 */
function unitsOf({ units }: Units, order: Members, reading: Reading): readonly Unit[] {
  const asksToCancel = readFlag(order['need_cancel_confirm'], reading, 'order.need_cancel_confirm')
  const isCancelPending = readFlag(order['is_cancel_pending'], reading, 'order.is_cancel_pending')
  if (units.length > 0) {
    if (!(asksToCancel || isCancelPending)) return units
    if (units.some((unit) => unit.asksToCancel || unit.isCancelPending)) return units
    return units.map((unit) => ({ ...unit, asksToCancel, isCancelPending }))
  }
  const statuses = order['statuses']
  if (statuses !== undefined && statuses !== null && statuses !== '' && !Array.isArray(statuses))
    fault(reading, 'order.statuses', 'list of text', statuses)
  return listOf(statuses).flatMap((status) => {
    const word = wordOf(status)
    return word === null
      ? []
      : [
          {
            word,
            status: unitStatusOf(word),
            asksToCancel,
            isCancelPending,
            isHalfPaid: false,
            isByPlatform: false,
          },
        ]
  })
}

let lastReading: Reading | undefined
let lastFacts: OrderFacts | undefined
let lastRow: unknown
let lastLine: Line | undefined

function factsOf(reading: Reading): OrderFacts {
  if (reading !== lastReading || !lastFacts) {
    lastFacts = readFacts(reading)
    lastReading = reading
    lastRow = undefined
  }
  return lastFacts
}

const rule = <T>(
  paths: readonly string[],
  note: Text,
  read: (element: unknown, reading: Reading) => T,
): Rule<T> => ({ rule: 'derive', paths, note, make: () => read })

/** A row of an order; `paths` are those that decide about it. */
export const fromOrder = <T>(paths: readonly string[], pick: (facts: OrderFacts) => T, note: Text): Rule<T> =>
  rule(paths, note, (_element, reading) => pick(factsOf(reading)))

/** The line that begins with a row; its many rules ask one after the other. */
function lineAt(row: unknown, reading: Reading): Line | undefined {
  const { lines } = factsOf(reading)
  if (row === lastRow) return lastLine
  lastLine = undefined
  for (const line of lines) if (line.first === row) lastLine = line
  lastRow = row
  return lastLine
}
const parcelAt = (row: unknown, reading: Reading): Parcel | undefined =>
  factsOf(reading).parcels.find(({ first }) => first === row)

/** A row of a line; only for the first of the rows that make it up. */
export const fromLine = <T>(
  paths: readonly string[],
  pick: (line: Line, facts: OrderFacts) => T,
  note: Text,
): Rule<T> => rule(paths, note, (row, reading) => pick(lineAt(row, reading)!, factsOf(reading)))

/** True for the first row of a line that fits. */
export const isLineThat = (
  paths: readonly string[],
  fits: (line: Line) => boolean,
  note: Text,
): Rule<boolean> =>
  rule(paths, note, (row, reading) => {
    const line = lineAt(row, reading)
    return line !== undefined && fits(line)
  })

/** A row of a parcel; only for its first row. */
export const fromParcel = <T>(paths: readonly string[], pick: (parcel: Parcel) => T, note: Text): Rule<T> =>
  rule(paths, note, (row, reading) => pick(parcelAt(row, reading)!))

/** True for the first row of each parcel. */
export const isParcel = (note: Text): Rule<boolean> =>
  rule(['package_id'], note, (row, reading) => parcelAt(row, reading) !== undefined)

/** What the buyer pays: goods less vouchers, and shipping (docs: 121327). */
export function totalOf({ amounts }: OrderFacts): Money | null {
  const { price, voucher, shipping_fee: shipping } = amounts
  return price && added(added(price, voucher && negativeMoney(voucher)), shipping)
}

/** The earliest of a member's times over some rows; `null` when none has one. UTC texts sort as their times do. */
function earliest(rows: readonly Members[], name: string): string | null {
  let first: string | null = null
  let before: unknown
  for (const row of rows) {
    const value = row[name]
    if (value === undefined || value === '' || value === before) continue
    before = value
    const text = utcTextOf(value)
    if (text !== null && (first === null || text < first)) first = text
  }
  return first
}

/** Cash on delivery is paid at the door, whatever time the item carries. */
export function paidAtOf(facts: OrderFacts): string | null {
  if (facts.isCashOnDelivery && facts.payment !== 'paid') return null
  return earliest(facts.rows, 'payment_time')
}

/** The first deadline among the units still to be shipped, or of all when there are none. */
export function shipByOf({ rows, units, order }: OrderFacts): string | null {
  const open = units.every(isOpen) ? rows : rows.filter((_, index) => isOpen(units[index]!))
  const due = open.length > 0 ? open : rows
  return (
    earliest(due, 'sla_time_stamp') ??
    earliest(due, 'promised_shipping_time') ??
    utcTextOf(order['promised_shipping_times'])
  )
}

/** Who ships the units; `unknown` without items. */
export function fulfillmentTypeOf({ rows, units }: OrderFacts): 'seller' | 'platform' | 'mixed' | 'unknown' {
  if (rows.length === 0) return 'unknown'
  if (units.every(({ isByPlatform }) => isByPlatform)) return 'platform'
  return units.some(({ isByPlatform }) => isByPlatform) ? 'mixed' : 'seller'
}

/** Lazada gives carrier and label, but for the seller's own fleet. */
export function logisticsModeOf({ first, rows }: OrderFacts): 'platform_label' | 'seller_label' | 'unknown' {
  if (rows.length === 0) return 'unknown'
  return flagOf(first['delivery_option_sof']) === true ? 'seller_label' : 'platform_label'
}

/** Flags and words of the items that name a programme, in our words. */
const programFlags = [
  ['is_fbl', 'fulfilled_by_lazada'],
  ['delivery_option_sof', 'seller_own_fleet'],
  ['is_digital', 'digital'],
  ['is_reroute', 'rerouted'],
  ['semi_managed', 'semi_managed'],
] as const
const programWords: ReadonlyMap<unknown, string> = new Map<unknown, string>(
  Object.entries({
    GUARANTEE: 'guarantee',
    GUATANTEE: 'guarantee',
    GLOBAL_COLLECTION: 'global_collection',
    PreSale: 'pre_sale',
    Coupon: 'coupon',
    O2O: 'o2o',
    InStoreO2O: 'in_store_o2o',
  }),
)

export function programsOf({ rows }: OrderFacts): string[] {
  const found: string[] = []
  const add = (program: string | undefined): void => {
    if (program !== undefined && !found.includes(program)) found.push(program)
  }
  for (const row of rows) {
    for (const [name, program] of programFlags) {
      const flag = row[name]
      if (flag !== undefined && flag !== 0 && flagOf(flag) === true) add(program)
    }
    add(programWords.get(row['order_flag']))
    add(programWords.get(row['order_type']))
  }
  return found
}

/** Distinct words of the order; those of the items where the order has none. */
export function platformStatusOf({ order, units }: OrderFacts): string | null {
  const statuses = listOf(order['statuses'])
  if (statuses.length === 1) return wordOf(statuses[0])
  const words = statuses.map(wordOf)
  const known = new Set(
    (words.length > 0 ? words : units.map(({ word }) => word)).filter((word) => word !== null),
  )
  return known.size > 0 ? [...known].join(',') : null
}

/** A warehouse; `dropshipping` only means that the seller has one. */
export function warehouseOf({ first, order }: OrderFacts): string | null {
  const code = wordOf(first['warehouse_code']) ?? wordOf(order['warehouse_code'])
  return code === 'dropshipping' ? null : code
}
