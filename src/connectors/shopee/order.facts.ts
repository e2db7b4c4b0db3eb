import type { CancellationContent } from '#canonical/cancellation.ts'
import type { Text } from '#kernel/text.ts'
import type { Reading, Rule } from '#mapping/rule.ts'
import { amountOf, currencyOf, sumOfMembers } from './amounts.ts'
import type { Amount, Currency } from './amounts.ts'
import { isSameId, lineIdOf } from './line-keys.ts'
import { listOf, membersOf, textOf, unitsOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { cancellationStatusOf, initiatorOf, lineFactsOf, packageStatusOf, statusOf } from './status.ts'
import type { LineFacts, OrderFacts, PackageFacts, SentUnits } from './status.ts'

/** What several rows of the table derive from; raw values in, anything unreadable counts as absent. */

/** The answer of get_package_detail for one parcel; empty when it was not read. */
export function detailOf(details: readonly unknown[], number: unknown): Members {
  for (const detail of details) if (membersOf(detail)['package_number'] === number) return membersOf(detail)
  return {}
}

/** The state in the order's own list is as old as the order, so it wins. */
function packageFactsOf(entry: unknown, details: readonly unknown[]): PackageFacts {
  const parcel = membersOf(entry)
  const word =
    textOf(parcel['logistics_status']) ?? detailOf(details, parcel['package_number'])['fulfillment_status']
  return {
    status: packageStatusOf(word),
    items: listOf(parcel['item_list']),
  }
}

const unitsOrNull = (value: unknown): number | null =>
  value === undefined || value === null ? null : unitsOf(value)

function sentUnitsOf(line: Members): SentUnits {
  return {
    id: lineIdOf(line),
    quantity: unitsOf(line['model_quantity_purchased']),
    cancelRequested: unitsOrNull(line['cancel_requested_qty']),
    cancelled: unitsOrNull(line['cancelled_qty']),
    returnRequested: unitsOf(line['return_requested_qty']),
    returned: unitsOf(line['returned_qty']),
  }
}

/** One line: its units and what they come to. Amounts are `null` where Shopee does not tell. */
export type LineAndMoney = LineFacts & {
  readonly raw: unknown
  /** Price of one unit less its discount; `null` in bundle deals, where Shopee writes 0 for "see escrow". */
  readonly discounted: Amount | null
  readonly original: Amount | null
  readonly itemsTotal: Amount | null
  readonly sellerDiscount: Amount | null
  readonly platformDiscount: Amount | null
  readonly discountTotal: Amount | null
}

const sellerParts = ['seller_discount', 'discount_from_voucher_seller']
const platformParts = ['shopee_discount', 'discount_from_voucher_shopee', 'discount_from_coin']

const times = (amount: Amount | null, quantity: number): Amount | null =>
  amount === null ? null : amount * quantity

/** Who pays the discounts comes from escrow; without it only the two prices tell, which leaves vouchers out. */
function lineOf(
  raw: unknown,
  order: Pick<OrderFacts, 'word' | 'status' | 'packages'>,
  items: readonly unknown[],
): LineAndMoney {
  const line = membersOf(raw)
  const units = lineFactsOf(sentUnitsOf(line), line, order)
  const original = amountOf(line['model_original_price'])
  const price = amountOf(line['model_discounted_price'])
  const discounted = price === 0 && original !== 0 ? null : price
  const saved = original === null || discounted === null ? null : original - discounted
  const escrow = items.length === 0 ? null : escrowLineOf(items, line)
  const { sellerDiscount, platformDiscount, discountTotal } = escrow ? discountsIn(escrow) : noDiscounts
  // Written out: a spread of two objects for each line costs as much as all the rest.
  return {
    id: units.id,
    quantity: units.quantity,
    cancelRequested: units.cancelRequested,
    cancelled: units.cancelled,
    shipped: units.shipped,
    delivered: units.delivered,
    returnRequested: units.returnRequested,
    returned: units.returned,
    raw,
    original,
    discounted,
    itemsTotal: times(original, units.quantity),
    sellerDiscount,
    platformDiscount,
    discountTotal: discountTotal ?? times(saved, units.quantity),
  }
}

type Discounts = Pick<LineAndMoney, 'sellerDiscount' | 'platformDiscount' | 'discountTotal'>

const noDiscounts: Discounts = { sellerDiscount: null, platformDiscount: null, discountTotal: null }

function discountsIn(escrow: Members): Discounts {
  const sellerDiscount = sumOfMembers(escrow, sellerParts)
  const platformDiscount = sumOfMembers(escrow, platformParts)
  return { sellerDiscount, platformDiscount, discountTotal: (sellerDiscount ?? 0) + (platformDiscount ?? 0) }
}

const isGiven = (id: unknown): boolean => id !== undefined && id !== null && id !== 0 && id !== ''

/** By `line_item_id` where both have it, else by item and variation if that names exactly one. */
function escrowLineOf(items: readonly unknown[], line: Members): Members | null {
  const lineId = line['line_item_id']
  let found: Members | null = null
  for (const item of items) {
    const escrow = membersOf(item)
    const fits =
      isGiven(lineId) && isGiven(escrow['line_item_id'])
        ? isSameId(escrow['line_item_id'], lineId)
        : isSameId(escrow['item_id'], line['item_id']) && isSameId(escrow['model_id'], line['model_id'])
    if (fits && found !== null) return null
    if (fits) found = escrow
  }
  return found
}

const isTrue = (value: unknown): boolean => value === true || value === 'true'

const sellerFlags: ReadonlySet<unknown> = new Set(['fulfilled_by_local_seller', 'fulfilled_by_cb_seller'])

export type Facts = OrderFacts<LineAndMoney> & {
  readonly order: Members
  readonly income: Members | null
  readonly details: readonly unknown[]
  readonly currency: Currency | null
}

function readFacts(root: Members): Facts {
  const order = membersOf(root['order'])
  const word = order['order_status']
  const details = listOf(root['packages'])
  const escrow = membersOf(root['escrow'])['order_income']
  const income = escrow === undefined ? null : membersOf(escrow)
  const packages = listOf(order['package_list']).map((parcel) => packageFactsOf(parcel, details))
  const status = statusOf(word, packages)
  const items = income ? listOf(income['items']) : []
  const base = { word, status, packages }
  return {
    word,
    status,
    packages,
    order,
    income,
    details,
    currency: currencyOf(order['currency']),
    lines: listOf(order['item_list']).map((line) => lineOf(line, base, items)),
    isSellers: sellerFlags.has(order['fulfillment_flag']),
    isCod: isTrue(order['cod']),
    isPaid: unitsOf(order['pay_time']) > 0,
    isAdvance: isTrue(order['advance_package']),
    pendingTerms: listOf(order['pending_terms']).filter((term) => textOf(term) !== null),
  }
}

/** The facts of the document being read: worked out once, whatever the number of rows. */
const current: { reading: Reading | null; facts: Facts | null; line: LineAndMoney | null } = {
  reading: null,
  facts: null,
  line: null,
}

export function factsOf(reading: Reading): Facts {
  if (current.reading !== reading || current.facts === null) {
    current.reading = reading
    current.facts = readFacts(membersOf(reading.root))
  }
  return current.facts
}

/** A row of the order. `paths`: what the row is made of. */
export const fromOrder = <T>(
  paths: readonly string[],
  pick: (facts: Facts, reading: Reading) => T,
  note: Text,
): Rule<T> => ({
  rule: 'derive',
  paths,
  note,
  make: () => (_element, reading) => pick(factsOf(reading), reading),
})

/** A row of a line. Paths start at the line, those with `/` at the document. */
export const fromLine = <T>(
  paths: readonly string[],
  pick: (line: LineAndMoney, facts: Facts) => T,
  note: Text,
): Rule<T> => ({
  rule: 'derive',
  paths,
  note,
  make: () => (element, reading) => {
    const facts = factsOf(reading)
    const held = current.line
    const line =
      held !== null && held.raw === element
        ? held
        : (facts.lines.find((known) => known.raw === element) ?? lineOf(element, facts, []))
    current.line = line
    return pick(line, facts)
  },
})

/** What decides the status of the order and of its lines. */
export const statusPaths = ['order.order_status', 'order.package_list', 'packages']
export const lineStatusPaths = statusPaths.map((path) => `/${path}`)

/** Shopee has one cancellation at most, without an id of its own. */
export function cancellationsOf(facts: Facts): CancellationContent[] {
  const status = cancellationStatusOf(facts)
  if (status === 'none') return []
  const { order, lines } = facts
  const isRequest = status === 'requested'
  const code = textOf(order['cancel_reason'])
  return [
    {
      platform_cancellation_id: typeof order['order_sn'] === 'string' ? order['order_sn'] : '',
      initiated_by: initiatorOf(order['cancel_by'], isRequest),
      reason_code: code,
      reason_text: textOf(order['buyer_cancel_reason']) ?? code,
      state: isRequest ? 'requested' : 'completed',
      respond_by_at: null,
      lines: lines
        .map((line) => ({ platform_line_id: line.id, quantity: line.cancelled + line.cancelRequested }))
        .filter(({ quantity }) => quantity > 0),
    },
  ]
}
