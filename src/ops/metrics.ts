import { Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

/** Platform calls by platform, operation and outcome (a failure kind or `ok`), in seconds. */
export function platformMetrics(
  registry: Registry,
): (platform: string, operation: string, outcome: string, durationMs: number) => void {
  const calls = new Histogram({
    name: 'openclaw_platform_call_seconds',
    help: 'Calls to marketplaces',
    labelNames: ['platform', 'operation', 'outcome'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  })
  return (platform, operation, outcome, durationMs) => {
    calls.observe({ platform, operation, outcome }, durationMs / 1000)
  }
}
