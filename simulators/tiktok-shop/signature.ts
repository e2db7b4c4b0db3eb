import { createHmac, timingSafeEqual } from 'node:crypto'
import type { HttpRequest } from '../http.ts'

/**
 * The platform's own check of a call, written from the signing guide alone (docs: sign-your-api-request):
 * over the path, the decoded query in byte order and the raw body, never over anything parsed.
 */
export function isSigned(path: string, { query, headers, body }: HttpRequest, secret: string): boolean {
  const given = query.get('sign') ?? ''
  if (!/^[0-9a-f]{64}$/.test(given)) return false
  const names = [...new Set(query.keys())]
    .filter((name) => name !== 'sign' && name !== 'access_token')
    .map((name) => Buffer.from(name))
    .toSorted((left, right) => Buffer.compare(left, right))
  const mac = createHmac('sha256', secret).update(secret).update(path)
  for (const name of names) mac.update(name).update(query.getAll(name.toString()).join(','))
  if (!(headers['content-type'] ?? '').startsWith('multipart/form-data')) mac.update(body)
  return timingSafeEqual(mac.update(secret).digest(), Buffer.from(given, 'hex'))
}

/** Signature of a push (docs: tiktok-shop-webhooks-overview). */
export const signPush = (appKey: string, secret: string, body: string): string =>
  createHmac('sha256', secret)
    .update(Buffer.from(appKey + body))
    .digest('hex')
