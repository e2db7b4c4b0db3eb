import type { OrderStatus } from '#canonical/status.ts'
import { deriveFrom } from '#mapping/index.ts'
import type { Refuse } from '#mapping/index.ts'
import { listOf, membersOf, unitsOf } from './raw-values.ts'
import { lineIdOf, orderStatusOf } from './status.ts'
import type { LineFacts, OrderFacts } from './status.ts'

/** What several rows of the v0 table derive from; raw values in, anything unreadable counts as absent. */

type LineValues = {
  readonly id: unknown
  readonly quantity: unknown
  readonly shipped: unknown
  readonly requested: unknown
}

/** v0 has no cancellation of single lines and no delivery. Booleans come as words, too. */
const lineFacts = (line: LineValues, order: OrderStatus): LineFacts => ({
  id: lineIdOf(line.id),
  order,
  quantity: unitsOf(line.quantity),
  shipped: unitsOf(line.shipped),
  delivered: 0,
  isCancelled: order === 'cancelled',
  isCancelRequested: line.requested === true || line.requested === 'true',
})

/** Rows of a line. */
export const fromLine = deriveFrom(
  [
    'OrderItemId',
    'QuantityOrdered',
    'QuantityShipped',
    'BuyerRequestedCancel.IsBuyerRequestedCancel',
    '/OrderStatus',
  ],
  ([id, quantity, shipped, requested, word]) =>
    lineFacts({ id, quantity, shipped, requested }, orderStatusOf(word)),
)

const isNoCount = (value: unknown): boolean =>
  value !== undefined && value !== null && !(typeof value === 'number' && Number.isSafeInteger(value))

/** Without `OrderItems` the order's own two counters stand for one line. */
function orderFacts(values: readonly unknown[], refuse: Refuse): OrderFacts {
  const [word, items, shipped, unshipped, channel, method] = values
  for (const index of [2, 3]) if (isNoCount(values[index])) refuse(index, 'count')
  if (method !== undefined && method !== null && typeof method !== 'string') refuse(5, 'text')
  const order = orderStatusOf(word)
  const out = unitsOf(shipped)
  const lines =
    items === undefined
      ? [lineFacts({ id: '', quantity: out + unitsOf(unshipped), shipped, requested: false }, order)]
      : listOf(items).map((item) => {
          const {
            OrderItemId: id,
            QuantityOrdered: quantity,
            QuantityShipped,
            BuyerRequestedCancel,
          } = membersOf(item)
          const { IsBuyerRequestedCancel: requested } = membersOf(BuyerRequestedCancel)
          return lineFacts({ id, quantity, shipped: QuantityShipped, requested }, order)
        })
  return {
    word,
    status: order,
    lines,
    isSellers: channel === 'MFN' || channel === 'SellerFulfilled',
    paymentMethods: [method],
  }
}

/** Rows of an order. */
export const fromOrder = deriveFrom(
  [
    'OrderStatus',
    'OrderItems',
    'NumberOfItemsShipped',
    'NumberOfItemsUnshipped',
    'FulfillmentChannel',
    'PaymentMethod',
  ],
  orderFacts,
)
