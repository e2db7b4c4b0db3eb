import { isoTime } from '#kernel/clock.ts'
import { decimalOf } from './amounts.ts'
import type { SimulatedOrder } from './order.ts'
import type { World } from './world.ts'

/** What a rendering depends on besides the order: the app's roles and the faults this order has. */
export type View = {
  readonly pii: boolean
  readonly tax: boolean
  readonly unknownStatus: boolean
  readonly unknownField: boolean
  readonly missingCurrency: boolean
  readonly wholeSeconds: boolean
}

export function viewOf(world: World, order: SimulatedOrder): View {
  const { faults, app } = world
  return {
    pii: app.piiRole,
    tax: app.taxRole,
    unknownStatus: faults.marks('unknown_status', order.orderId),
    unknownField: faults.marks('unknown_field', order.orderId),
    missingCurrency: faults.marks('missing_currency', order.orderId),
    wholeSeconds: faults.marks('mixed_time_units', order.orderId),
  }
}

export const money = (order: SimulatedOrder, view: View, minor: number): object => {
  const { currency } = order.marketplace
  const amount = decimalOf(minor, currency)
  return view.missingCurrency ? { amount } : { amount, currencyCode: currency }
}

export const timeOf = (view: View, ms: number): string =>
  view.wholeSeconds ? isoTime(ms).replace(/\.\d{3}Z$/, 'Z') : isoTime(ms)
