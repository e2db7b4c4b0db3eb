import { timingSafeEqual } from 'node:crypto'
import { openclawDigest, readSecret, standardDigest } from './sign.ts'
import type { SigningKey } from './sign.ts'

/** How far a webhook's timestamp may be from the receiver's clock, either way, in seconds. */
export const toleranceS = 300

/** Why a webhook is not accepted. */
export type VerifyReason =
  | 'secret_unreadable'
  | 'signature_headers_missing'
  | 'header_repeated'
  | 'id_missing'
  | 'timestamp_missing'
  | 'timestamp_malformed'
  | 'timestamp_too_old'
  | 'timestamp_too_new'
  | 'signature_missing'
  | 'signature_malformed'
  | 'signature_version_unknown'
  | 'signature_mismatch'
  | 'schemes_disagree'

export type Verdict =
  { readonly valid: true; readonly reason: null } | { readonly valid: false; readonly reason: VerifyReason }

type Headers = ReadonlyMap<string, string>
type Scheme = {
  readonly id: string | null
  readonly timestamp: string
  readonly signature: string
  readonly separator: string
  /** Between version and signature of an entry. */
  readonly sign: string
  readonly form: RegExp
  readonly digest: (key: SigningKey, headers: Headers, body: Uint8Array) => string
}

const wholeSeconds = /^\d{1,12}$/

const schemes: readonly Scheme[] = [
  {
    id: null,
    timestamp: 'x-openclaw-timestamp',
    signature: 'x-openclaw-signature',
    separator: ',',
    sign: '=',
    form: /^[0-9a-f]{64}$/,
    digest: (key, headers, body) => openclawDigest(key, headers.get('x-openclaw-timestamp') ?? '', body),
  },
  {
    id: 'webhook-id',
    timestamp: 'webhook-timestamp',
    signature: 'webhook-signature',
    separator: ' ',
    sign: ',',
    form: /^[A-Za-z0-9+/]{43}=$/,
    digest: (key, headers, body) =>
      standardDigest(key, headers.get('webhook-id') ?? '', headers.get('webhook-timestamp') ?? '', body),
  },
]

const refuse = (reason: VerifyReason): Verdict => ({ valid: false, reason })
const accepted: Verdict = { valid: true, reason: null }

/**
 * Decides whether a received webhook is ours. `headers` as pairs in any case; `body` the bytes as they
 * came; any of `secrets` will do. Where both schemes are present both must hold and agree. Never throws
 * for what a sender can send.
 */
export function verifyWebhook(options: {
  readonly headers: Iterable<readonly [string, string]>
  readonly body: Uint8Array
  readonly secrets: readonly string[]
  readonly nowMs: number
}): Verdict {
  const keys = options.secrets.map(readSecret)
  if (keys.length === 0 || !keys.every((key) => key !== null)) return refuse('secret_unreadable')
  const headers = readHeaders(options.headers)
  if (headers === null) return refuse('header_repeated')
  const present = schemes.filter((scheme) => headers.has(scheme.signature) || headers.has(scheme.timestamp))
  if (present.length === 0) return refuse('signature_headers_missing')
  for (const scheme of present) {
    const reason = reasonAgainst(scheme, headers, options.body, keys, options.nowMs)
    if (reason) return refuse(reason)
  }
  return disagree(headers) ? refuse('schemes_disagree') : accepted
}

function reasonAgainst(
  scheme: Scheme,
  headers: Headers,
  body: Uint8Array,
  keys: readonly SigningKey[],
  nowMs: number,
): VerifyReason | null {
  if (scheme.id && !headers.get(scheme.id)) return 'id_missing'
  const late = reasonAgainstTime(headers.get(scheme.timestamp), nowMs)
  if (late) return late
  const header = headers.get(scheme.signature)
  if (!header) return 'signature_missing'
  const signatures = currentSignatures(header, scheme)
  if (typeof signatures === 'string') return signatures
  const expected = keys.map((key) => scheme.digest(key, headers, body))
  return signatures.some((given) => expected.some((own) => equal(given, own))) ? null : 'signature_mismatch'
}

function reasonAgainstTime(header: string | undefined, nowMs: number): VerifyReason | null {
  if (!header) return 'timestamp_missing'
  if (!wholeSeconds.test(header)) return 'timestamp_malformed'
  const ageS = Math.floor(nowMs / 1000) - Number(header)
  if (ageS > toleranceS) return 'timestamp_too_old'
  return ageS < -toleranceS ? 'timestamp_too_new' : null
}

/** Entries of other versions are skipped: that is how a scheme is replaced without a flag day. */
function currentSignatures(header: string, scheme: Scheme): readonly string[] | VerifyReason {
  const current = header
    .split(scheme.separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry === 'v1' || entry.startsWith(`v1${scheme.sign}`))
    .map((entry) => entry.slice(3))
  const readable = current.filter((signature) => scheme.form.test(signature))
  if (readable.length > 0) return readable
  const hasVersion = new RegExp(`^\\s*v\\d+[a-z]?${scheme.sign}`).test(header)
  return current.length === 0 && hasVersion ? 'signature_version_unknown' : 'signature_malformed'
}

function equal(given: string, own: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(own)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Lower-cased names; `null` when a header that matters comes twice, for then readers could differ. */
function readHeaders(pairs: Iterable<readonly [string, string]>): Headers | null {
  const headers = new Map<string, string>()
  for (const [name, value] of pairs) {
    const key = name.toLowerCase()
    if (headers.has(key) && /^(?:webhook|x-openclaw)-/.test(key)) return null
    headers.set(key, value.trim())
  }
  return headers
}

/** The id outside `webhook-signature` is not signed by itself; it must be the signed one. */
function disagree(headers: Headers): boolean {
  const differ = (a: string, b: string) =>
    headers.has(a) && headers.has(b) && headers.get(a) !== headers.get(b)
  return differ('x-openclaw-event-id', 'webhook-id') || differ('x-openclaw-timestamp', 'webhook-timestamp')
}
