import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openclawDigest, readSecret, standardDigest } from '#delivery/sign.ts'
import type { SigningKey } from '#delivery/sign.ts'

/** What the sink has seen since it was last asked. Latency is from `recorded_at` of the body to receipt, ms. */
export type SinkReport = {
  readonly received: number
  readonly refused: number
  readonly p50Ms: number
  readonly p99Ms: number
}

export type Sink = {
  /** Answers 200 to a webhook whose two signatures hold under the secret of its path, else 401. */
  readonly url: string
  readonly tellSecret: (path: string, secret: string) => void
  readonly report: () => Promise<SinkReport>
  readonly close: () => void
}

type Question = { readonly report: true } | { readonly path: string; readonly secret: string }

/** A receiver in a process of its own, the same for us and for the baseline. */
export async function startSink(): Promise<Sink> {
  const child = fork(import.meta.filename, [], { serialization: 'json' })
  const answers: ((message: unknown) => void)[] = []
  const next = <T>(): Promise<T> =>
    new Promise((resolve) => answers.push(resolve as (message: unknown) => void))
  child.on('message', (message) => answers.shift()?.(message))
  const { port } = await next<{ port: number }>()
  return {
    url: `http://127.0.0.1:${port}`,
    tellSecret: (path, secret) => {
      child.send({ path, secret } satisfies Question)
    },
    report: () => {
      const answer = next<SinkReport>()
      child.send({ report: true } satisfies Question)
      return answer
    },
    close: () => {
      child.kill()
    },
  }
}

const stamp = '"recorded_at":"'
const stampLength = '2026-11-22T00:00:00.000Z'.length

function isSigned({ headers }: IncomingMessage, body: Buffer, key: SigningKey | null | undefined): boolean {
  if (!key) return false
  const [id, timestamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])]
  return (
    headers['x-openclaw-signature'] === `v1=${openclawDigest(key, timestamp, body)}` &&
    headers['webhook-signature'] === `v1,${standardDigest(key, id, timestamp, body)}`
  )
}

/** The child's side. */
function runSink(tell: (message: object) => void): void {
  const keys = new Map<string, SigningKey | null>()
  let received = 0
  let refused = 0
  let latencies: number[] = []

  function take(request: IncomingMessage, response: ServerResponse): void {
    let body: Buffer = Buffer.alloc(0)
    request.on('data', (chunk: Buffer) => {
      body = body.length === 0 ? chunk : Buffer.concat([body, chunk])
    })
    request.on('end', () => {
      const isValid = isSigned(request, body, keys.get(request.url ?? ''))
      if (!isValid) refused++
      else {
        received++
        const start = body.indexOf(stamp) + stamp.length
        latencies.push(Date.now() - Date.parse(body.toString('latin1', start, start + stampLength)))
      }
      const text = isValid ? '{"received":true}' : '{"received":false}'
      response.writeHead(isValid ? 200 : 401, {
        'content-type': 'application/json',
        'content-length': text.length,
      })
      response.end(text)
    })
  }

  function report(): SinkReport {
    const sorted = latencies.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
    const answer = { received, refused, p50Ms: at(0.5), p99Ms: at(0.99) }
    received = 0
    refused = 0
    latencies = []
    return answer
  }

  const server = createServer(take)
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }))
  process.on('message', (question: Question) => {
    if ('report' in question) tell(report())
    else keys.set(question.path, readSecret(question.secret))
  })
  process.on('disconnect', () => process.exit(0))
}

if (import.meta.main) runSink((message) => process.send?.(message))
