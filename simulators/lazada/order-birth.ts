import { drawProducts } from '../catalog.ts'
import type { Product } from '../catalog-products.ts'
import { rollDice, type Dice } from '../random.ts'
import { hasDecimals, ventures, type Venture } from './countries.ts'
import type { OrderKind, SimulatedOrder, Store, Unit } from './order.ts'

/** How often a kind comes, out of the sum. */
const weights: Readonly<Record<OrderKind, number>> = {
  standard: 28,
  cod: 18,
  fbl: 12,
  own_fleet: 3,
  digital: 3,
  gift: 4,
  split: 8,
  preorder: 3,
  cancelled_by_buyer: 6,
  cancelled_by_seller: 4,
  unpaid: 3,
  returned: 4,
  failed_delivery: 3,
  lost: 1,
}
export const orderKinds = Object.keys(weights) as readonly OrderKind[]

function drawKind(dice: Dice): OrderKind {
  let left = dice.next() * Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  return orderKinds.find((kind) => (left -= weights[kind]) < 0) ?? 'standard'
}

export type Birth = {
  readonly seed: string
  readonly serial: number
  readonly accountId: string
  readonly store: Store
  readonly kind?: OrderKind
  readonly createdMs: number
}

/** A price as shops write it: x.90, or thousands where there are no decimals. */
function shopPrice(euroCents: number, venture: Venture): number {
  const wholes = (euroCents / 100) * venture.perEuro
  return hasDecimals(venture) ? Math.round(wholes) * 100 + 90 : Math.ceil(wholes / 1000) * 1000
}

/** Fifteen digits that no other order of the seed has (the factor shares no divisor with ten million). */
const idBase = (seed: string, serial: number): string =>
  `26${String((serial * 7_368_787 + rollDice(`${seed}/ids`).whole(0, 9_999_999)) % 10_000_000).padStart(7, '0')}`

/** How many different articles, and how many pieces of one at most. */
const sizes: Partial<Record<OrderKind, readonly [articles: number, pieces: number]>> = {
  split: [2, 2],
  cancelled_by_seller: [2, 3],
}

type UnitPlace = {
  readonly birth: Birth
  readonly kind: OrderKind
  readonly isFirst: boolean
}

/** Pieces of one article of one order cost the same. */
function bearUnits(
  product: Product,
  pieces: number,
  place: UnitPlace,
  dice: Dice,
): readonly Omit<Unit, 'itemId'>[] {
  const venture = ventures[place.birth.store.country]
  const round = (amount: number): number =>
    hasDecimals(venture) ? Math.round(amount) : Math.round(amount / 100) * 100
  const article = rollDice(`article/${product.sku}`)
  const price = shopPrice(product.euroCents, venture)
  const voucher = dice.chance(0.3) ? round(price * 0.1) : 0
  const own = dice.chance(0.5) ? voucher : round(voucher / 2)
  const shipping = place.isFirst && dice.chance(0.5) ? round(price * 0.1) : 0
  const unit = {
    sku: product.sku,
    skuId: `9${article.letters(9)}`,
    productId: `7${article.letters(9)}`,
    title: product.titles.en,
    variation: `Color family:${product.sku.split('-').at(-1) ?? 'Default'}`,
    price,
    voucherSeller: own,
    voucherPlatform: voucher - own,
    status: place.kind === 'cod' ? 'pending' : 'unpaid',
    packageId: '',
    trackingCode: '',
    carrier: '',
    reason: '',
    initiator: '',
    reverseOrderId: null,
    asksToCancel: false,
  } as const
  return Array.from({ length: pieces }, (_, copy) => ({ ...unit, shipping: copy === 0 ? shipping : 0 }))
}

/** One order, decided by seed and serial alone; only its times come from outside. */
export function bearOrder(birth: Birth): SimulatedOrder {
  const { store, serial, createdMs } = birth
  const venture = ventures[store.country]
  const dice = rollDice(`${birth.seed}/order/${serial}`)
  const kind = birth.kind ?? drawKind(dice)
  const base = idBase(birth.seed, serial)
  const tail = store.sellerId.slice(-4)
  const [articles, pieces] = sizes[kind] ?? [dice.pick([1, 1, 2]), 3]
  const units = drawProducts(articles, dice)
    .flatMap((product, index) =>
      bearUnits(product, dice.whole(1, pieces), { birth, kind, isFirst: index === 0 }, dice),
    )
    .map((unit, index) => ({ ...unit, itemId: `${base}${String(index + 1).padStart(2, '0')}${tail}` }))
  return {
    orderId: `${base}00${tail}`,
    serial,
    accountId: birth.accountId,
    store,
    kind,
    units,
    shippingFee: units.reduce((sum, { shipping }) => sum + shipping, 0),
    payment: kind === 'cod' ? 'COD' : dice.pick(venture.payments.filter((method) => method !== 'COD')),
    buyerId: `1000${dice.letters(8)}`,
    person: dice.pick(venture.people),
    phone: `6${dice.letters(10)}`,
    street: dice.pick(venture.streets),
    place: dice.pick(venture.places),
    createdMs,
    updatedMs: createdMs,
    paidMs: null,
    cancelByMs: null,
    nextStep: 0,
    dueMs: Number.POSITIVE_INFINITY,
  }
}
