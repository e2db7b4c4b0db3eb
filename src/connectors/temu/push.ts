import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { OrderHint, PlatformApp, PushVerdict, ReadHint, ReceivedPush } from '#connectors/connector.ts'
import { readJson } from '#kernel/json.ts'
import { idOf, isObject, membersOf, secondsOf, textOf } from './raw-values.ts'

/** A push as it is after decryption: what `readHint` reads. */
export type OpenedPush = {
  readonly event_code: string
  /** Unix ms as text, as the header has it. */
  readonly timestamp: string
  /** The decrypted event, JSON. */
  readonly event_data: string
}

const secretOf = ({ credentials }: PlatformApp): string =>
  credentials['push_key'] ?? credentials['app_secret'] ?? ''

const invalid = (reason: string): PushVerdict => ({ valid: false, reason })

/**
 * Checks a push (docs: webhook guide). The guide prints two results for one message, with and without
 * `x-tm-ext-param`; both are accepted, each compared in constant time. The guide's own `key=value` text and
 * its Java sample produce neither.
 */
function verify(push: ReceivedPush, app: PlatformApp): PushVerdict {
  const { headers } = push
  const signature = headers['x-tm-signature']
  if (!signature) return invalid('no x-tm-signature')
  for (const name of ['x-tm-app-key', 'x-tm-event-code', 'x-tm-timestamp'])
    if (!headers[name]) return invalid(`no ${name}`)
  const appKey = app.credentials['app_key']
  if (appKey && headers['x-tm-app-key'] !== appKey) return invalid('another app_key')
  const secret = secretOf(app)
  const eventData = decrypt(push.rawBody, secret)
  if (eventData === null) return invalid('the event cannot be decrypted')
  const given = Buffer.from(signature)
  let isGood = false
  for (const names of [signedHeaders, signedHeaders.filter((name) => name !== 'x-tm-ext-param')]) {
    const text = names.map((name) => (headers[name] === undefined ? '' : name + headers[name])).join('')
    const wanted = Buffer.from(
      createHmac('sha256', secret).update(`eventData${eventData}${text}`).digest('hex'),
    )
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) isGood = true
  }
  return isGood ? { valid: true, reason: null } : invalid('the signature does not match')
}

/** In the order of their names, which is the order in which they are signed. */
const signedHeaders = ['x-tm-app-key', 'x-tm-event-code', 'x-tm-ext-param', 'x-tm-timestamp']

/** AES-128-CBC; key and initial vector are the first 16 bytes of the secret. `null` for anything else. */
function decrypt(rawBody: Uint8Array, secret: string): string | null {
  const reading = readJson(rawBody)
  const base64 = reading.ok ? textOf(membersOf(reading.value)['eventData']) : null
  const key = Buffer.from(secret).subarray(0, 16)
  const cipher = Buffer.from(base64 ?? '', 'base64')
  // A form of its own for the same bytes would be another message to whoever remembers messages.
  if (key.length < 16 || cipher.length === 0 || cipher.toString('base64') !== base64) return null
  try {
    const decipher = createDecipheriv('aes-128-cbc', key, key)
    return Buffer.concat([decipher.update(cipher), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** The message inside a push that passed `verify`; `null` when there is none. */
function open({ headers, rawBody }: ReceivedPush, app: PlatformApp): OpenedPush | null {
  const data = decrypt(rawBody, secretOf(app))
  if (data === null) return null
  return {
    event_code: headers['x-tm-event-code'] ?? '',
    timestamp: headers['x-tm-timestamp'] ?? '',
    event_data: data,
  }
}

/** Temu counts an answer after 500 ms as a failure; it sends again after 2, 10 and 30 min, 1 h … 12 h. */
export const webhook = {
  verify,
  open,
  acknowledgement: { status: 200, body: '{"result":{}}', type: 'application/json' },
  answerWithinMs: 500,
}

type TimeReader = (data: Readonly<Record<string, unknown>>) => number | null
const millisecondsOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null

/** Events about an order, and where each has its time: seconds here, milliseconds there (docs: webhook events). */
const orderEvents: ReadonlyMap<string, TimeReader> = new Map<string, TimeReader>([
  ['bg_order_status_change_event', ({ updateTime }) => secondsOf(updateTime)],
  ['bg_trade_logistics_address_changed', () => null],
  ['bg_aftersales_status_change', ({ updateAt }) => millisecondsOf(updateAt)],
  ['bg_cancel_order_status_change', ({ updateAt }) => millisecondsOf(updateAt)],
])

/** The events that an app asks for. */
export const orderEventCodes: readonly string[] = [...orderEvents.keys()]

const unreadable = (reason: string): ReadHint => ({ kind: 'unreadable', reason })

/** Reads an opened push. What it claims is a hint to read the order again, never data. */
export function readHint(body: unknown): ReadHint {
  const { event_code: code, timestamp, event_data: text } = membersOf(body)
  if (typeof code !== 'string' || typeof text !== 'string')
    return unreadable(isObject(body) && 'eventData' in body ? 'the event is encrypted' : 'not a push of Temu')
  const timeOf = orderEvents.get(code)
  if (!timeOf) return { kind: 'ignored', reason: `${code} is not about orders` }
  const reading = readJson(text)
  const data = reading.ok ? membersOf(reading.value) : {}
  const platformOrderId = textOf(data['parentOrderSn'])
  const mallId = idOf(data['mallId'])
  if (platformOrderId === null || mallId === null)
    return unreadable(`${code} without parentOrderSn or mallId`)
  const occurredAtMs = timeOf(data)
  // There is no event id. Two changes of address read the same, so the time of sending tells them apart.
  const dedupeKey = createHash('sha256')
    .update(`${code}\n${occurredAtMs === null ? String(timestamp) : ''}\n${text}`)
    .digest('hex')
  const hint: OrderHint = {
    platformOrderId,
    platformMerchantId: null,
    platformShopId: mallId,
    platformMarketId: null,
    dedupeKey,
    occurredAtMs,
  }
  return { kind: 'order', hint }
}
