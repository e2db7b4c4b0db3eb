import type { Connector } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'
import { authorizeUrl, exchange, readCallback, refresh, shops } from './auth.ts'
import { errors, readError } from './errors.ts'
import { limits } from './limits.ts'
import { hosts, markets } from './markets.ts'
import { order } from './order.map.ts'
import { one, walk } from './orders.ts'
import { acknowledgement, answerWithinMs, readHint, verify } from './push.ts'
import { quirks } from './quirks.ts'
import { sign } from './sign.ts'
import { unwrap } from './unwrap.ts'

/** TikTok Shop through its Open Platform. */
export const tiktokShop: Connector = {
  platform: 'tiktok_shop',
  about: {
    name: text('TikTok Shop', 'TikTok Shop'),
    apiVersion: 'Open Platform, Orders 202309 and 202507',
    quirks,
    maxWindowDays: 1,
    // How late the search shows a change is not documented: the overlap makes up for more.
    visibilityLagMs: 30_000,
    overlapMs: 10 * 60_000,
    pollEveryMs: 2 * 60_000,
    // Differs by authorisation and comes with the refresh token.
    authorisationDays: null,
  },
  markets,
  hosts,
  credentialNames: ['app_key', 'app_secret', 'service_id'],
  maps: { order },
  errors,
  limits,
  unwrap,
  sign,
  readError,
  auth: { authorizeUrl, readCallback, exchange, refresh, shops },
  orders: { walk, one },
  push: { readHint, webhook: { verify, acknowledgement, answerWithinMs } },
}
