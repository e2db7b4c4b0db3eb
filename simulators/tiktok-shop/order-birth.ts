import { drawProducts } from '../catalog.ts'
import { rollDice, type Dice } from '../random.ts'
import type { Account, OrderKind, Shop, SimulatedOrder, Unit } from './order.ts'
import type { Market } from './markets.ts'
import { drawRecipient } from './people.ts'

const weights: readonly (readonly [OrderKind, number])[] = [
  ['standard', 30],
  ['platform_label', 18],
  ['fbt', 8],
  ['cod', 10],
  ['partial', 6],
  ['unpaid', 4],
  ['cancelled_on_hold', 4],
  ['cancelled_by_buyer', 4],
  ['cancel_refused', 2],
  ['cancelled_by_seller', 4],
  ['preorder', 3],
  ['sample', 2],
  ['replacement', 2],
  ['gift', 3],
]

function drawKind(market: Market, dice: Dice): OrderKind {
  const known = weights.filter(([kind]) => kind !== 'cod' || market.hasCashOnDelivery)
  let left = dice.next() * known.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [kind, weight] of known) {
    left -= weight
    if (left < 0) return kind
  }
  return 'standard'
}

/** Nineteen digits, beyond what a double holds. */
const longId = (prefix: string, dice: Dice, serial: number): string =>
  `${prefix}${dice.letters(6)}${String(serial).padStart(7, '0')}`

/** The same for a product in every order. */
const productIdOf = (sku: string): string => `17295${rollDice(`product/${sku}`).letters(14)}`

function priceOf(euroCents: number, { perEuro, digits }: Market): number {
  const whole = Math.ceil((euroCents * perEuro) / 100)
  return digits === 0 ? Math.max(10, Math.round(whole / 10) * 10) : whole * 100 - 1
}

const freeKinds: ReadonlySet<OrderKind> = new Set(['sample', 'replacement'])

function drawCount(kind: OrderKind, isGift: boolean, dice: Dice): number {
  if (isGift) return 1
  return kind === 'partial' ? dice.whole(2, 4) : dice.pick([1, 1, 1, 2, 3])
}

/** A discount of some percent, in steps that the currency can pay. */
const shareOf = (price: number, percent: number, { digits }: Market): number => {
  const step = digits === 0 ? 10 : 1
  return Math.round((price * percent) / 100 / step) * step
}

function drawUnits(kind: OrderKind, market: Market, serial: number, dice: Dice): Unit[] {
  const products = drawProducts(kind === 'gift' ? 2 : dice.pick([1, 1, 2, 3]), dice)
  return products.flatMap((product, index) => {
    const isGift = kind === 'gift' && index > 0
    const price = isGift || freeKinds.has(kind) ? 0 : priceOf(product.euroCents, market)
    const productId = productIdOf(product.sku)
    const titles: Readonly<Record<string, string | undefined>> = product.titles
    const same = {
      skuId: `${productId.slice(0, -3)}${String(100 + index)}`,
      productId,
      sellerSku: product.sku,
      title: titles[market.language] ?? product.titles.en,
      price,
      sellerDiscount: dice.chance(0.4) ? shareOf(price, 10, market) : 0,
      platformDiscount: dice.chance(0.3) ? shareOf(price, 5, market) : 0,
      isGift,
      isDangerous: product.sku.includes('KETTLE'),
    }
    return Array.from({ length: drawCount(kind, isGift, dice) }, (_, number): Unit => ({
      ...same,
      id: longId('5770', dice, serial * 20 + index * 4 + number),
      status: 'UNPAID',
      packageStatus: 'TO_FULFILL',
      packageId: '',
      cancelled: null,
      rtsMs: null,
    }))
  })
}

export type Birth = {
  readonly seed: string
  readonly serial: number
  readonly account: Account
  readonly shop: Shop
  readonly createdMs: number
  readonly kind?: OrderKind
  /** An earlier order of the shop, for a replacement to point to. */
  readonly earlierOrderId: string | null
}

/** One order, decided by seed and serial alone; only its times come from outside. */
export function bearOrder({
  seed,
  serial,
  account,
  shop,
  createdMs,
  kind: wanted,
  earlierOrderId,
}: Birth): SimulatedOrder {
  const { market } = shop
  const dice = rollDice(`${seed}/order/${serial}`)
  const kind = wanted ?? drawKind(market, dice)
  const orderId = longId('57646', dice, serial)
  const units = drawUnits(kind, market, serial, dice)
  const shipping = freeKinds.has(kind) || dice.chance(0.4) ? 0 : priceOf(399, market)
  return {
    orderId,
    account,
    shop,
    kind,
    buyerId: `70214${dice.letters(14)}`,
    nickname: `user${dice.letters(6)}`,
    message: dice.pick(['', '', '', 'Please ship asap!', '请小心包装']),
    recipient: drawRecipient(market.country, dice),
    units,
    shipping,
    shippingPlatformDiscount: shipping > 0 && dice.chance(0.5) ? shipping : 0,
    paymentMethod: kind === 'cod' ? 'Cash on delivery' : dice.pick(['Visa', 'Mastercard', 'Apple Pay']),
    replacedOrderId: kind === 'replacement' ? earlierOrderId : null,
    createdMs,
    parcels: [],
    updatedMs: createdMs,
    status: 'UNPAID',
    wasOnHold: false,
    cancelRequestedMs: null,
    cancelled: null,
    times: {},
    nextStep: 0,
    dueMs: Number.POSITIVE_INFINITY,
  }
}
