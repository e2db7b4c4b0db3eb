import type { RateLimit } from '#connectors/connector.ts'

/** Best effort, on 20x, 400 and 404 only (docs: usage-plans-and-rate-limits). */
const learnFrom = 'x-amzn-ratelimit-limit'
const source = 'docs: usage-plans-and-rate-limits'

const seller = (operation: string, perSecond: number, burst: number): RateLimit => ({
  operation,
  perSecond,
  burst,
  scope: 'account',
  learnFrom,
  source,
})
const app = (operation: string, perSecond: number, burst: number): RateLimit => ({
  ...seller(operation, perSecond, burst),
  scope: 'app',
})

/**
 * Default usage plans of the models: one bucket for each selling account, app and operation; grantless
 * operations have no account. Amazon gives large sellers more and says so in the header.
 */
export const limits: readonly RateLimit[] = [
  seller('orders.search', 0.0056, 20),
  seller('orders.get', 0.5, 30),
  seller('orders.cancel', 1, 5),
  seller('orders_v0.list', 0.0167, 20),
  seller('orders_v0.get', 0.5, 30),
  seller('orders_v0.buyer_info', 0.5, 30),
  seller('orders_v0.address', 0.5, 30),
  seller('orders_v0.items', 0.5, 30),
  seller('orders_v0.items_buyer_info', 0.5, 30),
  seller('orders_v0.regulated_info', 0.5, 30),
  seller('orders_v0.update_verification', 0.5, 30),
  seller('orders_v0.update_shipment', 5, 15),
  seller('orders_v0.confirm_shipment', 2, 10),
  seller('sellers.participations', 0.016, 15),
  seller('sellers.account', 0.016, 15),
  seller('tokens.restricted', 1, 10),
  seller('notifications.create_subscription', 1, 5),
  seller('notifications.get_subscription', 1, 5),
  app('notifications.create_destination', 1, 5),
  app('notifications.list_destinations', 1, 5),
  app('notifications.get_destination', 1, 5),
  app('notifications.delete_destination', 1, 5),
  app('notifications.get_subscription_by_id', 1, 5),
  app('notifications.delete_subscription', 1, 5),
  app('notifications.send_test', 1, 5),
]
