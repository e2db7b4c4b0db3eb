import { expect, test } from 'vitest'
import type { Clock } from '#kernel/clock.ts'
import { silentLog } from '#kernel/log.ts'
import { ClusterFailure } from './failure.ts'
import { keepAlive } from './keep-alive.ts'
import type { Postmaster } from './postmaster.ts'

/** Time passes only by sleeping, and is written down. */
function sleepingClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = []
  let nowMs = 0
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms)
    nowMs += ms
  }
  return { nowMs: () => nowMs, sleep, slept }
}

const dead = (pid: number): Postmaster => ({ pid, port: 1, exited: Promise.resolve() })
const quiet = { log: silentLog, logPath: '/home/postgres.log' }

test('gives up after six deaths in a minute, with a longer pause before each restart', async () => {
  const clock = sleepingClock()
  const restarted: number[] = []
  let pid = 1
  const failure = await keepAlive({
    ...quiet,
    clock,
    first: dead(pid),
    raise: async () => dead((pid += 1)),
    closing: new AbortController().signal,
    onRestart: (postmaster) => restarted.push(postmaster.pid),
  })
  expect(failure).toMatchObject({ code: 'KEEPS_FAILING', place: '/home/postgres.log' })
  expect(restarted).toEqual([2, 3, 4, 5, 6])
  expect(clock.slept).toEqual([0, 250, 1_000, 3_000, 8_000])
})

test('deaths that are further apart do not add up', async () => {
  const clock = sleepingClock()
  const closing = new AbortController()
  let restarts = 0
  const failure = await keepAlive({
    ...quiet,
    clock,
    first: dead(1),
    raise: async () => {
      await clock.sleep(30_000)
      return dead(2)
    },
    closing: closing.signal,
    onRestart: () => {
      restarts += 1
      if (restarts === 20) closing.abort()
    },
  })
  expect(failure).toBeUndefined()
  expect(restarts).toBe(20)
})

test('a restart that fails is tried again, and its reason is what is given at the end', async () => {
  const clock = sleepingClock()
  const full = new ClusterFailure('DISK_FULL', '/home', 'no room')
  let tries = 0
  const failure = await keepAlive({
    ...quiet,
    clock,
    first: dead(1),
    raise: () => {
      tries += 1
      return Promise.reject(full)
    },
    closing: new AbortController().signal,
    onRestart: () => {},
  })
  expect(failure).toBe(full)
  expect(tries).toBe(5)
})

test('our own bug is not taken for a dead database', async () => {
  const watched = keepAlive({
    ...quiet,
    clock: sleepingClock(),
    first: dead(1),
    raise: () => Promise.reject(new TypeError('bug')),
    closing: new AbortController().signal,
    onRestart: () => {},
  })
  await expect(watched).rejects.toThrow(TypeError)
})
