import { createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { readAllowedTarget } from './address.ts'
import { openExchange } from './exchange.ts'
import { DnsFailure, openCheckedConnector } from './target.ts'
import type { Resolve } from './target.ts'

const deadlineMs = 400
const open: { close: () => unknown }[] = []
afterEach(async () => {
  for (const { close } of open.splice(0)) await close()
})

/** A receiver that does with a connection what it likes once the request is there. */
async function receive(
  misbehave: (socket: Socket) => void,
): Promise<{ origin: string; connections: () => number }> {
  let connections = 0
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => misbehave(socket))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
  }
}

function post(origin: string, resolve: Resolve = () => Promise.resolve(['127.0.0.1'])) {
  const policy = { allowed: [readAllowedTarget('127.0.0.1')] }
  const connect = openCheckedConnector({ policy, resolve, timeoutMs: deadlineMs })
  const exchange = openExchange({ connect, deadlineMs })
  open.push(exchange)
  return exchange.post({ origin, path: '/', headers: { 'X-Test': '1' }, body: Buffer.from('{}') })
}

const every = (socket: Socket, ms: number, send: () => void) => {
  const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : send()), ms)
}
const head = (more = '') => `HTTP/1.1 200 OK\r\n${more}\r\n`

describe('an answer', () => {
  test('is read whole', async () => {
    const { origin } = await receive((socket) => socket.end(head('Content-Length: 2\r\nX-A: b\r\n') + 'ok'))
    const exchange = await post(origin)
    expect(exchange).toMatchObject({
      status: 200,
      headers: { 'x-a': 'b' },
      isTruncated: false,
      failure: null,
    })
    expect(exchange.body?.toString()).toBe('ok')
  })

  test('of one-byte chunks is one body', async () => {
    const text = 'x'.repeat(3000)
    const chunks = '1\r\nx\r\n'.repeat(3000)
    const { origin } = await receive((socket) =>
      socket.end(`${head('Transfer-Encoding: chunked\r\n')}${chunks}0\r\n\r\n`),
    )
    const exchange = await post(origin)
    expect(exchange.failure).toBeNull()
    expect(exchange.body?.toString()).toBe(text)
  })

  test('that redirects is not followed', async () => {
    const { origin, connections } = await receive((socket) =>
      socket.end('HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n'),
    )
    expect(await post(origin)).toMatchObject({ status: 302, failure: null })
    expect(connections()).toBe(1)
  })

  test('keeps 16 kB and says so when there was more', async () => {
    const { origin } = await receive((socket) =>
      socket.end(head('Content-Length: 40000\r\n') + 'y'.repeat(40_000)),
    )
    const exchange = await post(origin)
    expect(exchange).toMatchObject({ status: 200, isTruncated: true, failure: null })
    expect(exchange.body).toHaveLength(16_384)
  })
})

describe('a hostile receiver', () => {
  test.each<[string, (socket: Socket) => void, string]>([
    ['says nothing', () => {}, 'TIMEOUT'],
    ['drips its headers', (socket) => every(socket, 20, () => socket.write('H')), 'HTTP_MALFORMED'],
    [
      'drips good headers',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        every(socket, 20, () => socket.write('X-A: b\r\n'))
      },
      'TIMEOUT',
    ],
    [
      'drips its body, a byte at a time',
      (socket) => {
        socket.write(head('Content-Length: 1000000\r\n'))
        every(socket, 20, () => socket.write('.'))
      },
      'TIMEOUT',
    ],
    [
      'keeps saying "processing"',
      (socket) => every(socket, 10, () => socket.write('HTTP/1.1 102 Processing\r\n\r\n')),
      'TIMEOUT',
    ],
    [
      'floods headers',
      (socket) => every(socket, 0, () => socket.write(`X-${'a'.repeat(60)}: ${'b'.repeat(1000)}\r\n`)),
      'HTTP_MALFORMED',
    ],
    [
      'floods good headers',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n')
        socket.write(`X-A: ${'b'.repeat(1000)}\r\n`.repeat(100))
      },
      'HEADERS_TOO_LARGE',
    ],
    ['hangs up', (socket) => socket.destroy(), 'CONNECTION_CLOSED'],
    [
      'hangs up in the body',
      (socket) => socket.end(`${head('Content-Length: 100\r\n')}abc`),
      'CONNECTION_CLOSED',
    ],
    ['speaks something else', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'), 'HTTP_MALFORMED'],
    [
      'splits its answer',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'),
      'HTTP_MALFORMED',
    ],
  ])('that %s costs no more than the deadline', async (_name, misbehave, code) => {
    const { origin } = await receive(misbehave)
    const startedAt = performance.now()
    const exchange = await post(origin)
    expect(exchange.failure?.code).toBe(code)
    expect(performance.now() - startedAt).toBeLessThan(deadlineMs + 200)
  })

  test('with an endless body is cut at 64 kB and its status counts', async () => {
    let sent = 0
    const { origin } = await receive((socket) => {
      socket.write(head('Transfer-Encoding: chunked\r\n'))
      const chunk = `10000\r\n${'z'.repeat(65_536)}\r\n`
      const pump = (): void => {
        while (!socket.destroyed && socket.write(chunk)) sent += 65_536
        if (!socket.destroyed) socket.once('drain', pump)
      }
      pump()
    })
    const exchange = await post(origin)
    expect(exchange).toMatchObject({ status: 200, isTruncated: true, failure: null })
    expect(exchange.body).toHaveLength(16_384)
    await new Promise((done) => setTimeout(done, 50))
    expect(sent).toBeLessThan(32 * 1024 * 1024)
  })

  test('with a gzip bomb only ever sends its few compressed bytes', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * 1024 * 1024))
    const { origin } = await receive((socket) => {
      socket.write(head(`Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n`))
      socket.end(bomb)
    })
    const exchange = await post(origin)
    expect(exchange.failure).toBeNull()
    expect(exchange.body).toEqual(bomb.subarray(0, 16_384))
  })

  test('a hundred at once cost little memory', async () => {
    const { origin } = await receive((socket) => {
      socket.write(head('Content-Length: 100000000\r\n'))
      every(socket, 5, () => socket.write('w'.repeat(100)))
    })
    const before = process.memoryUsage().rss
    const exchanges = await Promise.all(Array.from({ length: 100 }, () => post(origin)))
    expect(exchanges.every(({ failure }) => failure?.code === 'TIMEOUT')).toBe(true)
    expect(process.memoryUsage().rss - before).toBeLessThan(40 * 1024 * 1024)
  })
})

describe('a receiver that is not there', () => {
  test('refuses the connection', async () => {
    expect((await post('http://127.0.0.1:1')).failure?.code).toBe('CONNECTION_REFUSED')
  })

  test('has no name', async () => {
    const exchange = await post('http://erp.test', () =>
      Promise.reject(new DnsFailure('erp.test: ENOTFOUND')),
    )
    expect(exchange.failure).toEqual({ code: 'DNS_FAILED', detail: 'erp.test: ENOTFOUND' })
  })

  test('has a name server that never answers', async () => {
    const exchange = await post('http://erp.test', () => new Promise(() => {}))
    expect(exchange).toMatchObject({ status: null, failure: { code: 'TIMEOUT' } })
  })

  test('has moved to an address that is not allowed', async () => {
    const exchange = await post('http://erp.test', () => Promise.resolve(['10.0.0.1']))
    expect(exchange.failure?.code).toBe('TARGET_REFUSED')
  })
})
