import type { Connector } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'
import { authorisationDays, authorizeUrl, exchange, readCallback, refresh, shops } from './auth.ts'
import { errors, readError } from './errors.ts'
import { limits } from './limits.ts'
import { hosts, markets } from './markets.ts'
import { order } from './order.map.ts'
import { one, walk } from './orders.ts'
import { orderEventCodes, readHint, webhook } from './push.ts'
import { quirks } from './quirks.ts'
import { callRouter } from './router.ts'
import { sign } from './sign.ts'
import { unwrap } from './unwrap.ts'

/** Temu through the Open Platform: local and semi-managed malls. */
export const temu: Connector = {
  platform: 'temu',
  about: {
    name: text('Temu', 'Temu'),
    apiVersion: 'Open Platform, orders v2',
    quirks,
    // The three below are documented nowhere: small spans, and each walk goes well back over the last one.
    maxWindowDays: 1,
    visibilityLagMs: 60_000,
    overlapMs: 10 * 60_000,
    pollEveryMs: 5 * 60_000,
    authorisationDays,
  },
  markets,
  hosts,
  credentialNames: ['app_key', 'app_secret'],
  maps: { order },
  errors,
  limits,
  unwrap,
  sign,
  readError,
  auth: { authorizeUrl, readCallback, exchange, refresh, shops },
  orders: { walk, one },
  push: {
    readHint,
    webhook,
    subscribe: async (call, _app, region) => {
      await callRouter(call, {
        operation: 'messages.update',
        type: 'bg.tmc.message.update',
        region,
        parameters: { permitEventCodeList: orderEventCodes },
      })
    },
  },
}
