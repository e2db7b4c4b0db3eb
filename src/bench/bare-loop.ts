import { createHmac } from 'node:crypto'
import { Agent } from 'undici'
import { systemClock } from '#kernel/clock.ts'
import type { Sink } from './sink.ts'

/** The sink's page of the loop, and its secret. */
const path = '/bare'
const secret = 'whsec_YmVuY2htYXJrIHNlY3JldCBvZiAzMiBieXRlcy4u'

/**
 * What the machine can do at best: the same webhook over and over, signed anew under both schemes, posted
 * over kept-alive connections, nothing stored. Requests per second that the sink accepted.
 */
export async function runBareLoop(
  sink: Sink,
  body: Buffer,
  options: { readonly connections: number; readonly warmUpMs: number; readonly measureMs: number },
): Promise<number> {
  const { connections, warmUpMs, measureMs } = options
  sink.tellSecret(path, secret)
  const agent = new Agent({ pipelining: 1, connections, allowH2: false })
  const standardSecret = Buffer.from(secret.slice('whsec_'.length), 'base64').toString('latin1')
  const untilMs = performance.now() + warmUpMs + measureMs

  async function post(): Promise<void> {
    while (performance.now() < untilMs) {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const id = `evt_${timestamp}`
      const ours = createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')
      const standard = createHmac('sha256', standardSecret)
        .update(`${id}.${timestamp}.`)
        .update(body)
        .digest('base64')
      const answer = await agent.request({
        origin: sink.url,
        path,
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-openclaw-event-id': id,
          'x-openclaw-timestamp': timestamp,
          'x-openclaw-signature': `v1=${ours}`,
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${standard}`,
        },
        body,
      })
      await answer.body.dump()
    }
  }

  const loops = Promise.all(Array.from({ length: connections }, post))
  await systemClock.sleep(warmUpMs)
  await sink.report()
  const startedAt = performance.now()
  await systemClock.sleep(measureMs)
  const { received } = await sink.report()
  const perSecond = (received * 1000) / (performance.now() - startedAt)
  await loops
  await agent.destroy()
  return perSecond
}
