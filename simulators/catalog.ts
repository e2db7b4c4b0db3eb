import { currencyDigits } from '#kernel/money.ts'
import { places, type Country, type Place } from './catalog-places.ts'
import { products, type Product, type TitleLanguage } from './catalog-products.ts'
import type { Dice } from './random.ts'

/** Made-up goods, people and addresses, credible in each market. Nobody in here exists. */
export type Person = { readonly name: string; readonly phone: string; readonly mailbox: string }

export type PostalAddress = {
  readonly line1: string
  readonly line2: string | null
  readonly street: string
  readonly houseNumber: string
  readonly district: string | null
  readonly city: string
  readonly state: string | null
  readonly postalCode: string
  readonly countryCode: Country
}

export type Offer = {
  readonly sku: string
  readonly title: string
  /** Price of one in the smallest unit of the currency. */
  readonly priceMinor: number
  readonly currency: string
}

/** Replaces each `#` by a digit and each `@` by a capital letter. */
const fill = (pattern: string, dice: Dice): string =>
  pattern.replace(/[#@]/g, (mark) => dice.letters(1, mark === '#' ? '0123456789' : 'ABCDEGHJKLNPRSTUWXY'))

const placeOf = (country: Country): Place => places[country]

export function drawPerson(country: Country, dice: Dice): Person {
  const place = placeOf(country)
  const given = dice.pick(place.given)
  const family = dice.pick(place.family)
  return {
    name: place.familyFirst ? `${family} ${given}` : `${given} ${family}`,
    phone: fill(place.phone, dice),
    mailbox: dice.letters(14, 'abcdefghijklmnopqrstuvwxyz0123456789'),
  }
}

export function drawAddress(country: Country, dice: Dice): PostalAddress {
  const place = placeOf(country)
  const [city, state, postal, district] = dice.pick(place.cities)
  const street = dice.pick(place.streets)
  const houseNumber = String(dice.whole(1, place.familyFirst ? 28 : 180))
  return {
    line1: place.line.replace('{street}', street).replace('{number}', houseNumber),
    line2: dice.chance(0.35) ? fill(place.line2, dice) : null,
    street,
    houseNumber,
    district: district ?? null,
    city,
    state: state === '' ? null : state,
    postalCode: fill(postal, dice),
    countryCode: country,
  }
}

export const drawCompany = (country: Country, dice: Dice): string => dice.pick(placeOf(country).companies)

/** Units of a currency for one euro, rounded: prices only have to look right. */
const perEuro: Readonly<Record<string, number>> = {
  EUR: 1,
  USD: 1.1,
  CAD: 1.5,
  MXN: 20,
  BRL: 5.9,
  GBP: 0.86,
  PLN: 4.3,
  TRY: 40,
  SEK: 11.2,
  JPY: 160,
  AUD: 1.65,
  SGD: 1.45,
  AED: 4,
  INR: 92,
}

/** A shop price: the last digits are those that shops use (x.99, or tens where there are no decimals). */
function shopPrice(euroCents: number, currency: string): number {
  const rate = perEuro[currency] ?? 1
  if (currencyDigits(currency) === 0) return Math.max(10, Math.round((euroCents * rate) / 1000) * 10 - 20)
  return Math.max(99, Math.ceil((euroCents * rate) / 100) * 100 - 1)
}

export function offerOf(product: Product, language: string, currency: string): Offer {
  return {
    sku: product.sku,
    title: product.titles[language as TitleLanguage] ?? product.titles.en,
    priceMinor: shopPrice(product.euroCents, currency),
    currency,
  }
}

/** Different goods for one order, `count` at most. */
export function drawProducts(count: number, dice: Dice): readonly Product[] {
  const chosen = new Set<Product>()
  for (let i = 0; i < count; i++) chosen.add(dice.pick(products))
  return [...chosen]
}
