import { tradingCountries, marketplaces, type Region } from './marketplaces.ts'
import { bearOrder, orderKinds } from './order-birth.ts'
import { plan, takeStep, type Change } from './order-life.ts'
import type { OrderKind, SimulatedOrder } from './order.ts'
import { rollDice } from '../random.ts'
import type { Pace } from '../clock-scale.ts'
import type { OrderWish } from '../simulator.ts'
import type { Country } from '../catalog-places.ts'

export type TimeField = 'createdMs' | 'updatedMs'

/** Where a walk stands: the last order given out. */
export type Cursor = { readonly atMs: number; readonly orderId: string }

export type Seller = { readonly sellerId: string; readonly region: Region; readonly storeName: string }

/** Every order there is, found by id or walked in the order of one of its times. */
export type OrderBook = {
  readonly create: (wish: OrderWish, createdMs: number) => SimulatedOrder
  /** Creates `count` orders spread over `spanMs` before `nowMs`, each grown to its age. */
  readonly seedHistory: (count: number, spanMs: number, nowMs: number) => void
  readonly find: (orderId: string) => SimulatedOrder | undefined
  /** Orders of a seller after `after`, oldest first by `field`; the caller stops when it has enough. */
  readonly walk: (sellerId: string, field: TimeField, after: Cursor) => Iterable<SimulatedOrder>
  readonly all: () => Iterable<SimulatedOrder>
  /** Takes the next step of one order now; `undefined` when its story is over. */
  readonly advance: (order: SimulatedOrder) => Change | undefined
  /** Takes every step that is due. */
  readonly advanceDue: () => void
  /** Earliest due time of any order, Infinity when nothing is planned. */
  readonly nextDueMs: () => number
}

export const compareBy =
  (field: TimeField) =>
  (left: SimulatedOrder, right: SimulatedOrder): number =>
    left[field] - right[field] || (left.orderId < right.orderId ? -1 : left.orderId > right.orderId ? 1 : 0)

/**
 * One seller's orders kept in the order of one time field. Changes come almost in order, so sorting
 * again when a walk begins costs little more than looking.
 */
class Shelf {
  readonly #field: TimeField
  readonly #orders: SimulatedOrder[] = []
  #sorted = true

  constructor(field: TimeField) {
    this.#field = field
  }

  add(order: SimulatedOrder): void {
    this.#orders.push(order)
    this.#sorted = false
  }

  disturb(): void {
    this.#sorted = false
  }

  *after(cursor: Cursor): Iterable<SimulatedOrder> {
    if (!this.#sorted) this.#orders.sort(compareBy(this.#field))
    this.#sorted = true
    let low = 0
    let high = this.#orders.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const order = this.#orders[middle]!
      const time = order[this.#field]
      if (time < cursor.atMs || (time === cursor.atMs && order.orderId <= cursor.orderId)) low = middle + 1
      else high = middle
    }
    for (let i = low; i < this.#orders.length; i++) yield this.#orders[i]!
  }
}

type Wanted = { readonly seller: Seller; readonly country: Country; readonly kind?: OrderKind }

const marketIn = (country: Country): (typeof marketplaces)[number] =>
  marketplaces.find((market) => market.countryCode === country)!

function readWish(wish: OrderWish, sellers: readonly Seller[], seed: string): Wanted {
  const dice = rollDice(seed)
  const region =
    wish.countryCode && marketplaces.find((market) => market.countryCode === wish.countryCode)?.region
  const fitting = sellers.filter(
    (seller) =>
      (wish.accountId === undefined || seller.sellerId === wish.accountId) &&
      (wish.countryCode === undefined || seller.region === region),
  )
  if (fitting.length === 0) throw new RangeError(`no seller fits ${JSON.stringify(wish)}`)
  const seller = dice.pick(fitting)
  const countries = tradingCountries[seller.region].filter(
    (country) => !wish.countryCode || country === wish.countryCode,
  )
  if (countries.length === 0) throw new RangeError(`nobody sells in ${wish.countryCode}`)
  const kind = orderKinds.find((known) => known === wish.kind)
  if (wish.kind !== undefined && !kind) throw new RangeError(`order kinds are ${orderKinds.join(', ')}`)
  return { seller, country: dice.pick(countries), ...(kind && { kind }) }
}

export function openOrderBook(
  seed: string,
  sellers: readonly Seller[],
  pace: Pace,
  announce: (order: SimulatedOrder, change: NonNullable<Change>) => void,
): OrderBook {
  const byId = new Map<string, SimulatedOrder>()
  const unfinished = new Set<SimulatedOrder>()
  const shelves = new Map<string, Record<TimeField, Shelf>>()
  const lastIn = new Map<string, string>()
  for (const { sellerId } of sellers)
    shelves.set(sellerId, { createdMs: new Shelf('createdMs'), updatedMs: new Shelf('updatedMs') })

  function create(wish: OrderWish, createdMs: number): SimulatedOrder {
    const serial = byId.size + 1
    const { seller, country, kind } = readWish(wish, sellers, `${seed}/place/${serial}`)
    const marketplace = marketIn(country)
    const spot = `${seller.sellerId}/${country}`
    const order = bearOrder({
      seed,
      serial,
      sellerId: seller.sellerId,
      marketplace,
      country,
      createdMs: Math.round(createdMs),
      earlierOrderId: lastIn.get(spot) ?? null,
      ...(kind && { kind }),
    })
    plan(order, createdMs, pace.scale)
    byId.set(order.orderId, order)
    lastIn.set(spot, order.orderId)
    unfinished.add(order)
    const shelf = shelves.get(seller.sellerId)!
    shelf.createdMs.add(order)
    shelf.updatedMs.add(order)
    return order
  }

  function stepAt(order: SimulatedOrder, atMs: number): Change | undefined {
    const change = takeStep(order, atMs)
    if (change === undefined) unfinished.delete(order)
    else shelves.get(order.sellerId)!.updatedMs.disturb()
    return change
  }

  function advance(order: SimulatedOrder): Change | undefined {
    const nowMs = pace.clock.nowMs()
    const change = stepAt(order, nowMs)
    plan(order, nowMs, pace.scale)
    if (change) announce(order, change)
    return change
  }

  return {
    create,
    find: (orderId) => byId.get(orderId),
    walk: (sellerId, field, after) => shelves.get(sellerId)?.[field].after(after) ?? [],
    all: () => byId.values(),
    advance,
    seedHistory: (count, spanMs, nowMs) => {
      for (let i = 0; i < count; i++) {
        const order = create({}, nowMs - spanMs + (spanMs * i) / count)
        // The past ran at its natural speed, whatever the scale of the present.
        plan(order, order.createdMs, 1)
        while (order.dueMs <= nowMs) {
          const atMs = order.dueMs
          stepAt(order, atMs)
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
      for (const order of unfinished) soonest = Math.min(soonest, order.dueMs)
      return soonest
    },
  }
}
