import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { amazon } from '#connectors/amazon/index.ts'
import type { Connector, OrderPage, Window } from '#connectors/connector.ts'
import { systemClock } from '#kernel/clock.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { silentLog } from '#kernel/log.ts'
import type { OpenFeed } from './feeds.ts'
import { fullPace, paceAfter, paceInPayload, paceOf, smallestPieceMs } from './pace.ts'
import type { SyncDeps } from './sync.ts'
import { walkOrders } from './walk.ts'
import type { Walked } from './walk.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

/** Walks with a platform that answers each window as `answer` says; pages are empty, so nothing is stored. */
async function walkWith(
  answer: (window: Window) => OrderPage | OrderPage[],
  span: Window,
  longestMs = Infinity,
) {
  const asked: Window[] = []
  const connector: Connector = {
    ...amazon,
    orders: {
      ...amazon.orders,
      walk: async function* (_call, _account, { window }) {
        asked.push(window)
        yield* [answer(window)].flat()
      },
    },
  }
  const open = { feed: { platform: 'amazon', grantId: 'gnt_1' }, connector } as unknown as OpenFeed
  const deps = { log: silentLog, clock: systemClock } as unknown as SyncDeps
  const done: Walked[] = []
  const wish = { by: 'updated', span, longestMs, source: 'poll' } as const
  try {
    for await (const piece of walkOrders(deps, open, wish, new AbortController().signal)) done.push(piece)
  } catch (error) {
    return { asked, done, failure: error as PlatformFailure }
  }
  return { asked, done, failure: null }
}

const lastPage = (syncedUntilMs: number): OrderPage => ({ orders: [], unreadable: [], syncedUntilMs })
const pagesOf = (count: number, syncedUntilMs: number): OrderPage[] =>
  Array.from({ length: count }, (_, index) => ({
    ...lastPage(syncedUntilMs),
    ...(index < count - 1 ? { syncedUntilMs: null } : {}),
  }))
const loop = new PlatformFailure('contract_broken', 'PAGE_LOOP', 'the same page came twice')

