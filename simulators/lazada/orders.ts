import type { HttpAnswer } from '../http.ts'
import { fail, ok } from './answers.ts'
import type { ApiCall, Operation } from './gate.ts'
import { statusesOf, type SimulatedOrder } from './order.ts'
import { renderOrder, renderUnit, type View } from './render.ts'

/** Source: docs: api /orders/get, /order/get, /order/items/get, /orders/items/get; 121327. */
const maxLimit = 100
const maxOffset = 5000
const maxIds = 50

const viewOf = ({ world }: ApiCall): View => ({ faults: world.faults, clear: world.app.clearData })

const statusWords: ReadonlySet<string> = new Set(
  'all unpaid pending canceled ready_to_ship delivered returned shipped failed topack toship shipping lost packed repacked ready_to_ship_pending failed_delivery lost_by_3pl damaged_by_3pl shipped_back shipped_back_success shipped_back_failed package_scrapped'.split(
    ' ',
  ),
)

type Bounds = {
  readonly field: 'createdMs' | 'updatedMs'
  readonly afterMs: number
  readonly beforeMs: number
}

const isoStamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:?\d\d$/

/** Unix ms; NaN for what is no ISO 8601 text with an offset, such as one whose plus became a blank. */
const readStamp = (text: string): number => (isoStamp.test(text) ? Date.parse(text) : Number.NaN)

function readBounds(parameters: ReadonlyMap<string, string>): readonly Bounds[] | HttpAnswer {
  const bounds: Bounds[] = []
  for (const [field, after, before] of [
    ['createdMs', 'created_after', 'created_before'],
    ['updatedMs', 'update_after', 'update_before'],
  ] as const) {
    const [from, to] = [parameters.get(after), parameters.get(before)]
    if (from === undefined && to === undefined) continue
    const afterMs = from === undefined ? Number.NEGATIVE_INFINITY : readStamp(from)
    const beforeMs = to === undefined ? Number.POSITIVE_INFINITY : readStamp(to)
    if (Number.isNaN(afterMs) || Number.isNaN(beforeMs)) return fail('17', 'E017: Invalid Date Format')
    bounds.push({ field, afterMs, beforeMs })
  }
  if (parameters.get('created_after') === undefined && parameters.get('update_after') === undefined)
    return fail('MissingParameter', 'The input parameter "created_after" or "update_after" is missing')
  return bounds
}

/** Both ends count; the fault leaves both out. Stamps are whole seconds. */
const isWithin = (
  order: SimulatedOrder,
  { field, afterMs, beforeMs }: Bounds,
  leavesEndsOut: boolean,
): boolean => {
  const ms = Math.floor(order[field] / 1000) * 1000
  return leavesEndsOut ? ms > afterMs && ms < beforeMs : ms >= afterMs && ms <= beforeMs
}

type Paging = {
  readonly offset: number
  readonly limit: number
  readonly compare: (one: SimulatedOrder, other: SimulatedOrder) => number
}

function readPaging(parameters: ReadonlyMap<string, string>): Paging | HttpAnswer {
  const whole = (name: string, otherwise: number): number => {
    const text = parameters.get(name)
    return text === undefined ? otherwise : /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  }
  const [offset, limit] = [whole('offset', 0), whole('limit', maxLimit)]
  if (!(offset <= maxOffset)) return fail('14', `E014: "${parameters.get('offset')}" Invalid Offset`)
  if (!(limit >= 1 && limit <= maxLimit))
    return fail('19', `E019: "${parameters.get('limit')}" Invalid Limit`)
  const direction = parameters.get('sort_direction') ?? 'DESC'
  if (direction !== 'ASC' && direction !== 'DESC') return fail('74', 'E074: Invalid sort direction')
  const sortBy = parameters.get('sort_by') ?? 'created_at'
  if (sortBy !== 'created_at' && sortBy !== 'updated_at') return fail('75', 'E075: Invalid sort filter')
  const field = sortBy === 'created_at' ? 'createdMs' : 'updatedMs'
  const sign = direction === 'ASC' ? 1 : -1
  return {
    offset,
    limit,
    compare: (one, other) => sign * (one[field] - other[field] || one.serial - other.serial),
  }
}

const isAnswer = (value: object): value is HttpAnswer => 'status' in value

/** The last page of each walk, for the fault that gives it again. */
export type LastPages = Map<string, object>

