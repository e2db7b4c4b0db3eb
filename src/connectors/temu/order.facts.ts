import type { Text } from '#kernel/text.ts'
import { deriveFrom } from '#mapping/index.ts'
import type { Refuse, Rule } from '#mapping/index.ts'
import { fault } from '#mapping/rule.ts'
import type { Reading } from '#mapping/rule.ts'
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

const linePaths = [
  'orderSn',
  'orderStatus',
  'quantity',
  'originalOrderQuantity',
  'canceledQuantityBeforeShipment',
  `/${parent}.parentOrderStatus`,
  `/${parent}.parentOrderLabel`,
]

let lastReading: Reading | undefined
let lastElement: unknown
let lastFacts: LineFacts

/** Facts of a line, worked out once for all its rows; half of the rows of an order are those of its lines. */
function factsOfLine(element: unknown, reading: Reading): LineFacts {
  if (reading === lastReading && element === lastElement) return lastFacts
  const line = membersOf(element)
  const { parentOrderStatus, parentOrderLabel } = membersOf(
    membersOf(membersOf(reading.root)['order'])['parentOrderMap'],
  )
  const { quantity, originalOrderQuantity: original } = line
  if (!isWord(line['orderStatus'])) fault(reading, 'orderStatus', 'number', line['orderStatus'])
  if ((quantity ?? original ?? null) === null) fault(reading, 'quantity', 'count', quantity)
  for (const name of countNames) if (!isCount(line[name])) fault(reading, name, 'count', line[name])
  lastFacts = lineOf(line, parentOrderStatus, hasLabel(parentOrderLabel, cancelRequest))
  lastReading = reading
  lastElement = element
  return lastFacts
}

const countNames = ['quantity', 'originalOrderQuantity', 'canceledQuantityBeforeShipment']

/** Rows of a line. */
export const fromLine = <T>(pick: (line: LineFacts) => T, note: Text): Rule<T> => ({
  rule: 'derive',
  paths: linePaths,
  note,
  make: () => (element, reading) => pick(factsOfLine(element, reading)),
})

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
