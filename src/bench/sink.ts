import { fork } from 'node:child_process'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the sink has seen since it was last asked. Latency is from `recorded_at` of the body to receipt. */
export type SinkReport = {
  readonly received: number
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

export type Sink = {
  readonly url: string
  readonly report: () => Promise<SinkReport>
  readonly close: () => void
}

const stamp = Buffer.from('"recorded_at":"')
const stampLength = 24

/** A receiver in a process of its own that answers 200 to everything: the same for us and for the baseline. */
export async function startSink(): Promise<Sink> {
  const child = fork(import.meta.filename, [], { serialization: 'json' })
  const answers: ((message: unknown) => void)[] = []
  const next = <T>(): Promise<T> =>
    new Promise((resolve) => answers.push(resolve as (message: unknown) => void))
  child.on('message', (message) => answers.shift()?.(message))
  const { port } = await next<{ port: number }>()
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    report: () => {
      const answer = next<SinkReport>()
      child.send('report')
      return answer
    },
    close: () => {
      child.kill()
    },
  }
}

function runSink(tell: (message: object) => void): void {
  let received = 0
  let latencies: number[] = []

  function take(request: IncomingMessage, response: ServerResponse): void {
    request.on('data', (chunk: Buffer) => {
      const at = chunk.indexOf(stamp)
      if (at < 0) return
      const start = at + stamp.length
      latencies.push(Date.now() - Date.parse(chunk.toString('latin1', start, start + stampLength)))
    })
    request.on('end', () => {
      received++
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 17 })
      response.end('{"received":true}')
    })
  }

  function report(): SinkReport {
    const sorted = latencies.toSorted((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? null
    const answer = { received, p50Ms: at(0.5), p99Ms: at(0.99) }
    received = 0
    latencies = []
    return answer
  }

  const server = createServer(take)
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }))
  process.on('message', () => tell(report()))
  process.on('disconnect', () => process.exit(0))
}

if (import.meta.main) runSink((message) => process.send?.(message))
