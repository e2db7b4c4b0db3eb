import type { RateLimit } from '#connectors/connector.ts'

/**
 * Temu counts 20 requests a second for one app over all its malls and all APIs, and adjusts that by app;
 * no header tells (docs: api-integration-guide, rate limit). The shares below add up to 15.
 */
const share = (operation: string, perSecond: number, burst = Math.max(1, perSecond)): RateLimit => ({
  operation,
  perSecond,
  burst,
  scope: 'app',
  source: 'docs: api-integration-guide, rate limit',
})

export const limits: readonly RateLimit[] = [
  share('orders.list', 4, 8),
  share('orders.detail', 1),
  share('orders.amount', 4),
  share('orders.shipping', 4),
  share('token.create', 0.5),
  share('token.info', 0.5),
  { ...share('messages.update', 1), source: 'docs: bg.tmc.message.update' },
]
