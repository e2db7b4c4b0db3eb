import { isObject, listOf, membersOf, wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/**
 * The documents `{order, items?}` in what a person has at hand: one or several orders, bare or as whole
 * answers, or parts `{order, items}` of which each is bare or whole. Items come as one list, or order by
 * order as /orders/items/get groups them. Anything else comes back as it is, for the table to refuse.
 */
export function unwrap(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return (input as unknown[]).flatMap(unwrap)
  if (!isObject(input)) return [input]
  if (!isObject(input['order']) && !Array.isArray(input['order']))
    return ordersIn(input)?.map((order) => ({ order })) ?? [input]
  const orders = ordersIn(input['order'])
  if (!orders) return [input]
  const items = bare(input['items'])
  return orders.map((order) => documentOf(order, items, orders.length > 1))
}

/** What an answer holds, without its envelope. */
const bare = (part: unknown): unknown => (isObject(part) && 'data' in part ? part['data'] : part)

/** The orders of a part; `null` when it has none. */
function ordersIn(part: unknown): readonly unknown[] | null {
  const content = bare(part)
  if (Array.isArray(content)) return content as unknown[]
  const orders = membersOf(content)['orders']
  if (Array.isArray(orders)) return orders as unknown[]
  return isObject(content) && content['order_id'] !== undefined ? [content] : null
}

function documentOf(order: unknown, items: unknown, isOneOfMany: boolean): Members {
  if (items === undefined || items === null) return { order }
  if (!Array.isArray(items)) return { order, items }
  const id = wordOf(membersOf(order)['order_id'])
  const grouped = items.filter((row) => Array.isArray(membersOf(row)['order_items']))
  const ofOrder = (row: unknown): boolean => wordOf(membersOf(row)['order_id']) === id
  if (grouped.length > 0)
    return { order, items: grouped.filter(ofOrder).flatMap((row) => listOf(membersOf(row)['order_items'])) }
  return { order, items: isOneOfMany ? (items as unknown[]).filter(ofOrder) : (items as unknown[]) }
}
