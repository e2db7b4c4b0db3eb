import { drawAddress, drawPerson, drawProducts, offerOf } from '../catalog.ts'
import type { Offer } from '../catalog.ts'
import { rollDice } from '../random.ts'
import type { Dice } from '../random.ts'
import type { Line, OrderKind, SimulatedOrder } from './order.ts'
import { status } from './order.ts'
import type { Mall } from './sites.ts'

/** How often a kind comes. */
const weights: Readonly<Record<OrderKind, number>> = {
  standard: 40,
  partial: 8,
  cancelled_pending: 4,
  cancelled_by_buyer: 4,
  cancel_refused: 3,
  units_cancelled: 5,
  out_of_stock: 3,
  address_changed: 4,
  risk_review: 3,
  cash_on_delivery: 4,
  cooperative: 5,
  presale: 3,
  consolidated: 2,
  refunded: 4,
}
export const orderKinds = Object.keys(weights) as OrderKind[]

function drawKind(dice: Dice): OrderKind {
  let remaining = dice.next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  for (const kind of orderKinds) {
    remaining -= weights[kind]
    if (remaining < 0) return kind
  }
  return 'standard'
}

const specs = ['Red / M', 'Blue / L', 'Grey', 'Olive / One size', '2 pcs']
const wanted: Partial<Record<OrderKind, number>> = { partial: 2, units_cancelled: 2 }
/** Tax on top of the price, where prices are written without it. */
const addedTax: Partial<Record<string, number>> = { US: 0.0825 }

function drawLine(offer: Offer, orderSn: string, kind: OrderKind, dice: Dice): Line {
  const ordered = kind === 'units_cancelled' ? dice.whole(2, 4) : dice.pick([1, 1, 1, 2, 3])
  const price = offer.priceMinor * ordered
  const article = rollDice(`temu/${offer.sku}`)
  return {
    orderSn,
    goodsId: Number(`60${article.letters(13)}`),
    skuId: Number(`1${article.letters(13)}`),
    sellerSku: offer.sku,
    title: offer.title,
    spec: article.pick(specs),
    ordered,
    unitRetail: offer.priceMinor,
    unitBase: Math.round(offer.priceMinor * 0.66),
    sellerDiscount: dice.chance(0.3) ? Math.round(price * 0.05) : 0,
    platformDiscount: dice.chance(0.5) ? Math.round(price * 0.1) : 0,
    shipping: dice.chance(0.2) ? Math.round(offer.priceMinor * 0.1) : 0,
    cancelled: 0,
    status: status.pending,
    shippedMs: null,
  }
}

export type Birth = {
  readonly seed: string
  readonly serial: number
  readonly mall: Mall
  readonly kind?: OrderKind
  readonly createdMs: number
}

/** One order, decided by seed and serial alone; only its times come from outside. */
export function bearOrder({ seed, serial, mall, kind: wish, createdMs }: Birth): SimulatedOrder {
  const dice = rollDice(`${seed}/order/${serial}`)
  const kind = wish ?? drawKind(dice)
  const { country, regionId, language, currency } = mall.site
  const digits = `${dice.letters(5)}${String(serial).padStart(7, '0')}${dice.letters(5)}`
  const prefix = String(regionId).padStart(3, '0')
  const products = drawProducts(wanted[kind] ?? dice.pick([1, 1, 2, 3]), dice)
  const lines = products.map((product, index) =>
    drawLine(offerOf(product, language, currency), `${prefix}-${digits.slice(0, -1)}${index}`, kind, dice),
  )
  if (kind === 'partial' && lines.length < 2) {
    const again = offerOf(products[0]!, language, currency)
    lines.push(drawLine(again, `${prefix}-${digits.slice(0, -1)}9`, kind, dice))
  }
  const goods = lines.reduce((sum, line) => sum + line.unitRetail * line.ordered, 0)
  return {
    parentOrderSn: `PO-${prefix}-${digits}`,
    serial,
    mall,
    kind,
    buyer: drawPerson(country, dice),
    address: drawAddress(country, dice),
    lines,
    tax: Math.round(goods * (addedTax[country] ?? 0)),
    createdMs,
    warehouseId: `WH-${rollDice(`${seed}/warehouse/${mall.mallId}`).letters(17)}`,
    refunded: 0,
    updatedMs: createdMs,
    confirmedMs: null,
    pendingEndedMs: null,
    shippedMs: null,
    status: status.pending,
    labels: new Set(dice.chance(0.05) ? ['signature_required_on_delivery' as const] : []),
    nextStep: 0,
    dueMs: Number.POSITIVE_INFINITY,
  }
}
