import type { HttpAnswer } from '../http.ts'
import { refuse, succeed } from './errors.ts'
import type { ApiCall, Operation } from './gate.ts'
import type { Cursor, TimeField } from './order-book.ts'
import { secondsOf, type SimulatedOrder } from './order.ts'
import { renderDetail, renderEscrow, renderPackage, wordOf } from './render.ts'

const longestWindowS = 15 * 86_400
const mostIds = 50

const filters: ReadonlySet<string> = new Set([
  'UNPAID',
  'READY_TO_SHIP',
  'PROCESSED',
  'SHIPPED',
  'COMPLETED',
  'IN_CANCEL',
  'CANCELLED',
  'INVOICE_PENDING',
])

const showsPending = ({ query }: ApiCall): boolean => query.get('request_order_status_pending') === 'true'

type Mark = { readonly after: Cursor; readonly before: Cursor | null }

const writeCursor = (mark: Mark): string => Buffer.from(JSON.stringify(mark)).toString('base64url')

function readCursor(text: string): Mark | null {
  try {
    const mark = JSON.parse(Buffer.from(text, 'base64url').toString()) as Mark
    return Array.isArray(mark.after) ? mark : null
  } catch {
    return null
  }
}

type Search = {
  readonly field: TimeField
  readonly fromS: number
  readonly toS: number
  readonly size: number
  readonly status: string | null
}

function readSearch({ query }: ApiCall): Search | HttpAnswer {
  const missing = ['time_range_field', 'time_from', 'time_to', 'page_size'].find((name) => !query.get(name))
  if (missing) return refuse('error_param', `Wrong parameters, detail: ${missing} is a required field.`)
  const field = { create_time: 'createdMs', update_time: 'updatedMs' }[query.get('time_range_field')!]
  const fromS = Number(query.get('time_from'))
  const toS = Number(query.get('time_to'))
  const size = Number(query.get('page_size'))
  if (field === undefined) return refuse('error_param', 'Wrong parameters, detail: time_range_field.')
  if (!(fromS < toS) || toS - fromS > longestWindowS)
    return refuse(
      'order.order_list_invalid_time',
      'Start time must be earlier than end time and diff in 15days.',
    )
  if (!Number.isSafeInteger(size) || size < 1 || size > 100)
    return refuse('error_param', 'Wrong parameters, detail: page_size.')
  const status = query.get('order_status')
  if (status !== null && !filters.has(status))
    return refuse('error_param', 'Wrong parameters, detail: order_status.')
  return { field: field as TimeField, fromS, toS, size, status }
}

/** Both ends belong to the window here, which no public page says; `window_end` leaves both out. */
function gather(call: ApiCall, search: Search, from: Cursor): readonly SimulatedOrder[] {
  const { world, operation, shopId } = call
  const isOpen = world.faults.strikes('window_end', operation)
  return world.book.after(shopId, search.field, from).filter((order) => {
    const own = secondsOf(order[search.field])
    if (isOpen ? own >= search.toS || own <= search.fromS : own > search.toS) return false
    if (search.status !== null && order.status !== search.status) return false
    return !world.faults.marks('hidden_order', order.orderSn)
  })
}

function list(call: ApiCall): HttpAnswer {
  const wanted = readSearch(call)
  if (!('field' in wanted)) return wanted
  const { world, operation, query } = call
  const cursor = query.get('cursor') ?? ''
  const mark =
    cursor === '' ? { after: [wanted.fromS - 1, '\uffff'] as const, before: null } : readCursor(cursor)
  if (!mark) return refuse('error_param', 'Wrong parameters, detail: cursor.')
  const repeats = mark.before !== null && world.faults.strikes('repeated_page', operation)
  const found = gather(call, wanted, repeats ? mark.before : mark.after)
  const rows = found.slice(0, wanted.size)
  const last = rows.at(-1)
  const more = found.length > rows.length
  const next = (): string => {
    if (cursor !== '' && world.faults.strikes('same_token_twice', operation)) return cursor
    const after: Cursor = repeats ? mark.after : [secondsOf(last![wanted.field]), last!.orderSn]
    return writeCursor({ after, before: repeats ? mark.before : mark.after })
  }
  const asksStatus = (query.get('response_optional_fields') ?? '').split(',').includes('order_status')
  return succeed({
    more,
    next_cursor: more ? next() : '',
    order_list: rows.map((order) => ({
      order_sn: order.orderSn,
      ...(asksStatus && { order_status: wordOf(order, world.faults, showsPending(call)) }),
    })),
  })
}

