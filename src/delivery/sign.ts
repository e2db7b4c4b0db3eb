import { createHmac, createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/**
 * One secret of an endpoint, ready to sign under both schemes. Its text, `whsec_<base64>`, is what the
 * receiver is given.
 * - `X-OpenClaw-Signature` is keyed with the UTF-8 bytes of the whole text, prefix included: a receiver
 *   in any language passes the string it was given to its HMAC and decodes nothing.
 * - `webhook-signature` is keyed with the bytes that the base64 part stands for, as Standard Webhooks
 *   prescribes, so that its libraries take the same text.
 */
export type SigningKey = { readonly ofText: KeyObject; readonly ofBytes: KeyObject }

const prefix = 'whsec_'
const base64 = /^[A-Za-z0-9+/]+={0,2}$/

/** A new endpoint secret: 32 random bytes. */
export const newWebhookSecret = (): string => prefix + randomBytes(32).toString('base64')

/**
 * Reads a secret text; `null` when it is empty or its `whsec_` part is not base64. Prefix and padding may be
 * missing; a text that is no base64 at all is a key by its UTF-8 bytes in both schemes.
 */
export function readSecret(secret: string): SigningKey | null {
  const isPrefixed = secret.startsWith(prefix)
  const encoded = isPrefixed ? secret.slice(prefix.length) : secret
  const isBase64 = base64.test(encoded)
  if (encoded === '' || (isPrefixed && !isBase64)) return null
  const bytes = isBase64 ? Buffer.from(encoded, 'base64') : Buffer.from(secret, 'utf8')
  if (bytes.length === 0) return null
  return { ofText: createSecretKey(secret, 'utf8'), ofBytes: createSecretKey(bytes) }
}

/** Hex HMAC-SHA256 over `{timestamp}.{raw body}`. */
export const openclawDigest = (key: SigningKey, timestamp: string, body: Uint8Array): string =>
  createHmac('sha256', key.ofText).update(`${timestamp}.`).update(body).digest('hex')

/** Base64 HMAC-SHA256 over `{id}.{timestamp}.{raw body}`. */
export const standardDigest = (key: SigningKey, id: string, timestamp: string, body: Uint8Array): string =>
  createHmac('sha256', key.ofBytes).update(`${id}.${timestamp}.`).update(body).digest('base64')

export type SignatureHeaders = {
  readonly 'X-OpenClaw-Event-Id': string
  readonly 'X-OpenClaw-Timestamp': string
  readonly 'X-OpenClaw-Signature': string
  readonly 'webhook-id': string
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/**
 * The headers that prove a webhook ours, one signature per key and scheme. `eventId` must not contain a
 * dot (it separates the signed parts); `timestampS` is unix seconds, those of this attempt.
 */
export function signWebhook(options: {
  readonly keys: readonly SigningKey[]
  readonly eventId: string
  readonly timestampS: number
  readonly body: Uint8Array
}): SignatureHeaders {
  const { keys, eventId, body } = options
  if (eventId.includes('.')) throw new RangeError(`a webhook id must not contain a dot: ${eventId}`)
  const timestamp = String(options.timestampS)
  return {
    'X-OpenClaw-Event-Id': eventId,
    'X-OpenClaw-Timestamp': timestamp,
    'X-OpenClaw-Signature': keys.map((key) => `v1=${openclawDigest(key, timestamp, body)}`).join(','),
    'webhook-id': eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': keys.map((key) => `v1,${standardDigest(key, eventId, timestamp, body)}`).join(' '),
  }
}
