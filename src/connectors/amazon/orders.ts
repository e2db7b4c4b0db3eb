import type { Account, Call, OrderPage, OrderWalk, PlatformAnswer, RawOrder } from '#connectors/connector.ts'
import { isoTime } from '#kernel/clock.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { callWithDataSets } from './data-sets.ts'
import type { DataSets } from './data-sets.ts'
import { openPageGuard } from '#kernel/page-guard.ts'
import { isObject, membersOf, textOf, timeOf } from './raw-values.ts'

const listPath = '/orders/2026-01-01/orders'
const pageSize = '100'

/**
 * Walks the orders of a span through `searchOrders`. Parameters are written once and stay identical on
 * every page, or Amazon refuses the token. `window.toMs` must lie two minutes before now at least.
 * A refused token restarts the walk once; a platform that repeats itself ends it with `PAGE_LOOP`.
 */
export async function* walk(call: Call, account: Account, orderWalk: OrderWalk): AsyncIterable<OrderPage> {
  const { region } = account
  const query = walkQuery(account, orderWalk)
  try {
    yield* pages(call, region, query, orderWalk)
  } catch (error) {
    if (!isRefusedToken(error)) throw error
    yield* pages(call, region, query, orderWalk)
  }
}

function walkQuery({ shops }: Account, { by, window }: OrderWalk): Readonly<Record<string, string>> {
  const ids = shops.map(({ market }) => market.platformMarketId)
  const [after, before] =
    by === 'updated'
      ? (['lastUpdatedAfter', 'lastUpdatedBefore'] as const)
      : (['createdAfter', 'createdBefore'] as const)
  return {
    [after]: isoTime(window.fromMs),
    [before]: isoTime(window.toMs),
    ...(ids.length > 0 ? { marketplaceIds: ids.join(',') } : {}),
    maxResultsPerPage: pageSize,
  }
}

const tokenRefused = 'PAGE_TOKEN_REFUSED'
const isRefusedToken = (error: unknown): boolean =>
  error instanceof PlatformFailure && error.code === tokenRefused

async function* pages(
  call: Call,
  region: string,
  query: Readonly<Record<string, string>>,
  { by, window }: OrderWalk,
): AsyncIterable<OrderPage> {
  const guard = openPageGuard()
  const sets: DataSets = { leftOut: [] }
  let token: string | null = null
  let syncedUntilMs = window.toMs
  for (let page = 0; ; page++) {
    const answer = await askPage(call, region, query, token, sets)
    const body = answerOf(answer)
    if (page === 0) {
      const until = timeOf(body[by === 'updated' ? 'lastUpdatedBefore' : 'createdBefore'])
      if (until !== null) syncedUntilMs = Math.min(until, window.toMs)
    }
    const { orders, unreadable } = readPage(body, answer, sets)
    token = textOf(membersOf(body['pagination'])['nextToken'])
    guard.check(
      orders.map((order) => order.platformOrderId),
      token,
    )
    yield { orders, unreadable, syncedUntilMs: token === null ? syncedUntilMs : null }
    if (token === null) return
  }
}

async function askPage(
  call: Call,
  region: string,
  query: Readonly<Record<string, string>>,
  token: string | null,
  sets: DataSets,
): Promise<PlatformAnswer> {
  const request = {
    operation: 'orders.search',
    method: 'GET',
    host: `api.${region}`,
    path: listPath,
    query: token === null ? query : { ...query, paginationToken: token },
    auth: 'seller',
    repeatable: true,
  } as const
  if (token === null) return callWithDataSets(call, request, sets)
  try {
    return await callWithDataSets(call, request, sets, 'these only')
  } catch (error) {
    if (!(error instanceof PlatformFailure) || error.httpStatus !== 400) throw error
    throw new PlatformFailure(error.kind, tokenRefused, error.message, {
      httpStatus: error.httpStatus,
      platformRequestId: error.platformRequestId,
      cause: error,
    })
  }
}

/** The answer’s own members; v0 wrapped everything in `payload`, which is accepted. */
function answerOf(answer: PlatformAnswer): Readonly<Record<string, unknown>> {
  const body = membersOf(answer.body)
  return isObject(body['payload']) ? body['payload'] : body
}

function readPage(
  body: Readonly<Record<string, unknown>>,
  answer: PlatformAnswer,
  sets: DataSets,
): Pick<OrderPage, 'orders' | 'unreadable'> {
  const list = body['orders']
  if (!Array.isArray(list))
    throw new PlatformFailure('contract_broken', 'NO_ORDER_LIST', 'the answer has no list of orders', {
      httpStatus: answer.status,
    })
  const orders: RawOrder[] = []
  const unreadable: { payload: string; reason: string }[] = []
  for (const entry of list as unknown[]) {
    const order = readOrder(entry, answer, endpointName('searchOrders', sets))
    if (order) orders.push(order)
    else unreadable.push({ payload: JSON.stringify(entry), reason: 'orderId: wanted text' })
  }
  return { orders, unreadable }
}

/** Names the call, and what had to be left out of it: such an order is incomplete. */
const endpointName = (operation: string, { leftOut }: DataSets): string =>
  `${operation} 2026-01-01${leftOut.length > 0 ? ` without ${leftOut.join(',')}` : ''}`

function readOrder(entry: unknown, answer: PlatformAnswer, endpoint: string): RawOrder | null {
  const order = membersOf(entry)
  const platformOrderId = textOf(order['orderId'])
  if (platformOrderId === null) return null
  return {
    platformOrderId,
    platformMarketId: textOf(membersOf(order['salesChannel'])['marketplaceId']),
    changedAtMs: timeOf(order['lastUpdatedTime']),
    document: 'order',
    payload: JSON.stringify(entry),
    value: entry,
    endpoint,
    fetchedAtMs: answer.sentAtMs,
  }
}

/** One order with every data set (`getOrder`). Throws `missing` when Amazon does not have it. */
export async function one(call: Call, { region }: Account, platformOrderId: string): Promise<RawOrder> {
  const sets: DataSets = { leftOut: [] }
  const answer = await callWithDataSets(
    call,
    {
      operation: 'orders.get',
      method: 'GET',
      host: `api.${region}`,
      path: `${listPath}/${encodeURIComponent(platformOrderId)}`,
      auth: 'seller',
      repeatable: true,
    },
    sets,
  )
  const body = answerOf(answer)
  const order = readOrder(body['order'] ?? body, answer, endpointName('getOrder', sets))
  if (order) return order
  throw new PlatformFailure('contract_broken', 'NO_ORDER', 'the answer has no order', {
    httpStatus: answer.status,
  })
}
