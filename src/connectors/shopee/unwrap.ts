import { escrowsOf } from './order-parts.ts'
import { isObject, listOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/**
 * The orders in what a person has at hand, each as the object of parts that the table reads: a bare order, a
 * list of orders, the whole answer of get_order_detail, or `{order, escrow?, packages?}` with each part bare
 * or as its whole answer. Anything else comes back as it is.
 */
export function unwrap(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return (input as unknown[]).flatMap(unwrap)
  if (!isObject(input)) return [input]
  if (isObject(input['order'])) return joinParts(input)
  const orders = ordersIn(input)
  return orders === null ? [input] : orders.map((order) => ({ order }))
}

/** `null` when it is neither an order nor an answer with orders. */
function ordersIn(input: Members): readonly unknown[] | null {
  if (input['order_sn'] !== undefined) return [input]
  if (Array.isArray(input['order_list'])) return input['order_list'] as unknown[]
  return isObject(input['response']) ? ordersIn(input['response']) : null
}

const responseOf = (part: unknown): unknown =>
  isObject(part) && part['response'] !== undefined ? responseOf(part['response']) : part

function escrowsIn(part: unknown): readonly Members[] {
  const response = responseOf(part)
  return Array.isArray(response) ? escrowsOf(response) : isObject(response) ? [response] : []
}

function packagesIn(part: unknown): readonly unknown[] | undefined {
  const response = responseOf(part)
  const packages = isObject(response) ? (response['package_list'] ?? [response]) : response
  return Array.isArray(packages) ? (packages as unknown[]) : undefined
}

function joinParts(input: Members): readonly unknown[] {
  const orders = isObject(input['order']) ? ordersIn(input['order']) : null
  if (orders === null) return [input]
  const escrows = escrowsIn(input['escrow'])
  const packages = packagesIn(input['packages'])
  const [only] = orders
  if (orders.length === 1 && isObject(only)) return [joinOne(only, escrows, packages)]
  return orders.map((order) => {
    const belongs = (part: unknown): boolean =>
      isObject(part) && isObject(order) && part['order_sn'] === order['order_sn']
    return { order, ...partsOf(escrows.filter(belongs), packages?.filter(belongs)) }
  })
}

const partsOf = (escrows: readonly Members[], packages: readonly unknown[] | undefined): Members => ({
  ...(escrows.length > 0 ? { escrow: escrows[0] } : {}),
  ...(packages ? { packages } : {}),
})

/** Parts of different orders give the list of their ids for an id, which the table refuses. */
function joinOne(
  order: Members,
  escrows: readonly Members[],
  packages: readonly unknown[] | undefined,
): Members {
  const ids = [order, ...escrows, ...listOf(packages)].flatMap((part) =>
    isObject(part) && part['order_sn'] !== undefined ? [part['order_sn']] : [],
  )
  const different = [...new Set(ids)]
  const named = different.length > 1 ? { ...order, order_sn: different } : order
  return { order: named, ...partsOf(escrows, packages) }
}
