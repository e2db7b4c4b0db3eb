import { rollDice } from '../random.ts'
import type { OrderKind, OrderStatus, PackageStatus, SimulatedOrder, Unit } from './order.ts'

/** What the seller is told: a new status, a wish to cancel, or nothing. */
export type Change = 'status' | 'cancellation' | null

type Act = (order: SimulatedOrder, atMs: number) => Change
type Step = { readonly afterMs: number; readonly act: Act }

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const isOpen = (unit: Unit): boolean => unit.status !== 'CANCELLED'

function moveAll(order: SimulatedOrder, status: OrderStatus, packageStatus?: PackageStatus): Change {
  for (const unit of order.units.filter(isOpen)) {
    unit.status = status
    if (packageStatus) unit.packageStatus = packageStatus
  }
  order.status = status
  return 'status'
}

/** Paid: the buyer may still think better of it. Where the buyer pays at the door there is no such hour. */
const pay: Act = (order, atMs) => {
  if (order.kind !== 'cod') order.times.paid = atMs
  const waits = order.kind !== 'cod' && order.kind !== 'fbt'
  order.wasOnHold = waits
  return moveAll(order, waits ? 'ON_HOLD' : 'AWAITING_SHIPMENT')
}
const release: Act = (order) => moveAll(order, 'AWAITING_SHIPMENT')

const carriers: Readonly<Record<string, readonly string[]>> = {
  US: ['USPS', 'UPS'],
  GB: ['Royal Mail', 'Evri'],
  ID: ['J&T Express', 'SiCepat'],
}

/** Puts units into a parcel of their own: label and tracking number are there, the parcel is not gone yet. */
function pack(order: SimulatedOrder, units: readonly Unit[], atMs: number): void {
  const dice = rollDice(`parcel/${order.orderId}/${order.parcels.length}`)
  const id = `11523${dice.letters(14)}`
  const carrier = dice.pick(carriers[order.shop.market.country] ?? ['TT Virtual express'])
  const carrierId = `66176${rollDice(`carrier/${carrier}`).letters(14)}`
  order.parcels.push({ id, carrier, carrierId, trackingNumber: `JX${dice.letters(12)}` })
  for (const unit of units) {
    unit.packageId = id
    unit.packageStatus = 'PROCESSING'
    unit.status = 'AWAITING_COLLECTION'
    unit.rtsMs = atMs
  }
  order.times.rts ??= atMs
}

const unpacked = (order: SimulatedOrder): readonly Unit[] =>
  order.units.filter((unit) => isOpen(unit) && unit.packageId === '')

const arrange: Act = (order, atMs) => {
  pack(order, unpacked(order), atMs)
  order.status = 'AWAITING_COLLECTION'
  return 'status'
}

const arrangePart: Act = (order, atMs) => {
  const rest = unpacked(order)
  const some = rest.slice(0, Math.ceil(rest.length / 2))
  pack(order, some, atMs)
  for (const unit of some) {
    unit.status = 'IN_TRANSIT'
    unit.packageStatus = 'FULFILLING'
  }
  order.times.collected ??= atMs
  order.status = 'PARTIALLY_SHIPPING'
  return 'status'
}

const arrangeRest: Act = (order, atMs) => {
  pack(order, unpacked(order), atMs)
  return collect(order, atMs)
}

const collect: Act = (order, atMs) => {
  order.times.collected ??= atMs
  return moveAll(order, 'IN_TRANSIT', 'FULFILLING')
}
const deliver: Act = (order, atMs) => {
  order.times.delivered = atMs
  return moveAll(order, 'DELIVERED', 'COMPLETED')
}
const complete: Act = (order) => moveAll(order, 'COMPLETED')

const requestCancel: Act = (order, atMs) => {
  order.cancelRequestedMs = atMs
  return 'cancellation'
}

const cancel =
  (by: 'BUYER' | 'SELLER' | 'SYSTEM', reason: string): Act =>
  (order, atMs) => {
    order.cancelled = { by, reason }
    order.times.cancelled = atMs
    for (const unit of order.units) unit.cancelled = order.cancelled
    return moveAll(order, 'CANCELLED', 'CANCELLED')
  }

/** One unit of several is taken back before shipping; the order goes on. */
const cancelOneUnit: Act = (order) => {
  const unit = order.units.at(-1)
  if (!unit || order.units.length < 3) return null
  unit.status = 'CANCELLED'
  unit.packageStatus = 'CANCELLED'
  unit.cancelled = { by: 'SELLER', reason: 'Out of stock' }
  return 'status'
}

const step = (afterMs: number, act: Act): Step => ({ afterMs, act })
const start = [step(3 * minuteMs, pay), step(hourMs, release)]
const travel = [step(8 * hourMs, collect), step(2 * dayMs, deliver), step(7 * dayMs, complete)]

/** Every kind of order as a story: waits and deeds. The waits are at time scale 1. */
export const stories: Readonly<Record<OrderKind, readonly Step[]>> = {
  standard: [...start, step(3 * hourMs, arrange), ...travel],
  platform_label: [...start, step(2 * hourMs, arrange), ...travel],
  fbt: [step(2 * minuteMs, pay), step(5 * hourMs, arrange), ...travel],
  cod: [step(minuteMs, pay), step(4 * hourMs, arrange), ...travel],
  partial: [
    ...start,
    step(hourMs, cancelOneUnit),
    step(2 * hourMs, arrangePart),
    step(6 * hourMs, arrangeRest),
    step(2 * dayMs, deliver),
    step(7 * dayMs, complete),
  ],
  unpaid: [step(2 * dayMs, cancel('SYSTEM', 'Customer overdue to pay'))],
  cancelled_on_hold: [start[0]!, step(20 * minuteMs, cancel('BUYER', 'No longer needed'))],
  cancelled_by_buyer: [
    ...start,
    step(30 * minuteMs, requestCancel),
    step(4 * hourMs, cancel('BUYER', 'Better price available')),
  ],
  cancel_refused: [...start, step(hourMs, requestCancel), step(2 * hourMs, arrange), ...travel],
  cancelled_by_seller: [...start, step(6 * hourMs, cancel('SELLER', 'Out of stock'))],
  preorder: [start[0]!, step(2 * dayMs, release), step(4 * hourMs, arrange), ...travel],
  sample: [...start, step(3 * hourMs, arrange), ...travel],
  replacement: [...start, step(3 * hourMs, arrange), ...travel],
  gift: [...start, step(5 * hourMs, arrange), ...travel],
}

/** Waits of one order differ a little from those of the next, but never with the seed's next run. */
const waitMs = (order: SimulatedOrder, index: number): number => {
  const wait = stories[order.kind][index]?.afterMs
  return wait === undefined
    ? Number.POSITIVE_INFINITY
    : wait * (0.6 + 0.8 * rollDice(`wait/${order.orderId}/${index}`).next())
}

/** Sets when the next step is due, counted from `fromMs`; `scale` shortens the wait. */
export function plan(order: SimulatedOrder, fromMs: number, scale: number): void {
  order.dueMs = fromMs + waitMs(order, order.nextStep) / scale
}

/** Takes the next step at `atMs`. `undefined` when the story is over. */
export function takeStep(order: SimulatedOrder, atMs: number): Change | undefined {
  const next = stories[order.kind][order.nextStep]
  if (!next) return undefined
  order.nextStep++
  // The platform counts in seconds; a change must be seen to be later than the one before.
  order.updatedMs = Math.max(order.updatedMs, Math.round(atMs))
  return next.act(order, atMs)
}