const listOrders =
  (lastPages: LastPages) =>
  (call: ApiCall): HttpAnswer => {
    const { world, parameters, store } = call
    const { faults, book } = world
    const status = parameters.get('status') ?? 'all'
    if (!statusWords.has(status)) return fail('36', `E036: Invalid status filter`)
    const bounds = readBounds(parameters)
    const paging = readPaging(parameters)
    if (isAnswer(bounds)) return bounds
    if (isAnswer(paging)) return paging
    const walk = [store.sellerId, parameters.get('update_before'), parameters.get('created_before')].join('/')
    const last = lastPages.get(walk)
    if (last && faults.strikes('repeated_page', '/orders/get')) return ok({ data: last })
    const leavesEndsOut = faults.strikes('window_end', '/orders/get')
    const found = book
      .ofStore(store.sellerId)
      .filter(
        (order) =>
          bounds.every((bound) => isWithin(order, bound, leavesEndsOut)) &&
          (status === 'all' || statusesOf(order).some((word) => word === status)) &&
          !faults.marks('hidden_order', order.orderId),
      )
      .toSorted(paging.compare)
    const page = found.slice(paging.offset, paging.offset + paging.limit)
    const isLow = faults.strikes('low_total', '/orders/get')
    const data = {
      count: page.length,
      countTotal: isLow ? Math.floor(found.length / 2) : found.length,
      orders: page.map((order) => renderOrder(order, 'list', viewOf(call))),
    }
    lastPages.clear()
    lastPages.set(walk, data)
    return ok({ data })
  }

/** An order of this store; orders of another store are as unknown as any. */
function orderOf({ world, store }: ApiCall, orderId: string): SimulatedOrder | undefined {
  const order = world.book.find(orderId)
  return order?.store.sellerId === store.sellerId ? order : undefined
}

const withOrder =
  (render: (order: SimulatedOrder, call: ApiCall) => unknown) =>
  (call: ApiCall): HttpAnswer => {
    const orderId = call.parameters.get('order_id')
    if (!orderId) return fail('MissingParameter', 'The input parameter "order_id" is missing')
    const order = orderOf(call, orderId)
    return order ? ok({ data: render(order, call) }) : fail('16', `E016: "${orderId}" Invalid Order ID`)
  }

const unitsOf = (order: SimulatedOrder, call: ApiCall): readonly object[] =>
  order.units.map((unit) => renderUnit(order, unit, viewOf(call)))

function itemsOfMany(call: ApiCall): HttpAnswer {
  const text = call.parameters.get('order_ids') ?? ''
  if (!/^\[\s*\d+(\s*,\s*\d+)*\s*\]$/.test(text))
    return fail('56', 'E056: Invalid OrdersIdList format. Must use array format [1,2]')
  const ids = text
    .slice(1, -1)
    .split(',')
    .map((id) => id.trim())
  if (ids.length > maxIds) return fail('38', `E038: Too many orders were requested`)
  const orders = ids.map((id) => orderOf(call, id))
  if (orders.every((order) => !order)) return fail('39', 'E039: No orders were found')
  if (!orders.every((order) => order !== undefined))
    return fail('37', 'E037: One or more order id in the list are incorrect')
  return ok({
    data: orders.map((order) => ({
      order_id: Number(order.orderId),
      order_number: Number(order.orderId),
      order_items: unitsOf(order, call),
    })),
  })
}

/** Source: docs: api /seller/get. */
const seller = ({ account, store }: ApiCall): HttpAnswer =>
  ok({
    data: {
      name: `${account.name} ${store.country.toUpperCase()}`,
      name_company: `${account.name} Pte Ltd`,
      seller_id: Number(store.sellerId),
      short_code: store.shortCode,
      logo_url: '',
      email: `${store.shortCode.toLowerCase()}@example.com`,
      cb: account.region === 'cb',
      location: store.country.toUpperCase(),
      status: 'ACTIVE',
      verified: true,
      marketplaceEaseMode: false,
    },
  })

export const operationsOf = (lastPages: LastPages): readonly Operation[] => [
  { path: '/orders/get', answer: listOrders(lastPages) },
  { path: '/order/get', answer: withOrder((order, call) => renderOrder(order, 'one', viewOf(call))) },
  { path: '/order/items/get', answer: withOrder(unitsOf) },
  { path: '/orders/items/get', answer: itemsOfMany },
  { path: '/seller/get', answer: seller },
]
