import type { Connector } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'
import { authorisationDays, authorizeUrl, exchange, readCallback, refresh, shops } from './auth.ts'
import { errors, readError } from './errors.ts'
import { limits } from './limits.ts'
import { hosts, markets, sandboxHosts } from './markets.ts'
import { orderMap } from './order.map.ts'
import { one, walk } from './orders.ts'
import { acknowledgement, answerWithinMs, readHint, subscribe, verifyPush } from './push.ts'
import { quirks } from './quirks.ts'
import { sign } from './sign.ts'
import { unwrap } from './unwrap.ts'

/** Shopee through its Open Platform API v2. */
export const shopee: Connector = {
  platform: 'shopee',
  about: {
    name: text('Shopee', '虾皮 Shopee'),
    apiVersion: 'Open Platform v2',
    quirks,
    // Shopee allows 15; walks widen each window by a second at both ends.
    maxWindowDays: 14,
    visibilityLagMs: 60_000,
    overlapMs: 5 * 60_000,
    pollEveryMs: 5 * 60_000,
    authorisationDays,
  },
  markets,
  hosts,
  sandboxHosts,
  credentialNames: ['partner_id', 'partner_key'],
  maps: { order: orderMap },
  errors,
  limits,
  unwrap,
  sign,
  readError,
  auth: { authorizeUrl, readCallback, exchange, refresh, shops },
  orders: { walk, one },
  push: {
    readHint,
    webhook: { verify: verifyPush, acknowledgement, answerWithinMs },
    subscribe,
  },
}
