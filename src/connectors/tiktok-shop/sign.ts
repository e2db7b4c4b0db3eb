import { createHmac } from 'node:crypto'
import type { PlatformApp, PlatformRequest, SignedRequest } from '#connectors/connector.ts'

/** Token calls carry the app secret in their query and no signature (docs: authorization-overview-202407). */
const unsigned = /^\/api\/v2\/token\//

/** Uploads are multipart; their body is no part of the signature (docs: sign-your-api-request). */
const multipart = /\/(images|files)\/upload$/

/** Never part of the signed text. */
const leftOut: ReadonlySet<string> = new Set(['sign', 'access_token'])

/**
 * The request as it goes on the wire. `sign` is the hex HMAC-SHA256, keyed with the app secret, of
 * `secret + path + sorted(key + value) + body + secret`: values unencoded, the body in exactly the bytes
 * that are sent (docs: sign-your-api-request). `app_key` and `timestamp` (seconds) are added where the
 * query lacks them; without an app key there is no call to complete, and the query is signed as it stands.
 */
export function sign(
  request: PlatformRequest,
  baseUrl: string,
  app: PlatformApp,
  accessToken: string | null,
  nowMs: number,
): SignedRequest {
  const body = request.method === 'GET' ? null : bodyOf(request)
  const draft = {
    method: request.method,
    headers: {
      accept: 'application/json',
      ...(multipart.test(request.path) ? {} : { 'content-type': 'application/json' }),
      ...(accessToken === null ? {} : { 'x-tts-access-token': accessToken }),
    },
    body,
  }
  if (unsigned.test(request.path)) return { ...draft, url: urlOf(baseUrl, request.path, request.query ?? {}) }

  const secret = app.credentials['app_secret'] ?? ''
  const query = withCommon(request.query ?? {}, app.credentials['app_key'], nowMs)
  const signedBody = multipart.test(request.path) ? '' : (body ?? '')
  const baseString = `${secret}${request.path}${inOrder(query)}${signedBody}${secret}`
  const signature = createHmac('sha256', secret).update(baseString).digest('hex')
  return {
    ...draft,
    url: urlOf(baseUrl, request.path, { ...query, sign: signature }),
    baseString,
    signature,
  }
}

type Query = Readonly<Record<string, string>>

const withCommon = (query: Query, appKey: string | undefined, nowMs: number): Query =>
  appKey === undefined && query['app_key'] === undefined
    ? query
    : { app_key: appKey ?? '', timestamp: String(Math.floor(nowMs / 1000)), ...query }

/** Keys in byte order, each before its value. */
const inOrder = (query: Query): string =>
  Object.keys(query)
    .filter((key) => !leftOut.has(key))
    .toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
    .map((key) => key + query[key]!)
    .join('')

function bodyOf({ bodyText, body }: PlatformRequest): string | null {
  if (bodyText !== undefined) return bodyText
  return body === undefined ? null : JSON.stringify(body)
}

const urlOf = (baseUrl: string, path: string, query: Query): string => {
  const parameters = new URLSearchParams(query).toString()
  return `${baseUrl.replace(/\/+$/, '')}${path}${parameters === '' ? '' : `?${parameters}`}`
}
