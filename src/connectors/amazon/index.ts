import type { Connector } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'
import { authorisationDays, authorizeUrl, exchange, readCallback, refresh, shops } from './auth.ts'
import { errors, readError } from './errors.ts'
import { limits } from './limits.ts'
import { hosts, markets, sandboxHosts } from './markets.ts'
import { subscribe } from './notifications.ts'
import { order2026 } from './order-2026.map.ts'
import { orderV0 } from './order-v0.map.ts'
import { one, walk } from './orders.ts'
import { readHint } from './push.ts'
import { quirks } from './quirks.ts'
import { sign } from './sign.ts'
import { openNotificationQueue, queueSettingsOf } from './sqs.ts'
import { unwrap } from './unwrap.ts'

/** Amazon through the Selling Partner API. */
export const amazon: Connector = {
  platform: 'amazon',
  about: {
    name: text('Amazon', '亚马逊'),
    apiVersion: 'SP-API, Orders 2026-01-01',
    quirks,
    maxWindowDays: 30,
    // Amazon refuses an end within two minutes of the request; the rest is for a clock that is off.
    visibilityLagMs: 150_000,
    overlapMs: 5 * 60_000,
    // One search in 179 s is all that is given; messages bring the changes in between.
    pollEveryMs: 5 * 60_000,
    authorisationDays,
  },
  markets,
  hosts,
  sandboxHosts,
  credentialNames: ['client_id', 'client_secret', 'application_id'],
  maps: { order: order2026, order_v0: orderV0 },
  errors,
  limits,
  unwrap,
  sign,
  readError,
  auth: { authorizeUrl, readCallback, exchange, refresh, shops },
  orders: { walk, one },
  push: {
    readHint,
    openQueue: (app) => {
      const settings = queueSettingsOf(app)
      return settings && openNotificationQueue(settings)
    },
    subscribe,
  },
}
