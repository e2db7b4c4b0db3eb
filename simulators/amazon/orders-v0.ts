import { isoTime } from '#kernel/clock.ts'
import type { HttpAnswer } from '../http.ts'
import { isAnswer, ok, type ApiCall, type Operation } from './api-call.ts'
import { hiddenFailure, invalidInput, undecodableToken } from './errors.ts'
import { v0StatusOf } from './notice-board.ts'
import { findOrder } from './orders-2026.ts'
import { showsRecipient, wasPaid, type SimulatedOrder } from './order.ts'
import {
  renderAddress,
  renderBuyer,
  renderItemBuyer,
  renderItemV0,
  renderOrderV0,
  type ViewV0,
} from './render-v0.ts'
import { revealed } from './restricted.ts'
import {
  cutPage,
  listOf,
  readChoices,
  readLimit,
  readMarketplaces,
  readWindow,
  type Search,
  type WindowNames,
} from './search.ts'
import { viewOf } from './view.ts'

/** Orders API v0, reads (deprecated by the platform, still served). Source: docs: orders-api-v0-reference. */
const windowNames: WindowNames = {
  createdAfter: 'CreatedAfter',
  createdBefore: 'CreatedBefore',
  lastUpdatedAfter: 'LastUpdatedAfter',
  lastUpdatedBefore: 'LastUpdatedBefore',
}

const statuses = [
  'PendingAvailability',
  'Pending',
  'Unshipped',
  'PartiallyShipped',
  'Shipped',
  'InvoiceUnconfirmed',
  'Canceled',
  'Unfulfillable',
] as const
const paymentMethods = ['COD', 'CVS', 'Other'] as const

/** Parameters that must not stand beside SellerOrderId. */
const notBesideSellerOrderId = [
  'FulfillmentChannels',
  'OrderStatuses',
  'PaymentMethods',
  'LastUpdatedAfter',
  'LastUpdatedBefore',
  'BuyerEmail',
]

type Filter = (order: SimulatedOrder) => boolean

/** Filters that need no checking, by parameter; each is used only when its parameter is there. */
const plainFilters: Readonly<Record<string, (order: SimulatedOrder, value: string) => boolean>> = {
  SellerOrderId: (order, value) => order.sellerOrderId === value,
  BuyerEmail: (order, value) => `${order.buyer.mailbox}@marketplace.${order.marketplace.domain}` === value,
  IsISPU: (order, value) => (order.kind === 'pickup') === (value === 'true'),
  AmazonOrderIds: (order, value) => value.split(',').includes(order.orderId),
  // Nothing here is carried by Easy Ship or stands in a store of a chain.
  EasyShipShipmentStatuses: () => false,
  StoreChainStoreId: () => false,
  ActualFulfillmentSupplySourceId: () => false,
}

function readFilter(call: ApiCall, query: URLSearchParams): Filter | HttpAnswer {
  const markets = readMarketplaces(query, 'MarketplaceIds', call.region)
  if (isAnswer(markets)) return markets
  const wanted = readChoices(query, 'OrderStatuses', statuses)
  if (isAnswer(wanted)) return wanted
  const channels = readChoices(query, 'FulfillmentChannels', ['AFN', 'MFN'])
  if (isAnswer(channels)) return channels
  const methods = readChoices(query, 'PaymentMethods', paymentMethods)
  if (isAnswer(methods)) return methods
  // The two halves of "not shipped yet" select each other.
  const open = wanted.includes('Unshipped') || wanted.includes('PartiallyShipped')
  const names = new Set<string>(open ? [...wanted, 'Unshipped', 'PartiallyShipped'] : wanted)
  const plain = Object.entries(plainFilters).filter(([name]) => query.has(name))
  return (order) =>
    markets.has(order.marketplace.id) &&
    (names.size === 0 || names.has(v0StatusOf(order))) &&
    (channels.length === 0 || channels.includes(order.byAmazon ? 'AFN' : 'MFN')) &&
    // All money here is of the kind "Other", and an order without money has no kind.
    (methods.length === 0 || (methods.includes('Other') && wasPaid(order) && !order.cancelled)) &&
    plain.every(([name, keeps]) => keeps(order, query.get(name)!))
}

/** With order ids alone, no dates are asked for. */
function readTimes(
  call: ApiCall,
  query: URLSearchParams,
): Pick<Search, 'field' | 'afterMs' | 'beforeMs'> | HttpAnswer {
  const dated = query.has('CreatedAfter') || query.has('LastUpdatedAfter')
  if (!dated && query.has('AmazonOrderIds'))
    return { field: 'createdMs', afterMs: 0, beforeMs: call.world.pace.clock.nowMs() }
  return readWindow(query, windowNames, call.world)
}

