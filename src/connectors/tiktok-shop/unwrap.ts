import { isObject } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/**
 * The orders in what a person has at hand: a bare order, a list of orders, a whole answer of search or
 * detail, or `{order, price_detail?}`, each part bare or as its whole answer. The price detail is laid into
 * its order as the member `price_detail`. Anything else comes back as it is.
 */
export function unwrap(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return (input as unknown[]).flatMap((entry) => unwrap(entry))
  if (!isObject(input) || input['id'] !== undefined) return [input]
  if (Array.isArray(input['orders'])) return input['orders'] as unknown[]
  if (isObject(input['order'])) return joined(input['order'], input['price_detail'])
  return isObject(input['data']) ? unwrap(input['data']) : [input]
}

function joined(order: Members, priceDetail: unknown): readonly unknown[] {
  const orders = unwrap(order)
  if (priceDetail === undefined || priceDetail === null) return orders
  const [only] = orders
  return orders.length === 1 && isObject(only) ? [{ ...only, price_detail: bare(priceDetail) }] : orders
}

const bare = (part: unknown): unknown => (isObject(part) && isObject(part['data']) ? part['data'] : part)
