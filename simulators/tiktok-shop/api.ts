import type { HttpAnswer } from '../http.ts'
import { isAnswer, refusals, success } from './answers.ts'
import type { ApiCall, Operation } from './gate.ts'
import { renderOrder, renderPriceDetail, viewOf } from './render.ts'
import { cutPage } from './search.ts'

const maxIds = 50

function shops({ account }: ApiCall): HttpAnswer {
  return success({
    shops: account.shops.map(({ shopId, name, market, sellerType, cipher, code }) => ({
      id: shopId,
      name,
      region: market.country,
      seller_type: sellerType,
      cipher,
      code,
    })),
  })
}

function searchOrders(call: ApiCall): HttpAnswer {
  const page = cutPage(call)
  if (isAnswer(page)) return page
  const { faults } = call.world
  return success({
    next_page_token: page.nextToken,
    total_count: page.total,
    orders: page.orders.map((order) => renderOrder(order, viewOf(faults, order), false)),
  })
}

/** One id that is not the shop's refuses them all. */
function orderDetail({ world, request, shop }: ApiCall): HttpAnswer {
  const ids = (request.query.get('ids') ?? '').split(',').filter((id) => id !== '')
  if (ids.length === 0 || ids.length > maxIds) return refusals.wrong(`ids must have 1 to ${maxIds} values.`)
  const orders = ids.map((id) => world.book.find(id))
  if (orders.some((order) => order?.shop.shopId !== shop.shopId)) return refusals.notYours()
  return success({
    orders: orders.flatMap((order) => (order ? [renderOrder(order, viewOf(world.faults, order), true)] : [])),
  })
}

function priceDetail({ world, params, shop }: ApiCall): HttpAnswer {
  const order = world.book.find(params['order_id'] ?? '')
  return order?.shop.shopId === shop.shopId ? success(renderPriceDetail(order)) : refusals.notYours()
}

const readJson = ({ request }: ApiCall): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

function putWebhook(call: ApiCall): HttpAnswer {
  const body = readJson(call)
  const { event_type: type, address } = body ?? {}
  if (typeof type !== 'string') return refusals.wrong('body.event_type is missing.')
  if (typeof address !== 'string') return refusals.wrong('body.address is missing.')
  const isTaken = call.world.pushes.subscribe(call.shop.shopId, type, address)
  return isTaken ? success({}) : refusals.wrong('body.address or body.event_type is invalid.')
}

const webhooks = ({ world, shop }: ApiCall): HttpAnswer => {
  const list = world.pushes.subscriptions(shop.shopId)
  return success({
    total_count: list.length,
    webhooks: list.map(({ type, address }) => ({ event_type: type, address })),
  })
}

function deleteWebhook(call: ApiCall): HttpAnswer {
  const type = readJson(call)?.['event_type']
  if (typeof type !== 'string') return refusals.wrong('body.event_type is missing.')
  call.world.pushes.unsubscribe(call.shop.shopId, type)
  return success({})
}

const orderScope = 'seller.order.info'
const shopScope = 'seller.authorization.info'
const forShop = { takesShop: true }

export const operations: readonly Operation[] = [
  {
    operation: 'getAuthorizedShops',
    method: 'GET',
    path: '/authorization/202309/shops',
    scope: shopScope,
    takesShop: false,
    answer: shops,
  },
  {
    operation: 'searchOrders',
    method: 'POST',
    path: '/order/202309/orders/search',
    scope: orderScope,
    ...forShop,
    answer: searchOrders,
  },
  ...['202309', '202507'].map((version) => ({
    operation: 'getOrderDetail',
    method: 'GET',
    path: `/order/${version}/orders`,
    scope: orderScope,
    ...forShop,
    answer: orderDetail,
  })),
  {
    operation: 'getPriceDetail',
    method: 'GET',
    path: '/order/202407/orders/{order_id}/price_detail',
    scope: orderScope,
    ...forShop,
    answer: priceDetail,
  },
  ...(
    [
      ['updateShopWebhook', 'PUT', putWebhook],
      ['getShopWebhooks', 'GET', webhooks],
      ['deleteShopWebhook', 'DELETE', deleteWebhook],
    ] as const
  ).map(([operation, method, answer]) => ({
    operation,
    method,
    path: '/event/202309/webhooks',
    scope: shopScope,
    ...forShop,
    answer,
  })),
]
