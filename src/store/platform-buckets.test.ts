import * as fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestDatabase } from '#test/support/database.ts'
import { openStore } from './db.ts'
import { openPlatformBuckets } from './platform-buckets.ts'

const database = await openTestDatabase()
const open = (name: string) => openStore({ url: database.url, name, onIdleError: () => {} })
const stores = [open('buckets one'), open('buckets two')]
const [one, two] = stores.map(({ db }) => openPlatformBuckets(db)) as [Buckets, Buckets]
type Buckets = ReturnType<typeof openPlatformBuckets>

const startMs = Date.UTC(2026, 8, 14)
const rate = { perSecond: 2, burst: 5 }
/** Processes remember what they learnt, so every test has an account of its own. */
let account = 0
let key = ''

beforeEach(() => {
  key = `amazon:app:A${++account}:na:orders.get`
})
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()))
})

const waits = async (buckets: Buckets, count: number, nowMs: number): Promise<number[]> => {
  const all: number[] = []
  for (let i = 0; i < count; i++) all.push((await buckets.take(key, rate, nowMs)).waitMs)
  return all
}

describe('a bucket', () => {
  it('gives its burst at once, then one token at a time', async () => {
    expect(await waits(one, 6, startMs)).toEqual([0, 0, 0, 0, 0, 500])
    expect(await waits(one, 1, startMs + 499)).toEqual([1])
    expect(await waits(one, 2, startMs + 500)).toEqual([0, 500])
    expect(await waits(one, 6, startMs + 60_000)).toEqual([0, 0, 0, 0, 0, 500])
  })

  it('is one for all processes, also when they take at the same moment', async () => {
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : two).take(key, rate, startMs)),
    )
    expect(taken.filter(({ waitMs }) => waitMs === 0)).toHaveLength(rate.burst)
  })

  it('never gives more than the burst and the rate together, whoever asks when', async () => {
    const asks = fc.array(fc.record({ afterMs: fc.nat(900), second: fc.boolean() }), {
      minLength: 1,
      maxLength: 40,
    })
    let run = 0
    await fc.assert(
      fc.asyncProperty(asks, async (steps) => {
        const own = `${key}/${run++}`
        let nowMs = startMs
        const givenMs: number[] = []
        for (const { afterMs, second } of steps) {
          nowMs += afterMs
          const { waitMs } = await (second ? two : one).take(own, rate, nowMs)
          if (waitMs === 0) givenMs.push(nowMs)
          else expect(waitMs).toBeLessThanOrEqual(500)
        }
        for (const [i, from] of givenMs.entries())
          for (const [j, until] of givenMs.entries())
            if (j >= i)
              expect(j - i + 1).toBeLessThanOrEqual(
                rate.burst + (until - from) * (rate.perSecond / 1000) + 1e-6,
              )
      }),
      { numRuns: 20 },
    )
  })

  it('tells a wait after which there is a token', async () => {
    await waits(one, 5, startMs)
    const { waitMs } = await two.take(key, rate, startMs + 120)
    expect(waitMs).toBe(380)
    expect(await two.take(key, rate, startMs + 120 + waitMs)).toEqual({ waitMs: 0 })
  })

  it('does not refill when a clock goes back', async () => {
    await waits(one, 5, startMs)
    expect(await waits(two, 1, startMs - 10_000)).toEqual([10_500])
  })
})

describe('a rate that the platform tells', () => {
  it('counts for what was taken before, and for every process', async () => {
    await waits(one, 5, startMs)
    await one.learn(key, 20, rate, startMs)
    expect(await waits(two, 1, startMs)).toEqual([50])
    expect(await waits(two, 6, startMs + 250)).toEqual([0, 0, 0, 0, 0, 50])
  })

  it('may be lower than ours', async () => {
    await waits(one, 5, startMs)
    await two.learn(key, 0.5, rate, startMs)
    expect(await waits(one, 1, startMs)).toEqual([2_000])
  })

  it('is written when it changes and not with every answer', async () => {
    await waits(one, 1, startMs)
    const version = async (): Promise<unknown> =>
      (await stores[0]!.pool.query('select xmin from platform_buckets where key = $1', [key])).rows
    await one.learn(key, 20, rate, startMs)
    const before = await version()
    await one.learn(key, 20, rate, startMs)
    await two.learn(key, 20, rate, startMs)
    expect(await version()).toEqual(before)
  })
})

describe('a refusal', () => {
  it('keeps everybody out until its end, which only moves on', async () => {
    await one.block(key, startMs + 60_000)
    await two.block(key, startMs + 10_000)
    expect(await waits(two, 1, startMs + 20_000)).toEqual([40_000])
    expect(await waits(one, 1, startMs + 60_000)).toEqual([0])
  })

  it('of a bucket nobody has used leaves its burst whole', async () => {
    await one.block(key, startMs + 1_000)
    expect(await waits(two, 6, startMs + 1_000)).toEqual([0, 0, 0, 0, 0, 500])
  })

  it('does not touch the other buckets', async () => {
    await one.block(key, startMs + 60_000)
    expect(await two.take(`${key}/other`, rate, startMs)).toEqual({ waitMs: 0 })
  })
})
