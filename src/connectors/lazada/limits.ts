import type { RateLimit } from '#connectors/connector.ts'

const source = 'our choice: Lazada publishes no rates of these calls'

const limit = (operation: string, scope: RateLimit['scope'] = 'account'): RateLimit => ({
  operation,
  perSecond: 10,
  burst: 10,
  scope,
  source,
})

/**
 * One bucket for each seller and operation. Lazada tells a limit only when it is passed (ApiCallLimit,
 * SellerCallLimit, AppCallLimit, 901), and asks not to poll tightly (docs: 121327).
 */
export const limits: readonly RateLimit[] = [
  limit('orders.list'),
  limit('orders.get'),
  limit('orders.items'),
  limit('orders.items_of_many'),
  limit('seller.get'),
  limit('auth.create', 'app'),
  limit('auth.refresh', 'app'),
]
