import { createHmac, timingSafeEqual } from 'node:crypto'
import type { PlatformApp, PushVerdict, ReadHint, ReceivedPush } from '#connectors/connector.ts'
import { readJson } from '#kernel/json.ts'
import { shopIdOf } from './auth.ts'
import { countryOfSite, findMarket } from './markets.ts'
import { instantOf, isObject, membersOf, numberOf, wordOf } from './raw-values.ts'

const invalid = (reason: string): PushVerdict => ({ valid: false, reason })

/**
 * Checks a push (docs: 120196): `Authorization` is the HMAC-SHA256 of the app key followed by the raw
 * body, in hex of either case, keyed with the app secret. No time is signed apart from that inside the
 * body, so an old push verifies, too; it can only cause an order to be read again.
 */
export function verify({ headers, rawBody }: ReceivedPush, app: PlatformApp): PushVerdict {
  const appKey = app.credentials['app_key']
  const secret = app.credentials['push_key'] ?? app.credentials['app_secret']
  if (!appKey || !secret) return invalid('the app key or its secret is not known')
  const received = headers['authorization']?.trim().toLowerCase() ?? ''
  if (received === '') return invalid('the Authorization header is missing')
  if (!/^[0-9a-f]{64}$/.test(received)) return invalid('the Authorization header is no HMAC-SHA256 in hex')
  const expected = createHmac('sha256', secret).update(appKey).update(rawBody).digest()
  return timingSafeEqual(expected, Buffer.from(received, 'hex'))
    ? { valid: true, reason: null }
    : invalid('the signature does not belong to this body, app key and secret')
}

/** Message types that are about an order, with the member that tells the new state. */
const orderTypes: ReadonlyMap<number, string> = new Map([
  [0, 'order_status'],
  [10, 'reverse_status'],
  [14, 'status'],
])

/** What the other types are about; new ones are ignored, too. */
const otherTypes: ReadonlyMap<number, string> = new Map([
  [1, 'product quality check'],
  [2, 'chat message'],
  [3, 'product created'],
  [4, 'product edited'],
  [5, 'product deleted'],
  [6, 'low stock'],
  [7, 'video'],
  [8, 'authorisation: the token ends within 48 hours'],
  [11, 'promotion'],
  [12, 'category tree'],
  [13, 'seller status'],
  [19, 'chat session'],
  [21, 'review'],
  [35, 'JIT purchase order'],
  [46, 'JIT pick-up'],
])

const unreadable = (reason: string): ReadHint => ({ kind: 'unreadable', reason })

/**
 * Reads one push. Trade orders, reverse orders and fulfilment packages say that an order changed; every
 * order line sends its own. There is no message id: what identifies one is what it says.
 */
export function readHint(body: unknown): ReadHint {
  const message = parsed(body)
  if (!isObject(message)) return unreadable('the message is not a JSON object')
  const type = numberOf(message['message_type'])
  if (type === null) return unreadable('the message has no message_type')
  const stateMember = orderTypes.get(type)
  if (stateMember === undefined)
    return {
      kind: 'ignored',
      reason: `type ${type} (${otherTypes.get(type) ?? 'unknown'}) is not about orders`,
    }

  const data = membersOf(message['data'])
  const platformOrderId = wordOf(data['trade_order_id'])
  const sellerId = wordOf(message['seller_id']) ?? wordOf(data['seller_id'])
  const country = countryOfSite(wordOf(message['site']) ?? '')
  if (platformOrderId === null || sellerId === null || !findMarket(country))
    return unreadable(`type ${type} without trade_order_id, seller_id or a known site`)
  const changedAt = data['status_update_time'] ?? message['timestamp']
  const part = ['trade_order_line_id', 'reverse_order_line_id', 'fulfillment_package_id'].map(
    (name) => data[name],
  )
  const shopId = shopIdOf(sellerId, country)
  return {
    kind: 'order',
    hint: {
      platformOrderId,
      platformMerchantId: null,
      platformShopId: shopId,
      platformMarketId: country,
      dedupeKey: [type, shopId, platformOrderId, ...part, data[stateMember], changedAt].map(wordOf).join('/'),
      occurredAtMs: instantOf(changedAt),
    },
  }
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return body
  const reading = readJson(body)
  return reading.ok ? reading.value : null
}
