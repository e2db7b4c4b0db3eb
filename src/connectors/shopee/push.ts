import { timingSafeEqual } from 'node:crypto'
import type { Call, PlatformApp, PushVerdict, ReadHint, ReceivedPush } from '#connectors/connector.ts'
import { readJson } from '#kernel/json.ts'
import { idOf, isObject, membersOf, msOf, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { hmacHex } from './sign.ts'

const invalid = (reason: string): PushVerdict => ({ valid: false, reason })
const signatureForm = /^[0-9a-f]{64}$/

/**
 * `Authorization` is the lower-case hex HMAC-SHA256 of the registered address, a bar and the raw body (docs:
 * developer-guide/18). Pages name the partner key, the console shows a push key of its own: either is
 * accepted. The address must be exactly the one registered, the body the very bytes received.
 */
export function verifyPush(
  { url, headers, rawBody }: ReceivedPush,
  { credentials }: PlatformApp,
): PushVerdict {
  const keys = ['push_key', 'partner_key'].flatMap((name) => credentials[name] ?? [])
  if (keys.length === 0) return invalid('no push_key or partner_key is configured')
  const received = headers['authorization']?.trim().toLowerCase()
  if (received === undefined) return invalid('the authorization header is missing')
  if (!signatureForm.test(received)) return invalid('the authorization header is not a hex signature')
  const signed = Buffer.concat([Buffer.from(`${url}|`), rawBody])
  // Every key is tried, so that the time taken tells nothing.
  const matches = keys.map((key) => timingSafeEqual(Buffer.from(hmacHex(key, signed)), Buffer.from(received)))
  return matches.includes(true) ? { valid: true, reason: null } : invalid('the signature does not match')
}

const unreadable = (reason: string): ReadHint => ({ kind: 'unreadable', reason })
const ignored = (reason: string): ReadHint => ({ kind: 'ignored', reason })

/** Pushes after which an order looks different (docs: push-mechanism). */
const orderCodes = new Set(['3', '4', '29', '30', '47'])

/** Why others are let go. */
const otherCodes: Readonly<Record<string, string>> = {
  '0': 'a verification message of the console',
  '1': 'a shop or merchant was authorised; the callback of the consent tells the same',
  '2': 'a consent was cancelled or ended; the next call will tell',
  '8': 'reserved stock; the order itself is announced by code 3',
  '12': 'consents that end soon; the hub watches their dates itself',
  '15': 'a shipping document is ready or failed; the order does not change',
}

/**
 * Reads one push, or one entry of the lost ones (whose `data` is the whole push, as text or object). Spellings
 * vary: `ordersn`, `order_sn`. Pushes may come twice and have no reliable id: the key is made of what they say.
 */
export function readHint(body: unknown): ReadHint {
  const push = unwrapPush(body)
  if (!isObject(push)) return unreadable('the push is not a JSON object')
  const { code: number } = push
  const code = typeof number === 'number' || typeof number === 'string' ? String(number) : null
  if (code === null) return unreadable('the push has no code')
  if (!orderCodes.has(code)) return ignored(`code ${code}: ${otherCodes[code] ?? 'not about orders'}`)
  return readOrderPush(code, push)
}

function readOrderPush(code: string, push: Members): ReadHint {
  const data = membersOf(push['data'])
  const platformOrderId = textOf(data['ordersn']) ?? textOf(data['order_sn'])
  const platformShopId = idOf(push['shop_id']) ?? idOf(data['shop_id'])
  if (platformOrderId === null || platformShopId === null)
    return unreadable(`code ${code} without ordersn or shop_id`)
  return {
    kind: 'order',
    hint: {
      platformOrderId,
      platformMerchantId: null,
      platformShopId,
      platformMarketId: null,
      dedupeKey: textOf(push['msg_id']) ?? keyOf(code, platformShopId, platformOrderId, push, data),
      occurredAtMs: msOf(data['update_time']) ?? msOf(push['timestamp']),
    },
  }
}

const keyOf = (code: string, shopId: string, orderId: string, push: Members, data: Members): string =>
  [
    code,
    shopId,
    orderId,
    data['package_number'],
    data['return_sn'],
    data['update_time'] ?? push['timestamp'],
    data['status'] ?? data['fulfillment_status'] ?? data['tracking_no'],
  ]
    .map((part) => (typeof part === 'string' || typeof part === 'number' ? String(part) : ''))
    .join(':')

function unwrapPush(body: unknown, depth = 0): unknown {
  if (depth > 3) return null
  if (typeof body === 'string') {
    const reading = readJson(body)
    return reading.ok ? unwrapPush(reading.value, depth + 1) : null
  }
  if (!isObject(body)) return body
  const { data } = body
  if (typeof data === 'string') return unwrapPush(data, depth + 1)
  return isObject(data) && 'code' in data && 'data' in data ? data : body
}

/** Shopee takes the answer as delivered only with an empty body (docs: developer-guide/18). */
export const acknowledgement = { status: 200, body: '', type: 'text/plain' } as const
export const answerWithinMs = 3000

/**
 * Registers the callback address and switches the order pushes on, with the authorisation ones
 * (docs: v2.push.set_app_push_config). One address serves the whole app, so repeating it changes nothing.
 * Without the credential `push_url` the console's own setting stands.
 */
export async function subscribe(call: Call, app: PlatformApp): Promise<void> {
  const callbackUrl = app.credentials['push_url']
  if (!callbackUrl) return
  await call({
    operation: 'push.configure',
    method: 'POST',
    host: 'api',
    path: '/api/v2/push/set_app_push_config',
    body: { callback_url: callbackUrl, set_push_config_on: [1, 2, 12, ...[...orderCodes].map(Number)] },
    auth: 'none',
    repeatable: true,
  })
}
