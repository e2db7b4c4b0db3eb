import { joinParts } from './document.ts'
import { isObject, membersOf } from './raw-values.ts'

/**
 * The orders in what a person has at hand: an entry of the list (`{parentOrderMap, orderList}`), a whole
 * answer of list or detail, a list of these, or `{order, amount?, shipping?}` with each part bare or
 * whole. Anything else comes back as it is, for the table to refuse.
 */
export function unwrap(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return (input as unknown[]).flatMap(unwrap)
  if (!isObject(input)) return [input]
  if ('order' in input) return [unwrapParts(input['order'], input['amount'], input['shipping'])]
  const bare = bareOf(input)
  if (!isObject(bare)) return [input]
  if (Array.isArray(bare['pageItems'])) return (bare['pageItems'] as unknown[]).map((order) => ({ order }))
  return 'parentOrderMap' in bare ? [{ order: bare }] : [input]
}

function unwrapParts(order: unknown, amount: unknown, shipping: unknown): unknown {
  const bare = bareOf(order)
  const items = membersOf(bare)['pageItems']
  return joinParts({
    order: Array.isArray(items) && items.length === 1 ? (items[0] as unknown) : bare,
    ...(amount === undefined || amount === null ? {} : { amount: bareOf(amount) }),
    ...(shipping === undefined || shipping === null ? {} : { shipping: bareOf(shipping) }),
  })
}

/** What an answer holds, without its envelope. */
const bareOf = (part: unknown): unknown => (isObject(part) && 'result' in part ? part['result'] : part)
