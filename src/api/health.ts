import type { FastifyInstance } from 'fastify'
import { Histogram } from 'prom-client'
import type { Registry } from 'prom-client'
import type { Log } from '#kernel/log.ts'

/** What readiness depends on, each part by name. */
export type Readiness = { readonly ready: boolean; readonly parts: Readonly<Record<string, boolean>> }

/** `/healthz`: the process answers. `/readyz`: it can do its work; 503 otherwise. `/metrics`: Prometheus. */
export function mountHealth(
  app: FastifyInstance,
  parts: { readonly metrics: Registry; readonly isReady: () => Promise<Readiness> },
): void {
  const { metrics, isReady } = parts
  const hidden = { schema: { hide: true } }
  app.get('/healthz', hidden, () => ({ status: 'ok' }))
  app.get('/readyz', hidden, async (_, reply) => {
    const { ready, parts } = await isReady()
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not_ready', parts })
  })
  app.get('/metrics', hidden, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  )
}

/** One log line and one measurement per request. Never a header, a query or a body: they may hold secrets. */
export function observeRequests(app: FastifyInstance, metrics: Registry, log: Log): void {
  const durations = new Histogram({
    name: 'openclaw_http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [metrics],
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    const durationMs = Math.round(reply.elapsedTime * 10) / 10
    durations.labels(request.method, route, String(reply.statusCode)).observe(durationMs / 1000)
    log.info(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        durationMs,
        applicationId: request.caller?.applicationId,
        orgId: request.caller?.orgId,
      },
      'request',
    )
    done()
  })
}
