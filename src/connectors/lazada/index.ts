import type { Connector } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'
import { authorisationDays, authorizeUrl, exchange, readCallback, refresh, shops } from './auth.ts'
import { errors } from './errors.table.ts'
import { readError } from './errors.ts'
import { limits } from './limits.ts'
import { hosts, markets } from './markets.ts'
import { order } from './order.map.ts'
import { one, walk } from './orders.ts'
import { readHint, verify } from './push.ts'
import { quirks } from './quirks.ts'
import { sign } from './sign.ts'
import { unwrap } from './unwrap.ts'

/** Lazada through the Lazada Open Platform. */
export const lazada: Connector = {
  platform: 'lazada',
  about: {
    name: text('Lazada', 'Lazada'),
    apiVersion: 'LazOP REST',
    quirks,
    // Lazada documents no longest span; this keeps a walk short enough to be repeated.
    maxWindowDays: 30,
    // No delay is documented; the minute is for a clock that is off.
    visibilityLagMs: 60_000,
    overlapMs: 10 * 60_000,
    // Lazada asks not to poll tightly; pushes bring the changes in between.
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
    webhook: {
      verify,
      acknowledgement: { status: 200, body: '', type: 'text/plain' },
      answerWithinMs: 500,
    },
  },
}
