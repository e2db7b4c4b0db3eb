import type { RawOrder } from '#connectors/connector.ts'
import { ingest } from '#sync/ingest.ts'
import { median, stopwatchMs } from './figure.ts'
import { multiplyOrders, openLab } from './lab.ts'

export type GrowthTask = { readonly samples: readonly RawOrder[]; readonly steps: readonly number[] }
export type GrowthStep = { readonly at: number; readonly usPerOrder: number; readonly rssMb: number }

/** Orders of one answer of a platform: what a hub has in hand at once. */
const pageSize = 100
/** Pages over which the cost of a step is taken. */
const measuredPages = 50

/** A process of its own: ingests until each step is reached and tells cost and memory there. */
async function grow({ samples, steps }: GrowthTask): Promise<GrowthStep[]> {
  const lab = await openLab()
  try {
    const feed = await lab.newFeed()
    const page = async (from: number): Promise<number> => {
      const orders = multiplyOrders(samples, from, pageSize)
      const startMs = stopwatchMs()
      await ingest(lab.sync, feed, orders, 'poll')
      return ((stopwatchMs() - startMs) * 1000) / pageSize
    }
    const results: GrowthStep[] = []
    let done = 0
    for (const at of steps) {
      const costs: number[] = []
      for (; done < at; done += pageSize) costs.push(await page(done))
      results.push({
        at,
        usPerOrder: median(costs.slice(-measuredPages)),
        rssMb: process.memoryUsage.rss() / 1024 ** 2,
      })
    }
    return results
  } finally {
    await lab.close()
  }
}

process.once('message', (task) => {
  void grow(task as GrowthTask).then((result) => process.send!(result))
})
