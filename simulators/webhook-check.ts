import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

const toleranceSeconds = 300

/** What is wrong with a webhook, one word per fault; empty when both signatures hold. */
export type WebhookFault =
  'clock' | 'x-openclaw-signature' | 'webhook-signature' | 'webhook-id' | 'webhook-timestamp'

/**
 * Checks a webhook as an ERP would, from the public description alone: this is the other side of the
 * hub's signer and shares nothing with it.
 */
export function faultsOfWebhook(
  headers: IncomingHttpHeaders,
  body: Buffer,
  secrets: readonly string[],
  nowMs: number,
): readonly WebhookFault[] {
  const one = (name: string): string => String(headers[name] ?? '')
  const seconds = one('x-openclaw-timestamp')
  const mac = (key: string | Buffer, lead: string, encoding: 'hex' | 'base64'): string =>
    createHmac('sha256', key)
      .update(Buffer.concat([Buffer.from(lead), body]))
      .digest(encoding)
  const ours = secrets.map((secret) => `v1=${mac(secret, `${seconds}.`, 'hex')}`)
  const standard = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${mac(key, `${one('webhook-id')}.${one('webhook-timestamp')}.`, 'base64')}`
  })
  const isOff = !/^\d+$/.test(seconds) || Math.abs(nowMs / 1000 - Number(seconds)) > toleranceSeconds
  return [
    ...(isOff ? (['clock'] as const) : []),
    ...(hasOneOf(one('x-openclaw-signature').split(','), ours) ? [] : (['x-openclaw-signature'] as const)),
    ...(hasOneOf(one('webhook-signature').split(' '), standard) ? [] : (['webhook-signature'] as const)),
    ...(one('webhook-id') === one('x-openclaw-event-id') ? [] : (['webhook-id'] as const)),
    ...(one('webhook-timestamp') === seconds ? [] : (['webhook-timestamp'] as const)),
  ]
}

const hasOneOf = (given: readonly string[], wanted: readonly string[]): boolean =>
  given.some((signature) => wanted.some((own) => isEqual(signature, own)))

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
