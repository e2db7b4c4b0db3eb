import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RawOrder } from '#connectors/connector.ts'
import type { GrantRef } from '#store/shops.ts'
import { drainInbox } from '#sync/inbox.ts'
import { ingest } from '#sync/ingest.ts'
import type { Feed } from '#sync/sync.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { openTestHub } from '#test/support/hub.ts'
import type { TestHub } from '#test/support/hub.ts'

const database = await openTestDatabase()

let hub: TestHub
let ref: GrantRef
let feed: Feed
/** Every state that some orders went through, as documents, in the order in which they were read. */
const history: RawOrder[] = []
let events = 0

beforeAll(async () => {
  hub = await openTestHub(database.url)
  ref = await hub.connectAccount('amazon_us')
  feed = await hub.feed(ref)
  const { callFor, connectors } = hub.syncDeps
  const call = callFor(await hub.grant(ref))!
  for (const kind of [
    'merchant',
    'partial',
    'cancelled_by_buyer',
    'cancel_refused',
    'undeliverable',
    'preorder',
  ]) {
    const orderId = hub.simulator.createOrder({ countryCode: 'US', kind })
    do {
      hub.clock.pass(60_000)
      history.push(await connectors.amazon!.orders.one(call, feed.account, orderId))
    } while (hub.simulator.advance(orderId) !== null)
  }
  events = (await hub.events()).length
})
afterAll(() => hub.close())

const read = (batch: readonly RawOrder[]) => ingest(hub.syncDeps, feed, batch, 'poll')

async function forget(): Promise<void> {
  for (const table of ['orders', 'raw_documents', 'raw_inbox', 'quarantine'] as const)
    await hub.db.deleteFrom(table).execute()
  await hub.db.deleteFrom('events').where('offset', '>', events).execute()
  await hub.db.updateTable('event_streams').set({ last_offset: events }).execute()
}

/** What an order has come to, however it got there. */
const table = async () =>
  (await hub.orders()).map(({ platform_order_id, id, status, content_hash, order }) => ({
    platform_order_id,
    id,
    status,
    content_hash: content_hash.toString('hex'),
    lines: order.lines.map((line) => line.id),
  }))

const isGapless = (numbers: readonly number[], from = 1): boolean =>
  numbers.every((number, index) => number === from + index)

