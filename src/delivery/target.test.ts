import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { readAllowedTarget } from './address.ts'
import { DnsFailure, TargetFailure, checkUrl, openCheckedConnector, readTargetUrl } from './target.ts'
import type { Resolve, TargetPolicy } from './target.ts'

const none: TargetPolicy = { allowed: [] }
const demo = { allowed: [readAllowedTarget('127.0.0.1/32:4010'), readAllowedTarget('10.0.0.0/8')] }
const names: Record<string, string[]> = {
  'erp.example.com': ['93.184.216.34', '2606:2800:220:1::1'],
  'inner.example.com': ['10.0.0.5'],
  'mixed.example.com': ['93.184.216.34', '192.168.0.1'],
  'mapped.example.com': ['::ffff:10.0.0.5'],
  'meta.example.com': ['169.254.169.254'],
  'xn--bcher-kva.example.com': ['93.184.216.34'],
}
const resolve: Resolve = (name) =>
  names[name] ? Promise.resolve(names[name]) : Promise.reject(new DnsFailure(name))

const reasonOf = async (url: string, policy = none) =>
  checkUrl(url, policy, resolve).then(
    (kept) => kept,
    (error: unknown) => (error instanceof TargetFailure ? error.reason : error),
  )

describe('a URL at save', () => {
  test.each([
    ['https://erp.example.com/hooks?a=1', 'https://erp.example.com/hooks?a=1'],
    ['HTTPS://ERP.Example.com', 'https://erp.example.com/'],
    ['https://erp.example.com:8443/x', 'https://erp.example.com:8443/x'],
    ['https://erp.example.com:443/x', 'https://erp.example.com/x'],
    ['https://erp.example.com/x#part', 'https://erp.example.com/x'],
    ['https://bücher.example.com/', 'https://xn--bcher-kva.example.com/'],
    ['https://not-yet.example.com/', 'https://not-yet.example.com/'],
    ['https://93.184.216.34/', 'https://93.184.216.34/'],
    ['https://[2606:2800:220:1::1]/', 'https://[2606:2800:220:1::1]/'],
    ['https://erp.example.com/@a', 'https://erp.example.com/@a'],
  ])('%s is kept as %s', async (url, kept) => {
    expect(await reasonOf(url)).toBe(kept)
  })

  test.each([
    ['', 'URL_MALFORMED'],
    ['erp.example.com', 'URL_MALFORMED'],
    ['//erp.example.com', 'URL_MALFORMED'],
    ['https:erp.example.com', 'URL_MALFORMED'],
    ['https:/erp.example.com', 'URL_MALFORMED'],
    ['https:\\\\erp.example.com', 'URL_MALFORMED'],
    ['https://erp.example.com\\@127.0.0.1/', 'URL_MALFORMED'],
    [' https://erp.example.com', 'URL_MALFORMED'],
    ['https://erp.example.com/a b', 'URL_MALFORMED'],
    ['https://erp.exa\tmple.com/', 'URL_MALFORMED'],
    ['https://erp.example.com/\r\nX-Injected: 1', 'URL_MALFORMED'],
    ['https://erp.example.com/\u0000', 'URL_MALFORMED'],
    [`https://erp.example.com/${'a'.repeat(2048)}`, 'URL_TOO_LONG'],
    ['ftp://erp.example.com/', 'URL_SCHEME_NOT_ALLOWED'],
    ['file:///etc/passwd', 'URL_SCHEME_NOT_ALLOWED'],
    ['gopher://erp.example.com/', 'URL_SCHEME_NOT_ALLOWED'],
    ['javascript://erp.example.com/', 'URL_SCHEME_NOT_ALLOWED'],
    ['http://erp.example.com/', 'URL_SCHEME_NOT_ALLOWED'],
    ['http://93.184.216.34/', 'URL_SCHEME_NOT_ALLOWED'],
    ['https://user@erp.example.com/', 'URL_HAS_CREDENTIALS'],
    ['https://user:secret@erp.example.com/', 'URL_HAS_CREDENTIALS'],
    ['https://@erp.example.com/', 'URL_HAS_CREDENTIALS'],
    ['https://erp.example.com@127.0.0.1/', 'URL_HAS_CREDENTIALS'],
    ['https://erp.example.com:0/', 'URL_PORT_INVALID'],
    ['https://erp.example.com:/', 'URL_PORT_INVALID'],
    ['https://erp.example.com:65536/', 'URL_PORT_INVALID'],
    ['https://erp.example.com:0443/', 'URL_PORT_INVALID'],
    ['https://erp.example.com:x/', 'URL_PORT_INVALID'],
    ['https:///path', 'URL_HOST_SPELLING'],
    ['https://erp.example.com./', 'URL_HOST_SPELLING'],
    ['https://2130706433/', 'URL_HOST_SPELLING'],
    ['https://0x7f000001/', 'URL_HOST_SPELLING'],
    ['https://017700000001/', 'URL_HOST_SPELLING'],
    ['https://0177.0.0.1/', 'URL_HOST_SPELLING'],
    ['https://0x7f.0.0.1/', 'URL_HOST_SPELLING'],
    ['https://127.1/', 'URL_HOST_SPELLING'],
    ['https://127.0.0.1./', 'URL_HOST_SPELLING'],
    ['https://%31%32%37.0.0.1/', 'URL_HOST_SPELLING'],
    ['https://１２７.0.0.1/', 'URL_HOST_SPELLING'],
    ['https://①②⑦.0.0.1/', 'URL_HOST_SPELLING'],
    ['https://127。0。0。1/', 'URL_HOST_SPELLING'],
    ['https://[fe80::1%25eth0]/', 'URL_HOST_SPELLING'],
    ['https://[v1.fe80]/', 'URL_HOST_SPELLING'],
    ['https://256.256.256.256/', 'URL_HOST_SPELLING'],
    ['https://127.0.0.1/', 'TARGET_NOT_ALLOWED'],
    ['https://10.0.0.5/', 'TARGET_NOT_ALLOWED'],
    ['https://0.0.0.0/', 'TARGET_NOT_ALLOWED'],
    ['https://169.254.169.254/latest/meta-data/', 'TARGET_NOT_ALLOWED'],
    ['https://[::1]/', 'TARGET_NOT_ALLOWED'],
    ['https://[::]/', 'TARGET_NOT_ALLOWED'],
    ['https://[::ffff:7f00:1]/', 'TARGET_NOT_ALLOWED'],
    ['https://[::ffff:127.0.0.1]/', 'TARGET_NOT_ALLOWED'],
    ['https://[64:ff9b::7f00:1]/', 'TARGET_NOT_ALLOWED'],
    ['https://[fe80::1]/', 'TARGET_NOT_ALLOWED'],
    ['https://inner.example.com/', 'TARGET_NOT_ALLOWED'],
    ['https://mixed.example.com/', 'TARGET_NOT_ALLOWED'],
    ['https://mapped.example.com/', 'TARGET_NOT_ALLOWED'],
    ['https://meta.example.com/', 'TARGET_NOT_ALLOWED'],
  ])('%j is refused: %s', async (url, reason) => {
    expect(await reasonOf(url)).toBe(reason)
  })

  test.each([
    ['http://127.0.0.1:4010/webhooks', 'http://127.0.0.1:4010/webhooks'],
    ['http://127.0.0.1:4011/webhooks', 'TARGET_NOT_ALLOWED'],
    ['http://127.0.0.2:4010/', 'TARGET_NOT_ALLOWED'],
    ['http://inner.example.com/', 'http://inner.example.com/'],
    ['https://inner.example.com/', 'https://inner.example.com/'],
    ['http://erp.example.com/', 'URL_SCHEME_NOT_ALLOWED'],
    ['http://mixed.example.com/', 'URL_SCHEME_NOT_ALLOWED'],
    ['http://not-yet.example.com/', 'TARGET_NOT_ALLOWED'],
    ['http://meta.example.com/', 'TARGET_NOT_ALLOWED'],
    ['http://169.254.169.254/', 'TARGET_NOT_ALLOWED'],
    ['http://2130706433:4010/', 'URL_HOST_SPELLING'],
  ])('with an allow-list %s gives %s', async (url, expected) => {
    expect(await reasonOf(url, demo)).toBe(expected)
  })

  test('without a list http is refused before any name is asked for', () => {
    expect(() => readTargetUrl('http://erp.example.com/', none)).toThrow(TargetFailure)
  })
})

