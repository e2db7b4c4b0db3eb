import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { faultsOfWebhook } from '#simulators/webhook-check.ts'

/** A receiver that remembers which event came with which offset, and what was wrong with any of them. */
export async function openWebhookLog(): Promise<{
  readonly url: string
  readonly port: number
  readonly addSecret: (secret: string) => void
  /** Ids by offset: several only when the hub gave one offset to two events. */
  readonly idsByOffset: ReadonlyMap<number, ReadonlySet<string>>
  readonly faults: readonly string[]
  readonly count: () => number
  readonly close: () => Promise<void>
}> {
  const secrets: string[] = []
  const idsByOffset = new Map<number, Set<string>>()
  const faults: string[] = []
  let count = 0
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      count++
      faults.push(...faultsOfWebhook(request.headers, body, secrets, Date.now()))
      const { id, offset } = JSON.parse(body.toString('utf8')) as { id: string; offset: number }
      idsByOffset.set(offset, (idsByOffset.get(offset) ?? new Set()).add(id))
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/webhooks`,
    port,
    addSecret: (secret) => secrets.push(secret),
    idsByOffset,
    faults,
    count: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
