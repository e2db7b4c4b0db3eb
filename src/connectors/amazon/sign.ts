import type { PlatformApp, PlatformRequest, SignedRequest } from '#connectors/connector.ts'

/** Longer ones are refused (docs: include-a-user-agent-header-in-all-requests). */
const maxUserAgentLength = 500

/**
 * `Name/Version (Language=…; Key=Value)` with the escapes of docs:
 * include-a-user-agent-header-in-all-requests. `Language` is obligatory. Throws RangeError when too long.
 */
export function userAgent(
  name: string,
  version: string,
  attributes: { readonly Language: string } & Readonly<Record<string, string>>,
): string {
  const pairs = Object.entries(attributes).map(([key, value]) => `${escape(key, '=')}=${escape(value, ');')}`)
  const agent = `${escape(name, '/')}/${escape(version, '(')} (${pairs.join('; ')})`
  if (agent.length > maxUserAgentLength)
    throw new RangeError(`user agent longer than ${maxUserAgentLength} characters`)
  return agent
}

const escape = (part: string, special: string): string =>
  part.replaceAll(/[\\/(=);]/g, (sign) => (sign === '\\' || special.includes(sign) ? `\\${sign}` : sign))

const ownAgent = userAgent('OpenClaw', '0.1', { Language: 'TypeScript' })

/**
 * The request on the wire. There is no signature since October 2023: the token is a bearer header of its
 * own name. A GET carries neither body nor content type, which Amazon answers with 400.
 */
export function sign(
  request: PlatformRequest,
  baseUrl: string,
  _app: PlatformApp,
  accessToken: string | null,
  nowMs: number,
): SignedRequest {
  const token = request.bearer ?? accessToken
  const payload = request.method === 'GET' ? null : payloadOf(request)
  return {
    url: urlOf(baseUrl, request),
    method: request.method,
    headers: {
      accept: 'application/json',
      'user-agent': ownAgent,
      'x-amz-date': compactTime(nowMs),
      ...(token === null ? {} : { 'x-amz-access-token': token }),
      ...(payload === null ? {} : { 'content-type': payload.type }),
    },
    body: payload?.text ?? null,
  }
}

function payloadOf(request: PlatformRequest): { readonly type: string; readonly text: string } | null {
  if (request.form)
    return {
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
      text: new URLSearchParams(request.form).toString(),
    }
  if (request.bodyText !== undefined) return { type: 'application/json', text: request.bodyText }
  return request.body === undefined ? null : { type: 'application/json', text: JSON.stringify(request.body) }
}

/** Path segments come encoded once by the caller; query values are encoded here, `+ / = : ,` included. */
function urlOf(baseUrl: string, { path, query }: PlatformRequest): string {
  const address = `${baseUrl.replace(/\/+$/, '')}${path}`
  const parameters = new URLSearchParams(query).toString()
  return parameters === '' ? address : `${address}?${parameters}`
}

/** `20260914T032500Z`. */
const compactTime = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
