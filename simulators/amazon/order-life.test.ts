import { performance } from 'node:perf_hooks'
import { describe, expect, test } from 'vitest'
import { allData, connectSeller } from '#test/support/amazon-client.ts'
import { manualClock } from '#test/support/manual-clock.ts'
import { startAmazonSimulator, type AmazonSimulator, type AmazonSimulatorOptions } from './index.ts'
import { orderKinds } from './order-birth.ts'

const minuteMs = 60_000
const start = (options: Partial<AmazonSimulatorOptions> = {}): Promise<AmazonSimulator> =>
  startAmazonSimulator({ clock: manualClock(), ...options })

async function using<T>(
  options: Partial<AmazonSimulatorOptions>,
  body: (sim: AmazonSimulator) => T,
): Promise<Awaited<T>> {
  const sim = await start(options)
  try {
    return await body(sim)
  } finally {
    await sim.stop()
  }
}

describe('seeds', () => {
  const facts = (options: Partial<AmazonSimulatorOptions>) =>
    using({ orders: 200, ...options }, ({ truth, credentials, shops }) => ({
      truth: truth(),
      credentials,
      shops,
    }))

  test('the same seed gives the same world, another seed another', async () => {
    expect(await facts({ seed: 7 })).toEqual(await facts({ seed: 7 }))
    expect((await facts({ seed: 8 })).credentials).not.toEqual((await facts({ seed: 7 })).credentials)
  })

  test('another series changes the orders and nothing else', async () => {
    const one = await facts({ series: 1 })
    const two = await facts({ series: 2 })
    expect(two.credentials).toEqual(one.credentials)
    expect(two.shops).toEqual(one.shops)
    const ids = new Set(one.truth.map(({ orderId }) => orderId))
    expect(two.truth.filter(({ orderId }) => ids.has(orderId))).toEqual([])
  })
})

describe('history', () => {
  test('has every kind, several states, all regions and no id twice', async () => {
    await using({ orders: 2000 }, ({ truth }) => {
      const rows = truth()
      expect(new Set(rows.map(({ orderId }) => orderId)).size).toBe(2000)
      expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(orderKinds))
      expect(new Set(rows.map(({ status }) => status))).toEqual(
        new Set([
          'PENDING_AVAILABILITY',
          'PENDING',
          'UNSHIPPED',
          'PARTIALLY_SHIPPED',
          'SHIPPED',
          'CANCELLED',
        ]),
      )
      expect(new Set(rows.map(({ region }) => region))).toEqual(new Set(['na', 'eu', 'fe']))
      expect(new Set(rows.map(({ marketId }) => marketId)).size).toBe(15)
      expect(rows.every(({ createdMs, lastUpdatedMs }) => createdMs <= lastUpdatedMs)).toBe(true)
    })
  })
})

describe('life', () => {
  const told: Readonly<Record<string, readonly (string | null)[]>> = {
    merchant: ['UNSHIPPED', 'SHIPPED', 'SHIPPED', 'SHIPPED', 'SHIPPED', null],
    fba: ['UNSHIPPED', 'SHIPPED', null],
    partial: [
      'UNSHIPPED',
      'PARTIALLY_SHIPPED',
      'PARTIALLY_SHIPPED',
      'SHIPPED',
      'SHIPPED',
      'SHIPPED',
      'SHIPPED',
      null,
    ],
    cancelled_by_buyer: ['UNSHIPPED', 'UNSHIPPED', 'CANCELLED', null],
    cancelled_by_merchant: ['UNSHIPPED', 'CANCELLED', null],
    unpaid: ['CANCELLED', null],
    preorder: ['PENDING', 'UNSHIPPED', 'SHIPPED', 'SHIPPED', 'SHIPPED', 'SHIPPED', null],
  }

  test.each(Object.entries(told))('%s goes its way', async (kind, statuses) => {
    await using({}, (sim) => {
      const orderId = sim.createOrder({ kind })
      expect(statuses.map(() => sim.advance(orderId))).toEqual(statuses)
    })
  })

  test('packages reach the buyer, or come back', async () => {
    await using({}, async (sim) => {
      const seller = await connectSeller(sim, 'eu')
      const states = async (kind: string): Promise<unknown[]> => {
        const orderId = sim.createOrder({ kind, countryCode: 'GB' })
        while (sim.advance(orderId) !== null);
        const reply = await seller.get(`/orders/2026-01-01/orders/${orderId}`, { includedData: allData })
        return reply.list('order.packages').map((parcel) => parcel.at('packageStatus.status'))
      }
      expect(await states('merchant')).toEqual(['DELIVERED'])
      expect(await states('partial')).toEqual(['DELIVERED', 'DELIVERED'])
      expect(await states('undeliverable')).toEqual(['UNDELIVERABLE'])
    })
  })

  test('goes on by itself: orders arrive evenly and move on, faster by the time scale', async () => {
    const clock = manualClock()
    await using({ clock, ordersPerMinute: 6, timeScale: 60 }, async (sim) => {
      const stop = new AbortController()
      const running = sim.run(stop.signal)
      await clock.advance(30 * minuteMs)
      const rows = sim.truth()
      expect(rows).toHaveLength(180)
      const old = rows.filter(
        ({ kind, createdMs }) => kind === 'merchant' && createdMs < clock.nowMs() - 15 * minuteMs,
      )
      expect(old.length).toBeGreaterThan(10)
      expect(old.every(({ status }) => status === 'SHIPPED')).toBe(true)
      stop.abort()
      await running
    })
  })

  test('stands still without run, and catches up with a tick', async () => {
    const clock = manualClock()
    await using({ clock, ordersPerMinute: 1 }, async (sim) => {
      await clock.advance(10 * minuteMs)
      expect(sim.truth()).toEqual([])
      sim.tick()
      expect(sim.truth()).toHaveLength(10)
    })
  })

  test.each([{ kind: 'imaginary' }, { countryCode: 'XX' }, { accountId: 'nobody' }])(
    '%j cannot be had',
    async (wish) => {
      await using({}, (sim) => {
        expect(() => sim.createOrder(wish)).toThrow(RangeError)
        expect(() => sim.advance('1')).toThrow(RangeError)
      })
    },
  )
})

describe('speed', () => {
  test('1,000 orders are made in under 200 ms and a page of 100 answers in under 15 ms', async () => {
    const started = performance.now()
    await using({ orders: 1000, sellersPerRegion: 1, timeScale: 1000 }, async (sim) => {
      expect(performance.now() - started).toBeLessThan(200)
      const seller = await connectSeller(sim, 'eu')
      const times: number[] = []
      for (let i = 0; i < 10; i++) {
        const asked = performance.now()
        const page = await seller.get('/orders/2026-01-01/orders', {
          lastUpdatedAfter: '2020-01-01T00:00:00Z',
          includedData: allData,
        })
        times.push(performance.now() - asked)
        expect(page.list('orders')).toHaveLength(100)
      }
      expect(Math.min(...times)).toBeLessThan(15)
    })
  })
})
