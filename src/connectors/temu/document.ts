import { isObject, listOf, membersOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/** What the calls about one order gave: the list entry or the detail, the amounts, the address. */
export type Parts = { readonly order: unknown; readonly amount?: unknown; readonly shipping?: unknown }

/**
 * The parts as the field table reads them. The amounts of a line stand in a list of their own, by line id;
 * they are laid into the line as `amount`. Amounts of lines that the order does not have stay where they were.
 */
export function joinParts({ order, amount, shipping }: Parts): Members {
  return {
    ...(amount === undefined ? { order } : joinAmounts(order, amount)),
    ...(shipping === undefined ? {} : { shipping }),
  }
}

function joinAmounts(order: unknown, amount: unknown): Members {
  if (!isObject(order) || !isObject(amount) || !Array.isArray(amount['orderList'])) return { order, amount }
  const byLine = new Map(
    listOf(amount['orderList']).map((entry) => [membersOf(entry)['orderSn'], entry] as const),
  )
  const lines = listOf(order['orderList']).map((line) => {
    const own = isObject(line) ? byLine.get(line['orderSn']) : undefined
    if (own === undefined) return line
    byLine.delete((line as Members)['orderSn'])
    return { ...(line as Members), amount: own }
  })
  const { orderList: _joined, ...rest } = amount
  const left = [...byLine.values()]
  return {
    order: { ...order, ...parentWithCommonId(order, amount), orderList: lines },
    amount: left.length === 0 ? rest : { ...rest, orderList: left },
  }
}

/** Parts of two orders give the list of their ids, which the table refuses. */
function parentWithCommonId(order: Members, amount: Members): Members {
  const parent = membersOf(order['parentOrderMap'])
  const { parentOrderSn: id } = parent
  const { parentOrderSn: other } = membersOf(amount['parentOrderMap'])
  return other === undefined || other === id
    ? {}
    : { parentOrderMap: { ...parent, parentOrderSn: [id, other] } }
}
