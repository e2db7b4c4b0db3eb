import { rollDice } from '../random.ts'
import { ventures } from './countries.ts'
import type { OrderKind, SimulatedOrder, Unit, UnitStatus } from './order.ts'

/** A deed: the units it touched, in their new state. */
type Act = (order: SimulatedOrder, atMs: number) => readonly Unit[]
type Step = { readonly afterMs: number; readonly act: Act }

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const step = (afterMs: number, act: Act): Step => ({ afterMs, act })

const isGone = ({ status }: Unit): boolean => status === 'canceled'

/** Moves units that stand in one state to the next; cancelled ones stay out. */
const move =
  (from: UnitStatus, to: UnitStatus, which: (unit: Unit, index: number) => boolean = () => true): Act =>
  ({ units }) =>
    units.filter((unit, index) => {
      if (unit.status !== from || !which(unit, index)) return false
      unit.status = to
      return true
    })

const pay: Act = (order, atMs) => {
  order.paidMs = atMs
  return move('unpaid', 'pending')(order, atMs)
}

/** Packs the chosen units: the platform gives parcel, carrier and number. */
const pack =
  (which: (unit: Unit, index: number) => boolean): Act =>
  (order, atMs) => {
    const packed = move('pending', 'packed', which)(order, atMs)
    const dice = rollDice(`parcel/${order.orderId}/${packed[0]?.itemId ?? ''}`)
    const packageId = `FP0${dice.letters(14)}`
    const trackingCode = `${order.store.country.toUpperCase()}MP${dice.letters(10)}`
    const carrier = dice.pick(ventures[order.store.country].carriers)
    for (const unit of packed) Object.assign(unit, { packageId, trackingCode, carrier })
    return packed
  }
const all = (): boolean => true
const first = (_unit: Unit, index: number): boolean => index === 0
const rest = (_unit: Unit, index: number): boolean => index > 0

const cancel =
  (initiator: string, reason: string, which: (unit: Unit, index: number) => boolean = all): Act =>
  ({ units, orderId }) =>
    units.filter((unit, index) => {
      if (isGone(unit) || !which(unit, index)) return false
      unit.status = 'canceled'
      unit.asksToCancel = false
      unit.initiator = initiator
      unit.reason = reason
      unit.reverseOrderId = `7${rollDice(`reverse/${orderId}`).letters(14)}`
      return true
    })

const askToCancel: Act = (order, atMs) => {
  order.cancelByMs = atMs + dayMs
  for (const unit of order.units) unit.asksToCancel = true
  return order.units
}

const deliver: Act = (order, atMs) => {
  order.paidMs ??= atMs
  return move('shipped', 'delivered')(order, atMs)
}

const ready = step(hourMs, move('packed', 'ready_to_ship'))
const ship = step(4 * hourMs, move('ready_to_ship', 'shipped'))
const arrive = step(30 * hourMs, deliver)
const pays = step(4 * minuteMs, pay)
const onward = [step(3 * hourMs, pack(all)), ready, ship, arrive]

/** Every kind of order as a story: waits and deeds. The waits are at time scale 1. */
export const stories: Readonly<Record<OrderKind, readonly Step[]>> = {
  standard: [pays, ...onward],
  cod: onward,
  fbl: [pays, step(2 * hourMs, pack(all)), ready, step(hourMs, move('ready_to_ship', 'shipped')), arrive],
  own_fleet: [pays, ...onward],
  digital: [pays, step(minuteMs, move('pending', 'delivered'))],
  gift: [pays, ...onward],
  split: [
    pays,
    step(2 * hourMs, pack(first)),
    ready,
    ship,
    step(3 * hourMs, pack(rest)),
    ready,
    ship,
    arrive,
  ],
  preorder: [step(2 * dayMs, pay), ...onward],
  cancelled_by_buyer: [
    pays,
    step(20 * minuteMs, askToCancel),
    step(2 * hourMs, cancel('cancellation-customer', 'Change of mind')),
  ],
  cancelled_by_seller: [
    pays,
    step(2 * hourMs, cancel('cancellation-seller', 'Out of Stock', first)),
    ...onward,
  ],
  unpaid: [step(2 * dayMs, cancel('system-cancel', 'Payment was not completed'))],
  returned: [pays, ...onward, step(3 * dayMs, move('delivered', 'returned'))],
  failed_delivery: [
    pays,
    step(3 * hourMs, pack(all)),
    ready,
    ship,
    step(40 * hourMs, move('shipped', 'failed_delivery')),
    step(20 * hourMs, move('failed_delivery', 'shipped_back')),
    step(40 * hourMs, move('shipped_back', 'shipped_back_success')),
  ],
  lost: [pays, step(3 * hourMs, pack(all)), ready, ship, step(5 * dayMs, move('shipped', 'lost_by_3pl'))],
}

/** Waits of one order differ a little from those of the next, but never with the seed's next run. */
function waitMs(order: SimulatedOrder): number {
  const wait = stories[order.kind][order.nextStep]?.afterMs
  return wait === undefined
    ? Number.POSITIVE_INFINITY
    : wait * (0.6 + 0.8 * rollDice(`wait/${order.orderId}/${order.nextStep}`).next())
}

/** Sets when the next step is due, counted from `fromMs`; `scale` shortens the wait. */
export function plan(order: SimulatedOrder, fromMs: number, scale: number): void {
  order.dueMs = fromMs + waitMs(order) / scale
}

/** Takes the next step at `atMs`. `undefined` when the story is over. */
export function takeStep(order: SimulatedOrder, atMs: number): readonly Unit[] | undefined {
  const next = stories[order.kind][order.nextStep]
  if (!next) return undefined
  order.nextStep++
  order.updatedMs = Math.max(order.updatedMs, Math.round(atMs))
  return next.act(order, atMs)
}
