import { createHash } from 'node:crypto'
import type { PlatformApp, PlatformRequest, SignedRequest } from '#connectors/connector.ts'

/**
 * Every call is a POST of one flat JSON object; the signature is a member of it (docs: signature guide).
 *
 * Text to sign: secret, then name and value of every top-level member by name in byte order, then secret;
 * MD5 in upper-case hex. A text stands without quotes; objects and lists stand as compact JSON in the order
 * in which they are sent, so the body is built from the very texts that were signed. Members that are
 * already there are used as they stand, except an old `sign`: two of them are refused. `version` is
 * optional and not added.
 */
export function sign(
  request: PlatformRequest,
  baseUrl: string,
  app: PlatformApp,
  accessToken: string | null,
  nowMs: number,
): SignedRequest {
  const members = new Map([
    ...readMembers(request.bodyText ?? JSON.stringify(withoutNothing(request.body))),
    ...Object.entries(request.query ?? {}).map(([name, value]) => [name, JSON.stringify(value)] as const),
  ])
  members.delete('sign')
  const common = {
    app_key: app.credentials['app_key'] ?? null,
    access_token: accessToken,
    timestamp: Math.floor(nowMs / 1000),
    data_type: 'JSON',
  }
  for (const [name, value] of Object.entries(common))
    if (value !== null && !members.has(name)) members.set(name, JSON.stringify(value))
  const secret = app.credentials['app_secret'] ?? ''
  const baseString = `${secret}${signedText(members)}${secret}`
  const signature = createHash('md5').update(baseString, 'utf8').digest('hex').toUpperCase()
  members.set('sign', `"${signature}"`)
  return {
    url: `${baseUrl.replace(/\/+$/, '')}${request.path}`,
    method: request.method,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: `{${[...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`,
    baseString,
    signature,
  }
}

const signedText = (members: ReadonlyMap<string, string>): string =>
  [...members]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => name + (value.startsWith('"') ? (JSON.parse(value) as string) : value))
    .join('')

/** SDKs differ in how they sign a `null`, so none is sent. */
const withoutNothing = (body: unknown): object =>
  Object.fromEntries(Object.entries(body ?? {}).filter(([, value]) => value !== null && value !== undefined))

/** A string, a mark of punctuation, or anything else that stands together. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/**
 * The top-level members of a JSON object with their values as compact texts: digits and the order of
 * nested members stay, blanks and needless escapes go. Throws SyntaxError for anything else.
 */
function readMembers(json: string): (readonly [name: string, value: string])[] {
  const whole: unknown = JSON.parse(json === '' ? '{}' : json)
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole))
    throw new SyntaxError('the body of a Temu call is a JSON object')
  const members: [string, string][] = []
  let depth = 0
  let name = ''
  let value = ''
  const marks = [...json.matchAll(token)].map(([mark]) => mark)
  for (const mark of marks.slice(1, -1)) {
    if (depth === 0 && mark === ':') {
      name = JSON.parse(value) as string
      value = ''
    } else if (depth === 0 && mark === ',') {
      members.push([name, value])
      value = ''
    } else {
      depth += depthOf[mark] ?? 0
      value += written(mark)
    }
  }
  if (value !== '') members.push([name, value])
  return members
}

const depthOf: Readonly<Record<string, number>> = { '{': 1, '[': 1, '}': -1, ']': -1 }

/** Texts in their shortest form: `\/` and `\u4e2d` are written as themselves. */
const written = (mark: string): string =>
  mark.startsWith('"') ? JSON.stringify(JSON.parse(mark) as unknown) : mark
