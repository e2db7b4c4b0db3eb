import type { Pace } from '../clock-scale.ts'
import { rollDice } from '../random.ts'
import type { OrderWish } from '../simulator.ts'
import { bearOrder, orderKinds } from './order-birth.ts'
import { plan, takeStep, type Change } from './order-life.ts'
import { secondsOf, type SimulatedOrder } from './order.ts'
import type { Shop } from './shops.ts'

export type TimeField = 'createdMs' | 'updatedMs'

/** A place in a list: whole seconds, then order number. */
export type Cursor = readonly [seconds: number, orderSn: string]

const isAfter = (order: SimulatedOrder, field: TimeField, [seconds, orderSn]: Cursor): boolean => {
  const own = secondsOf(order[field])
  return own > seconds || (own === seconds && order.orderSn > orderSn)
}

type Announce = (order: SimulatedOrder, change: Change) => void

/** Every order there is. */
export type OrderBook = {
  /** Throws RangeError for a wish that names nothing known. */
  readonly create: (wish: OrderWish, createdMs: number) => SimulatedOrder
  /** Creates `count` orders spread over `spanMs` before `nowMs`, each grown to its age. */
  readonly seedHistory: (count: number, spanMs: number, nowMs: number) => void
  readonly find: (orderSn: string) => SimulatedOrder | undefined
  readonly all: () => readonly SimulatedOrder[]
  /** Orders of a shop after a place, oldest first by the field. */
  readonly after: (shopId: number, field: TimeField, cursor: Cursor) => readonly SimulatedOrder[]
  /** Takes the next step of one order now; false when its story is over. */
  readonly advance: (order: SimulatedOrder) => boolean
  readonly advanceDue: () => void
  /** Earliest due time of any order, Infinity when nothing is planned. */
  readonly nextDueMs: () => number
}

function readWish(wish: OrderWish, shops: readonly Shop[], seed: string) {
  const fitting = shops.filter(
    (shop) =>
      (wish.accountId === undefined || String(shop.shopId) === wish.accountId) &&
      (wish.countryCode === undefined || shop.region === wish.countryCode),
  )
  if (fitting.length === 0) throw new RangeError(`no shop fits ${JSON.stringify(wish)}`)
  const kind = orderKinds.find((known) => known === wish.kind)
  if (wish.kind !== undefined && !kind) throw new RangeError(`order kinds are ${orderKinds.join(', ')}`)
  return { shop: rollDice(seed).pick(fitting), ...(kind && { kind }) }
}

export function openOrderBook(
  seed: string,
  shops: readonly Shop[],
  pace: Pace,
  announce: Announce,
): OrderBook {
  const byId = new Map<string, SimulatedOrder>()
  const unfinished = new Set<SimulatedOrder>()
  const byShop = new Map<number, SimulatedOrder[]>(shops.map(({ shopId }) => [shopId, []]))

  function create(wish: OrderWish, createdMs: number): SimulatedOrder {
    const serial = byId.size + 1
    const { shop, ...kind } = readWish(wish, shops, `${seed}/place/${serial}`)
    const { shopId, region } = shop
    const order = bearOrder({ seed, serial, shopId, region, createdMs: Math.round(createdMs), ...kind })
    plan(order, createdMs, pace.scale)
    byId.set(order.orderSn, order)
    byShop.get(shopId)!.push(order)
    unfinished.add(order)
    return order
  }

  function advance(order: SimulatedOrder): boolean {
    const nowMs = pace.clock.nowMs()
    const changes = takeStep(order, nowMs)
    plan(order, nowMs, pace.scale)
    if (changes === undefined) unfinished.delete(order)
    for (const change of changes ?? []) announce(order, change)
    return changes !== undefined
  }

  return {
    create: (wish, createdMs) => {
      const order = create(wish, createdMs)
      announce(order, { code: 3 })
      return order
    },
    seedHistory: (count, spanMs, nowMs) => {
      for (let i = 0; i < count; i++) {
        const order = create({}, nowMs - spanMs + (spanMs * i) / count)
        // The past ran at its natural speed, whatever the scale of the present.
        plan(order, order.createdMs, 1)
        while (order.dueMs <= nowMs) {
          const atMs = order.dueMs
          takeStep(order, atMs)
          plan(order, atMs, 1)
        }
        order.dueMs = nowMs + (order.dueMs - nowMs) / pace.scale
      }
    },
    find: (orderSn) => byId.get(orderSn),
    all: () => [...byId.values()],
    after: (shopId, field, cursor) =>
      (byShop.get(shopId) ?? [])
        .filter((order) => isAfter(order, field, cursor))
        .toSorted((a, b) => (isAfter(a, field, [secondsOf(b[field]), b.orderSn]) ? 1 : -1)),
    advance,
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
