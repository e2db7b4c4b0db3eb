import type { Account, Call, OrderPage, OrderWalk, PlatformAnswer, RawOrder } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { readParts } from './order-parts.ts'
import type { Parts } from './order-parts.ts'
import { openPageGuard } from '#kernel/page-guard.ts'
import { isObject, membersOf, msOf, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/** Most rows of a list page, and most ids of a detail call (docs: v2.order.get_order_list, get_order_detail). */
const pageSize = '100'
const mostAtOnce = 50

/** All that `response_optional_fields` accepts: what is not asked for is absent. */
const optionalFields = [
  'buyer_user_id,buyer_username,estimated_shipping_fee,recipient_address,actual_shipping_fee',
  'goods_to_declare,note,note_update_time,item_list,pay_time,dropshipper,dropshipper_phone,split_up',
  'buyer_cancel_reason,cancel_by,cancel_reason,actual_shipping_fee_confirmed,buyer_cpf_id,fulfillment_flag',
  'pickup_done_time,package_list,shipping_carrier,payment_method,total_amount,invoice_data',
  'order_chargeable_weight_gram,return_request_due_date,edt,payment_info,international_label',
].join(',')

/**
 * Walks the orders of a span, shop by shop: ids from `get_order_list`, then details, parcels and escrow
 * in batches. Whether Shopee counts the ends of a window in is not documented: the start lies one second
 * early and the end is rounded up, so that either way holds. A platform that repeats itself ends the walk
 * with `PAGE_LOOP`.
 */
export async function* walk(
  call: Call,
  { shops }: Account,
  { by, window }: OrderWalk,
): AsyncIterable<OrderPage> {
  const query = {
    time_range_field: by === 'updated' ? 'update_time' : 'create_time',
    time_from: String(Math.max(0, Math.floor(window.fromMs / 1000) - 1)),
    time_to: String(Math.ceil(window.toMs / 1000)),
    page_size: pageSize,
    response_optional_fields: 'order_status',
    request_order_status_pending: 'true',
  }
  for (const [index, { platformShopId }] of shops.entries()) {
    const isLastShop = index === shops.length - 1
    for await (const { page, isLast } of pagesOf(call, platformShopId, query))
      yield { ...page, syncedUntilMs: isLast && isLastShop ? window.toMs : null }
  }
}

type ShopPage = { readonly page: Omit<OrderPage, 'syncedUntilMs'>; readonly isLast: boolean }

async function* pagesOf(
  call: Call,
  shopId: string,
  query: Readonly<Record<string, string>>,
): AsyncIterable<ShopPage> {
  const guard = openPageGuard('')
  for (let cursor = ''; ;) {
    const answer = await call({
      operation: 'orders.list',
      method: 'GET',
      host: 'api',
      path: '/api/v2/order/get_order_list',
      query: { ...query, shop_id: shopId, ...(cursor === '' ? {} : { cursor }) },
      auth: 'seller',
      repeatable: true,
    })
    const response = responseOf(answer)
    const rows = rowsOf(response, 'order_list', answer)
    const ids = rows.flatMap((row) => textOf(membersOf(row)['order_sn']) ?? [])
    const next = response['more'] === true ? cursorOf(response['next_cursor']) : null
    guard.check(ids, next)
    const unreadable = rows
      .filter((row) => textOf(membersOf(row)['order_sn']) === null)
      .map((row) => ({ payload: JSON.stringify(row), reason: 'order_sn: wanted text' }))
    const read = await readOrders(call, shopId, [...new Set(ids)])
    yield {
      page: { orders: read.orders, unreadable: [...unreadable, ...read.unreadable] },
      isLast: next === null,
    }
    if (next === null) return
    cursor = next
  }
}

const cursorOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

/** What an answer carries. Throws `contract_broken` when a success carries nothing. */
function responseOf(answer: PlatformAnswer): Members {
  const { response } = membersOf(answer.body)
  if (isObject(response)) return response
  throw new PlatformFailure('contract_broken', 'NO_RESPONSE', 'a successful answer carries no response', {
    httpStatus: answer.status,
  })
}

function rowsOf(response: Members, name: string, answer: PlatformAnswer): readonly unknown[] {
  const list = response[name]
  if (Array.isArray(list)) return list as readonly unknown[]
  throw new PlatformFailure('contract_broken', 'NO_LIST', `the answer has no ${name}`, {
    httpStatus: answer.status,
  })
}

type Read = Pick<OrderPage, 'orders' | 'unreadable'>

/** The orders of a page. An id that was listed but has no detail is asked for again, then set aside. */
async function readOrders(call: Call, shopId: string, ids: readonly string[]): Promise<Read> {
  const orders: RawOrder[] = []
  const unreadable: { payload: string; reason: string }[] = []
  for (let at = 0; at < ids.length; at += mostAtOnce) {
    const wanted = ids.slice(at, at + mostAtOnce)
    const details = await readDetails(call, shopId, wanted)
    const absent = wanted.filter((id) => !details.some((detail) => detail.id === id))
    if (absent.length > 0 && absent.length < wanted.length)
      details.push(...(await readDetails(call, shopId, absent)))
    const found = new Set(details.map(({ id }) => id))
    for (const id of absent)
      if (!found.has(id))
        unreadable.push({
          payload: JSON.stringify({ order_sn: id }),
          reason: 'listed, but get_order_detail does not give it',
        })
    orders.push(...(await complete(call, shopId, details)))
  }
  return { orders, unreadable }
}

type Detail = { readonly id: string; readonly order: Members; readonly atMs: number }

/** Unknown ids are left out; when none is known Shopee answers `error_not_found`, here the empty list. */
async function readDetails(call: Call, shopId: string, ids: readonly string[]): Promise<Detail[]> {
  const answer = await unlessMissing(
    call({
      operation: 'orders.detail',
      method: 'GET',
      host: 'api',
      path: '/api/v2/order/get_order_detail',
      query: {
        order_sn_list: ids.join(','),
        response_optional_fields: optionalFields,
        request_order_status_pending: 'true',
        shop_id: shopId,
      },
      auth: 'seller',
      repeatable: true,
    }),
  )
  if (!answer) return []
  return rowsOf(responseOf(answer), 'order_list', answer).flatMap((entry) => {
    const order = membersOf(entry)
    const id = textOf(order['order_sn'])
    return id !== null && ids.includes(id) ? [{ id, order, atMs: answer.sentAtMs }] : []
  })
}

async function unlessMissing(answer: Promise<PlatformAnswer>): Promise<PlatformAnswer | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof PlatformFailure && error.kind === 'missing') return null
    throw error
  }
}

