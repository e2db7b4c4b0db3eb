import { Resolver, lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { callbackify } from 'node:util'
import { buildConnector } from 'undici'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { classifyAddress, isAllowed } from './address.ts'
import type { AllowedTarget } from './address.ts'

/** Which receivers the operator trusts beyond public HTTPS ones. Empty: none. */
export type TargetPolicy = { readonly allowed: readonly AllowedTarget[] }

/** Addresses of a host name. Throws `DnsFailure`. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

/** Why a URL is not delivered to, as users are told; addresses stay in the operator's log. */
export const targetReasons = {
  URL_TOO_LONG: text('A URL has at most 2048 characters.', 'URL 最长 2048 个字符。'),
  URL_MALFORMED: text(
    'Not an absolute URL, or with characters that must be percent-encoded.',
    '不是完整的 URL，或包含未做百分号编码的字符。',
  ),
  URL_SCHEME_NOT_ALLOWED: text(
    'Webhooks are only sent to https:// URLs.',
    'webhook 只投递到 https:// 地址。',
  ),
  URL_HAS_CREDENTIALS: text(
    'A URL must not contain a user name or password.',
    'URL 中不能携带用户名或密码。',
  ),
  URL_PORT_INVALID: text('The port must be a number from 1 to 65535.', '端口必须是 1 到 65535 之间的整数。'),
  URL_HOST_SPELLING: text('Write the host as a plain name or address.', '主机请写成普通域名或标准 IP 地址。'),
  TARGET_NOT_ALLOWED: text(
    'This host is not reachable for webhooks: it is a private, local or reserved address. The operator of this hub can allow one.',
    '该主机指向内网、本机或保留地址，不允许投递；如需放行，请联系本系统管理员加入白名单。',
  ),
} as const satisfies Record<string, Text>
export type TargetReason = keyof typeof targetReasons

/** The URL or one of its addresses is against the policy. Terminal: asking again changes nothing. */
export class TargetFailure extends Error {
  override readonly name = 'TargetFailure'
  readonly reason: TargetReason

  /** `detail` may name an address: for the operator only. */
  constructor(reason: TargetReason, detail: string = targetReasons[reason].en) {
    super(detail)
    this.reason = reason
  }
}

export class DnsFailure extends Error {
  override readonly name = 'DnsFailure'
}

const maxUrlLength = 2048
/** Anything a URL parser would silently drop or rewrite; all of it may be written percent-encoded. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const rewritten = /[\u0000-\u0020\u007f\\]/
const parts =
  /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?:(?<credentials>[^/?#]*)@)?(?<host>\[[^\]/?#]*\]|[^:/?#]*)(?::(?<port>[^/?#]*))?(?:[/?#]|$)/i

type WrittenUrl = {
  readonly text: string
  readonly scheme: string
  readonly credentials: string | undefined
  readonly host: string
  readonly port: string | undefined
  readonly parsed: URL | null
}

/** In order: the first that applies is the reason. */
const refusals: readonly (readonly [TargetReason, (url: WrittenUrl) => boolean])[] = [
  ['URL_TOO_LONG', ({ text }) => text.length > maxUrlLength],
  ['URL_MALFORMED', ({ text, scheme }) => scheme === '' || rewritten.test(text)],
  ['URL_SCHEME_NOT_ALLOWED', ({ scheme }) => !/^https?$/i.test(scheme)],
  ['URL_HAS_CREDENTIALS', ({ credentials }) => credentials !== undefined],
  [
    'URL_PORT_INVALID',
    ({ port }) => port !== undefined && (!/^[1-9]\d{0,4}$/.test(port) || Number(port) > 65_535),
  ],
  ['URL_HOST_SPELLING', hasOddHost],
]

/** Hosts that one program reads as a name and the next as an address, or that carry more than a host. */
function hasOddHost({ host, parsed }: WrittenUrl): boolean {
  if (!parsed || host === '' || parsed.hostname.endsWith('.') || host.includes('%')) return true
  if (parsed.hostname.startsWith('[')) return !/^\[[0-9a-f:.]+\]$/i.test(host)
  return isIP(parsed.hostname) !== 0 && parsed.hostname !== host
}

/**
 * What can be said of a URL without asking DNS. Returns the normalised URL (IDN as punycode, no fragment)
 * or throws `TargetFailure`. Hosts written so that parsers read them differently (2130706433, 0x7f.1,
 * 127.1, trailing dot, zone id) are refused, not interpreted.
 */
export function readTargetUrl(text: string, policy: TargetPolicy): URL {
  const { scheme = '', credentials, host = '', port } = parts.exec(text)?.groups ?? {}
  const parsed = URL.canParse(text) ? new URL(text) : null
  const written = { text, scheme, credentials, host, port, parsed }
  const refusal = refusals.find(([, applies]) => applies(written))
  if (refusal) throw new TargetFailure(refusal[0])
  const url = new URL(text)
  const address = addressOf(url)
  if (address) checkAddresses(url.hostname, [address], url, policy)
  else if (url.protocol === 'http:' && policy.allowed.length === 0) {
    throw new TargetFailure('URL_SCHEME_NOT_ALLOWED')
  }
  url.hash = ''
  return url
}

/** The host as an address, or null when it is a name. */
function addressOf(url: URL): string | null {
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  return isIP(host) === 0 ? null : host
}

type Destination = { readonly protocol: string; readonly port: string | number }

/** Every address must be acceptable: with one that is not, which one is dialled would be chance. */
function checkAddresses(
  host: string,
  addresses: readonly string[],
  to: Destination,
  policy: TargetPolicy,
): void {
  const isTls = to.protocol === 'https:'
  const port = Number(to.port) || (isTls ? 443 : 80)
  for (const address of addresses) {
    if (isAllowed(address, port, policy.allowed)) continue
    const kind = classifyAddress(address)
    if (kind !== 'public') throw new TargetFailure('TARGET_NOT_ALLOWED', `${host} is ${address} (${kind})`)
    if (!isTls) throw new TargetFailure('URL_SCHEME_NOT_ALLOWED')
  }
}

/**
 * The check at save: the URL itself, and where its name leads today. Returns the normalised URL; throws
 * `TargetFailure`. A name that does not resolve is accepted for https (it is checked at every connection
 * anyway), for http it is not shown to be allowed.
 */
export async function checkUrl(text: string, policy: TargetPolicy, resolve: Resolve): Promise<string> {
  const url = readTargetUrl(text, policy)
  if (addressOf(url)) return url.href
  try {
    checkAddresses(url.hostname, await resolve(url.hostname), url, policy)
  } catch (error) {
    if (!(error instanceof DnsFailure)) throw error
    if (url.protocol === 'http:')
      throw new TargetFailure('TARGET_NOT_ALLOWED', `${url.hostname} does not resolve`)
  }
  return url.href
}

/** Worth a second address; more would eat the deadline. */
const maxAddresses = 3

/**
 * Opens connections only to checked addresses: resolves once, checks every answer, dials one of those very
 * addresses with the name kept for SNI and certificate. Runs for each new connection, so a name that
 * changes its mind is caught at the next one.
 */
export function openCheckedConnector(options: {
  readonly policy: TargetPolicy
  readonly resolve: Resolve
  readonly timeoutMs: number
}): buildConnector.connector {
  const { policy, resolve } = options
  const dial = buildConnector({ timeout: options.timeoutMs, allowH2: false })

  async function addressesOf(target: buildConnector.Options): Promise<readonly string[]> {
    const addresses = isIP(target.hostname) === 0 ? await resolve(target.hostname) : [target.hostname]
    checkAddresses(target.hostname, addresses, target, policy)
    return addresses.slice(0, maxAddresses)
  }

  function dialNext(
    target: buildConnector.Options,
    addresses: readonly string[],
    callback: buildConnector.Callback,
  ): void {
    const [address, ...others] = addresses
    dial({ ...target, hostname: address! }, (...answer) => {
      if (answer[0] && others.length > 0) dialNext(target, others, callback)
      else callback(...answer)
    })
  }

  const find = callbackify(addressesOf)
  return (target, callback) =>
    find(target, (error, addresses) => {
      if (error) callback(error, null)
      else dialNext(target, addresses, callback)
    })
}

/** Answers that mean "no such record here" and leave the hosts file to be asked. */
const absent = new Set(['ENOTFOUND', 'ENODATA'])

/**
 * Asks DNS without the thread pool that `lookup` uses: one slow name server cannot hold up other names.
 * The system's own names (hosts file) are asked for only where the operator allowed targets of his own.
 */
export function openResolver(policy: TargetPolicy): Resolve {
  const resolver = new Resolver({ timeout: 2500, tries: 2 })
  return async (hostname) => {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    if (found.length > 0) return found
    const codes = answers.map((answer) => codeOf(answer.status === 'rejected' ? answer.reason : null))
    if (policy.allowed.length > 0 && (codes.every((code) => absent.has(code)) || !hostname.includes('.'))) {
      const local = await lookup(hostname, { all: true }).catch(() => [])
      if (local.length > 0) return local.map(({ address }) => address)
    }
    throw new DnsFailure(`${hostname}: ${codes[0]}`)
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
