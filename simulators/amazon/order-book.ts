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

const compareBy =
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

type Shelves = Readonly<Record<TimeField, Shelf>>
type Announce = (order: SimulatedOrder, change: NonNullable<Change>) => void

/** Every order there is, found by id or walked in the order of one of its times. */
export class OrderBook {
  readonly #seed: string
  readonly #sellers: readonly Seller[]
  readonly #pace: Pace
  readonly #announce: Announce
  readonly #byId = new Map<string, SimulatedOrder>()
  readonly #unfinished = new Set<SimulatedOrder>()
  readonly #shelves: ReadonlyMap<string, Shelves>
  /** The last order of each seller and country: what a replacement replaces. */
  readonly #lastIn = new Map<string, string>()

  constructor(seed: string, sellers: readonly Seller[], pace: Pace, announce: Announce) {
    this.#seed = seed
    this.#sellers = sellers
    this.#pace = pace
    this.#announce = announce
    this.#shelves = new Map(
      sellers.map(({ sellerId }) => [
        sellerId,
        { createdMs: new Shelf('createdMs'), updatedMs: new Shelf('updatedMs') },
      ]),
    )
  }

  /** Throws RangeError for a wish that names nothing known. */
  create(wish: OrderWish, createdMs: number): SimulatedOrder {
    const serial = this.#byId.size + 1
    const { seller, country, kind } = readWish(wish, this.#sellers, `${this.#seed}/place/${serial}`)
    const spot = `${seller.sellerId}/${country}`
    const order = bearOrder({
      seed: this.#seed,
      serial,
      sellerId: seller.sellerId,
      marketplace: marketIn(country),
      country,
      createdMs: Math.round(createdMs),
      earlierOrderId: this.#lastIn.get(spot) ?? null,
      ...(kind && { kind }),
    })
    plan(order, createdMs, this.#pace.scale)
    this.#byId.set(order.orderId, order)
    this.#lastIn.set(spot, order.orderId)
    this.#unfinished.add(order)
    const shelves = this.#shelves.get(seller.sellerId)!
    shelves.createdMs.add(order)
    shelves.updatedMs.add(order)
    return order
  }

  /** Creates `count` orders spread over `spanMs` before `nowMs`, each grown to its age. */
  seedHistory(count: number, spanMs: number, nowMs: number): void {
    for (let i = 0; i < count; i++) {
      const order = this.create({}, nowMs - spanMs + (spanMs * i) / count)
      // The past ran at its natural speed, whatever the scale of the present.
      plan(order, order.createdMs, 1)
      while (order.dueMs <= nowMs) {
        const atMs = order.dueMs
        this.#step(order, atMs)
        plan(order, atMs, 1)
      }
      order.dueMs = nowMs + (order.dueMs - nowMs) / this.#pace.scale
    }
  }

  find(orderId: string): SimulatedOrder | undefined {
    return this.#byId.get(orderId)
  }

  all(): Iterable<SimulatedOrder> {
    return this.#byId.values()
  }

  /** Orders of a seller after `after`, oldest first by `field`; the caller stops when it has enough. */
  walk(sellerId: string, field: TimeField, after: Cursor): Iterable<SimulatedOrder> {
    return this.#shelves.get(sellerId)?.[field].after(after) ?? []
  }

  /** Takes the next step of one order now; `undefined` when its story is over. */
  advance(order: SimulatedOrder): Change | undefined {
    const nowMs = this.#pace.clock.nowMs()
    const change = this.#step(order, nowMs)
    plan(order, nowMs, this.#pace.scale)
    if (change) this.#announce(order, change)
    return change
  }

  /** Takes every step that is due. */
  advanceDue(): void {
    const nowMs = this.#pace.clock.nowMs()
    for (const order of this.#unfinished) {
      if (order.dueMs === Number.POSITIVE_INFINITY) this.#unfinished.delete(order)
      while (order.dueMs <= nowMs) this.advance(order)
    }
  }

  /** Earliest due time of any order, Infinity when nothing is planned. */
  nextDueMs(): number {
    let soonest = Number.POSITIVE_INFINITY
    for (const { dueMs } of this.#unfinished) soonest = Math.min(soonest, dueMs)
    return soonest
  }

  #step(order: SimulatedOrder, atMs: number): Change | undefined {
    const change = takeStep(order, atMs)
    if (change === undefined) this.#unfinished.delete(order)
    else this.#shelves.get(order.sellerId)!.updatedMs.disturb()
    return change
  }
}