function readSearch(call: ApiCall, query: URLSearchParams): Search | HttpAnswer {
  const besides = notBesideSellerOrderId.find((name) => query.has('SellerOrderId') && query.has(name))
  if (besides) return invalidInput(`${besides} must not be used together with SellerOrderId.`)
  if (listOf(query, 'AmazonOrderIds').length > 50)
    return invalidInput('AmazonOrderIds must not have more than 50 values.')
  const times = readTimes(call, query)
  if (isAnswer(times)) return times
  const limit = readLimit(query, 'MaxResultsPerPage')
  if (isAnswer(limit)) return limit
  const keeps = readFilter(call, query)
  return isAnswer(keeps) ? keeps : { ...times, limit, keeps }
}

const viewV0Of = (call: ApiCall, order: SimulatedOrder): ViewV0 => ({
  ...viewOf(call.world, order),
  reveals: revealed(call),
})

type Walk = { readonly token: string | null; readonly binding: string; readonly query: URLSearchParams }

/** Where the walk stands. The token stands for the whole search; what is repeated beside it counts for nothing. */
function readWalk(call: ApiCall): Walk | HttpAnswer {
  const { query } = call.request
  const token = query.get('NextToken') || null
  const binding = `v0/${call.sellerId}`
  if (!query.has('MarketplaceIds')) return invalidInput('MarketplaceIds is required.')
  if (token === null) return { token, binding, query }
  const mark = call.tokens.read(token, binding, call.world.pace.clock.nowMs())
  return mark ? { token, binding, query: new URLSearchParams(mark.query) } : undecodableToken()
}

function getOrders(call: ApiCall): HttpAnswer {
  const { world, sellerId, operation } = call
  const walk = readWalk(call)
  if (isAnswer(walk)) return walk
  const search = readSearch(call, walk.query)
  if (isAnswer(search)) return search
  const page = cutPage(world, call.tokens, {
    ...walk,
    sellerId,
    search,
    operation,
    query: walk.query.toString(),
  })
  if (!page) return undecodableToken()
  if (world.faults.strikes('hidden_inner_failure', operation)) return hiddenFailure()
  const end = isoTime(search.beforeMs).replace(/\.\d{3}Z$/, 'Z')
  return ok({
    payload: {
      Orders: page.orders.map((order) => renderOrderV0(order, viewV0Of(call, order))),
      // The end is told by an empty token or by none; clients meet both.
      ...((page.nextToken !== null || walk.token !== null) && { NextToken: page.nextToken ?? '' }),
      ...(search.field === 'createdMs' ? { CreatedBefore: end } : { LastUpdatedBefore: end }),
    },
  })
}

type Part = (call: ApiCall, order: SimulatedOrder, view: ViewV0) => object

const order: Part = (_call, order, view) => renderOrderV0(order, view)
const orderItems: Part = (_call, order, view) => ({
  AmazonOrderId: order.orderId,
  OrderItems: order.items.map((item) => renderItemV0(order, view, item)),
})
const address: Part = (_call, order, view) => ({
  AmazonOrderId: order.orderId,
  ...(showsRecipient(order) &&
    view.reveals.has('shippingAddress') && {
      ...(order.buyer.company && { BuyerCompanyName: order.buyer.company }),
      ShippingAddress: renderAddress(order),
      ...(order.serial % 5 === 0 && {
        DeliveryPreferences: { AddressInstructions: 'Leave with the neighbour if nobody answers' },
      }),
    }),
})
const buyerInfo: Part = (_call, order, view) => ({
  AmazonOrderId: order.orderId,
  ...(showsRecipient(order) && view.reveals.has('buyerInfo') && renderBuyer(order)),
})
const itemsBuyerInfo: Part = (_call, order, view) => ({
  AmazonOrderId: order.orderId,
  OrderItems: order.items.map((item) => ({
    OrderItemId: item.orderItemId,
    ...(view.reveals.has('buyerInfo') && renderItemBuyer(order, view, item)),
  })),
})

const answerWith =
  (part: Part) =>
  (call: ApiCall): HttpAnswer => {
    const found = findOrder(call)
    if (isAnswer(found)) return found
    if (call.world.faults.strikes('hidden_inner_failure', call.operation)) return hiddenFailure()
    return ok({ payload: part(call, found, viewV0Of(call, found)) })
  }

const one = '/orders/v0/orders/{orderId}'
const parts: readonly (readonly [operation: string, path: string, part: Part])[] = [
  ['getOrderV0', one, order],
  ['getOrderBuyerInfo', `${one}/buyerInfo`, buyerInfo],
  ['getOrderAddress', `${one}/address`, address],
  ['getOrderItems', `${one}/orderItems`, orderItems],
  ['getOrderItemsBuyerInfo', `${one}/orderItems/buyerInfo`, itemsBuyerInfo],
]

export const ordersV0: readonly Operation[] = [
  {
    operation: 'getOrders',
    method: 'GET',
    path: '/orders/v0/orders',
    perSecond: 0.0167,
    burst: 20,
    token: 'seller',
    answer: getOrders,
  },
  ...parts.map(([operation, path, part]) => ({
    operation,
    method: 'GET',
    path,
    perSecond: 0.5,
    burst: 30,
    token: 'seller' as const,
    answer: answerWith(part),
  })),
]
