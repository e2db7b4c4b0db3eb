import type { Pace } from '../clock-scale.ts'
import { rollDice } from '../random.ts'
import type { OrderWish } from '../simulator.ts'
import { bearOrder, orderKinds } from './order-birth.ts'
import { plan, takeStep } from './order-life.ts'
import type { Change } from './order-life.ts'
import type { SimulatedOrder } from './order.ts'
import type { Mall } from './sites.ts'

type Announce = (order: SimulatedOrder, change: NonNullable<Change>) => void

/** Every order there is. */
export type OrderBook = {
  /** Throws RangeError for a wish that names nothing known. */
  readonly create: (wish: OrderWish, createdMs: number) => SimulatedOrder
  /** Creates `count` orders spread over `spanMs` before `nowMs`, each grown to its age. */
  readonly seedHistory: (count: number, spanMs: number, nowMs: number) => void
  readonly find: (parentOrderSn: string) => SimulatedOrder | undefined
  readonly all: () => Iterable<SimulatedOrder>
  readonly ofMall: (mallId: number) => readonly SimulatedOrder[]
  /** Takes the next step of one order now; `undefined` when its story is over. */
  readonly advance: (order: SimulatedOrder) => Change | undefined
  readonly advanceDue: () => void
  /** Earliest due time of any order, Infinity when nothing is planned. */
  readonly nextDueMs: () => number
}

export function openOrderBook(
  seed: string,
  malls: readonly Mall[],
  pace: Pace,
  announce: Announce,
): OrderBook {
  const bySn = new Map<string, SimulatedOrder>()
  const byMall = new Map<number, SimulatedOrder[]>(malls.map(({ mallId }) => [mallId, []]))
  const unfinished = new Set<SimulatedOrder>()

  function chooseMall(wish: OrderWish, serial: number): Mall {
    const fitting = malls.filter(
      ({ mallId, site }) =>
        (wish.accountId === undefined || String(mallId) === wish.accountId) &&
        (wish.countryCode === undefined || site.country === wish.countryCode),
    )
    if (fitting.length === 0) throw new RangeError(`no mall fits ${JSON.stringify(wish)}`)
    return rollDice(`${seed}/mall/${serial}`).pick(fitting)
  }

  function create(wish: OrderWish, createdMs: number): SimulatedOrder {
    const serial = bySn.size + 1
    const kind = orderKinds.find((known) => known === wish.kind)
    if (wish.kind !== undefined && !kind) throw new RangeError(`order kinds are ${orderKinds.join(', ')}`)
    const mall = chooseMall(wish, serial)
    const order = bearOrder({ seed, serial, mall, createdMs: Math.round(createdMs), ...(kind && { kind }) })
    plan(order, createdMs, pace.scale)
    bySn.set(order.parentOrderSn, order)
    byMall.get(mall.mallId)!.push(order)
    unfinished.add(order)
    return order
  }

  function step(order: SimulatedOrder, atMs: number): Change | undefined {
    const change = takeStep(order, atMs)
    if (change === undefined) unfinished.delete(order)
    return change
  }

  function advance(order: SimulatedOrder): Change | undefined {
    const nowMs = pace.clock.nowMs()
    const change = step(order, nowMs)
    plan(order, nowMs, pace.scale)
    if (change) announce(order, change)
    return change
  }

  return {
    create,
    advance,
    find: (parentOrderSn) => bySn.get(parentOrderSn),
    all: () => bySn.values(),
    ofMall: (mallId) => byMall.get(mallId) ?? [],
    seedHistory: (count, spanMs, nowMs) => {
      for (let i = 0; i < count; i++) {
        const order = create({}, nowMs - spanMs + (spanMs * i) / count)
        // The past ran at its natural speed, whatever the scale of the present.
        plan(order, order.createdMs, 1)
        while (order.dueMs <= nowMs) {
          const atMs = order.dueMs
          step(order, atMs)
          plan(order, atMs, 1)
        }
        order.dueMs = nowMs + (order.dueMs - nowMs) / pace.scale
      }
    },
    advanceDue: () => {
      const nowMs = pace.clock.nowMs()
      for (const order of unfinished) {
        if (order.dueMs === Number.POSITIVE_INFINITY) unfinished.delete(order)
        while (order.dueMs <= nowMs) advance(order)
      }
    },
    nextDueMs: () => {
      let soonest = Number.POSITIVE_INFINITY
      for (const { dueMs } of unfinished) soonest = Math.min(soonest, dueMs)
      return soonest
    },
  }
}
