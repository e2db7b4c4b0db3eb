import { rollDice } from '../random.ts'
import type { OrderKind, PackageState, SimulatedOrder } from './order.ts'

/** What the seller is told: a new status, a wish of the buyer, or nothing (parcels move silently). */
export type Change = 'OrderStatusChange' | 'BuyerRequestedChange' | null

type Act = (order: SimulatedOrder, atMs: number) => Change
type Step = { readonly afterMs: number; readonly act: Act }

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const carriers: Readonly<Record<string, readonly (readonly [carrier: string, service: string])[]>> = {
  US: [
    ['USPS', 'Priority Mail'],
    ['UPS', 'UPS Ground'],
  ],
  GB: [
    ['Royal Mail', 'Royal Mail Tracked 48'],
    ['DPD', 'DPD Next Day'],
  ],
  DE: [
    ['DHL', 'DHL Paket'],
    ['Hermes', 'Hermes Standard'],
  ],
  JP: [
    ['ヤマト運輸', '宅急便'],
    ['佐川急便', '飛脚宅配便'],
  ],
  BR: [['Correios', 'SEDEX']],
  FR: [['Colissimo', 'Colissimo Domicile']],
}
const otherCarriers = [['DHL Express', 'Express Worldwide']] as const

const authorise: Act = (order, atMs) => {
  order.status = 'UNSHIPPED'
  order.authorisedMs = atMs
  return 'OrderStatusChange'
}

const makeAvailable: Act = (order) => {
  order.status = 'PENDING'
  return 'OrderStatusChange'
}

const requestCancel: Act = (order) => {
  order.cancelRequest = 'Ordered by mistake'
  return 'BuyerRequestedChange'
}

const cancel =
  (by: 'BUYER' | 'MERCHANT' | 'AMAZON', reason: string): Act =>
  (order) => {
    order.status = 'CANCELLED'
    order.cancelled = { by, reason }
    return 'OrderStatusChange'
  }

/** Puts `take(left)` units of every line into a parcel; sellers see parcels of their own orders only. */
function ship(order: SimulatedOrder, atMs: number, take: (left: number) => number): Change {
  const contents: { orderItemId: string; quantity: number }[] = []
  for (const item of order.items) {
    const quantity = take(item.quantity - item.shipped)
    if (quantity <= 0) continue
    item.shipped += quantity
    contents.push({ orderItemId: item.orderItemId, quantity })
    if (take === takeSome) break
  }
  const complete = order.items.every((item) => item.shipped === item.quantity)
  order.status = complete ? 'SHIPPED' : 'PARTIALLY_SHIPPED'
  if (!order.byAmazon && order.kind !== 'pickup') {
    const dice = rollDice(`parcel/${order.orderId}/${order.parcels.length}`)
    const [carrier, service] = dice.pick(carriers[order.country] ?? otherCarriers)
    order.parcels.push({
      reference: String(order.parcels.length + 1),
      createdMs: atMs - 20 * minuteMs,
      shippedMs: atMs,
      carrier,
      service,
      trackingNumber: dice.letters(14),
      contents,
      state: 'SHIPPED',
      detail: 'PICKED_UP',
    })
  }
  return 'OrderStatusChange'
}
const takeAll = (left: number): number => left
const takeSome = (left: number): number => Math.ceil(left / 2)
const shipRest: Act = (order, atMs) => ship(order, atMs, takeAll)
const shipPart: Act = (order, atMs) => ship(order, atMs, takeSome)

const move =
  (state: PackageState, detail: string): Act =>
  (order) => {
    for (const parcel of order.parcels) {
      if (parcel.state === 'DELIVERED') continue
      parcel.state = state
      parcel.detail = detail
    }
    return null
  }
const carry = move('IN_TRANSIT', 'AT_ORIGIN_FC')
const outForDelivery = move('IN_TRANSIT', 'OUT_FOR_DELIVERY')
const deliver = move('DELIVERED', 'DELIVERED')
const failDelivery = move('UNDELIVERABLE', 'RETURNING_TO_SELLER')

const step = (afterMs: number, act: Act): Step => ({ afterMs, act })
const travel = [step(3 * hourMs, carry), step(30 * hourMs, outForDelivery), step(6 * hourMs, deliver)]

/** Every kind of order as a story: waits and deeds. The waits are at time scale 1. */
export const stories: Readonly<Record<OrderKind, readonly Step[]>> = {
  merchant: [step(4 * minuteMs, authorise), step(5 * hourMs, shipRest), ...travel],
  fba: [step(30 * minuteMs, authorise), step(8 * hourMs, shipRest)],
  prime: [step(2 * minuteMs, authorise), step(3 * hourMs, shipRest), ...travel],
  business: [step(minuteMs, authorise), step(6 * hourMs, shipRest), ...travel],
  gift: [step(4 * minuteMs, authorise), step(7 * hourMs, shipRest), ...travel],
  partial: [
    step(5 * minuteMs, authorise),
    step(4 * hourMs, shipPart),
    step(2 * hourMs, carry),
    step(20 * hourMs, shipRest),
    ...travel,
  ],
  cancelled_by_buyer: [
    step(4 * minuteMs, authorise),
    step(20 * minuteMs, requestCancel),
    step(2 * hourMs, cancel('BUYER', 'Ordered by mistake')),
  ],
  cancel_refused: [
    step(4 * minuteMs, authorise),
    step(3 * hourMs, requestCancel),
    step(hourMs, shipRest),
    ...travel,
  ],
  cancelled_by_merchant: [
    step(4 * minuteMs, authorise),
    step(6 * hourMs, cancel('MERCHANT', 'NO_INVENTORY')),
  ],
  unpaid: [step(5 * dayMs, cancel('AMAZON', 'Payment was not authorised'))],
  preorder: [
    step(2 * dayMs, makeAvailable),
    step(10 * minuteMs, authorise),
    step(4 * hourMs, shipRest),
    ...travel,
  ],
  pickup: [step(3 * minuteMs, authorise), step(20 * hourMs, shipRest)],
  replacement: [step(minuteMs, authorise), step(4 * hourMs, shipRest), ...travel],
  undeliverable: [
    step(4 * minuteMs, authorise),
    step(5 * hourMs, shipRest),
    step(3 * hourMs, carry),
    step(40 * hourMs, failDelivery),
  ],
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
  order.updatedMs = Math.max(order.updatedMs, Math.round(atMs))
  return next.act(order, atMs)
}
