import { describe, expect, it } from 'vitest'
import * as fc from 'fast-check'
import { amazon } from '#connectors/amazon/index.ts'
import type { Connector, OrderPage, Window } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { silentLog } from '#kernel/log.ts'
import type { OpenFeed } from './feeds.ts'
import { fullPace, paceAfter, paceInPayload, paceOf, smallestPieceMs } from './pace.ts'
import type { SyncDeps } from './sync.ts'
import { slices, walkOrders } from './walk.ts'
import type { Walked } from './walk.ts'

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

describe('slices', () => {
  it('cover a span from end to end, oldest first, none too long', () => {
    const spans = fc.record({
      fromMs: fc.nat(1e9),
      length: fc.nat(1e7),
      longestMs: fc.integer({ min: 1e4, max: 1e8 }),
    })
    fc.assert(
      fc.property(spans, ({ fromMs, length, longestMs }) => {
        const pieces = slices({ fromMs, toMs: fromMs + length }, longestMs)
        let atMs = fromMs
        for (const piece of pieces) {
          expect(piece.fromMs).toBe(atMs)
          expect(piece.toMs - piece.fromMs).toBeGreaterThan(0)
          expect(piece.toMs - piece.fromMs).toBeLessThanOrEqual(longestMs)
          atMs = piece.toMs
        }
        expect(atMs).toBe(fromMs + length)
      }),
    )
  })

  it('of nothing are none', () => {
    expect(slices({ fromMs: 5, toMs: 5 }, 10)).toEqual([])
    expect(slices({ fromMs: 6, toMs: 5 }, 10)).toEqual([])
  })
})

/** Walks with a platform that answers each window as `answer` says; pages are empty, so nothing is stored. */
async function walkWith(answer: (window: Window) => OrderPage, span: Window, longestMs = Infinity) {
  const asked: Window[] = []
  const connector: Connector = {
    ...amazon,
    orders: {
      ...amazon.orders,
      walk: async function* (_call, _account, { window }) {
        asked.push(window)
        yield answer(window)
      },
    },
  }
  const open = { feed: { platform: 'amazon', grantId: 'gnt_1' }, connector } as unknown as OpenFeed
  const deps = { log: silentLog } as unknown as SyncDeps
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
const loop = new PlatformFailure('contract_broken', 'PAGE_LOOP', 'the same page came twice')

describe('a walk', () => {
  it('asks for no more than the platform allows at once, and tells of each piece', async () => {
    const span = { fromMs: 0, toMs: 70 * dayMs }
    const { asked, done } = await walkWith(({ toMs }) => lastPage(toMs), span)
    expect(asked.map(({ toMs }) => toMs / dayMs)).toEqual([30, 60, 70])
    expect(done.map(({ syncedUntilMs }) => syncedUntilMs / dayMs)).toEqual([30, 60, 70])
  })

  it('halves a span in which the platform loops, until it does not', async () => {
    const span = { fromMs: 0, toMs: 80 * minuteMs }
    const { asked, done, failure } = await walkWith((window) => {
      if (window.toMs - window.fromMs > 20 * minuteMs && window.fromMs < 40 * minuteMs) throw loop
      return lastPage(window.toMs)
    }, span)
    expect(failure).toBeNull()
    expect(asked.map(({ fromMs, toMs }) => [fromMs / minuteMs, toMs / minuteMs])).toEqual([
      [0, 80],
      [0, 40],
      [0, 20],
      [20, 40],
      [40, 80],
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
})

describe('the pace after a try that ended early', () => {
  const throttled = new PlatformFailure('throttled', 'OWN_LIMIT', '')
  const down = new PlatformFailure('platform_down', 'TIMEOUT', '')

  it('halves the pieces when the rate did not reach, down to a bound', () => {
    let pace = fullPace
    for (let i = 0; i < 30; i++) pace = paceAfter(pace, throttled, 30 * dayMs, false)
    expect(paceAfter(fullPace, throttled, 30 * dayMs, false)).toEqual({ failures: 1, longestMs: 15 * dayMs })
    expect(pace).toEqual({ failures: 30, longestMs: smallestPieceMs })
  })

  it('keeps the pieces while they get done, and when size was not the matter', () => {
    const pace = { failures: 3, longestMs: dayMs }
    expect(paceAfter(pace, throttled, 30 * dayMs, true)).toEqual({ failures: 0, longestMs: dayMs })
    expect(paceAfter(pace, down, 30 * dayMs, false)).toEqual({ failures: 4, longestMs: dayMs })
  })

  it('travels in a job', () => {
    for (const pace of [fullPace, { failures: 2, longestMs: 12_345 }])
      expect(paceOf(paceInPayload(pace))).toEqual(pace)
    expect(paceInPayload(fullPace)).toEqual({})
  })
})