/** Ids of a comma-joined parameter, or why they are refused. */
function idsOf(text: string | null, name: string): readonly string[] | HttpAnswer {
  const ids = (text ?? '').split(',').filter((id) => id !== '')
  if (ids.length === 0) return refuse('error_param', `Wrong parameters, detail: ${name} is a required field.`)
  return ids.length > mostIds ? refuse('error_param', `Wrong parameters, detail: ${name} limit [1,50].`) : ids
}

const isAnswer = (value: readonly string[] | HttpAnswer): value is HttpAnswer => !Array.isArray(value)

/** Orders of the calling shop; others are as good as unknown. */
const ownOrders = ({ world, shopId }: ApiCall, ids: readonly string[]): readonly SimulatedOrder[] =>
  ids.flatMap((id) => {
    const order = world.book.find(id)
    return order?.shopId === shopId ? [order] : []
  })

function detail(call: ApiCall): HttpAnswer {
  const ids = idsOf(call.query.get('order_sn_list'), 'order_sn_list')
  if (isAnswer(ids)) return ids
  const orders = ownOrders(call, ids)
  if (orders.length === 0)
    return refuse('error_not_found', 'Wrong parameters, detail: the order is not found.')
  const names = (call.query.get('response_optional_fields') ?? '').split(',')
  return succeed({
    order_list: orders.map((order) => renderDetail(order, names, call.world.faults, showsPending(call))),
  })
}

function packages(call: ApiCall): HttpAnswer {
  const numbers = idsOf(call.query.get('package_number_list'), 'package_number_list')
  if (isAnswer(numbers)) return numbers
  const wanted = new Set(numbers)
  const found = call.world.book
    .all()
    .filter((order) => order.shopId === call.shopId)
    .flatMap((order) =>
      order.parcels.filter(({ number }) => wanted.has(number)).map((parcel) => renderPackage(order, parcel)),
    )
  return found.length === 0
    ? refuse('error_not_found', 'Wrong parameters, detail: the package is not found.')
    : succeed({ package_list: found })
}

const hasEscrow = (order: SimulatedOrder): boolean => order.payMs !== null || order.cod

function escrow(call: ApiCall): HttpAnswer {
  const orderSn = call.query.get('order_sn')
  if (!orderSn) return refuse('error_param', 'order_sn is required')
  const order = ownOrders(call, [orderSn]).find(hasEscrow)
  return order ? succeed(renderEscrow(order)) : refuse('order_not_found', 'The order is not found.')
}

/** Orders without escrow are left out; when none has one the whole call fails. */
function escrowBatch(call: ApiCall): HttpAnswer {
  const { order_sn_list: list } = call.body
  if (!Array.isArray(list) || list.some((id) => typeof id !== 'string'))
    return refuse('error_param', 'order_sn_list is required, format should be string[]')
  if (list.length > mostIds)
    return refuse('exceed_max_limit', 'Your request exceeds the max limit of 50 orders.')
  const orders = ownOrders(call, list as string[]).filter(hasEscrow)
  return orders.length === 0
    ? refuse('common.error_not_found', 'order item income not found')
    : succeed(orders.map((order) => ({ escrow_detail: renderEscrow(order) })))
}

export const orderCalls: readonly Operation[] = [
  { method: 'GET', path: '/api/v2/order/get_order_list', scope: 'shop', answer: list },
  { method: 'GET', path: '/api/v2/order/get_order_detail', scope: 'shop', answer: detail },
  { method: 'GET', path: '/api/v2/order/get_package_detail', scope: 'shop', answer: packages },
  { method: 'GET', path: '/api/v2/payment/get_escrow_detail', scope: 'shop', answer: escrow },
  { method: 'POST', path: '/api/v2/payment/get_escrow_detail_batch', scope: 'shop', answer: escrowBatch },
]
