import type { OrderStatus } from '#canonical/status.ts'
import { listOf, membersOf, unitsOf } from './raw-values.ts'
import { lineIdOf, orderStatusOf } from './status.ts'
import type { LineFacts } from './status.ts'

/** What several rows of the v0 table derive from; raw values in, anything unreadable counts as absent. */

/** The paths from which `lineFacts` reads, in its order; relative to a line. */
export const lineFactPaths = [
  'OrderItemId',
  'QuantityOrdered',
  'QuantityShipped',
  'BuyerRequestedCancel.IsBuyerRequestedCancel',
  '/OrderStatus',
] as const

/** v0 has no cancellation of single lines and no delivery. Booleans come as words, too. */
export function lineFacts([id, quantity, shipped, requested, word]: readonly unknown[]): LineFacts {
  return {
    id: lineIdOf(id),
    quantity: unitsOf(quantity),
    shipped: unitsOf(shipped),
    delivered: 0,
    isCancelled: orderStatusOf(word) === 'cancelled',
    isCancelRequested: requested === true || requested === 'true',
  }
}

/** The paths from which `orderFacts` reads, in its order. */
export const orderFactPaths = [
  'OrderStatus',
  'OrderItems',
  'NumberOfItemsShipped',
  'NumberOfItemsUnshipped',
] as const

export type OrderFacts = {
  readonly word: unknown
  readonly status: OrderStatus
  readonly lines: readonly LineFacts[]
}

/** Without `OrderItems` the order’s own two counters stand for one line. */
export function orderFacts([word, items, shipped, unshipped]: readonly unknown[]): OrderFacts {
  const status = orderStatusOf(word)
  if (items === undefined) {
    const out = unitsOf(shipped)
    return { word, status, lines: [lineFacts(['', out + unitsOf(unshipped), out, false, word])] }
  }
  const lines = listOf(items).map((item) => {
    const { OrderItemId, QuantityOrdered, QuantityShipped, BuyerRequestedCancel } = membersOf(item)
    const { IsBuyerRequestedCancel } = membersOf(BuyerRequestedCancel)
    return lineFacts([OrderItemId, QuantityOrdered, QuantityShipped, IsBuyerRequestedCancel, word])
  })
  return { word, status, lines }
}
