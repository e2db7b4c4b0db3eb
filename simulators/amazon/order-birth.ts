import { drawAddress, drawCompany, drawPerson, drawProducts, offerOf, type Offer } from '../catalog.ts'
import type { Country } from '../catalog-places.ts'
import { rollDice, type Dice } from '../random.ts'
import type { Marketplace } from './marketplaces.ts'
import type { OrderItem, OrderKind, SimulatedOrder } from './order.ts'

/** How often a kind comes, out of the sum of those a country knows. */
const weights: readonly (readonly [OrderKind, number, (country: Country) => boolean])[] = [
  ['merchant', 26, always],
  ['fba', 24, always],
  ['prime', 8, (country) => country !== 'BR' && country !== 'MX'],
  ['business', 8, always],
  ['gift', 6, always],
  ['partial', 6, always],
  ['cancelled_by_buyer', 4, always],
  ['cancel_refused', 2, always],
  ['cancelled_by_merchant', 4, always],
  ['unpaid', 4, always],
  ['preorder', 2, always],
  ['pickup', 2, (country) => country === 'US'],
  ['replacement', 2, always],
  ['undeliverable', 2, always],
]
function always(): boolean {
  return true
}

export const orderKinds = weights.map(([kind]) => kind)

function drawKind(country: Country, dice: Dice): OrderKind {
  const known = weights.filter(([, , fits]) => fits(country))
  let left = dice.next() * known.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [kind, weight] of known) {
    left -= weight
    if (left < 0) return kind
  }
  return 'merchant'
}

const giftMessages = [
  'Happy birthday! Enjoy.',
  '生日快乐 🎂',
  'Für dich, mit Liebe. – M.',
  'Thank you for everything',
]
const upper = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'

/** Share of the price that is added at the till; elsewhere prices include the tax. */
const addedTax: Partial<Record<Country, number>> = { US: 0.0825, CA: 0.13 }

/** The platform's article number; the same for a product in every market. */
const asinOf = (sku: string): string => `B0${rollDice(`asin/${sku}`).letters(8, upper)}`

/** Seven digits that no other order of the seed has (the factor shares no divisor with ten million). */
const middleDigits = (seed: string, serial: number): string =>
  String((serial * 7_368_787 + rollDice(`${seed}/ids`).whole(0, 9_999_999)) % 10_000_000).padStart(7, '0')

type LinePlace = {
  readonly kind: OrderKind
  readonly country: Country
  readonly index: number
  readonly idBase: string
}

/** How many of one thing are ordered, where it is not one to three. */
const quantities: Partial<Record<OrderKind, readonly [low: number, high: number]>> = {
  business: [3, 24],
  partial: [2, 5],
}
/** Share of the shop price that is charged. */
const priceShares: Partial<Record<OrderKind, number>> = { business: 0.94, replacement: 0 }

type Amounts = Pick<
  OrderItem,
  'quantity' | 'unitPrice' | 'discount' | 'shipping' | 'tax' | 'shippingTax' | 'giftWrap' | 'points'
>

function drawAmounts(offer: Offer, place: LinePlace, dice: Dice): Amounts {
  const { kind, country } = place
  const quantity = dice.whole(...(quantities[kind] ?? [1, 3]))
  const unitPrice = Math.round(offer.priceMinor * (priceShares[kind] ?? 1))
  const price = unitPrice * quantity
  const discount = dice.chance(0.2) ? Math.round(price * 0.1) : 0
  const shipping = place.index === 0 && price > 0 && dice.chance(0.3) ? Math.round(offer.priceMinor * 0.2) : 0
  const rate = addedTax[country] ?? 0
  return {
    quantity,
    unitPrice,
    discount,
    shipping,
    tax: Math.round((price - discount) * rate),
    shippingTax: Math.round(shipping * rate),
    giftWrap: kind === 'gift' ? Math.round(offer.priceMinor * 0.1) : 0,
    points: country === 'JP' ? Math.floor(price / 100) : 0,
  }
}

