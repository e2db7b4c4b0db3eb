import { benchApi } from './api.ts'
import { connectors } from '#connectors/registry.ts'
import { benchDelivery } from './delivery.ts'
import { benchIngest } from './ingest.ts'
import { openLab, sampleOrders } from './lab.ts'
import type { Lab } from './lab.ts'
import { benchMapping } from './mapping.ts'
import type { Figure } from './figure.ts'

/** How many orders the growth figures go to. `OPENCLAW_BENCH_ORDERS` shortens a look. */
const growthSteps = (): readonly number[] => {
  const most = Number(process.env['OPENCLAW_BENCH_ORDERS'] ?? 1_000_000)
  return [10_000, 100_000, 1_000_000].filter((step) => step <= most)
}

async function inLab(run: (lab: Lab) => Promise<readonly Figure[]>): Promise<readonly Figure[]> {
  const lab = await openLab()
  try {
    return await run(lab)
  } finally {
    await lab.close()
  }
}

export async function mapping(): Promise<readonly Figure[]> {
  const samples = await sampleOrders(200)
  return benchMapping([
    {
      name: 'amazon order',
      table: connectors.amazon!.maps.order,
      texts: samples.map(({ payload }) => payload),
    },
  ])
}

export async function ingest(): Promise<readonly Figure[]> {
  const samples = await sampleOrders(200)
  return inLab((lab) => benchIngest(lab, samples, growthSteps()))
}

export async function api(): Promise<readonly Figure[]> {
  const samples = await sampleOrders(200)
  return inLab((lab) => benchApi(lab, samples))
}

export function delivery(): Promise<readonly Figure[]> {
  return inLab((lab) => benchDelivery(lab))
}