describe('a connection', () => {
  async function dial(
    answers: readonly string[][],
    target: { readonly hostname: string; readonly protocol: string; readonly port: number },
    policy = { allowed: [readAllowedTarget('127.0.0.0/8')] },
  ): Promise<string> {
    const asked = [...answers]
    const connect = openCheckedConnector({
      policy,
      resolve: () => Promise.resolve(asked.shift() ?? []),
      timeoutMs: 1000,
    })
    return new Promise((done) => {
      const options = { ...target, host: `${target.hostname}:${target.port}`, port: String(target.port) }
      connect(options, (error, socket) => {
        done(
          error
            ? error instanceof TargetFailure
              ? error.reason
              : error.message
            : String(socket?.remoteAddress),
        )
        socket?.destroy()
      })
    })
  }

  const listen = async () => {
    const server = createServer((socket) => socket.destroy())
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return { port: (server.address() as AddressInfo).port, close: () => server.close() }
  }

  test('goes to the very address that was checked; the name is asked for once', async () => {
    const server = await listen()
    const target = { hostname: 'erp.example.com', protocol: 'http:', port: server.port }
    expect(await dial([['127.0.0.1'], ['10.0.0.1']], target)).toBe('127.0.0.1')
    server.close()
  })

  test('tries the next address when one does not answer', async () => {
    const server = await listen()
    const target = { hostname: 'erp.example.com', protocol: 'http:', port: server.port }
    expect(await dial([['127.0.0.2', '127.0.0.1']], target)).toBe('127.0.0.1')
    server.close()
  })

  test.each([
    [['127.0.0.1', '10.0.0.1']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['::ffff:127.0.0.1']],
    [['0.0.0.0']],
  ])('is not made when the name leads to %j', async (addresses) => {
    const target = { hostname: 'erp.example.com', protocol: 'http:', port: 80 }
    expect(await dial([addresses], target)).toBe('TARGET_NOT_ALLOWED')
  })

  test('is not made to a public address without TLS', async () => {
    const target = { hostname: '93.184.216.34', protocol: 'http:', port: 80 }
    expect(await dial([], target)).toBe('URL_SCHEME_NOT_ALLOWED')
  })
})
