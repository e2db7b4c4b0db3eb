import { Counter, Gauge, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

export type DeliveryMeter = {
  /** One attempt was logged, or found its delivery taken over (`fenced`). */
  readonly attempted: (outcome: string, durationMs: number) => void
}

/** Attempts by outcome, how long they take, and what this process holds. Labels have few values, on purpose. */
export function openMeter(registry: Registry | undefined, held: () => number): DeliveryMeter {
  if (!registry) return { attempted: () => {} }
  const registers = [registry]
  const attempts = new Counter({
    name: 'openclaw_webhook_attempts_total',
    help: 'Webhook attempts',
    labelNames: ['outcome'],
    registers,
  })
  const seconds = new Histogram({
    name: 'openclaw_webhook_attempt_seconds',
    help: 'Duration of webhook attempts',
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const gauge: Gauge = new Gauge({
    name: 'openclaw_webhook_deliveries_held',
    help: 'Deliveries claimed by this process',
    registers,
    collect: () => {
      gauge.set(held())
    },
  })
  return {
    attempted: (outcome, durationMs) => {
      attempts.inc({ outcome })
      seconds.observe(durationMs / 1000)
    },
  }
}
