import type { Account, Call, OrderPage, OrderWalk, PlatformAnswer, RawOrder } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { marginMs, openPageGuard } from './page-guard.ts'
import type { Entry, Place } from './page-guard.ts'
import { instantOf, isObject, listOf, membersOf, numberOf, wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

type Shop = Account['shops'][number]

const pageSize = 100
/** Most orders whose items may be asked for at once (docs: api /orders/items/get, error 38). */
const itemsBatch = 50

/** Walks the orders of a span, shop by shop: each country has its own host, and order ids repeat between stores. */
export async function* walk(call: Call, { shops }: Account, orderWalk: OrderWalk): AsyncIterable<OrderPage> {
  for (const [index, shop] of shops.entries())
    for await (const { isLast, ...page } of pagesOf(call, shop, orderWalk))
      yield {
        ...page,
        syncedUntilMs: isLast && index === shops.length - 1 ? orderWalk.window.toMs : null,
      }
}

type ShopPage = Pick<OrderPage, 'orders' | 'unreadable'> & { readonly isLast: boolean }

async function* pagesOf(call: Call, shop: Shop, orderWalk: OrderWalk): AsyncIterable<ShopPage> {
  const guard = openPageGuard(pageSize)
  let place: Place | null = { fromMs: orderWalk.window.fromMs - marginMs, offset: 0 }
  while (place) {
    const answer = await askPage(call, shop, orderWalk, place)
    const { entries, unreadable, total } = readList(answer, orderWalk.by)
    const turn = guard.turn(place, entries, total)
    const fresh = entries.filter(turn.isFresh)
    place = turn.next
    const items = await itemsOfMany(
      call,
      shop,
      fresh.map(({ id }) => id),
    )
    const orders = fresh.map((entry) =>
      rawOrder(shop, entry.order, items.get(entry.id) ?? [], answer, 'orders/get'),
    )
    yield { orders, unreadable, isLast: place === null }
  }
}

/** Bounds one second wider than the span, because it is not documented which of them count. */
function askPage(call: Call, shop: Shop, { by, window }: OrderWalk, place: Place): Promise<PlatformAnswer> {
  const [after, before, sortBy] =
    by === 'updated'
      ? (['update_after', 'update_before', 'updated_at'] as const)
      : (['created_after', 'created_before', 'created_at'] as const)
  return ask(call, shop, 'orders.list', '/orders/get', {
    [after]: lazadaTime(Math.floor(place.fromMs / 1000) * 1000),
    [before]: lazadaTime(Math.ceil(window.toMs / 1000) * 1000 + marginMs),
    sort_by: sortBy,
    sort_direction: 'ASC',
    limit: String(pageSize),
    offset: String(place.offset),
  })
}

/** `2026-01-10T08:00:00+08:00`, the form of every official example; the offset is the platform's own. */
const lazadaTime = (ms: number): string => `${new Date(ms + 8 * 3600_000).toISOString().slice(0, 19)}+08:00`

const ask = (
  call: Call,
  { market }: Shop,
  operation: string,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<PlatformAnswer> =>
  call({
    operation,
    method: 'GET',
    host: `api.${market.platformMarketId}`,
    path,
    query,
    auth: 'seller',
    repeatable: true,
  })

const broken = (code: string, message: string, { status }: PlatformAnswer): PlatformFailure =>
  new PlatformFailure('contract_broken', code, message, { httpStatus: status })

type ListEntry = Entry & { readonly order: Members }

function readList(
  answer: PlatformAnswer,
  by: OrderWalk['by'],
): { entries: ListEntry[]; unreadable: { payload: string; reason: string }[]; total: number | null } {
  const { orders, countTotal } = membersOf(membersOf(answer.body)['data'])
  if (!Array.isArray(orders)) throw broken('NO_ORDER_LIST', 'the answer has no list of orders', answer)
  const entries: ListEntry[] = []
  const unreadable: { payload: string; reason: string }[] = []
  for (const order of orders as unknown[]) {
    const id = isObject(order) ? wordOf(order['order_id']) : null
    if (id === null || !isObject(order))
      unreadable.push({ payload: JSON.stringify(order), reason: 'order_id: wanted an id' })
    else
      entries.push({
        id,
        order,
        stampMs: instantOf(order[by === 'updated' ? 'updated_at' : 'created_at']),
        version: wordOf(order['updated_at']) ?? '',
      })
  }
  return { entries, unreadable, total: numberOf(countTotal) }
}

/** The items of many orders by order id, fifty orders a call. Those that an answer leaves out are asked for singly. */
async function itemsOfMany(
  call: Call,
  shop: Shop,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const items = new Map<string, readonly unknown[]>()
  for (let at = 0; at < orderIds.length; at += itemsBatch) {
    const batch = orderIds.slice(at, at + itemsBatch)
    for (const [id, rows] of await askItemsOfMany(call, shop, batch)) items.set(id, rows)
    for (const id of batch) if (!items.get(id)?.length) items.set(id, await itemsOf(call, shop, id))
  }
  return items
}

async function askItemsOfMany(
  call: Call,
  shop: Shop,
  batch: readonly string[],
): Promise<readonly (readonly [string, readonly unknown[]])[]> {
  try {
    const answer = await ask(call, shop, 'orders.items_of_many', '/orders/items/get', {
      order_ids: `[${batch.join(',')}]`,
    })
    return listOf(membersOf(answer.body)['data']).flatMap((group) => {
      const { order_id: orderId, order_items: rows } = membersOf(group)
      const id = wordOf(orderId)
      return id === null ? [] : [[id, listOf(rows)] as const]
    })
  } catch (error) {
    // One id that the call does not like refuses all fifty.
    if (error instanceof PlatformFailure && (error.kind === 'missing' || error.code === '37')) return []
    throw error
  }
}

/** The items of one order; none when Lazada lists the order but does not have them yet. */
async function itemsOf(call: Call, shop: Shop, orderId: string): Promise<readonly unknown[]> {
  try {
    const answer = await ask(call, shop, 'orders.items', '/order/items/get', { order_id: orderId })
    return listOf(membersOf(answer.body)['data'])
  } catch (error) {
    if (error instanceof PlatformFailure && error.kind === 'missing') return []
    throw error
  }
}

function rawOrder(
  { market, platformShopId }: Shop,
  order: Members,
  items: readonly unknown[],
  answer: PlatformAnswer,
  endpoint: string,
): RawOrder {
  return {
    platformOrderId: wordOf(order['order_id'])!,
    platformMarketId: market.platformMarketId,
    platformShopId,
    changedAtMs: instantOf(order['updated_at']),
    document: 'order',
    payload: JSON.stringify({ order, items }),
    endpoint,
    fetchedAtMs: answer.sentAtMs,
  }
}

/**
 * One order with its items. Of a cross-border account the shop that a push named is asked, or each in
 * turn. Throws `missing` when no store of the account has it.
 */
export async function one(
  call: Call,
  { shops }: Account,
  platformOrderId: string,
  platformShopId?: string,
): Promise<RawOrder> {
  const named = shops.filter((shop) => shop.platformShopId === platformShopId)
  let missing = new PlatformFailure('missing', 'NO_SHOP', 'the account has no shop to ask')
  for (const shop of named.length > 0 ? named : shops)
    try {
      return await oneOf(call, shop, platformOrderId)
    } catch (error) {
      if (!(error instanceof PlatformFailure) || error.kind !== 'missing') throw error
      missing = error
    }
  throw missing
}

async function oneOf(call: Call, shop: Shop, platformOrderId: string): Promise<RawOrder> {
  const answer = await ask(call, shop, 'orders.get', '/order/get', { order_id: platformOrderId })
  const order = membersOf(membersOf(answer.body)['data'])
  if (wordOf(order['order_id']) !== platformOrderId)
    throw broken('NO_ORDER', 'the answer does not have the order that was asked for', answer)
  return rawOrder(shop, order, await itemsOf(call, shop, platformOrderId), answer, 'order/get')
}