describe('the same documents in any order, any batches, any number of times', () => {
  it('give the same orders, gapless events, and leave nothing behind', async () => {
    await read(history)
    const wanted = await table()
    const ends = wanted.map(({ status }) => status).toSorted()
    expect(ends).toEqual(['cancelled', 'delivered', 'delivered', 'delivered', 'delivered', 'failed'])

    const cut = fc.integer({ min: 1, max: 9 })
    const shuffled = fc
      .shuffledSubarray(history, { minLength: history.length })
      .chain((all) => fc.tuple(fc.constant(all), fc.subarray(history)))
      .map(([all, repeated]) => [...all, ...repeated])
    await fc.assert(
      fc.asyncProperty(shuffled, cut, async (documents, size) => {
        await forget()
        for (let at = 0; at < documents.length; at += size) await read(documents.slice(at, at + size))
        expect(await table()).toEqual(wanted)
        const told = await hub.events()
        expect(isGapless(told.map(({ offset }) => offset))).toBe(true)
        for (const [entity, own] of Map.groupBy(told, ({ entity_id }) => entity_id))
          expect(isGapless(own.map(({ seq }) => seq)), entity).toBe(true)
        expect(await hub.db.selectFrom('raw_inbox').selectAll().execute()).toEqual([])
        expect(await hub.db.selectFrom('quarantine').selectAll().execute()).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  it('also when several workers read them at once', async () => {
    await forget()
    await read(history)
    const wanted = await table()
    await forget()
    const piles = [0, 1, 2, 3].map((pile) => history.filter((_, index) => index % 4 === pile))
    await Promise.all(piles.map(read))
    await Promise.all(piles.toReversed().map(read))
    expect(await table()).toEqual(wanted)
    expect(isGapless((await hub.events()).map(({ offset }) => offset))).toBe(true)
  })
})

describe('an older document', () => {
  it('never takes an order back, and tells nothing', async () => {
    await forget()
    const [first, second, third] = history
    await read([third!])
    const before = await hub.events()
    const [row] = await hub.orders()
    expect(await read([first!, second!])).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
    expect(await hub.events()).toEqual(before)
    expect((await hub.orders())[0]).toEqual(row)
  })
})

describe('a move that orders do not make', () => {
  it('is told once and not applied; the order keeps the document it was made from', async () => {
    await forget()
    const shipped = history.findLast(({ payload }) => payload.includes('"SHIPPED"'))!
    await read([shipped])
    const [row] = await hub.orders()
    const back = (second: number): RawOrder => {
      const raw = JSON.parse(shipped.payload) as {
        lastUpdatedTime: string
        fulfillment: object
        packages?: unknown
      }
      raw.lastUpdatedTime = new Date(Date.parse(raw.lastUpdatedTime) + second * 1_000).toISOString()
      raw.fulfillment = { ...raw.fulfillment, fulfillmentStatus: 'PENDING' }
      delete raw.packages
      const { value: _, ...read } = shipped
      return { ...read, payload: JSON.stringify(raw), fetchedAtMs: shipped.fetchedAtMs + second * 1_000 }
    }
    expect(await read([back(1)])).toMatchObject({ rejected: 1, updated: 0 })
    expect(await read([back(1)])).toMatchObject({ rejected: 0, known: 1 })
    const [after] = await hub.orders()
    expect(after).toMatchObject({ status: row!.status, version: row!.version, raw_id: row!.raw_id })
    const refusals = async () =>
      (await hub.events()).filter(({ type }) => type === 'order.transition_rejected')
    expect(await refusals()).toMatchObject([
      {
        entity_id: row!.id,
        data: { refused_status: 'on_hold', refused_platform_status: 'PENDING', order: { id: row!.id } },
      },
    ])
    await read([back(2)])
    await read([back(2), back(2)])
    expect(await refusals()).toHaveLength(2)
    const own = (await hub.events()).filter(({ entity_id }) => entity_id === row!.id)
    expect(isGapless(own.map(({ seq }) => seq))).toBe(true)
  })
})

describe('a worker that dies', () => {
  const dying = () => ({
    ...hub.syncDeps,
    compiled: () => {
      throw new Error('killed')
    },
  })
  const inbox = async (): Promise<number> =>
    (await hub.db.selectFrom('raw_inbox').selectAll().execute()).length
  /** How far this hub's clock is ahead of the database's. */
  const aheadMs = (): number => hub.clock.nowMs() - Date.now()

  it('between storing and applying leaves documents that are applied by another, once', async () => {
    await forget()
    await expect(ingest(dying(), feed, history.slice(0, 3), 'poll')).rejects.toThrow('killed')
    expect(await inbox()).toBeGreaterThan(0)
    expect(await hub.orders()).toEqual([])

    // Young documents may still be under way in the worker that stored them.
    expect(await drainInbox(hub.syncDeps, aheadMs() + 15_000)).toBe(0)
    await Promise.all([1, 2, 3].map(() => drainInbox(hub.syncDeps, 0)))
    expect(await inbox()).toBe(0)
    const [row, ...others] = await hub.orders()
    expect(others).toEqual([])
    const told = (await hub.events()).slice(events)
    expect(told.filter(({ type }) => type === 'order.created')).toHaveLength(1)
    expect(isGapless(told.map(({ seq }) => seq))).toBe(true)
    expect(await drainInbox(hub.syncDeps, 0)).toBe(0)
    expect((await hub.orders())[0]).toEqual(row)
  })

  it('is found by the next one a quarter of a minute later', async () => {
    await forget()
    await expect(ingest(dying(), feed, history.slice(0, 1), 'poll')).rejects.toThrow('killed')
    const youngMs = aheadMs() + 15_000
    hub.clock.pass(16_000)
    expect(await drainInbox(hub.syncDeps, youngMs)).toBe(1)
    expect(await hub.orders()).toHaveLength(1)
  })

  it('does not keep the documents of a paused account from being applied', async () => {
    await forget()
    await expect(ingest(dying(), feed, history.slice(0, 1), 'poll')).rejects.toThrow('killed')
    await hub.db.updateTable('grants').set({ status: 'revoked' }).where('id', '=', ref.id).execute()
    await drainInbox(hub.syncDeps, 0)
    await hub.db.updateTable('grants').set({ status: 'active' }).where('id', '=', ref.id).execute()
    expect(await hub.orders()).toHaveLength(1)
  })
})
