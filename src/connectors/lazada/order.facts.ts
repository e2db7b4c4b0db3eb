import type { Money } from '#kernel/money.ts'
import { negativeMoney, sumMoney } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import { deriveFrom } from '#mapping/index.ts'
import type { Refuse, Rule } from '#mapping/index.ts'
import { countryCodeByName, currencyByCountryCode } from './markets.ts'
import { groupsOf } from './order.groups.ts'
import { currencyAmong, readAmount, readFlag, sumOver } from './order.values.ts'
import { flagOf, instantOf, listOf, membersOf, wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { isOpen, orderStatusOf, paymentStatusOf, unitStatusOf } from './status.ts'
import type { Unit } from './status.ts'

/** What several rows of the order's table derive from. */
export type OrderFacts = {
  readonly order: Members
  /** First row of the items, for what is the same in all. */
  readonly first: Members
  readonly rows: readonly Members[]
  readonly units: readonly Unit[]
  readonly currency: string | null
  readonly isCashOnDelivery: boolean
  /** An amount of the order; `null` without amount or currency. */
  readonly amount: (name: AmountName) => Money | null
  /** The sum of some members over all items. */
  readonly sum: (...names: readonly string[]) => Money | null
}

const amountNames = [
  'price',
  'voucher',
  'voucher_seller',
  'voucher_platform',
  'shipping_fee',
  'shipping_fee_discount_seller',
  'shipping_fee_discount_platform',
] as const
type AmountName = (typeof amountNames)[number]

const others = [
  'order.statuses',
  'order.need_cancel_confirm',
  'order.is_cancel_pending',
  'order.payment_method',
  'order.address_shipping.country',
  'order',
  'items',
] as const

/**
 * The units by the items; before those were read, by the order's own words. What the order says of a
 * cancellation holds for all of its open units.
 */
function unitsOf(rows: readonly Unit[], values: readonly unknown[], refuse: Refuse): readonly Unit[] {
  const [statuses, asks, pending] = values
  if (statuses !== undefined && statuses !== null && statuses !== '' && !Array.isArray(statuses))
    refuse(0, 'list of text')
  const asksToCancel = readFlag(asks, 1, refuse)
  const isCancelPending = readFlag(pending, 2, refuse)
  if (rows.length > 0) {
    if (rows.some((unit) => unit.asksToCancel || unit.isCancelPending)) return rows
    return asksToCancel || isCancelPending
      ? rows.map((unit) => ({ ...unit, asksToCancel, isCancelPending }))
      : rows
  }
  return listOf(statuses).flatMap((status) => {
    const word = wordOf(status)
    return word === null
      ? []
      : [{ word, status: unitStatusOf(word), asksToCancel, isCancelPending, isHalfPaid: false }]
  })
}

/** The items tell it; an order without items, the country it goes to. */
function currencyOf(rows: readonly Members[], country: unknown): string | null {
  if (rows.length > 0) return currencyAmong(rows.map((row) => row['currency']))
  return currencyByCountryCode[countryCodeByName[wordOf(country) ?? ''] ?? ''] ?? null
}

const fromFacts = deriveFrom<OrderFacts>(
  [...others, ...amountNames.map((name) => `order.${name}`)],
  (values, refuse) => {
    const [, , , method, country, order, items] = values
    const { rows, units } = groupsOf(items)
    const currency = currencyOf(rows, country)
    const amounts = new Map<string, Money | null>()
    for (const [index, name] of amountNames.entries()) {
      const read = readAmount(values[others.length + index], currency ?? 'XXX')
      if (read === undefined) refuse(others.length + index, 'decimal amount')
      amounts.set(name, currency === null ? null : (read ?? null))
    }
    return {
      order: membersOf(order),
      first: rows[0] ?? {},
      rows,
      units: unitsOf(units, values, refuse),
      currency,
      isCashOnDelivery: method === 'COD',
      amount: (name) => amounts.get(name) ?? null,
      sum: (...names) => (currency === null ? null : sumOver(rows, names, currency)),
    }
  },
)

/** A row of an order; `paths` are those that decide about it. */
export const fromOrder = <T>(
  paths: readonly string[],
  pick: (facts: OrderFacts) => T,
  note: Text,
): Rule<T> => ({
  ...fromFacts(pick, note),
  paths,
})

/** What the buyer pays: goods less vouchers, and shipping (docs: 121327). */
export function totalOf({ amount }: OrderFacts): Money | null {
  const [price, voucher] = [amount('price'), amount('voucher')]
  return price && sumMoney([price, voucher && negativeMoney(voucher), amount('shipping_fee')])
}

export const statusOf = ({ units }: OrderFacts) => orderStatusOf(units)
export const paymentOf = ({ units, isCashOnDelivery }: OrderFacts) => paymentStatusOf(units, isCashOnDelivery)

const utc = (ms: number): string => new Date(ms).toISOString()

/** The earliest of a member's times over some rows; `null` when none has one. */
function earliest(rows: readonly Members[], name: string): string | null {
  let firstMs = Number.POSITIVE_INFINITY
  for (const row of rows) firstMs = Math.min(firstMs, instantOf(row[name]) ?? Number.POSITIVE_INFINITY)
  return Number.isFinite(firstMs) ? utc(firstMs) : null
}

/** Cash on delivery is paid at the door, whatever time the item carries. */
export function paidAtOf(facts: OrderFacts): string | null {
  if (facts.isCashOnDelivery && paymentOf(facts) !== 'paid') return null
  return earliest(facts.rows, 'payment_time')
}

/** The first deadline among the units still to be shipped, or of all when there are none. */
export function shipByOf({ rows, units, order }: OrderFacts): string | null {
  const open = rows.filter((_, index) => isOpen(units[index]!))
  const due = open.length > 0 ? open : rows
  const promised = instantOf(order['promised_shipping_times'])
  return (
    earliest(due, 'sla_time_stamp') ??
    earliest(due, 'promised_shipping_time') ??
    (promised === null ? null : utc(promised))
  )
}

/** Who ships the units; `unknown` without items. */
export function fulfillmentTypeOf({ rows }: OrderFacts): 'seller' | 'platform' | 'mixed' | 'unknown' {
  if (rows.length === 0) return 'unknown'
  const byPlatform = rows.filter(isByPlatform).length
  return byPlatform === 0 ? 'seller' : byPlatform === rows.length ? 'platform' : 'mixed'
}

const isByPlatform = (row: Members): boolean =>
  row['is_fbl'] === undefined ? row['shipping_type'] === 'Warehouse' : flagOf(row['is_fbl']) === true

/** Lazada gives carrier and label, but for the seller's own fleet. */
export function logisticsModeOf({ first, rows }: OrderFacts): 'platform_label' | 'seller_label' | 'unknown' {
  if (rows.length === 0) return 'unknown'
  return flagOf(first['delivery_option_sof']) === true ? 'seller_label' : 'platform_label'
}

/** Flags and words of the items that name a programme, in our words. */
const programFlags = {
  is_fbl: 'fulfilled_by_lazada',
  delivery_option_sof: 'seller_own_fleet',
  is_digital: 'digital',
  is_reroute: 'rerouted',
  semi_managed: 'semi_managed',
} as const
const programWords: Readonly<Record<string, string>> = {
  GUARANTEE: 'guarantee',
  GUATANTEE: 'guarantee',
  GLOBAL_COLLECTION: 'global_collection',
  PreSale: 'pre_sale',
  Coupon: 'coupon',
  O2O: 'o2o',
  InStoreO2O: 'in_store_o2o',
}

export function programsOf({ rows }: OrderFacts): string[] {
  const found = new Set<string>()
  for (const row of rows) {
    for (const [name, program] of Object.entries(programFlags))
      if (flagOf(row[name]) === true) found.add(program)
    for (const name of ['order_flag', 'order_type']) {
      const program = programWords[wordOf(row[name]) ?? '']
      if (program) found.add(program)
    }
  }
  return [...found]
}

/** Distinct words of the order; those of the items where the order has none. */
export function platformStatusOf({ order, units }: OrderFacts): string | null {
  const words = listOf(order['statuses']).map(wordOf)
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