function drawItem(offer: Offer, place: LinePlace, dice: Dice): OrderItem {
  const amounts = drawAmounts(offer, place, dice)
  const customized = place.index === 0 && dice.chance(0.04)
  return {
    orderItemId: `${place.idBase}${String(place.index + 1).padStart(2, '0')}`,
    asin: asinOf(offer.sku),
    sku: offer.sku,
    title: offer.title,
    shipped: 0,
    ...amounts,
    promotionId: amounts.discount > 0 ? `PLM-${dice.letters(4)}-${dice.letters(6, upper)}` : null,
    gift: place.kind === 'gift' ? { message: dice.pick(giftMessages), level: 'Classic' } : null,
    customizedUrl: customized ? `https://customizations.example/t/${dice.letters(24, upper)}` : null,
    subscribed: amounts.unitPrice > 0 && dice.chance(0.05),
    serialNumbers: dice.chance(0.1)
      ? Array.from({ length: amounts.quantity }, () => `SN${dice.letters(10, upper)}`)
      : [],
  }
}

const kindPrograms: Partial<Record<OrderKind, readonly string[]>> = {
  prime: ['PRIME', 'PREMIUM'],
  fba: ['PRIME'],
  business: ['AMAZON_BUSINESS'],
  pickup: ['IN_STORE_PICK_UP'],
  preorder: ['PREORDER'],
}

export type Birth = {
  readonly seed: string
  readonly serial: number
  readonly sellerId: string
  readonly marketplace: Marketplace
  readonly country: Country
  readonly kind?: OrderKind
  readonly createdMs: number
  /** An earlier order of the seller in this market, for a replacement to point to. */
  readonly earlierOrderId: string | null
}

const taxNumberPatterns: Partial<Record<Country, number>> = { BR: 11, TR: 10 }

/** One order, decided by seed and serial alone; only its times come from outside. */
export function bearOrder(birth: Birth): SimulatedOrder {
  const { marketplace, country, createdMs, serial } = birth
  const dice = rollDice(`${birth.seed}/order/${serial}`)
  const kind = birth.kind ?? drawKind(country, dice)
  const person = drawPerson(country, dice)
  const business = kind === 'business'
  const language = marketplace.language.slice(0, 2)
  const lines = drawProducts(kind === 'partial' ? 2 : dice.pick([1, 1, 1, 2, 3]), dice)
  const middle = middleDigits(birth.seed, serial)
  const idBase = `${dice.whole(1, 9)}${dice.letters(4)}${middle}`
  return {
    orderId: `${dice.pick(marketplace.idPrefixes)}-${middle}-${dice.letters(7)}`,
    serial,
    sellerId: birth.sellerId,
    marketplace,
    country,
    kind,
    sellerOrderId: `SO-${country}-${String(serial).padStart(6, '0')}`,
    replacesOrderId: kind === 'replacement' ? birth.earlierOrderId : null,
    byAmazon: kind === 'fba',
    serviceLevel:
      kind === 'prime' ? 'NEXT_DAY' : dice.pick(['STANDARD', 'STANDARD', 'EXPEDITED', 'SECOND_DAY']),
    programs: kindPrograms[kind] ?? [],
    buyer: {
      ...person,
      company: business ? drawCompany(country, dice) : null,
      purchaseOrder: business ? `PO-${dice.letters(6)}` : null,
      taxNumber: dice.letters(taxNumberPatterns[country] ?? 9),
    },
    address: drawAddress(country, dice),
    shipFrom: drawAddress(country, dice),
    items: lines.map((product, index) =>
      drawItem(offerOf(product, language, marketplace.currency), { kind, country, index, idBase }, dice),
    ),
    payment: {
      method: dice.pick(
        country === 'BR' ? ['CreditCard', 'Pix'] : business ? ['Invoice'] : ['CreditCard', 'GC', 'Other'],
      ),
      brand: dice.pick(['Visa', 'MasterCard']),
      code: dice.letters(6),
    },
    createdMs,
    updatedMs: createdMs,
    status: kind === 'preorder' ? 'PENDING_AVAILABILITY' : 'PENDING',
    authorisedMs: null,
    cancelRequest: null,
    cancelled: null,
    parcels: [],
    nextStep: 0,
    dueMs: Number.POSITIVE_INFINITY,
  }
}
