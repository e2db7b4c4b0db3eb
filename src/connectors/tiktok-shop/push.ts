import { createHmac, timingSafeEqual } from 'node:crypto'
import type { PlatformApp, PushVerdict, ReadHint, ReceivedPush } from '#connectors/connector.ts'
import { readJson } from '#kernel/json.ts'
import { idOf, isObject, listOf, membersOf, secondsToMs } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/** `Authorization` is the bare hex HMAC-SHA256 of app key and raw body (docs: tiktok-shop-webhooks-overview). */
const hexDigest = /^[0-9a-f]{64}$/

const refused = (reason: string): PushVerdict => ({ valid: false, reason })

/**
 * Checks a push over its raw bytes, in constant time. The key is the app secret, unless the credential
 * `push_key` is given. Nothing in the signature tells its age: repeats are found by `tts_notification_id`.
 */
export function verify({ headers, rawBody }: ReceivedPush, { credentials }: PlatformApp): PushVerdict {
  const given = headers['authorization']
  const secret = credentials['push_key'] ?? credentials['app_secret']
  if (!secret || !credentials['app_key']) return refused('the app has no key or no secret')
  if (given === undefined || given === '') return refused('the header authorization is missing')
  if (!hexDigest.test(given)) return refused('the header authorization is not a hex digest in lower case')
  const wanted = createHmac('sha256', secret).update(credentials['app_key']).update(rawBody).digest()
  return timingSafeEqual(wanted, Buffer.from(given, 'hex'))
    ? { valid: true, reason: null }
    : refused('the signature does not belong to this body')
}

/** Taken when answered with 200 and an empty body within three seconds. */
export const acknowledgement = { status: 200, body: '', type: 'text/plain' } as const
export const answerWithinMs = 3000

/** Types that name an order (docs: webhooks). */
const aboutOrders: ReadonlySet<unknown> = new Set([1, 2, 3, 4, 11, 12, 36])
const aboutConsent: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [6, 'the seller withdrew the authorisation; the next call finds out'],
  [7, 'the authorisation ends soon; its end is known from the tokens'],
])

/**
 * Reads a push. Only types that name an order matter; their content is a hint to read that order again,
 * never data. Type 68 has been printed without the usual envelope and is taken in both forms.
 */
export function readHint(body: unknown): ReadHint {
  const message = typeof body === 'string' ? parsed(body) : body
  if (!isObject(message)) return { kind: 'unreadable', reason: 'the push is not a JSON object' }
  const { type, event_id: eventId } = message
  if (type === undefined && eventId !== undefined)
    return { kind: 'ignored', reason: 'a push without type, about stock' }
  if (typeof type !== 'number') return { kind: 'unreadable', reason: 'the push has no type' }
  const consent = aboutConsent.get(type)
  if (consent !== undefined) return { kind: 'ignored', reason: `type ${type}: ${consent}` }
  if (!aboutOrders.has(type)) return { kind: 'ignored', reason: `type ${type} is not about orders` }
  return readOrderHint(type, message)
}

function parsed(text: string): unknown {
  const reading = readJson(text)
  return reading.ok ? reading.value : null
}

function readOrderHint(type: number, message: Members): ReadHint {
  const data = membersOf(message['data'])
  const platformOrderId = orderIdOf(data)
  const platformShopId = idOf(message['shop_id'])
  if (platformOrderId === null || platformShopId === null)
    return { kind: 'unreadable', reason: `type ${type} without an order id or shop_id` }
  const changed = data['update_time'] ?? data['create_time'] ?? message['timestamp']
  return {
    kind: 'order',
    hint: {
      platformOrderId,
      platformMerchantId: null,
      platformShopId,
      platformMarketId: null,
      dedupeKey: idOf(message['tts_notification_id']) ?? `${type}:${platformOrderId}:${String(changed)}`,
      occurredAtMs: secondsToMs(changed),
    },
  }
}

/** Packages of several orders name them all; the first is read at once, the walk brings the others. */
const orderIdOf = (data: Members): string | null =>
  idOf(data['order_id']) ??
  idOf(listOf(data['order_ids'])[0]) ??
  idOf(listOf(membersOf(listOf(data['package_list'])[0])['order_id_list'])[0])