/** Adds the second calls. `fetchedAtMs` is when the detail was asked for: the oldest of the parts. */
async function complete(call: Call, shopId: string, details: readonly Detail[]): Promise<RawOrder[]> {
  const parts = await readParts(
    call,
    shopId,
    details.map(({ order }) => order),
  )
  return details.map((detail) => rawOrderOf(detail, shopId, parts))
}

function rawOrderOf({ id, order, atMs }: Detail, shopId: string, parts: Parts): RawOrder {
  const escrow = parts.escrow.get(id)
  const packages = parts.packages.get(id)
  const document = { order, ...(escrow && { escrow }), ...(packages && { packages }) }
  const names = [
    'get_order_detail',
    ...(packages ? ['get_package_detail'] : []),
    ...(escrow ? ['get_escrow_detail'] : []),
  ]
  const leftOut = parts.leftOut.length > 0 ? ` without ${parts.leftOut.join(', ')}` : ''
  return {
    platformOrderId: id,
    platformMarketId: textOf(order['region']),
    platformShopId: shopId,
    changedAtMs: msOf(order['update_time']),
    document: 'order',
    payload: JSON.stringify(document),
    value: document,
    endpoint: `v2 ${names.join('+')}${leftOut}`,
    fetchedAtMs: atMs,
  }
}

/**
 * One order with its parts. Without a shop (a hint that named none) every shop of the account is asked.
 * Throws `missing` when no shop has it.
 */
export async function one(
  call: Call,
  { shops }: Account,
  platformOrderId: string,
  platformShopId?: string,
): Promise<RawOrder> {
  for (const shopId of platformShopId === undefined
    ? shops.map((shop) => shop.platformShopId)
    : [platformShopId]) {
    const details = await readDetails(call, shopId, [platformOrderId])
    const [order] = await complete(call, shopId, details)
    if (order) return order
  }
  throw new PlatformFailure('missing', 'ORDER_NOT_FOUND', 'no shop of the account has the order')
}
