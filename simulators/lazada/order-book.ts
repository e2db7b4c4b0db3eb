import type { Pace } from '../clock-scale.ts'
import { rollDice } from '../random.ts'
import type { OrderWish } from '../simulator.ts'
import { bearOrder, orderKinds } from './order-birth.ts'
import { plan, takeStep } from './order-life.ts'
import type { Account, SimulatedOrder, Store, Unit } from './order.ts'

export type Announce = (order: SimulatedOrder, units: readonly Unit[]) => void

export type OrderBook = {
  readonly create: (wish: OrderWish, atMs: number) => SimulatedOrder
  /** Orders spread over `spanMs` before `nowMs`, each grown to its age. */
  readonly seedHistory: (count: number, spanMs: number, nowMs: number) => void
  readonly all: () => readonly SimulatedOrder[]
  /** Orders of one store. */
  readonly ofStore: (sellerId: string) => readonly SimulatedOrder[]
  readonly find: (orderId: string) => SimulatedOrder | undefined
  /** Takes an order's next step now; false when its story is over. */
  readonly advance: (order: SimulatedOrder) => boolean
  readonly advanceDue: () => void
  readonly nextDueMs: () => number
}

function readWish(
  wish: OrderWish,
  accounts: readonly Account[],
  seed: string,
): { account: Account; store: Store } {
  const country = wish.countryCode?.toLowerCase()
  const fitting = accounts.flatMap((account) =>
    account.stores
      .filter(
        (store) =>
          (wish.accountId === undefined || wish.accountId === account.accountId) &&
          (country === undefined || country === store.country),
      )
      .map((store) => ({ account, store })),
  )
  if (fitting.length === 0) throw new RangeError(`no store fits ${JSON.stringify(wish)}`)
  return rollDice(seed).pick(fitting)
}

/** All orders of all stores. `announce` hears of every new order and of every step that happens now. */
export function openOrderBook(
  seed: string,
  accounts: readonly Account[],
  pace: Pace,
  announce: Announce,
): OrderBook {
  const byId = new Map<string, SimulatedOrder>()
  const byStore = new Map<string, SimulatedOrder[]>()
  const unfinished = new Set<SimulatedOrder>()
  let serial = 0

  function bear(wish: OrderWish, atMs: number): SimulatedOrder {
    const kind = orderKinds.find((known) => known === wish.kind)
    if (wish.kind !== undefined && !kind) throw new RangeError(`order kinds are ${orderKinds.join(', ')}`)
    const number = ++serial
    const { account, store } = readWish(wish, accounts, `${seed}/store/${number}`)
    const order = bearOrder({
      seed,
      serial: number,
      accountId: account.accountId,
      store,
      createdMs: Math.round(atMs),
      ...(kind && { kind }),
    })
    byId.set(order.orderId, order)
    byStore.set(store.sellerId, [...(byStore.get(store.sellerId) ?? []), order])
    unfinished.add(order)
    return order
  }

  function step(order: SimulatedOrder, atMs: number, scale: number): readonly Unit[] | undefined {
    const changed = takeStep(order, atMs)
    if (!changed) unfinished.delete(order)
    plan(order, atMs, scale)
    return changed
  }

  function advance(order: SimulatedOrder): boolean {
    const changed = step(order, pace.clock.nowMs(), pace.scale)
    if (changed && changed.length > 0) announce(order, changed)
    return changed !== undefined
  }

  return {
    create: (wish, atMs) => {
      const order = bear(wish, atMs)
      plan(order, atMs, pace.scale)
      announce(order, order.units)
      return order
    },
    seedHistory: (count, spanMs, nowMs) => {
      for (let i = 0; i < count; i++) {
        const order = bear({}, nowMs - spanMs + (spanMs * i) / count)
        // The past ran at its natural speed, whatever the scale of the present.
        plan(order, order.createdMs, 1)
        while (order.dueMs <= nowMs) step(order, order.dueMs, 1)
        order.dueMs = nowMs + (order.dueMs - nowMs) / pace.scale
      }
    },
    all: () => [...byId.values()],
    ofStore: (sellerId) => byStore.get(sellerId) ?? [],
    find: (orderId) => byId.get(orderId),
    advance,
    advanceDue: () => {
      const nowMs = pace.clock.nowMs()
      for (const order of unfinished) {
        if (order.dueMs === Number.POSITIVE_INFINITY) unfinished.delete(order)
        while (order.dueMs <= nowMs && advance(order));
      }
    },
    nextDueMs: () => {
      let soonest = Number.POSITIVE_INFINITY
      for (const { dueMs } of unfinished) soonest = Math.min(soonest, dueMs)
      return soonest
    },
  }
}
