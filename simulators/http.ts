import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '#kernel/clock.ts'

const bodyLimitBytes = 2 * 1024 * 1024
const slowBodyPauseMs = 60_000

/** A request as it came, the body as raw bytes: signatures are checked over these. */
export type HttpRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** Aborts when the caller hangs up or the server stops. */
  readonly signal: AbortSignal
}

export type HttpAnswer = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, a string as it is. */
  readonly body?: string | object
  /** Faults of the wire: pause or break after half of the body. */
  readonly delivery?: 'slow' | 'cut'
}

export type HttpServer = { readonly url: string; readonly close: () => Promise<void> }

const badRequestPage =
  '<html>\r\n<head><title>400 Bad Request</title></head>\r\n<body>\r\n<center><h1>400 Bad Request</h1></center>\r\n</body>\r\n</html>\r\n'

/** What a gateway says to a request that HTTP itself forbids: HTML, never the platform's own envelope. */
export const badRequest: HttpAnswer = {
  status: 400,
  headers: { 'content-type': 'text/html' },
  body: badRequestPage,
}

async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > bodyLimitBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts)
}

async function send(
  response: ServerResponse,
  answer: HttpAnswer,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const isText = typeof answer.body !== 'object'
  const bytes = Buffer.from(
    typeof answer.body === 'object' ? JSON.stringify(answer.body) : (answer.body ?? ''),
  )
  response.writeHead(answer.status, {
    ...(bytes.length > 0 && { 'content-type': isText ? 'text/plain' : 'application/json' }),
    ...answer.headers,
    ...(answer.status !== 204 && { 'content-length': String(bytes.length) }),
  })
  if (!answer.delivery) {
    response.end(bytes)
    return
  }
  const half = Math.ceil(bytes.length / 2)
  await new Promise((resolve) => response.write(bytes.subarray(0, half), resolve))
  if (answer.delivery === 'slow') {
    await clock.sleep(slowBodyPauseMs, signal)
    if (!signal.aborted) response.end(bytes.subarray(half))
  } else response.destroy()
}

/**
 * Listens on loopback and answers with `answer`. An error thrown by `answer` becomes a 500 whose text
 * names it: a simulator's own mistake must be seen by whoever tests against it.
 */
export async function listen(
  port: number,
  clock: Clock,
  answer: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>,
): Promise<HttpServer> {
  const stopping = new AbortController()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hangUp = new AbortController()
    response.once('close', () => hangUp.abort())
    const signal = AbortSignal.any([hangUp.signal, stopping.signal])
    const body = await readBody(request)
    if (!body) return send(response, { status: 413 }, clock, signal)
    const url = new URL(request.url ?? '/', 'http://loopback')
    const reply = await answer({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
      signal,
    })
    if (!hangUp.signal.aborted) await send(response, reply, clock, signal)
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy()
      else response.writeHead(500, { 'content-type': 'text/plain' }).end(`simulator error: ${String(error)}`)
    })
  })
  server.on('clientError', (_error, socket) => {
    if (socket.writable)
      socket.end(
        `HTTP/1.1 400 Bad Request\r\ncontent-type: text/html\r\ncontent-length: ${badRequestPage.length}\r\nconnection: close\r\n\r\n${badRequestPage}`,
      )
    else socket.destroy()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        stopping.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
