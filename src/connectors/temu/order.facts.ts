import { deriveFrom } from '#mapping/index.ts'
import type { Refuse } from '#mapping/index.ts'
import { listOf, membersOf } from './raw-values.ts'
import { hasLabel, lineFactsOf, rollUp } from './status.ts'
import type { LineFacts, OrderFacts } from './status.ts'

/** What several rows of the table derive from; raw values in, anything unreadable counts as absent. */

const parent = 'order.parentOrderMap'
const cancelRequest = 'pending_buyer_cancellation'

const isCount = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0)

const isWord = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === 'string' || typeof value === 'number'

/** Rows of a line. */
export const fromLine = deriveFrom(
  [
    'orderSn',
    'orderStatus',
    'quantity',
    'originalOrderQuantity',
    'canceledQuantityBeforeShipment',
    `/${parent}.parentOrderStatus`,
    `/${parent}.parentOrderLabel`,
  ],
  ([id, word, quantity, original, canceled, parentWord, labels], refuse) => {
    if (!isWord(word)) refuse(1, 'number')
    if (!isCount(quantity) || (quantity ?? original) === undefined) refuse(2, 'count')
    if (!isCount(original)) refuse(3, 'count')
    if (!isCount(canceled)) refuse(4, 'count')
    const isRequested = hasLabel(labels, cancelRequest)
    return lineFactsOf({ id, word: word ?? parentWord, quantity, original, canceled }, isRequested)
  },
)

function lineOf(raw: unknown, parentWord: unknown, isRequested: boolean): LineFacts {
  const line = membersOf(raw)
  return lineFactsOf(
    {
      id: line['orderSn'],
      word: line['orderStatus'] ?? parentWord,
      quantity: line['quantity'],
      original: line['originalOrderQuantity'],
      canceled: line['canceledQuantityBeforeShipment'],
    },
    isRequested,
  )
}

const unitsIn = (value: unknown): number | null => (typeof value === 'number' ? value : null)

function orderFacts(values: readonly unknown[], refuse: Refuse): OrderFacts {
  const [word, list, labels, isConsolidated, payment, refunded, paid] = values
  if (!isWord(word)) refuse(0, 'number')
  const isRequested = hasLabel(labels, cancelRequest)
  const lines: LineFacts[] = []
  let isSellers = false
  for (const line of listOf(list)) {
    lines.push(lineOf(line, word, isRequested))
    isSellers ||= membersOf(line)['fulfillmentType'] === 'fulfillBySeller'
  }
  return {
    status: rollUp(word, lines),
    lines,
    labels,
    isSellers,
    isConsolidated: isConsolidated === true,
    isCashOnDelivery: payment === 'COD',
    refunded: unitsIn(refunded),
    paid: unitsIn(paid),
  }
}

/** Rows of an order. */
export const fromOrder = deriveFrom(
  [
    `${parent}.parentOrderStatus`,
    'order.orderList',
    `${parent}.parentOrderLabel`,
    `${parent}.isShipmentConsolidatedByMainMall`,
    `${parent}.orderPaymentType`,
    'amount.parentOrderMap.refundsTotal.amount',
    'amount.parentOrderMap.customerPaid.amount',
  ],
  orderFacts,
)
