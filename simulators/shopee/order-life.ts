import { rollDice } from '../random.ts'
import type { OrderKind, Parcel, SimulatedOrder } from './order.ts'

/** What the app is told: push code 3 (status), 4 (tracking number), 30 (parcel). */
export type Change = { readonly code: 3 | 4 | 30; readonly parcel?: Parcel }

type Act = (order: SimulatedOrder, atMs: number) => readonly Change[]
type Step = { readonly afterMs: number; readonly act: Act }

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const become = (order: SimulatedOrder, status: string): Change => {
  order.status = status
  return { code: 3 }
}

/** Parcels exist from payment on; a split order has two. */
function pack(order: SimulatedOrder): void {
  const [first] = order.items
  const rest = order.items.map((item) => ({ item, quantity: item.quantity }))
  const contents =
    order.kind === 'split' && first
      ? [
          [{ item: first, quantity: 1 }],
          rest.map((row) => (row.item === first ? { ...row, quantity: first.quantity - 1 } : row)),
        ]
      : [rest]
  order.parcels = contents.map((rows, index) => ({
    number: `OFG${rollDice(`parcel/${order.orderSn}/${index}`).letters(15)}`,
    contents: rows,
    status: 'LOGISTICS_READY',
    trackingNumber: '',
    pickedUpMs: null,
  }))
}

const confirm: Act = (order, atMs) => {
  if (!order.cod) order.payMs ??= atMs
  order.pendingTerms = []
  order.shipByMs = atMs + 2 * dayMs
  if (order.parcels.length === 0) pack(order)
  return [become(order, 'READY_TO_SHIP')]
}

const holdFor =
  (status: string, term: string): Act =>
  (order, atMs) => {
    order.payMs = atMs
    order.pendingTerms = term === '' ? [] : [term]
    return [become(order, status)]
  }

function setParcels(parcels: readonly Parcel[], status: string): readonly Change[] {
  for (const parcel of parcels) parcel.status = status
  return parcels.map((parcel) => ({ code: 30 as const, parcel }))
}

/** The carrier gives a number with the request; every part of a split order has its own. */
const arrange: Act = (order) => {
  const changes = setParcels(order.parcels, 'LOGISTICS_REQUEST_CREATED')
  for (const parcel of order.parcels)
    if (parcel.trackingNumber === '')
      parcel.trackingNumber = `SPX${order.region}${rollDice(`track/${parcel.number}`).letters(12)}`
  const numbers = order.parcels.map((parcel) => ({ code: 4 as const, parcel }))
  return [become(order, 'PROCESSED'), ...changes, ...numbers]
}

function pickUp(parcels: readonly Parcel[], atMs: number): readonly Change[] {
  for (const parcel of parcels) parcel.pickedUpMs = atMs
  return setParcels(parcels, 'LOGISTICS_PICKUP_DONE')
}

const ship: Act = (order, atMs) => [...pickUp(order.parcels, atMs), become(order, 'SHIPPED')]
const shipFirst: Act = (order, atMs) => pickUp(order.parcels.slice(0, 1), atMs)
const shipRest: Act = (order, atMs) => [...pickUp(order.parcels.slice(1), atMs), become(order, 'SHIPPED')]

const deliver: Act = (order, atMs) => {
  if (order.cod) order.payMs = atMs
  return [...setParcels(order.parcels, 'LOGISTICS_DELIVERY_DONE'), become(order, 'TO_CONFIRM_RECEIVE')]
}
const complete: Act = (order) => [become(order, 'COMPLETED')]
const takeBack: Act = (order) => [become(order, 'TO_RETURN')]
const failPickUp: Act = (order) => [
  ...setParcels(order.parcels, 'LOGISTICS_PICKUP_RETRY'),
  become(order, 'RETRY_SHIP'),
]

const requestCancel: Act = (order) => {
  order.buyerCancelReason = 'Need to change delivery address'
  return [become(order, 'IN_CANCEL')]
}
const refuseCancel: Act = (order) => [become(order, 'READY_TO_SHIP')]
const cancel =
  (by: string, reason: string): Act =>
  (order) => {
    order.cancelBy = by
    order.cancelReason = reason
    setParcels(order.parcels, 'LOGISTICS_REQUEST_CANCELED')
    return [become(order, 'CANCELLED')]
  }

const step = (afterMs: number, act: Act): Step => ({ afterMs, act })
const arrival = [step(2 * dayMs, deliver), step(3 * dayMs, complete)]
const journey = [step(4 * hourMs, arrange), step(6 * hourMs, ship), ...arrival]
const paid = step(4 * minuteMs, confirm)

/** Every kind of order as a story: waits and deeds. The waits are at time scale 1. */
export const stories: Readonly<Record<OrderKind, readonly Step[]>> = {
  standard: [paid, ...journey],
  cod: [step(minuteMs, confirm), ...journey],
  fbs: [paid, step(hourMs, arrange), step(2 * hourMs, ship), ...arrival],
  split: [
    paid,
    step(3 * hourMs, arrange),
    step(3 * hourMs, shipFirst),
    step(5 * hourMs, shipRest),
    ...arrival,
  ],
  bundle: [paid, ...journey],
  preorder: [paid, step(2 * dayMs, arrange), step(6 * hourMs, ship), ...arrival],
  pending: [step(3 * minuteMs, holdFor('PENDING', 'KYC_PENDING')), step(40 * minuteMs, confirm), ...journey],
  invoice: [step(3 * minuteMs, holdFor('INVOICE_PENDING', '')), step(hourMs, confirm), ...journey],
  unpaid: [step(dayMs, cancel('system', 'Unpaid Order'))],
  cancelled_by_buyer: [
    paid,
    step(20 * minuteMs, requestCancel),
    step(2 * hourMs, cancel('buyer', 'Need to change delivery address')),
  ],
  cancel_refused: [paid, step(hourMs, requestCancel), step(2 * hourMs, refuseCancel), ...journey],
  cancelled_by_seller: [paid, step(6 * hourMs, cancel('seller', 'OUT_OF_STOCK'))],
  retry: [
    paid,
    step(4 * hourMs, arrange),
    step(8 * hourMs, failPickUp),
    step(2 * hourMs, arrange),
    step(6 * hourMs, ship),
    ...arrival,
  ],
  returned: [
    paid,
    step(4 * hourMs, arrange),
    step(6 * hourMs, ship),
    step(2 * dayMs, deliver),
    step(dayMs, takeBack),
    step(4 * dayMs, complete),
  ],
}

/** Waits of one order differ a little from those of the next, but never with the seed's next run. */
const waitMs = (order: SimulatedOrder): number => {
  const wait = stories[order.kind][order.nextStep]?.afterMs
  return wait === undefined
    ? Number.POSITIVE_INFINITY
    : wait * (0.6 + 0.8 * rollDice(`wait/${order.orderSn}/${order.nextStep}`).next())
}

/** Sets when the next step is due, counted from `fromMs`; `scale` shortens the wait. */
export function plan(order: SimulatedOrder, fromMs: number, scale: number): void {
  order.dueMs = fromMs + waitMs(order) / scale
}

/** Takes the next step at `atMs`. `undefined` when the story is over. */
export function takeStep(order: SimulatedOrder, atMs: number): readonly Change[] | undefined {
  const next = stories[order.kind][order.nextStep]
  if (!next) return undefined
  order.nextStep++
  order.updatedMs = Math.max(order.updatedMs, Math.round(atMs))
  return next.act(order, atMs)
}
