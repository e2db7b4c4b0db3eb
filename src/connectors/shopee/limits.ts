import type { RateLimit } from '#connectors/connector.ts'

const source = 'OpenClaw default: Shopee publishes no figures'

const shop = (operation: string, perSecond: number, burst: number): RateLimit => ({
  operation,
  perSecond,
  burst,
  scope: 'account',
  source,
})
const app = (operation: string, perSecond: number, burst: number): RateLimit => ({
  ...shop(operation, perSecond, burst),
  scope: 'app',
})

/**
 * Shopee publishes no rates and sends no header that tells them. Ours add up to ten requests a second for
 * each shop; `error_rate_limit` and `error_limit` close the bucket for a while.
 */
export const limits: readonly RateLimit[] = [
  shop('orders.list', 2, 10),
  shop('orders.detail', 2, 20),
  shop('packages.detail', 2, 20),
  shop('escrow.batch', 2, 20),
  shop('escrow.detail', 1, 10),
  shop('shop.info', 1, 10),
  app('auth.exchange', 5, 20),
  app('auth.refresh', 10, 50),
  app('push.configure', 1, 5),
]
