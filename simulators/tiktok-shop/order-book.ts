import type { Pace } from '../clock-scale.ts'
import { rollDice } from '../random.ts'
import type { OrderWish } from '../simulator.ts'
import { bearOrder } from './order-birth.ts'
import { plan, takeStep, type Change } from './order-life.ts'
import { orderKinds, type Account, type Shop, type SimulatedOrder } from './order.ts'

type Place = { readonly account: Account; readonly shop: Shop }
type Announce = (order: SimulatedOrder, change: NonNullable<Change>) => void

/** Every order there is, found by id or by shop. */
export class OrderBook {
  readonly #seed: string
  readonly #places: readonly Place[]
  readonly #pace: Pace
  readonly #announce: Announce
  readonly #byId = new Map<string, SimulatedOrder>()
  readonly #byShop = new Map<string, SimulatedOrder[]>()
  readonly #unfinished = new Set<SimulatedOrder>()

  constructor(seed: string, accounts: readonly Account[], pace: Pace, announce: Announce) {
    this.#seed = seed
    this.#places = accounts.flatMap((account) => account.shops.map((shop) => ({ account, shop })))
    this.#pace = pace
    this.#announce = announce
  }

  /** Throws RangeError for a wish that names nothing known. */
  create(wish: OrderWish, createdMs: number): SimulatedOrder {
    const serial = this.#byId.size + 1
    const fitting = this.#places.filter(
      ({ account, shop }) =>
        (wish.accountId === undefined || account.openId === wish.accountId) &&
        (wish.countryCode === undefined || shop.market.country === wish.countryCode),
    )
    if (fitting.length === 0) throw new RangeError(`no shop fits ${JSON.stringify(wish)}`)
    const kind = orderKinds.find((known) => known === wish.kind)
    if (wish.kind !== undefined && !kind) throw new RangeError(`order kinds are ${orderKinds.join(', ')}`)
    const place = rollDice(`${this.#seed}/place/${serial}`).pick(fitting)
    const shelf = this.inShop(place.shop.shopId)
    const order = bearOrder({
      ...place,
      seed: this.#seed,
      serial,
      createdMs: Math.round(createdMs),
      earlierOrderId: shelf.at(-1)?.orderId ?? null,
      ...(kind && { kind }),
    })
    plan(order, createdMs, this.#pace.scale)
    this.#byId.set(order.orderId, order)
    this.#byShop.set(place.shop.shopId, shelf)
    shelf.push(order)
    this.#unfinished.add(order)
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
        takeStep(order, atMs)
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

  inShop(shopId: string): SimulatedOrder[] {
    return this.#byShop.get(shopId) ?? []
  }

  /** Takes the next step of one order now; `undefined` when its story is over. */
  advance(order: SimulatedOrder): Change | undefined {
    const nowMs = this.#pace.clock.nowMs()
    const change = takeStep(order, nowMs)
    if (change === undefined) this.#unfinished.delete(order)
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
}
