import { isoTime } from '#kernel/clock.ts'
import type { HttpAnswer } from '../http.ts'
import { isAnswer, ok, type ApiCall, type Operation } from './api-call.ts'
import { hiddenFailure, invalidInput, notFound, undecodableToken } from './errors.ts'
import type { OrderStatus, SimulatedOrder } from './order.ts'
import { dataSets, renderOrder } from './render-2026.ts'
import {
  bindingOf,
  cutPage,
  readChoices,
  readLimit,
  readMarketplaces,
  readWindow,
  type Search,
  type WindowNames,
} from './search.ts'
import { viewOf } from './view.ts'

/** Orders API 2026-01-01, reads. Source: docs: orders-api-v2026-01-01. */
const windowNames: WindowNames = {
  createdAfter: 'createdAfter',
  createdBefore: 'createdBefore',
  lastUpdatedAfter: 'lastUpdatedAfter',
  lastUpdatedBefore: 'lastUpdatedBefore',
}

const statuses = [
  'PENDING_AVAILABILITY',
  'PENDING',
  'UNSHIPPED',
  'PARTIALLY_SHIPPED',
  'SHIPPED',
  'CANCELLED',
  'UNFULFILLABLE',
] as const satisfies readonly OrderStatus[]

function readSearch(call: ApiCall): Search | HttpAnswer {
  const { query } = call.request
  const window = readWindow(query, windowNames, call.world)
  if (isAnswer(window)) return window
  const limit = readLimit(query, 'maxResultsPerPage')
  if (isAnswer(limit)) return limit
  const markets = readMarketplaces(query, 'marketplaceIds', call.region)
  if (isAnswer(markets)) return markets
  const wanted = readChoices(query, 'fulfillmentStatuses', statuses)
  if (isAnswer(wanted)) return wanted
  const by = readChoices(query, 'fulfilledBy', ['AMAZON', 'MERCHANT'])
  if (isAnswer(by)) return by
  return {
    ...window,
    limit,
    keeps: (order) =>
      (markets.size === 0 || markets.has(order.marketplace.id)) &&
      (wanted.length === 0 || wanted.includes(order.status)) &&
      (by.length === 0 || by.includes(order.byAmazon ? 'AMAZON' : 'MERCHANT')),
  }
}

function searchOrders(call: ApiCall): HttpAnswer {
  const { world, request, sellerId, operation } = call
  const search = readSearch(call)
  if (isAnswer(search)) return search
  const wanted = readChoices(request.query, 'includedData', dataSets)
  if (isAnswer(wanted)) return wanted
  const binding = `${sellerId}?${bindingOf(request.query, ['maxResultsPerPage', 'includedData', 'paginationToken'])}`
  const token = request.query.get('paginationToken')
  const page = cutPage(world, call.tokens, { sellerId, search, token, binding, operation })
  if (!page) return undecodableToken()
  if (world.faults.strikes('hidden_inner_failure', operation)) return hiddenFailure()
  const end = isoTime(search.beforeMs)
  return ok({
    orders: page.orders.map((order) => renderOrder(order, wanted, viewOf(world, order))),
    ...(page.nextToken && { pagination: { nextToken: page.nextToken } }),
    ...(search.field === 'createdMs' ? { createdBefore: end } : { lastUpdatedBefore: end }),
  })
}

/** The order of a path, if it is this seller's; an order of another account does not exist for the caller. */
export function findOrder(call: ApiCall): SimulatedOrder | HttpAnswer {
  const orderId = call.params['orderId'] ?? ''
  if (!/^\d{3}-\d{7}-\d{7}$/.test(orderId))
    return invalidInput(`OrderId: ${orderId} is invalid, should be in 3-7-7 format.`)
  const order = call.world.book.find(orderId)
  if (!order || order.sellerId !== call.sellerId) return notFound(`The order ${orderId} was not found.`)
  return order
}

function getOrder(call: ApiCall): HttpAnswer {
  const wanted = readChoices(call.request.query, 'includedData', dataSets)
  if (isAnswer(wanted)) return wanted
  const order = findOrder(call)
  if (isAnswer(order)) return order
  if (call.world.faults.strikes('hidden_inner_failure', call.operation)) return hiddenFailure()
  return ok({ order: renderOrder(order, wanted, viewOf(call.world, order)) })
}

const base = { method: 'GET', token: 'seller' } as const

export const orders2026: readonly Operation[] = [
  {
    ...base,
    operation: 'searchOrders',
    path: '/orders/2026-01-01/orders',
    perSecond: 0.0056,
    burst: 20,
    answer: searchOrders,
  },
  {
    ...base,
    operation: 'getOrder',
    path: '/orders/2026-01-01/orders/{orderId}',
    perSecond: 0.5,
    burst: 30,
    answer: getOrder,
  },
]