describe('a walk', () => {
  it('covers its span from end to end, oldest first, in pieces that the platform allows', async () => {
    const spans = fc.record({
      fromMs: fc.nat(1e12),
      lengthMs: fc.integer({ min: 1, max: 200 * dayMs }),
      longestMs: fc.oneof(fc.constant(Infinity), fc.integer({ min: dayMs, max: 40 * dayMs })),
      pages: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(spans, async ({ fromMs, lengthMs, longestMs, pages }) => {
        const span = { fromMs, toMs: fromMs + lengthMs }
        let turn = 0
        const { asked, done, failure } = await walkWith(
          ({ toMs }) => pagesOf(pages[turn++ % pages.length]!, toMs),
          span,
          longestMs,
        )
        expect(failure).toBeNull()
        let atMs = span.fromMs
        for (const piece of asked) {
          expect(piece.fromMs).toBe(atMs)
          expect(piece.toMs - piece.fromMs).toBeGreaterThan(0)
          expect(piece.toMs - piece.fromMs).toBeLessThanOrEqual(30 * dayMs)
          atMs = piece.toMs
        }
        expect(atMs).toBe(span.toMs)
        expect(done.map(({ syncedUntilMs }) => syncedUntilMs)).toEqual(asked.map(({ toMs }) => toMs))
      }),
      { numRuns: 30 },
    )
  })

  it('grows and shrinks its pieces to a few pages each', async () => {
    const perDay = 40
    const { asked } = await walkWith(
      ({ fromMs, toMs }) => pagesOf(Math.ceil(((toMs - fromMs) / dayMs) * perDay), toMs),
      { fromMs: 0, toMs: 6 * dayMs },
      2 * dayMs,
    )
    const pages = asked.map(({ fromMs, toMs }) => Math.ceil(((toMs - fromMs) / dayMs) * perDay))
    expect(pages.slice(0, 6)).toEqual([80, 40, 20, 10, 5, 3])
    expect(Math.max(...pages.slice(5))).toBeLessThan(4)
  })

  it('halves a span in which the platform loops, until it does not', async () => {
    const span = { fromMs: 0, toMs: 80 * minuteMs }
    const { asked, done, failure } = await walkWith((window) => {
      if (window.toMs - window.fromMs > 20 * minuteMs) throw loop
      return lastPage(window.toMs)
    }, span)
    expect(failure).toBeNull()
    expect(asked.map(({ fromMs, toMs }) => [fromMs / minuteMs, toMs / minuteMs])).toEqual([
      [0, 80],
      [0, 40],
      [0, 20],
      [20, 40],
      [40, 60],
      [60, 80],
    ])
    expect(done.at(-1)!.syncedUntilMs).toBe(span.toMs)
  })

  it('halves as well what is too large to be read', async () => {
    const { asked, failure } = await walkWith(
      ({ fromMs, toMs }) => {
        if (toMs - fromMs > 30 * minuteMs)
          throw new PlatformFailure('contract_broken', 'ANSWER_TOO_LARGE', '')
        return lastPage(toMs)
      },
      { fromMs: 0, toMs: 60 * minuteMs },
    )
    expect(failure).toBeNull()
    expect(asked).toHaveLength(3)
  })

  it('gives up on a loop in the smallest span; the pieces before it hold', async () => {
    const span = { fromMs: 0, toMs: 40 * minuteMs }
    const { done, failure } = await walkWith((window) => {
      if (window.toMs > 30 * minuteMs) throw loop
      return lastPage(window.toMs)
    }, span)
    expect(failure).toMatchObject({ code: 'PAGE_LOOP' })
    expect(done.at(-1)!.syncedUntilMs).toBe(30 * minuteMs)
  })

  it('lets every other failure out at once', async () => {
    const { asked, failure } = await walkWith(
      () => {
        throw new PlatformFailure('throttled', 'QuotaExceeded', '')
      },
      { fromMs: 0, toMs: dayMs },
    )
    expect(failure).toMatchObject({ kind: 'throttled' })
    expect(asked).toHaveLength(1)
  })

  it('leaves no hole where the platform knows less than it was asked for', async () => {
    const span = { fromMs: 0, toMs: 60 * dayMs }
    const { asked, done } = await walkWith(({ toMs }) => lastPage(toMs - dayMs), span)
    expect(asked).toHaveLength(1)
    expect(done.map(({ syncedUntilMs }) => syncedUntilMs)).toEqual([29 * dayMs])
  })

  it('takes up with the next piece what a platform that counts in seconds left', async () => {
    const span = { fromMs: 500, toMs: 4_500 }
    const inSeconds = ({ toMs }: Window): OrderPage => lastPage(Math.floor(toMs / 1_000) * 1_000)
    const { asked } = await walkWith(inSeconds, span, 2_000)
    expect(asked).toEqual([
      { fromMs: 500, toMs: 2_500 },
      { fromMs: 2_000, toMs: 4_500 },
    ])
  })
})

describe('the pace after a try that ended early', () => {
  const throttled = new PlatformFailure('throttled', 'OWN_LIMIT', '')
  const down = new PlatformFailure('platform_down', 'TIMEOUT', '')

  it('is a smaller piece and a longer wait when the rate did not reach', () => {
    expect(paceAfter(fullPace, throttled, 30 * dayMs, false)).toEqual({ failures: 1, longestMs: 15 * dayMs })
    expect(paceAfter({ failures: 4, longestMs: 15 * dayMs }, throttled, dayMs, true)).toEqual({
      failures: 5,
      longestMs: dayMs,
    })
    expect(paceAfter(fullPace, throttled, minuteMs, false).longestMs).toBe(smallestPieceMs)
  })

  it('stays as it is when size was not the matter', () => {
    const pace = { failures: 3, longestMs: dayMs }
    expect(paceAfter(pace, down, 30 * dayMs, false)).toEqual({ failures: 4, longestMs: dayMs })
    expect(paceAfter(pace, down, 30 * dayMs, true)).toEqual({ failures: 0, longestMs: dayMs })
  })

  it('travels in a job', () => {
    for (const pace of [fullPace, { failures: 2, longestMs: 12_345 }])
      expect(paceOf(paceInPayload(pace))).toEqual(pace)
    expect(paceInPayload(fullPace)).toEqual({})
  })
})
