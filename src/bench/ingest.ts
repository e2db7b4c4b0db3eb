import { fork } from 'node:child_process'
import { sql } from 'kysely'
import type { RawOrder } from '#connectors/connector.ts'
import { asBlob } from '#store/blobs.ts'
import { appendEvents } from '#store/events.ts'
import type { EventRow } from '#store/events.ts'
import { saveOrders } from '#store/orders.ts'
import type { OrderRow } from '#store/orders.ts'
import type { RawDocumentRow } from '#store/raw-documents.ts'
import { ingest } from '#sync/ingest.ts'
import type { Feed } from '#sync/sync.ts'
import { figure, median, stopwatchMs } from './figure.ts'
import type { Figure } from './figure.ts'
import type { GrowthStep, GrowthTask } from './growth.ts'
import { multiplyOrders } from './lab.ts'
import type { Lab } from './lab.ts'

const batchSize = 500
/** Accounts worked on at once, as the worker does; the baseline has as many connections. */
const accounts = 2

/**
 * Raw orders to committed order and event, against a bare set-based insert of the same rows, in turns
 * batch by batch; then how the cost and the memory of this process grow with the number of orders.
 */
export async function benchIngest(
  lab: Lab,
  samples: readonly RawOrder[],
  steps: readonly number[],
): Promise<Figure[]> {
  const feeds = await Promise.all(Array.from({ length: accounts }, lab.newFeed))
  const mirror = await openMirror(lab)
  await oneRound(lab, mirror, feeds, samples, 0)
  const rates: { ours: number; baseline: number }[] = []
  for (let round = 1; round <= 12; round++) rates.push(await oneRound(lab, mirror, feeds, samples, round))
  const ours = median(rates.map((rate) => rate.ours))
  const baseline = median(rates.map((rate) => rate.baseline))
  const rate = figure('ingest', 'raw → order + event', ours, baseline, 'orders/s', { atLeast: 0.6 })
  return [rate, ...(await growth(samples, steps))]
}

async function oneRound(
  lab: Lab,
  mirror: Mirror,
  feeds: readonly Feed[],
  samples: readonly RawOrder[],
  round: number,
): Promise<{ ours: number; baseline: number }> {
  const batches = feeds.map((_, index) =>
    multiplyOrders(samples, (round * feeds.length + index) * batchSize, batchSize),
  )
  const oursMs = await timed(() =>
    Promise.all(feeds.map((feed, index) => ingest(lab.sync, feed, batches[index]!, 'poll'))),
  )
  const copies = await Promise.all(feeds.map((feed) => mirror.take(feed, batchSize)))
  const baselineMs = await timed(() => Promise.all(copies.map((copy) => mirror.insert(copy))))
  const orders = batchSize * feeds.length
  return { ours: (orders / oursMs) * 1000, baseline: (orders / baselineMs) * 1000 }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const startMs = stopwatchMs()
  await run()
  return stopwatchMs() - startMs
}

type Copy = {
  readonly feed: Feed
  readonly raws: readonly RawDocumentRow[]
  readonly orders: readonly OrderRow[]
  readonly events: readonly EventRow[]
}
type Mirror = {
  /** The rows of the last `count` orders of a feed, under names of their own. */
  readonly take: (feed: Feed, count: number) => Promise<Copy>
  readonly insert: (copy: Copy) => Promise<void>
}

/** The same tables again, for the baseline: what ingest wrote is read back and inserted there bare. */
async function openMirror(lab: Lab): Promise<Mirror> {
  const { db } = lab.store
  const prefix = 'mirror_'
  const renamed = (feed: Feed): Feed => ({
    ...feed,
    scope: { ...feed.scope, orgId: `${prefix}${feed.scope.orgId}` },
  })
  return {
    async take(feed, count) {
      const { orgId } = feed.scope
      const { rows: raws } = await sql<RawDocumentRow>`
        select * from raw_documents where org_id = ${orgId} order by id desc limit ${count}`.execute(db)
      const { rows: orders } = await sql<OrderRow>`
        select * from orders where org_id = ${orgId} and raw_id = any(${raws.map((row) => row.id)})`.execute(
        db,
      )
      const { rows: events } = await sql<EventRow>`
        select * from events where org_id = ${orgId} and environment = 'sandbox'
          and entity_id = any(${orders.map((row) => row.id)})`.execute(db)
      return { feed: renamed(feed), raws, orders, events }
    },
    async insert({ feed, raws, orders, events }) {
      const column = <T>(pick: (row: RawDocumentRow) => T): T[] => raws.map(pick)
      const payloads = asBlob(raws.map((row) => row.payload))
      await db.transaction().execute(async (tx) => {
        await sql`
          insert into raw_documents (org_id, environment, id, shop_id, grant_id, platform, document,
                                     platform_order_id, source, endpoint, fetched_at, sha256, payload)
          select ${feed.scope.orgId}, 'sandbox', id, shop_id, ${feed.grantId}, 'amazon', document,
                 platform_order_id, source, endpoint, fetched_at, sha256, ${payloads.at('u.start', 'u.length')}
          from unnest(${column((r) => r.id)}::text[], ${column((r) => r.shop_id)}::text[],
                      ${column((r) => r.document)}::text[], ${column((r) => r.platform_order_id)}::text[],
                      ${column((r) => r.source)}::text[], ${column((r) => r.endpoint)}::text[],
                      ${column((r) => r.fetched_at)}::timestamptz[], ${column((r) => r.sha256)}::bytea[],
                      ${payloads.columns})
            as u (id, shop_id, document, platform_order_id, source, endpoint, fetched_at, sha256, start, length)`.execute(
          tx,
        )
        await saveOrders(tx, feed.scope, orders)
        await appendEvents(tx, feed.scope, events)
      })
    },
  }
}

/** Cost per order and memory as the table grows, measured in a process that does nothing else. */
async function growth(samples: readonly RawOrder[], steps: readonly number[]): Promise<Figure[]> {
  const [first, ...later] = await growInProcess({ samples, steps })
  if (!first) return []
  const count = (at: number): string => at.toLocaleString('en')
  return [
    ...later.map(({ at, usPerOrder }) =>
      figure('ingest', `cost at ${count(at)} orders`, usPerOrder, first.usPerOrder, 'µs/order', {
        atMost: 1.2,
      }),
    ),
    ...[first, ...later].map(({ at, rssMb }) =>
      figure(
        'ingest',
        `memory after ${count(at)} orders`,
        rssMb,
        300,
        'MB',
        { atMost: 1 },
        'baseline is the bound',
      ),
    ),
  ]
}

function growInProcess(task: GrowthTask): Promise<readonly GrowthStep[]> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL('growth.ts', import.meta.url))
    child.once('message', (result) => {
      resolve(result as readonly GrowthStep[])
      child.disconnect()
    })
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the growth bench ended with ${code}`)))
    child.send(task)
  })
}
