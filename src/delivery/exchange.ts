import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import { DnsFailure, TargetFailure } from './target.ts'
import type { buildConnector } from 'undici'

/** How a request ended that got no usable answer. `refused` is our policy, the rest is the world. */
export type FailureCode =
  | 'TARGET_REFUSED'
  | 'TIMEOUT'
  | 'DNS_FAILED'
  | 'CONNECTION_REFUSED'
  | 'CONNECTION_CLOSED'
  | 'UNREACHABLE'
  | 'TLS_FAILED'
  | 'HEADERS_TOO_LARGE'
  | 'HTTP_MALFORMED'
  | 'NETWORK_ERROR'

/** One request and what came back. `headers` and `body` are what arrived before it ended. */
export type Exchange = {
  readonly durationMs: number
  readonly status: number | null
  readonly headers: Readonly<Record<string, string | string[] | undefined>> | null
  readonly body: Buffer | null
  readonly isTruncated: boolean
  readonly failure: { readonly code: FailureCode; readonly detail: string } | null
}

export type Post = (request: {
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}) => Promise<Exchange>

/** Kept of an answer, and read before the connection is cut. */
const keptBytes = 16 * 1024
const readBytes = 64 * 1024
const headerBytes = 16 * 1024

/**
 * A client for receivers that nobody vouches for: one deadline over DNS, connect, TLS, headers and body;
 * answers bounded while they are read (they are asked for uncompressed and never decompressed);
 * redirects are answers like any other. Never throws for what a receiver does.
 */
export function openExchange(options: {
  readonly connect: buildConnector.connector
  readonly deadlineMs: number
}): { readonly post: Post; readonly close: () => Promise<void> } {
  const agent = new Agent({
    connect: options.connect,
    pipelining: 1,
    allowH2: false,
    maxHeaderSize: headerBytes,
    // The deadline below is the only clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 60_000,
  })
  return {
    post: (request) => exchange(agent, request, options.deadlineMs),
    close: () => agent.destroy(),
  }
}

const none = Buffer.alloc(0)

/**
 * Copies, for a chunk is a window of the socket's buffer. Most answers are one chunk; from the second on
 * there is one buffer of the full size, so an answer in one-byte chunks costs no more than any other.
 */
function append(kept: Buffer, length: number, chunk: Buffer): Buffer {
  if (length === 0) return Buffer.from(chunk.subarray(0, keptBytes))
  if (length >= keptBytes) return kept
  const whole = kept.length === keptBytes ? kept : Buffer.alloc(keptBytes)
  if (whole !== kept) kept.copy(whole)
  chunk.copy(whole, length)
  return whole
}

class DeadlineFailure extends Error {
  override readonly name = 'DeadlineFailure'
}

const exchange = (agent: Agent, request: Parameters<Post>[0], deadlineMs: number): Promise<Exchange> =>
  new Promise((resolve) => {
    const startedAt = performance.now()
    let controller: Dispatcher.DispatchController | undefined
    let status: number | null = null
    let headers: Exchange['headers'] = null
    let kept: Buffer = none
    let keptLength = 0
    let seen = 0
    let isDone = false
    const timer = setTimeout(
      () => stop(new DeadlineFailure(`no complete answer within ${deadlineMs} ms`)),
      deadlineMs,
    )

    function settle(failure: Exchange['failure']): void {
      if (isDone) return
      isDone = true
      clearTimeout(timer)
      const durationMs = Math.round(performance.now() - startedAt)
      const body = keptLength === 0 ? null : kept.subarray(0, keptLength)
      resolve({ durationMs, status, headers, body, isTruncated: seen > keptLength, failure })
    }

    /** Settles first: what undici says about the abort is then no longer heard. */
    function stop(error: Error): void {
      settle(describeFailure(error))
      controller?.abort(error)
    }

    agent.dispatch(
      {
        origin: request.origin,
        path: request.path,
        method: 'POST',
        headers: request.headers,
        body: request.body,
      },
      {
        onRequestStart: (started) => {
          // The deadline passed while the connection was still being made.
          if (isDone) started.abort(new DeadlineFailure('too late'))
          else controller = started
        },
        onResponseStart: (_controller, code, received) => {
          status = code
          headers = received
        },
        onResponseData: (_controller, chunk) => {
          seen += chunk.length
          kept = append(kept, keptLength, chunk)
          keptLength = Math.min(seen, keptBytes)
          if (seen <= readBytes) return
          settle(null)
          controller?.abort(new DeadlineFailure('more than anybody will read'))
        },
        onResponseEnd: () => settle(null),
        onResponseError: (_controller, error) => settle(describeFailure(error)),
      },
    )
  })

/** First match on the error's code, or its name where it has none, wins. */
const codes: readonly (readonly [RegExp, FailureCode])[] = [
  [/^(?:UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT|ETIMEDOUT)$/, 'TIMEOUT'],
  [/^ECONNREFUSED$/, 'CONNECTION_REFUSED'],
  [/^(?:ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_ABORTED)$/, 'CONNECTION_CLOSED'],
  [/^(?:EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EACCES)$/, 'UNREACHABLE'],
  [/^(?:UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/, 'HEADERS_TOO_LARGE'],
  [/^(?:HPE_|UND_ERR_RES_|HTTPParserError)/, 'HTTP_MALFORMED'],
  [/^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO|HOSTNAME_MISMATCH)/, 'TLS_FAILED'],
]

function describeFailure(error: Error): NonNullable<Exchange['failure']> {
  if (error instanceof TargetFailure) return { code: 'TARGET_REFUSED', detail: error.message }
  if (error instanceof DnsFailure) return { code: 'DNS_FAILED', detail: error.message }
  if (error instanceof DeadlineFailure) return { code: 'TIMEOUT', detail: error.message }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  const known = codes.find(([pattern]) => pattern.test(code))
  return { code: known?.[1] ?? 'NETWORK_ERROR', detail: `${code}: ${error.message}` }
}
