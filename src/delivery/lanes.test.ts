import { expect, test } from 'vitest'
import type { ClaimedDelivery } from '#store/deliveries.ts'
import { dropStale, giveBack, openLanes, takeNext } from './lanes.ts'
import type { Lane } from './lanes.ts'

const held = (id: string, leaseUntilMs = 100_000) => ({ delivery: { id } as ClaimedDelivery, leaseUntilMs })
const fill = (lane: Lane, count: number) => {
  for (let i = 0; i < count; i++) lane.waiting.push(held(String(i)))
}
const done = { durationMs: 5, isStall: false }
const stalled = { durationMs: 10_000, isStall: true }

test('an endpoint gets its slots and no more', () => {
  const lanes = openLanes()
  const lane = lanes.of('whe_1', { maxConcurrency: 2, perSecond: null })
  fill(lane, 5)
  expect([takeNext(lane, 0), takeNext(lane, 0), takeNext(lane, 0)].filter(Boolean)).toHaveLength(2)
  giveBack(lane, done)
  expect(takeNext(lane, 0)).toBeDefined()
  expect(lanes.held()).toBe(4)
})

test('a fast endpoint is given work ahead, a new or slow one is not', () => {
  const lanes = openLanes()
  const lane = lanes.of('whe_1', { maxConcurrency: 4, perSecond: null })
  expect(lanes.room(0).get('whe_1')).toBe(4)
  for (let i = 0; i < 20; i++) {
    fill(lane, 1)
    takeNext(lane, 0)
    giveBack(lane, done)
  }
  expect(lanes.room(0).get('whe_1')).toBe(16)
})

test('one that only costs time is probed with a single slot until it answers', () => {
  const lanes = openLanes()
  const lane = lanes.of('whe_1', { maxConcurrency: 8, perSecond: null })
  fill(lane, 20)
  for (let i = 0; i < 5; i++) {
    takeNext(lane, 0)
    giveBack(lane, stalled)
  }
  expect([takeNext(lane, 0), takeNext(lane, 0)].filter(Boolean)).toHaveLength(1)
  giveBack(lane, done)
  expect([takeNext(lane, 0), takeNext(lane, 0)].filter(Boolean)).toHaveLength(2)
})

test('a rate is kept over time, whatever the slots', () => {
  const lanes = openLanes()
  const lane = lanes.of('whe_1', { maxConcurrency: 100, perSecond: 10 })
  fill(lane, 100)
  let sent = 0
  for (let nowMs = 1_000_000; nowMs < 1_010_000; nowMs += 10) {
    while (takeNext(lane, nowMs)) {
      sent++
      giveBack(lane, done)
    }
  }
  expect(sent).toBe(100)
  const slow = lanes.of('whe_2', { maxConcurrency: 5, perSecond: 0.5 })
  fill(slow, 3)
  expect([takeNext(slow, 0), takeNext(slow, 1000), takeNext(slow, 2000)].map(Boolean)).toEqual([
    true,
    false,
    true,
  ])
})

test('what has waited too long to be sent within its lease is dropped', () => {
  const lane = openLanes().of('whe_1', { maxConcurrency: 1, perSecond: null })
  lane.waiting.push(held('a', 10), held('b', 20), held('c', 30))
  expect(dropStale(lane, 25).map(({ id }) => id)).toEqual(['a', 'b'])
  expect(lane.waiting).toHaveLength(1)
})

test('an idle endpoint is forgotten, one in use is not', () => {
  const lanes = openLanes()
  fill(lanes.of('whe_busy', { maxConcurrency: 1, perSecond: null }), 1)
  lanes.of('whe_idle', { maxConcurrency: 1, perSecond: null })
  lanes.room(120_000)
  expect([...lanes.room(120_000).keys()]).toEqual(['whe_busy'])
})
