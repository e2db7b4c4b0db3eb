import { createHmac } from 'node:crypto'
import type { PlatformApp, PlatformRequest, SignedRequest } from '#connectors/connector.ts'

/** Lower-case hex HMAC-SHA256. The key is text, also when it looks like hex (docs: developer-guide/16). */
export const hmacHex = (key: string, message: string | Uint8Array): string =>
  createHmac('sha256', key).update(message).digest('hex')

type Kind = 'public' | 'shop' | 'merchant'

const publicPaths = /^\/api\/v2\/(auth|public|push)\/|^\/api\/v2\/shop\/(auth|cancel_auth)_partner$/
const merchantPaths = /^\/api\/v2\/(merchant|global_product)\//

/** Which of the three base strings a path takes (docs: developer-guide/16). */
const kindOf = (path: string): Kind =>
  publicPaths.test(path) ? 'public' : merchantPaths.test(path) ? 'merchant' : 'shop'

/** The id that ends the base string; the other one where only that is known. */
const ownerNames: Readonly<Record<Exclude<Kind, 'public'>, readonly ['shop_id' | 'merchant_id', string]>> = {
  shop: ['shop_id', 'merchant_id'],
  merchant: ['merchant_id', 'shop_id'],
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined

/**
 * The request on the wire. Signed are partner id, path, time and, for shop and merchant calls, token and
 * shop or merchant id, without separators; never the query, never the body. Parameters already in the query
 * are used as they stand, missing ones are added from the app's credentials; `sign` is always made anew.
 */
export function sign(
  request: PlatformRequest,
  baseUrl: string,
  app: PlatformApp,
  accessToken: string | null,
  nowMs: number,
): SignedRequest {
  const [path, written = ''] = request.path.split('?', 2) as [string, string?]
  const given: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(new URLSearchParams(written)),
    ...request.query,
  }
  const common = commonParameters(path, given, app, accessToken, nowMs)
  const baseString = [
    common['partner_id'] ?? '',
    path,
    common['timestamp'] ?? '',
    common['access_token'] ?? '',
    common['shop_id'] ?? common['merchant_id'] ?? '',
  ].join('')
  const signature = hmacHex(app.credentials['partner_key'] ?? '', baseString)
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...given, ...common, sign: signature }))
    query.append(name, value)
  const body = request.method === 'GET' ? null : bodyOf(request)
  return {
    url: `${baseUrl.replace(/\/+$/, '')}${path}?${query.toString()}`,
    method: request.method,
    headers: {
      accept: 'application/json',
      ...(body === null ? {} : { 'content-type': 'application/json' }),
    },
    body,
    baseString,
    signature,
  }
}

/** The parameters that are signed, in the order of the base string. */
function commonParameters(
  path: string,
  given: Readonly<Record<string, unknown>>,
  { credentials }: PlatformApp,
  accessToken: string | null,
  nowMs: number,
): Readonly<Record<string, string>> {
  const pick = (name: string): string | undefined => textOf(given[name]) ?? textOf(credentials[name])
  const kind = kindOf(path)
  const common: Record<string, string> = {
    partner_id: pick('partner_id') ?? '',
    timestamp: textOf(given['timestamp']) ?? String(Math.floor(nowMs / 1000)),
  }
  if (kind === 'public') return common
  const token = textOf(given['access_token']) ?? accessToken ?? textOf(credentials['access_token'])
  if (token !== undefined) common['access_token'] = token
  const owner = ownerNames[kind].find((name) => pick(name) !== undefined)
  if (owner !== undefined) common[owner] = pick(owner)!
  return common
}

const bodyOf = (request: PlatformRequest): string | null =>
  request.bodyText ?? (request.body === undefined ? null : JSON.stringify(request.body))
