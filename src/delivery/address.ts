import ipaddr from 'ipaddr.js'

/**
 * What an IP address is for, by the special-purpose registries of IANA and the habits of clouds. Only
 * `public` is reachable without the operator's word.
 */
export type AddressClass =
  | 'public'
  | 'invalid'
  | 'metadata'
  | 'loopback'
  | 'private'
  | 'shared'
  | 'unique_local'
  | 'link_local'
  | 'unspecified'
  | 'this_network'
  | 'protocol_assignments'
  | 'relay_anycast'
  | 'benchmarking'
  | 'documentation'
  | 'multicast'
  | 'reserved'
  | 'broadcast'
  | 'ipv4_embedded'
  | 'discard'
  | 'segment_routing'

type Address = ReturnType<typeof ipaddr.parse>
type Range = readonly [AddressClass, ...string[]]

/** First match wins, so narrow ranges stand above the wide ones that hold them. */
const ipv4Ranges: readonly Range[] = [
  // Cloud metadata and credential services, among them two that have ordinary-looking addresses.
  [
    'metadata',
    '169.254.169.254/32',
    '169.254.169.253/32',
    '169.254.170.2/32',
    '169.254.170.23/32',
    '169.254.0.23/32',
    '100.100.100.200/32',
    '168.63.129.16/32',
    '192.0.0.192/32',
  ],
  ['unspecified', '0.0.0.0/32'],
  ['this_network', '0.0.0.0/8'],
  ['loopback', '127.0.0.0/8'],
  ['private', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ['shared', '100.64.0.0/10'],
  ['link_local', '169.254.0.0/16'],
  ['documentation', '192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  ['protocol_assignments', '192.0.0.0/24'],
  ['relay_anycast', '192.88.99.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.175.48.0/24'],
  ['benchmarking', '198.18.0.0/15'],
  ['multicast', '224.0.0.0/4'],
  ['broadcast', '255.255.255.255/32'],
  ['reserved', '240.0.0.0/4'],
]

const ipv6Ranges: readonly Range[] = [
  ['metadata', 'fd00:ec2::254/128', 'fd00:ec2::23/128', 'fd00:ec2::253/128', 'fd20:ce::254/128'],
  ['unspecified', '::/128'],
  ['loopback', '::1/128'],
  // Each of these carries an IPv4 address that a gateway would go to: mapped, compatible, translated,
  // NAT64, 6to4, Teredo, ISATAP-free zones of the rest.
  [
    'ipv4_embedded',
    '::ffff:0:0/96',
    '::/96',
    '::ffff:0:0:0/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '2002::/16',
    '2001::/32',
  ],
  ['benchmarking', '2001:2::/48'],
  ['documentation', '2001:db8::/32', '3fff::/20'],
  ['protocol_assignments', '2001::/23'],
  ['relay_anycast', '2620:4f:8000::/48'],
  ['discard', '100::/64', '100:0:0:1::/64'],
  ['segment_routing', '5f00::/16'],
  ['unique_local', 'fc00::/7'],
  ['link_local', 'fe80::/10'],
  ['multicast', 'ff00::/8'],
  // Global unicast is 2000::/3; IANA has given out nothing else.
  ['public', '2000::/3'],
  ['reserved', '::/0'],
]

type ParsedRange = { readonly kind: AddressClass; readonly range: [Address, number] }
const parseRanges = (table: readonly Range[]): readonly ParsedRange[] =>
  table.flatMap(([kind, ...ranges]) => ranges.map((range) => ({ kind, range: ipaddr.parseCIDR(range) })))
const ipv4 = parseRanges(ipv4Ranges)
const ipv6 = parseRanges(ipv6Ranges)

/** Only the plain spellings: four decimal octets without leading zeros, or IPv6 without a zone. */
function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text) && !/(?:^|\.)0\d/.test(text)) return ipaddr.IPv4.parse(text)
  return text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text)
    ? ipaddr.IPv6.parse(text)
    : null
}

const within = (address: Address, [base, bits]: [Address, number]): boolean =>
  address.kind() === base.kind() && address.match(base, bits)

/** The class of one address. Anything that is not a plainly written address is `invalid`. */
export function classifyAddress(text: string): AddressClass {
  const address = parseAddress(text)
  if (!address) return 'invalid'
  const ranges = address.kind() === 'ipv4' ? ipv4 : ipv6
  return ranges.find(({ range }) => within(address, range))?.kind ?? 'public'
}

/** Classes that an operator may open for receivers of his own. Metadata services are not among them. */
const openable: ReadonlySet<AddressClass> = new Set<AddressClass>([
  'public',
  'loopback',
  'private',
  'shared',
  'unique_local',
])

/** A part of the network that the operator trusts with webhooks, optionally one port of it. */
export type AllowedTarget = { readonly range: [Address, number]; readonly port: number | null }

/**
 * Reads `10.1.0.0/16`, `127.0.0.1/32:4010`, `[fd12::/16]:8443` or a bare address. Throws RangeError that
 * quotes what it could not read.
 */
export function readAllowedTarget(text: string): AllowedTarget {
  const match =
    /^\[(?<v6>[0-9a-f:./]+)\](?::(?<v6port>\d+))?$|^(?<v4>[\d./]+)(?::(?<v4port>\d+))?$|^(?<bare>[0-9a-f:/]+)$/i.exec(
      text.trim(),
    )
  const { v6, v6port, v4, v4port, bare } = match?.groups ?? {}
  const range = readRange(v6 ?? v4 ?? bare ?? '')
  const port = v6port ?? v4port
  const isPort = port === undefined || (Number(port) >= 1 && Number(port) <= 65_535)
  if (!range || !isPort)
    throw new RangeError(`not an address range such as 10.1.0.0/16 or 127.0.0.1/32:4010: ${text}`)
  return { range, port: port === undefined ? null : Number(port) }
}

function readRange(text: string): [Address, number] | null {
  const [base = '', bits] = text.split('/')
  const address = parseAddress(base)
  if (!address) return null
  const width = address.kind() === 'ipv4' ? 32 : 128
  const length = bits === undefined ? width : /^\d{1,3}$/.test(bits) ? Number(bits) : -1
  return length >= 0 && length <= width ? [address, length] : null
}

/** True when the operator opened this very address and port; never for metadata and the like. */
export function isAllowed(text: string, port: number, allowed: readonly AllowedTarget[]): boolean {
  const address = parseAddress(text)
  if (!address || !openable.has(classifyAddress(text))) return false
  return allowed.some((entry) => (entry.port === null || entry.port === port) && within(address, entry.range))
}
