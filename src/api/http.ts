import fastify from 'fastify'
import type { FastifyInstance, FastifyReply, FastifyRequest, RawServerDefault } from 'fastify'
import type { Socket } from 'node:net'
import type { Clock } from '#kernel/clock.ts'
import { newId } from '#kernel/ids.ts'
import { readJson } from '#kernel/json.ts'
import type { Log } from '#kernel/log.ts'
import { text } from '#kernel/text.ts'
import { learnMethods } from './allowed-methods.ts'
import { errorCodes } from './error-codes.ts'
import { failureOf } from './failures.ts'
import { ClientFailure, languageOf, problemText, problemType, retryAfterSeconds } from './problem.ts'

export type HttpOptions = {
  readonly clock: Clock
  readonly log: Log
  /** Base of all links, without a slash at its end. */
  readonly publicUrl: string
  /** Proxies whose X-Forwarded-* headers count: addresses and ranges, comma-separated. Default none. */
  readonly trustedProxies?: string
}

const longestBodyBytes = 1024 * 1024
const longestHeadBytes = 16 * 1024
const requestTimeoutMs = 30_000

/**
 * A Fastify without routes whose every answer carries a request id and whose every refusal, from whichever
 * layer, is a problem document.
 */
export function openHttp(options: HttpOptions): FastifyInstance {
  const { clock, log, publicUrl, trustedProxies } = options
  const newRequestId = (): string => newId('req', clock.nowMs())
  const app = fastify<RawServerDefault>({
    logger: false,
    genReqId: newRequestId,
    bodyLimit: longestBodyBytes,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 72_000,
    http: { headersTimeout: 10_000, maxHeaderSize: longestHeadBytes },
    return503OnClosing: false,
    trustProxy: trustedProxies ?? false,
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error, request, reply) => void refuse(error, request, reply),
    clientErrorHandler: refuseSocket,
  })

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, readBody(body as Buffer))
    } catch (error) {
      done(error as Error)
    }
  })
  app.addHook('onRequest', (request, reply, done) => {
    stamp(request, reply)
    done(isReadable(request.raw.url!) ? undefined : new ClientFailure('URL_INVALID'))
  })
  app.setErrorHandler(refuse)
  const methodsOf = learnMethods(app)
  app.setNotFoundHandler((request, reply) => {
    const methods = methodsOf(pathOf(request)).toSorted()
    const failure =
      methods.length === 0
        ? new ClientFailure('ROUTE_NOT_FOUND')
        : new ClientFailure('METHOD_NOT_ALLOWED', { headers: { allow: methods.join(', ') } })
    return refuse(failure, request, reply)
  })
  return app

  function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const failure = failureOf(error)
    if (errorCodes[failure.code].category === 'internal')
      log.error({ err: error, requestId: request.id, code: failure.code }, 'a request failed')
    return sendProblem(failure, request, reply)
  }

  function sendProblem(failure: ClientFailure, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    stamp(request, reply)
    if (failure.retryAfterMs !== null) reply.header('retry-after', retryAfterSeconds(failure.retryAfterMs))
    const path = pathOf(request)
    const language = languageOf(request.headers['accept-language'])
    return reply
      .code(errorCodes[failure.code].status)
      .headers(failure.headers)
      .header('content-language', language)
      .type(problemType)
      .send(problemText(failure, { publicUrl, requestId: request.id, path, language }))
  }

  /** What the HTTP parser itself refused: there is no request to speak of, only a socket. */
  function refuseSocket(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
    const code = socketCodes[error.code ?? ''] ?? 'REQUEST_MALFORMED'
    const requestId = newRequestId()
    const about = { publicUrl, requestId, path: '', language: 'en' } as const
    const body = problemText(new ClientFailure(code), about)
    const head = [
      `HTTP/1.1 ${errorCodes[code].status} ${code}`,
      `content-type: ${problemType}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `x-request-id: ${requestId}`,
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  }
}

const socketCodes: Readonly<Record<string, 'HEADERS_TOO_LARGE' | 'REQUEST_TIMEOUT'>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
}

/** What every answer carries. It may hold personal data, so nobody on the way keeps it. */
function stamp(request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.setHeader('x-request-id', request.id)
  reply.raw.setHeader('cache-control', 'no-store')
  if (request.raw.url!.startsWith('/sandbox/')) reply.raw.setHeader('x-openclaw-environment', 'sandbox')
}

const pathOf = (request: FastifyRequest): string => request.raw.url!.split('?', 1)[0]!

/** Percent-encoded UTF-8 without NUL, which the database could not hold. */
function isReadable(url: string): boolean {
  if (!url.includes('%')) return true
  try {
    return !decodeURIComponent(url).includes('\0')
  } catch {
    return false
  }
}

/** Strict where `JSON.parse` on decoded text is lenient: bytes that are not UTF-8, depth, NUL. */
function readBody(body: Buffer): unknown {
  if (body.length === 0) return undefined
  const reading = readJson(body)
  if (!reading.ok) throw new ClientFailure('BODY_INVALID', { detail: rejections[reading.reason] })
  if (body.includes('\\u0000') && hasNul(reading.value))
    throw new ClientFailure('BODY_INVALID', {
      detail: text('A text contains NUL.', '字符串中包含 NUL 字符。'),
    })
  return reading.value
}

const rejections = {
  NOT_UTF8: text('The body is not valid UTF-8.', '请求体不是合法的 UTF-8。'),
  TOO_LARGE: text('The body is too large.', '请求体过大。'),
  TOO_DEEP: text('The body is nested too deeply.', '请求体嵌套过深。'),
  NOT_JSON: text('The body is not JSON.', '请求体不是合法 JSON。'),
} as const

const hasNul = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.includes('\0')
    : typeof value === 'object' && value !== null
      ? Object.entries(value).some(([name, inner]) => name.includes('\0') || hasNul(inner))
      : false
