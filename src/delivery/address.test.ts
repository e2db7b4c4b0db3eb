import { describe, expect, test } from 'vitest'
import { classifyAddress, isAllowed, readAllowedTarget } from './address.ts'
import type { AddressClass } from './address.ts'

const cases: Record<AddressClass, string> = {
  public: `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
    169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.88.98.255
    192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255
    203.0.114.0 223.255.255.255 1.0.0.0 93.184.216.34
    2606:4700:4700::1111 2001:4860:4860::8888 2a00:1450:4001:80b::200e 2001:200:: 2003:: 2001:db7:ffff::
    2001:db9:: 3ffe:ffff:: 2400:cb00::1`,
  loopback: '127.0.0.0 127.0.0.1 127.1.2.3 127.255.255.255 ::1 0:0:0:0:0:0:0:1',
  private: '10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255',
  shared: '100.64.0.0 100.64.0.1 100.127.255.255',
  link_local: '169.254.0.0 169.254.1.1 169.254.255.255 fe80:: fe80::1 febf:ffff::1',
  metadata: `169.254.169.254 169.254.169.253 169.254.170.2 169.254.170.23 169.254.0.23 100.100.100.200 168.63.129.16
    192.0.0.192 fd00:ec2::254 fd00:ec2::23 fd20:ce::254`,
  unspecified: '0.0.0.0 :: 0:0:0:0:0:0:0:0',
  this_network: '0.0.0.1 0.1.2.3 0.255.255.255',
  protocol_assignments:
    '192.0.0.0 192.0.0.1 192.0.0.8 192.0.0.170 192.0.0.255 2001:1::1 2001:3::1 2001:20::1',
  relay_anycast:
    '192.88.99.0 192.88.99.1 192.88.99.255 192.31.196.1 192.52.193.1 192.175.48.1 2620:4f:8000::1',
  benchmarking: '198.18.0.0 198.18.0.1 198.19.255.255 2001:2::1',
  documentation: `192.0.2.0 192.0.2.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255 2001:db8::1
    2001:db8:ffff::1 3fff::1 3fff:fff::1`,
  multicast: '224.0.0.0 224.0.0.1 239.255.255.255 ff00:: ff02::1 ffff:ffff::1',
  reserved: '240.0.0.0 240.0.0.1 255.255.255.254 1000::1 4000::1 5eff::1 8000::1 fec0::1 e000::1 200::1',
  broadcast: '255.255.255.255',
  ipv4_embedded: `::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:8.8.8.8 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 ::127.0.0.1
    ::7f00:1 ::2 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe 64:ff9b::8.8.8.8 64:ff9b:1::1 64:ff9b:1:ffff::1
    2002:7f00:1:: 2002:a9fe:a9fe::1 2002:808:808:: 2001:: 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:0:7f00:1::`,
  discard: '100:: 100::1 100::ffff:ffff:ffff:ffff 100:0:0:1::1',
  segment_routing: '5f00:: 5f00:1::1 5f00:ffff::1',
  unique_local: 'fc00:: fc00::1 fd00::1 fdff:ffff::1',
  invalid: `2130706433 0x7f000001 0x7f.0.0.1 017700000001 0177.0.0.1 127.1 127.0.1 127.0.0.01 08.8.8.8 256.1.1.1
    1.2.3 1.2.3.4.5 1.2.3.4. .1.2.3.4 1.2.3.4/8 fe80::1%eth0 ::1%lo [::1] ::ffff:1.2.3 :::: g::1 1:2:3:4:5:6:7:8:9
    localhost example.com - 1.2.3.4:80 ::ffff:256.0.0.1`,
}

const table = Object.entries(cases).flatMap(([kind, addresses]) =>
  addresses.split(/\s+/).map((address) => [address, kind] as const),
)

test('the table has the cases it should', () => {
  expect(table.length).toBeGreaterThanOrEqual(160)
})

test.each(table)('%s is %s', (address, kind) => {
  expect(classifyAddress(address)).toBe(kind)
})

describe('the operator’s list', () => {
  const allows = (list: readonly string[], address: string, port = 443) =>
    isAllowed(address, port, list.map(readAllowedTarget))

  test.each([
    ['127.0.0.1/32:4010', '127.0.0.1', 4010, true],
    ['127.0.0.1/32:4010', '127.0.0.1', 4011, false],
    ['127.0.0.1/32:4010', '127.0.0.2', 4010, false],
    ['127.0.0.1', '127.0.0.1', 9, true],
    ['10.1.0.0/16', '10.1.255.255', 443, true],
    ['10.1.0.0/16', '10.2.0.0', 443, false],
    ['fd12:3456::/32', 'fd12:3456:1::1', 443, true],
    ['[fd12:3456::/32]:8443', 'fd12:3456:1::1', 8443, true],
    ['[fd12:3456::/32]:8443', 'fd12:3456:1::1', 443, false],
    ['100.64.0.0/10', '100.64.0.1', 443, true],
    ['0.0.0.0/0', '10.0.0.1', 443, true],
    ['::/0', '::1', 443, true],
    ['::/0', '10.0.0.1', 443, false],
  ])('%s and %s:%i: %s', (list, address, port, expected) => {
    expect(allows([list], address, port)).toBe(expected)
  })

  test.each(
    `${cases.metadata} 169.254.1.1 fe80::1 0.0.0.0 :: 0.0.0.1 224.0.0.1 255.255.255.255 240.0.0.1 ::ffff:127.0.0.1
      ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe:: ff02::1 192.0.2.1 198.18.0.1 127.1 0x7f000001`
      .trim()
      .split(/\s+/),
  )('never opens %s', (address) => {
    expect(allows(['0.0.0.0/0', '::/0', '169.254.0.0/16', '168.63.129.16', '::ffff:0:0/96'], address)).toBe(
      false,
    )
  })

  test.each([
    '',
    'example.com',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/x',
    '010.0.0.0/8',
    '10.0.0.0/8:0',
    '10.0.0.0/8:65536',
    'fd00::/129',
    'fe80::1%eth0',
    '10.0.0.0/8/8:',
  ])('cannot be read from %j', (text) => {
    expect(() => readAllowedTarget(text)).toThrow(RangeError)
  })
})
