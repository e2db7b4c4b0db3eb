import type { Account, Call, OrderPage, OrderWalk, PlatformAnswer, RawOrder } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { joinParts } from './document.ts'
import { openPageGuard } from './page-guard.ts'
import { listOf, membersOf, secondsOf, textOf, unitsOf } from './raw-values.ts'
import { callRouter, resultOf } from './router.ts'
import { openSecondCalls } from './second-calls.ts'
import type { SecondCalls } from './second-calls.ts'

const listType = 'bg.order.list.v2.get'
/** The most that Temu gives at once. */
const pageSize = 100
/** Orders whose further calls are under way together, and which are handed on together. */
const batchSize = 5

/**
 * Walks the orders of a span. The list is newest first and has no cursor: an order that changes meanwhile
 * leaves the span, and all behind it move up. So after page 1 has told how many there are the pages are
 * read from the last to the first: what moves, moves towards the reader and is at most seen twice. A total
 * that is too low is noticed by a last page that is full.
 */
export async function* walk(call: Call, account: Account, orderWalk: OrderWalk): AsyncIterable<OrderPage> {
  const seconds = openSecondCalls(call, account)
  const ask = (pageNumber: number): Promise<Page> => askPage(call, account, orderWalk, pageNumber)
  const first = await ask(1)
  if (first.entries.length < pageSize && first.total <= pageSize) yield* handOn(first, seconds, account)
  else {
    const guard = openPageGuard()
    for (let pageNumber = await findLastPage(ask, first.total); pageNumber > 0; pageNumber--) {
      const page = await ask(pageNumber)
      guard.check(idsOf(page))
      yield* handOn(page, seconds, account)
      // Orders only leave the span, so all that page 1 still counts have been seen.
      if (pageNumber === 1) guard.expectAtLeast(page.total)
    }
  }
  yield { orders: [], unreadable: [], syncedUntilMs: orderWalk.window.toMs }
}

/** The first page from the promised end on that is not full. */
async function findLastPage(ask: (pageNumber: number) => Promise<Page>, total: number): Promise<number> {
  const guard = openPageGuard()
  for (let pageNumber = Math.max(2, Math.ceil(total / pageSize)); ; pageNumber++) {
    const page = await ask(pageNumber)
    if (page.entries.length < pageSize) return pageNumber
    guard.check(idsOf(page))
  }
}

type Page = { readonly total: number; readonly entries: readonly unknown[]; readonly answer: PlatformAnswer }

/** Both ends belong to Temu's span; a second more on either side costs a few orders seen again. */
async function askPage(
  call: Call,
  { region }: Account,
  { by, window }: OrderWalk,
  pageNumber: number,
): Promise<Page> {
  const from = Math.floor(window.fromMs / 1000) - 1
  const to = Math.ceil(window.toMs / 1000)
  const answer = await callRouter(call, {
    operation: 'orders.list',
    type: listType,
    region,
    parameters: {
      pageNumber,
      pageSize,
      ...(by === 'updated'
        ? { updateAtStart: from, updateAtEnd: to, sortby: 'updateTime' }
        : { createAfter: from, createBefore: to, sortby: 'createTime' }),
    },
  })
  return readPage(answer)
}

function readPage(answer: PlatformAnswer): Page {
  const { pageItems, totalItemNum } = resultOf(answer)
  const total = unitsOf(totalItemNum)
  // An empty span has been seen without a list.
  if (!Array.isArray(pageItems) && (total > 0 || typeof totalItemNum !== 'number'))
    throw new PlatformFailure('contract_broken', 'NO_ORDERS', 'the answer has no pageItems', {
      httpStatus: answer.status,
    })
  return { total, entries: listOf(pageItems), answer }
}

const orderIdOf = (entry: unknown): string | null =>
  textOf(membersOf(membersOf(entry)['parentOrderMap'])['parentOrderSn'])

const idsOf = ({ entries }: Page): readonly string[] => entries.map((entry) => orderIdOf(entry) ?? '')

/** The orders of a page with what the further calls add, some at a time, so that none waits for all. */
async function* handOn(page: Page, seconds: SecondCalls, account: Account): AsyncIterable<OrderPage> {
  const unreadable = page.entries
    .filter((entry) => orderIdOf(entry) === null)
    .map((entry) => ({ payload: JSON.stringify(entry), reason: 'no parentOrderSn' }))
  if (unreadable.length > 0) yield { orders: [], unreadable, syncedUntilMs: null }
  const entries = page.entries.filter((entry) => orderIdOf(entry) !== null)
  for (let at = 0; at < entries.length; at += batchSize) {
    const batch = entries.slice(at, at + batchSize)
    const orders = await Promise.all(
      batch.map((entry) => complete(entry, page.answer, listType, seconds, account)),
    )
    yield { orders, unreadable: [], syncedUntilMs: null }
  }
}

async function complete(
  order: unknown,
  answer: PlatformAnswer,
  endpoint: string,
  seconds: SecondCalls,
  { shops }: Account,
): Promise<RawOrder> {
  const parent = membersOf(membersOf(order)['parentOrderMap'])
  const further = await seconds.ask(parent)
  const [shop] = shops
  return {
    platformOrderId: String(parent['parentOrderSn']),
    platformMarketId: null,
    ...(shop ? { platformShopId: shop.platformShopId } : {}),
    changedAtMs: secondsOf(parent['updateTime']),
    document: 'order',
    payload: JSON.stringify(joinParts({ order, ...further.parts })),
    endpoint: [endpoint, ...further.types].join(' + '),
    fetchedAtMs: answer.sentAtMs,
  }
}

/**
 * One order, as the list has it: only there is the time of its last change. What the list hides is looked
 * for in the detail. Throws `missing` when Temu does not have it.
 */
export async function one(call: Call, account: Account, platformOrderId: string): Promise<RawOrder> {
  const seconds = openSecondCalls(call, account)
  const { region } = account
  const listed = await callRouter(call, {
    operation: 'orders.list',
    type: listType,
    region,
    parameters: { pageNumber: 1, pageSize: 10, parentOrderSnList: [platformOrderId] },
  })
  const { entries } = readPage(listed)
  const entry = entries.find((each) => orderIdOf(each) === platformOrderId)
  if (entry !== undefined) return complete(entry, listed, listType, seconds, account)
  const detailType = 'bg.order.detail.v2.get'
  const answer = await callRouter(call, {
    operation: 'orders.detail',
    type: detailType,
    region,
    parameters: { parentOrderSn: platformOrderId },
  })
  const detail = resultOf(answer)
  if (orderIdOf(detail) === platformOrderId) return complete(detail, answer, detailType, seconds, account)
  throw new PlatformFailure('missing', 'NO_ORDER', 'neither list nor detail have the order', {
    httpStatus: answer.status,
  })
}
