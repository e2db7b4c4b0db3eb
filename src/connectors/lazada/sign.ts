import { createHmac } from 'node:crypto'
import type { PlatformApp, PlatformRequest, SignedRequest } from '#connectors/connector.ts'

type Parameters = ReadonlyMap<string, string>

/** Byte order, as the gateway sorts: upper case, `_`, lower case. */
const byBytes = ([one]: readonly [string, string], [other]: readonly [string, string]): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other))

/**
 * The text that is signed (docs: 108069): the API path, then every name with its decoded value, then the
 * body if it is no list of parameters.
 */
export const baseStringOf = (apiPath: string, parameters: Parameters, opaqueBody: string): string =>
  apiPath +
  [...parameters]
    .toSorted(byBytes)
    .map(([name, value]) => name + value)
    .join('') +
  opaqueBody

const encode = (parameters: Iterable<readonly [string, string]>): string =>
  [...parameters].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')

/** Hosts are configured with or without the `/rest` that precedes every path but is not signed. */
function addressOf(baseUrl: string, path: string): { readonly url: string; readonly apiPath: string } {
  const base = baseUrl.replace(/\/+$/, '')
  const apiPath = path.replace(/^\/rest(?=\/)/, '')
  return { apiPath, url: base.endsWith('/rest') ? base + apiPath : `${base}/rest${apiPath}` }
}

/**
 * The request on the wire. Parameters of query and form are signed together; those that the request
 * already has are used as they stand, the missing common ones are added. Empty values are neither signed
 * nor sent, because samples of the platform disagree about them. Without an app key anywhere nothing is
 * added: a bare signature of what is there.
 */
export function sign(
  request: PlatformRequest,
  baseUrl: string,
  app: PlatformApp,
  accessToken: string | null,
  nowMs: number,
): SignedRequest {
  const { url, apiPath } = addressOf(baseUrl, request.path)
  const given = { ...request.query, ...request.form }
  const common = commonOf(request, app, accessToken, apiPath, nowMs)
  const missing = Object.entries(common).filter(([name]) => given[name] === undefined)
  const query = sent([...missing, ...Object.entries(request.query ?? {})])
  const form = sent(Object.entries(request.form ?? {}))
  const opaque = opaqueBodyOf(request)
  const baseString = baseStringOf(apiPath, new Map([...query, ...form]), opaque)
  const signature = createHmac('sha256', app.credentials['app_secret'] ?? '')
    .update(baseString)
    .digest('hex')
    .toUpperCase()
  const payload =
    opaque !== ''
      ? { type: 'application/json', text: opaque }
      : form.size > 0
        ? { type: 'application/x-www-form-urlencoded;charset=utf-8', text: encode(form) }
        : null
  return {
    url: `${url}?${encode([...query, ['sign', signature]])}`,
    method: request.method,
    headers: { accept: 'application/json', ...(payload ? { 'content-type': payload.type } : {}) },
    body: payload?.text ?? null,
    baseString,
    signature,
  }
}

const sent = (parameters: readonly (readonly [string, string])[]): Parameters =>
  new Map(parameters.filter(([name, value]) => value !== '' && name !== 'sign'))

function opaqueBodyOf({ bodyText, body }: PlatformRequest): string {
  return bodyText ?? (body === undefined ? '' : JSON.stringify(body))
}

function commonOf(
  { query, form, auth }: PlatformRequest,
  app: PlatformApp,
  accessToken: string | null,
  apiPath: string,
  nowMs: number,
): Readonly<Record<string, string>> {
  const appKey = query?.['app_key'] ?? form?.['app_key'] ?? app.credentials['app_key']
  if (!appKey) return {}
  // Tokens are asked for without a token (docs: 108260).
  const needsToken = auth === 'seller' && accessToken !== null && !apiPath.startsWith('/auth/')
  return {
    app_key: appKey,
    timestamp: String(nowMs),
    sign_method: 'sha256',
    ...(needsToken ? { access_token: accessToken } : {}),
  }
}
