import type { OrderDocument } from '#connectors/connector.ts'
import { isObject, listOf, membersOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/**
 * The orders in what a person has at hand. Both versions: a bare order, a list of orders, or a whole
 * answer (`{order}`, `{orders}`, `{payload: …}`). v0 also `{order, items?, address?, buyer_info?,
 * items_buyer_info?}`, each part bare or as its whole answer. Anything else comes back as it is.
 */
export function unwrap(input: unknown, document: OrderDocument): readonly unknown[] {
  if (Array.isArray(input)) return (input as unknown[]).flatMap((entry) => unwrap(entry, document))
  if (!isObject(input)) return [input]
  if (document === 'order_v0') return unwrapV0(input)
  if (Array.isArray(input['orders'])) return input['orders'] as unknown[]
  if (input['orderId'] !== undefined) return [input]
  if (isObject(input['order'])) return [input['order']]
  return isObject(input['payload']) ? unwrap(input['payload'], document) : [input]
}

function unwrapV0(input: Members): readonly unknown[] {
  if (input['AmazonOrderId'] !== undefined) return [input]
  if (isObject(input['payload'])) return unwrapV0(input['payload'])
  if (Array.isArray(input['Orders'])) return input['Orders'] as unknown[]
  if (!isObject(input['order'])) return [input]
  const orders = unwrapV0(input['order'])
  return orders.length === 1 && isObject(orders[0]) ? [joinParts(orders[0], input)] : [input]
}

/** What an answer holds, without its `payload` wrapper. */
const bare = (part: unknown): unknown => (isObject(part) && 'payload' in part ? part['payload'] : part)

/** Lays the answers of the other v0 calls into the order, as the table expects them. */
function joinParts(order: Members, input: Members): Members {
  const items = bare(input['items'])
  const address = bare(input['address'])
  const buyerInfo = bare(input['buyer_info'])
  const itemsBuyerInfo = bare(input['items_buyer_info'])
  const orderItems = Array.isArray(items) ? items : isObject(items) ? items['OrderItems'] : items
  return {
    ...order,
    ...(isObject(items) && items['NextToken'] !== undefined ? { NextToken: items['NextToken'] } : {}),
    ...(isObject(address) ? addressPart(address) : address === undefined ? {} : { ShippingAddress: address }),
    ...(buyerInfo === undefined ? {} : { BuyerInfo: merged(order['BuyerInfo'], buyerInfo) }),
    ...lines(orderItems ?? order['OrderItems'], itemsBuyerInfo),
    AmazonOrderId: commonId([order, items, address, buyerInfo, itemsBuyerInfo]),
  }
}

/** The answer of getOrderAddress, or the address alone. */
function addressPart(address: Members): Members {
  const { AmazonOrderId: id, ...rest } = address
  return 'ShippingAddress' in address || id !== undefined ? rest : { ShippingAddress: address }
}

const merged = (one: unknown, other: unknown): unknown =>
  isObject(one) && isObject(other) ? { ...one, ...other } : other

function lines(items: unknown, buyerInfo: unknown): Members {
  if (items === undefined) return {}
  if (!Array.isArray(items) || buyerInfo === undefined) return { OrderItems: items }
  const infos = new Map(
    listOf(Array.isArray(buyerInfo) ? buyerInfo : membersOf(buyerInfo)['OrderItems']).map((info) => [
      membersOf(info)['OrderItemId'],
      info,
    ]),
  )
  const withInfo = (item: unknown): unknown => {
    const info = isObject(item) ? infos.get(item['OrderItemId']) : undefined
    return isObject(item) && info ? { ...item, BuyerInfo: merged(item['BuyerInfo'], info) } : item
  }
  return { OrderItems: (items as unknown[]).map(withInfo) }
}

/** The order id all parts agree on. Parts of different orders give the list of their ids, which the table refuses. */
function commonId(parts: readonly unknown[]): unknown {
  const ids = [
    ...new Set(parts.map((part) => membersOf(part)['AmazonOrderId']).filter((id) => id !== undefined)),
  ]
  return ids.length === 1 ? ids[0] : ids
}
