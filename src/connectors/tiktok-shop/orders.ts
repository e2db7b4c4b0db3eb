import type { Account, Call, OrderPage, OrderWalk, PlatformAnswer, RawOrder } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { openPageGuard } from '#kernel/page-guard.ts'
import { idOf, membersOf, secondsToMs, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

const searchPath = '/order/202309/orders/search'
const detailPath = '/order/202507/orders'
/** As many as one detail call takes. */
const pageSize = '50'

type Shop = Account['shops'][number]

/**
 * Walks the orders of a span, shop after shop: search (POST; paging in the query, filters in the body), then
 * the detail of each page in one call, so that an order reads the same whichever way it was found. Windows
 * are `>=` and `<` in whole seconds: the last one is rounded up, a second seen twice costs nothing.
 */
export async function* walk(
  call: Call,
  account: Account,
  { by, window }: OrderWalk,
): AsyncIterable<OrderPage> {
  const filter = by === 'updated' ? 'update_time' : 'create_time'
  const bodyText = JSON.stringify({
    [`${filter}_ge`]: Math.floor(window.fromMs / 1000),
    [`${filter}_lt`]: Math.ceil(window.toMs / 1000),
  })
  const search: Search = { sortField: filter, bodyText }
  for (const [index, shop] of account.shops.entries()) {
    const isLastShop = index === account.shops.length - 1
    for await (const { isLast, ...page } of pagesOf(call, shop, search))
      yield { ...page, syncedUntilMs: isLast && isLastShop ? window.toMs : null }
  }
}

type Search = { readonly sortField: string; readonly bodyText: string }
type ShopPage = Pick<OrderPage, 'orders' | 'unreadable'> & { readonly isLast: boolean }

async function* pagesOf(call: Call, shop: Shop, { sortField, bodyText }: Search): AsyncIterable<ShopPage> {
  const guard = openPageGuard()
  for (let token: string | null = null; ;) {
    const answer: PlatformAnswer = await call({
      operation: 'orders.search',
      method: 'POST',
      host: 'api',
      path: searchPath,
      query: {
        shop_cipher: cipherOf(shop),
        page_size: pageSize,
        sort_field: sortField,
        sort_order: 'ASC',
        ...(token === null ? {} : { page_token: token }),
      },
      bodyText,
      auth: 'seller',
      repeatable: true,
    })
    const data = dataOf(answer)
    const { orders, unreadable } = readList(data, answer, shop, 'orders/search 202309')
    token = textOf(data['next_page_token'])
    guard.check(
      orders.map((order) => order.platformOrderId),
      token,
    )
    yield { orders: await withDetail(call, shop, orders), unreadable, isLast: token === null }
    if (token === null) return
  }
}

const cipherOf = ({ platformShopId, facts }: Shop): string => {
  const cipher = facts['shop_cipher']
  if (cipher) return cipher
  throw new PlatformFailure('auth_revoked', 'NO_SHOP_CIPHER', `shop ${platformShopId} has no cipher`)
}

const dataOf = (answer: PlatformAnswer): Members => membersOf(membersOf(answer.body)['data'])

/** The same orders as the detail call tells them. One that it leaves out stays as the search gave it. */
async function withDetail(call: Call, shop: Shop, orders: readonly RawOrder[]): Promise<readonly RawOrder[]> {
  if (orders.length === 0) return orders
  const ids = [...new Set(orders.map((order) => order.platformOrderId))]
  const details = new Map((await detailOf(call, shop, ids)).map((order) => [order.platformOrderId, order]))
  return orders.map((order) => details.get(order.platformOrderId) ?? order)
}

/** At most 50 ids. None when the platform says that one of them is not the seller's. */
async function detailOf(call: Call, shop: Shop, ids: readonly string[]): Promise<readonly RawOrder[]> {
  try {
    const answer = await call({
      operation: 'orders.detail',
      method: 'GET',
      host: 'api',
      path: detailPath,
      query: { shop_cipher: cipherOf(shop), ids: ids.join(',') },
      auth: 'seller',
      repeatable: true,
    })
    return readList(dataOf(answer), answer, shop, 'orders 202507').orders
  } catch (error) {
    if (error instanceof PlatformFailure && error.kind === 'missing') return []
    throw error
  }
}

function readList(
  data: Members,
  answer: PlatformAnswer,
  shop: Shop,
  endpoint: string,
): Pick<OrderPage, 'orders' | 'unreadable'> {
  // A search without results has been seen without the list.
  const list = data['orders'] ?? (data['total_count'] === 0 ? [] : undefined)
  if (!Array.isArray(list))
    throw new PlatformFailure('contract_broken', 'NO_ORDER_LIST', 'the answer has no list of orders', {
      httpStatus: answer.status,
    })
  const orders: RawOrder[] = []
  const unreadable: { payload: string; reason: string }[] = []
  for (const entry of list as unknown[]) {
    const order = membersOf(entry)
    const platformOrderId = idOf(order['id'])
    const payload = JSON.stringify(entry)
    if (platformOrderId === null) unreadable.push({ payload, reason: 'id: wanted text' })
    else
      orders.push({
        platformOrderId,
        platformMarketId: null,
        platformShopId: shop.platformShopId,
        changedAtMs: secondsToMs(order['update_time']),
        document: 'order',
        payload,
        endpoint,
        fetchedAtMs: answer.sentAtMs,
      })
  }
  return { orders, unreadable }
}

/** One order in full; without `platformShopId` every shop of the account is asked. Throws `missing`. */
export async function one(
  call: Call,
  { shops }: Account,
  platformOrderId: string,
  platformShopId?: string,
): Promise<RawOrder> {
  const asked = shops.filter((shop) => platformShopId === undefined || shop.platformShopId === platformShopId)
  for (const shop of asked) {
    const found = (await detailOf(call, shop, [platformOrderId])).find(
      (order) => order.platformOrderId === platformOrderId,
    )
    if (found) return found
  }
  throw new PlatformFailure('missing', 'NO_ORDER', `no shop of the account has the order ${platformOrderId}`)
}
