import type { HttpAnswer } from '../http.ts'
import type { Cursor, TimeField } from './order-book.ts'
import { invalidInput, unauthorized } from './errors.ts'
import { marketplaceById, type Region } from './marketplaces.ts'
import type { SimulatedOrder } from './order.ts'
import type { PageMark, PageTokens } from './page-token.ts'
import type { World } from './world.ts'

/** A search as both API versions mean it. */
export type Search = {
  readonly field: TimeField
  readonly afterMs: number
  readonly beforeMs: number
  readonly limit: number
  readonly keeps: (order: SimulatedOrder) => boolean
}

const isoInstant = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/

/** ISO 8601 to unix ms; `null` when it is anything else. */
export function readInstant(text: string): number | null {
  if (!isoInstant.test(text)) return null
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}

/** Names of the window parameters, which differ only in their first letter between the versions. */
export type WindowNames = {
  readonly createdAfter: string
  readonly createdBefore: string
  readonly lastUpdatedAfter: string
  readonly lastUpdatedBefore: string
}

export type Window = Pick<Search, 'field' | 'afterMs' | 'beforeMs'>

/** Exactly one family of dates, in order, and the end at least two minutes ago. */
export function readWindow(query: URLSearchParams, names: WindowNames, world: World): Window | HttpAnswer {
  const created = query.has(names.createdAfter)
  const updated = query.has(names.lastUpdatedAfter)
  if (created === updated)
    return invalidInput(
      `Exactly one of ${names.createdAfter} and ${names.lastUpdatedAfter} must be provided.`,
    )
  const [after, before, others] = created
    ? [names.createdAfter, names.createdBefore, [names.lastUpdatedBefore]]
    : [names.lastUpdatedAfter, names.lastUpdatedBefore, [names.createdBefore]]
  for (const other of others)
    if (query.has(other)) return invalidInput(`${other} must not be used together with ${after}.`)
  const newestMs = world.pace.clock.nowMs() - world.visibilityMs
  const afterMs = readInstant(query.get(after)!)
  if (afterMs === null) return invalidInput(`${after} is invalid. It must be in ISO 8601 format.`)
  const field = created ? 'createdMs' : 'updatedMs'
  if (!query.has(before)) return { field, afterMs, beforeMs: newestMs }
  const beforeMs = readInstant(query.get(before)!)
  if (beforeMs === null) return invalidInput(`${before} is invalid. It must be in ISO 8601 format.`)
  if (beforeMs < afterMs) return invalidInput(`${before} must be equal to or after ${after}.`)
  if (beforeMs > newestMs)
    return invalidInput(`${before} must be at least two minutes before the time of the request.`)
  return { field, afterMs, beforeMs }
}

export const listOf = (query: URLSearchParams, name: string): readonly string[] =>
  query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '')

/** A csv parameter of a closed set; the refusal names the value. */
export function readChoices<T extends string>(
  query: URLSearchParams,
  name: string,
  known: readonly T[],
): readonly T[] | HttpAnswer {
  const values = listOf(query, name)
  const bad = values.find((value) => !known.includes(value as T))
  if (bad !== undefined)
    return invalidInput(`${name}: ${bad} is invalid, must be one of ${known.join(', ')}.`)
  return values as readonly T[]
}

/** Marketplaces of this region only; an empty list means all. */
export function readMarketplaces(
  query: URLSearchParams,
  name: string,
  region: Region,
): ReadonlySet<string> | HttpAnswer {
  const ids = listOf(query, name)
  if (ids.length > 50) return invalidInput(`${name} must not have more than 50 values.`)
  for (const id of ids) {
    const market = marketplaceById(id)
    if (!market) return invalidInput(`${name}: ${id} is invalid.`)
    if (market.region !== region) return unauthorized('')
  }
  return new Set(ids)
}

export function readLimit(query: URLSearchParams, name: string): number | HttpAnswer {
  const text = query.get(name) ?? '100'
  const limit = Number(text)
  return /^\d+$/.test(text) && limit >= 1 && limit <= 100
    ? limit
    : invalidInput(`${name}: ${text} is invalid, must be between 1 and 100.`)
}

/** Everything but what may change from page to page, as one text. */
export const bindingOf = (query: URLSearchParams, free: readonly string[]): string =>
  [...query]
    .filter(([name]) => !free.includes(name))
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('&')

export type Page = { readonly orders: readonly SimulatedOrder[]; readonly nextToken: string | null }

type Ask = {
  readonly sellerId: string
  readonly search: Search
  readonly token: string | null
  readonly binding: string
  readonly operation: string
  /** Kept in the tokens; see page-token.ts. */
  readonly query?: string
}

/** Up to `limit` orders after the cursor, and whether there are more. */
function gather(
  world: World,
  { sellerId, search }: Ask,
  after: Cursor,
  openEnd: boolean,
): { readonly orders: readonly SimulatedOrder[]; readonly more: boolean } {
  const orders: SimulatedOrder[] = []
  const lastMs = openEnd ? search.beforeMs - 1 : search.beforeMs
  for (const order of world.book.walk(sellerId, search.field, after)) {
    if (order[search.field] > lastMs) break
    if (!search.keeps(order) || world.faults.marks('hidden_order', order.orderId)) continue
    if (orders.length === search.limit) return { orders, more: true }
    orders.push(order)
  }
  return { orders, more: false }
}

/** Cuts one page out of the walk, with the faults that pages can have. `null` for a token of no use. */
export function cutPage(world: World, tokens: PageTokens, ask: Ask): Page | null {
  const { search, token, binding, operation, query } = ask
  const { faults } = world
  const nowMs = world.pace.clock.nowMs()
  const openEnds = faults.strikes('window_end', operation)
  // After every id of the first instant, or before every one: whether the window's start belongs to it.
  const start: Cursor = { atMs: search.afterMs, orderId: openEnds ? '\uffff' : '' }
  const mark: PageMark | null =
    token === null ? { after: start, before: null } : tokens.read(token, binding, nowMs)
  if (!mark) return null
  const repeats = mark.before !== null && faults.strikes('repeated_page', operation)
  const from = repeats ? mark.before : mark.after
  const { orders, more } = gather(world, ask, from, openEnds)
  const last = orders.at(-1)
  if (!more || !last) return { orders, nextToken: null }
  if (token !== null && faults.strikes('same_token_twice', operation)) return { orders, nextToken: token }
  const next: Cursor = repeats ? mark.after : { atMs: last[search.field], orderId: last.orderId }
  return {
    orders,
    nextToken: tokens.write({ after: next, before: from, ...(query && { query }) }, binding, nowMs),
  }
}
