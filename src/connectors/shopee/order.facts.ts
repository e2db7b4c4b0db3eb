import type { CancellationContent } from '#canonical/cancellation.ts'
import { deriveFrom } from '#mapping/index.ts'
import type { Refuse } from '#mapping/index.ts'
import { amountOf } from './amounts.ts'
import type { Amount } from './amounts.ts'
import { idOf, listOf, membersOf, textOf, unitsOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { cancellationStatusOf, initiatorOf, lineFactsOf, packageStatusOf, statusOf } from './status.ts'
import type { LineFacts, OrderFacts, PackageFacts } from './status.ts'

/** What several rows of the table derive from; raw values in, anything unreadable counts as absent. */

const digits = (value: unknown): string => idOf(value) ?? '0'

/** What tells lines apart where they have no id: the same item may be there twice, in and out of a deal. */
export const lineKeyOf = ({
  order_item_id: orderItem,
  item_id: item,
  model_id: model,
  promotion_group_id: group,
}: Members): string => `${digits(orderItem)}:${digits(item)}:${digits(model)}:${digits(group)}`

/** `line_item_id` where Shopee sends one (since July 2026), else the key. */
export const lineIdOf = (line: Members): string => idOf(line['line_item_id']) ?? lineKeyOf(line)

/** Parcels of the order; the state in the order's own list is as old as the order, so it wins. */
function packageFactsOf(packages: unknown, details: unknown): readonly PackageFacts[] {
  return listOf(packages).map((entry) => {
    const parcel = membersOf(entry)
    const word =
      textOf(parcel['logistics_status']) ?? detailOf(details, parcel['package_number'])['fulfillment_status']
    return {
      status: packageStatusOf(word),
      units: listOf(parcel['item_list'])
        .map(membersOf)
        .map((item) => ({ key: lineKeyOf(item), quantity: unitsOf(item['model_quantity']) })),
    }
  })
}

/** The answer of get_package_detail for one parcel; empty when it was not read. */
export function detailOf(details: unknown, number: unknown): Members {
  if (number === undefined) return {}
  for (const entry of listOf(details)) {
    const detail = membersOf(entry)
    if (detail['package_number'] === number) return detail
  }
  return {}
}

const unitsOrNull = (value: unknown): number | null =>
  value === undefined || value === null ? null : unitsOf(value)

const readLine = (line: Members, order: Pick<OrderFacts, 'word' | 'status' | 'packages'>): LineFacts =>
  lineFactsOf(
    {
      id: lineIdOf(line),
      key: lineKeyOf(line),
      quantity: unitsOf(line['model_quantity_purchased']),
      cancelRequested: unitsOrNull(line['cancel_requested_qty']),
      cancelled: unitsOrNull(line['cancelled_qty']),
      returnRequested: unitsOf(line['return_requested_qty']),
      returned: unitsOf(line['returned_qty']),
    },
    order,
  )

const isTrue = (value: unknown): boolean => value === true || value === 'true'

function readFlag(values: readonly unknown[], index: number, refuse: Refuse): boolean {
  const value = values[index]
  if (isTrue(value)) return true
  if (value !== undefined && value !== null && value !== '' && value !== false && value !== 'false')
    refuse(index, 'true or false')
  return false
}

const sellerFlags: ReadonlySet<unknown> = new Set(['fulfilled_by_local_seller', 'fulfilled_by_cb_seller'])

type OrderAndCancellation = OrderFacts & { readonly cancellation: CancellationContent | null }

function orderFacts(values: readonly unknown[], refuse: Refuse): OrderAndCancellation {
  const [word, packages, details, lines, flag, , payTime, , terms, id, by, reason, buyerReason] = values
  const parcels = packageFactsOf(packages, details)
  const base = { word, status: statusOf(word, parcels), packages: parcels }
  const facts: OrderFacts = {
    ...base,
    lines: listOf(lines).map((line) => readLine(membersOf(line), base)),
    isSellers: sellerFlags.has(flag),
    isCod: readFlag(values, 5, refuse),
    isPaid: unitsOf(payTime) > 0,
    isAdvance: readFlag(values, 7, refuse),
    pendingTerms: listOf(terms).filter((term) => textOf(term) !== null),
  }
  return { ...facts, cancellation: cancellationOf(facts, { id, by, reason, buyerReason }) }
}

/** Shopee has one cancellation at most, without an id of its own. */
function cancellationOf(
  facts: OrderFacts,
  sent: Readonly<Record<'id' | 'by' | 'reason' | 'buyerReason', unknown>>,
): CancellationContent | null {
  const status = cancellationStatusOf(facts)
  if (status === 'none') return null
  const isRequest = status === 'requested'
  const unitsIn = (line: LineFacts): number => line.cancelled + line.cancelRequested
  const code = textOf(sent.reason)
  return {
    platform_cancellation_id: typeof sent.id === 'string' ? sent.id : '',
    initiated_by: initiatorOf(sent.by, isRequest),
    reason_code: code,
    reason_text: textOf(sent.buyerReason) ?? code,
    state: isRequest ? 'requested' : 'completed',
    respond_by_at: null,
    lines: facts.lines
      .filter((line) => unitsIn(line) > 0)
      .map((line) => ({ platform_line_id: line.id, quantity: unitsIn(line) })),
  }
}

/** Rows of an order. */
export const fromOrder = deriveFrom(
  [
    'order.order_status',
    'order.package_list',
    'packages',
    'order.item_list',
    'order.fulfillment_flag',
    'order.cod',
    'order.pay_time',
    'order.advance_package',
    'order.pending_terms',
    'order.order_sn',
    'order.cancel_by',
    'order.cancel_reason',
    'order.buyer_cancel_reason',
  ],
  orderFacts,
)

export type LineAndMoney = {
  readonly units: LineFacts
  readonly order: OrderFacts['status']
  readonly currency: unknown
  readonly original: Amount | null
  /** `null` where Shopee writes 0 for "see escrow": in bundle deals. */
  readonly discounted: Amount | null
  /** The line in the escrow detail: amounts of all its units. `null` when it was not read or is not clear. */
  readonly escrow: Members | null
}

const linePaths = [
  'line_item_id',
  'order_item_id',
  'item_id',
  'model_id',
  'promotion_group_id',
  'model_quantity_purchased',
  'cancel_requested_qty',
  'cancelled_qty',
  'return_requested_qty',
  'returned_qty',
] as const

const rootPaths = [
  '/order.order_status',
  '/order.package_list',
  '/packages',
  '/order.currency',
  '/escrow.order_income.items',
]

/** Rows of a line. */
export const fromLine = deriveFrom(
  ['model_original_price', 'model_discounted_price', ...rootPaths, ...linePaths],
  (values): LineAndMoney => {
    const [original, discounted, word, packages, details, currency, items, ...own] = values
    const line: Members = Object.fromEntries(linePaths.map((name, index) => [name, own[index]]))
    const parcels = packageFactsOf(packages, details)
    const status = statusOf(word, parcels)
    const price = amountOf(discounted)
    return {
      units: readLine(line, { word, status, packages: parcels }),
      order: status,
      currency,
      original: amountOf(original),
      discounted: price === 0n && amountOf(original) !== 0n ? null : price,
      escrow: escrowLineOf(items, line),
    }
  },
)

/** By `line_item_id` where both have it, else by item and variation if that names exactly one. */
function escrowLineOf(items: unknown, line: Members): Members | null {
  const lineId = idOf(line['line_item_id'])
  const candidates = listOf(items)
    .map(membersOf)
    .filter((item) => {
      const id = idOf(item['line_item_id'])
      if (lineId !== null && id !== null) return id === lineId
      return (
        digits(item['item_id']) === digits(line['item_id']) &&
        digits(item['model_id']) === digits(line['model_id'])
      )
    })
  return candidates.length === 1 ? candidates[0]! : null
}
