import type { RateLimit } from '#connectors/connector.ts'

/**
 * 50 requests a second for each endpoint, app and shop (docs: rate-limits). No header tells what is left.
 * A grant may cover several shops, which then share one bucket here: less than allowed, never more.
 */
const perShop = (operation: string): RateLimit => ({
  operation,
  perSecond: 50,
  burst: 50,
  scope: 'account',
  source: 'docs: rate-limits',
})

export const limits: readonly RateLimit[] = [
  'token.get',
  'token.refresh',
  'shops.list',
  'orders.search',
  'orders.detail',
].map(perShop)
