import { createHmac } from 'node:crypto'
import type { HttpAnswer } from '../http.ts'
import { isAnswer, refusals } from './answers.ts'
import type { ApiCall } from './gate.ts'
import type { SimulatedOrder } from './order.ts'
import { secondsOf } from './render.ts'

type TimeField = 'createdMs' | 'updatedMs'

type Search = {
  readonly sortField: TimeField
  readonly isDescending: boolean
  readonly limit: number
  readonly keeps: (order: SimulatedOrder) => boolean
}

export type Page = {
  readonly orders: readonly SimulatedOrder[]
  readonly nextToken: string
  readonly total: number
}

const sortFields: Readonly<Record<string, TimeField>> = { create_time: 'createdMs', update_time: 'updatedMs' }
const timeFilters: readonly (readonly [string, TimeField])[] = [
  ['create_time', 'createdMs'],
  ['update_time', 'updatedMs'],
]

function readBody({ request }: ApiCall): Readonly<Record<string, unknown>> | HttpAnswer {
  try {
    const value: unknown = request.body.length === 0 ? {} : JSON.parse(request.body.toString('utf8'))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Falls through to the refusal.
  }
  return refusals.wrong('The request body is not a JSON object.')
}

/** Windows are `>=` and `<` in seconds; with the fault the start is left out, too. */
function readWindow(
  body: Readonly<Record<string, unknown>>,
  isOpenAtStart: boolean,
): ((order: SimulatedOrder) => boolean) | HttpAnswer {
  const checks: ((order: SimulatedOrder) => boolean)[] = []
  for (const [name, field] of timeFilters) {
    const from = body[`${name}_ge`]
    const to = body[`${name}_lt`]
    for (const value of [from, to])
      if (value !== undefined && !(Number.isSafeInteger(value) && Number(value) < 1e11))
        return refusals.wrong(`${name} is not a Unix time in seconds.`)
    if (from !== undefined)
      checks.push((order) => secondsOf(order[field]) >= Number(from) + (isOpenAtStart ? 1 : 0))
    if (to !== undefined) checks.push((order) => secondsOf(order[field]) < Number(to))
  }
  const status = body['order_status']
  if (status !== undefined) checks.push((order) => order.status === status)
  return (order) => checks.every((check) => check(order))
}

function readSearch(call: ApiCall): Search | HttpAnswer {
  const { query } = call.request
  const body = readBody(call)
  if (isAnswer(body)) return body
  const keeps = readWindow(body, call.world.faults.strikes('window_end', call.operation))
  if (isAnswer(keeps)) return keeps
  const size = query.get('page_size') ?? '20'
  if (!/^\d+$/.test(size) || Number(size) < 1 || Number(size) > 100)
    return refusals.wrong('page_size must be between 1 and 100.')
  const sortField = sortFields[query.get('sort_field') ?? 'create_time']
  if (!sortField) return refusals.wrong('sort_field is unknown.')
  return { sortField, isDescending: query.get('sort_order') !== 'ASC', limit: Number(size), keeps }
}

type Mark = {
  readonly atMs: number
  readonly orderId: string
  readonly before: Mark | null
  readonly n: number
}

/** Tokens are bound to the search, and in ordinary base64: their + and = must survive the client's encoding. */
function tokensFor({ world, shop, request }: ApiCall) {
  const binding = `${shop.shopId}\n${request.query.get('sort_field') ?? ''}\n${request.body.toString('utf8')}`
  const mac = (text: string): Buffer =>
    createHmac('sha256', world.secret).update(`${binding}\n${text}`).digest().subarray(0, 12)
  return {
    write: (mark: Mark): string => {
      const text = JSON.stringify(mark)
      return Buffer.concat([mac(text), Buffer.from(text)]).toString('base64')
    },
    read: (token: string): Mark | null => {
      const bytes = Buffer.from(token, 'base64')
      const text = bytes.subarray(12).toString('utf8')
      return mac(text).equals(bytes.subarray(0, 12)) ? (JSON.parse(text) as Mark) : null
    },
  }
}

let pages = 0

type Entry = { readonly order: SimulatedOrder; readonly atMs: number; readonly orderId: string }

/** Everything that the search finds, in its order; ids decide between orders of one instant. */
function findAll({ world, shop }: ApiCall, { keeps, sortField }: Search, place: Place): readonly Entry[] {
  return world.book
    .inShop(shop.shopId)
    .filter((order) => keeps(order) && !world.faults.marks('hidden_order', order.orderId))
    .map((order) => ({ order, atMs: order[sortField], orderId: order.orderId }))
    .toSorted(place)
}

type Spot = Pick<Entry, 'atMs' | 'orderId'>
type Place = (left: Spot, right: Spot) => number

const placeBy =
  (sign: 1 | -1): Place =>
  (left, right) =>
    sign * (left.atMs - right.atMs) ||
    (left.orderId < right.orderId ? -1 : left.orderId > right.orderId ? 1 : 0)

/** The mark of the page token; `null` on the first page. */
function readMark({ request }: ApiCall, tokens: ReturnType<typeof tokensFor>): Mark | null | HttpAnswer {
  const given = request.query.get('page_token')
  return given ? (tokens.read(given) ?? refusals.wrong('page_token is invalid.')) : null
}

/** Cuts one page out of a search, with the faults that pages can have. */
export function cutPage(call: ApiCall): Page | HttpAnswer {
  const search = readSearch(call)
  if (isAnswer(search)) return search
  const tokens = tokensFor(call)
  const mark = readMark(call, tokens)
  if (isAnswer(mark)) return mark
  const { faults } = call.world
  const repeats = mark !== null && faults.strikes('repeated_page', call.operation)
  const from = repeats ? mark.before : mark

  const place = placeBy(search.isDescending ? -1 : 1)
  const found = findAll(call, search, place)
  const rest = from ? found.filter((entry) => place(entry, from) > 0) : found
  const cut = rest.slice(0, search.limit)
  const isShort = faults.strikes('low_total', call.operation)
  const page = {
    orders: cut.map(({ order }) => order),
    total: isShort ? Math.floor(found.length / 2) : found.length,
  }
  if (rest.length <= search.limit) return { ...page, nextToken: '' }
  if (mark && faults.strikes('same_token_twice', call.operation))
    return { ...page, nextToken: call.request.query.get('page_token')! }
  return { ...page, nextToken: tokens.write(repeats ? { ...mark, n: pages++ } : markAfter(cut, from)) }
}

/** Where the next page begins; it remembers where this one did. */
const markAfter = (cut: readonly Entry[], from: Mark | null): Mark => ({
  ...spotOf(cut.at(-1)!),
  before: from && { ...from, before: null },
  n: pages++,
})

const spotOf = ({ atMs, orderId }: Entry): Spot => ({ atMs, orderId })
