import type { Country } from '../catalog-places.ts'

/** Markets of the simulated sellers: where they consent, and what money and prices look like there. */
export type Market = {
  readonly country: string
  readonly consentRegion: 'us' | 'global'
  readonly currency: string
  /** Decimals that the platform prints. */
  readonly digits: 0 | 2
  /** Units of the currency for one euro, rounded: prices only have to look right. */
  readonly perEuro: number
  readonly language: string
  /** Tax added at the till, in ten-thousandths; elsewhere prices include it. */
  readonly taxTenThousandths: number
  readonly hasCashOnDelivery: boolean
  /** Names of the address levels L1, L2, L3. */
  readonly levels: readonly [string, string, string]
}

const market = (
  country: string,
  [currency, perEuro, digits]: readonly [string, number, 0 | 2],
  language: string,
  levels: Market['levels'],
  more: Partial<Market> = {},
): Market => ({
  country,
  consentRegion: country === 'US' ? 'us' : 'global',
  currency,
  digits,
  perEuro,
  language,
  taxTenThousandths: 0,
  hasCashOnDelivery: false,
  levels,
  ...more,
})

const western = ['State', 'County', 'City'] as const
const southEastAsian = ['Province', 'City', 'District'] as const
const cashOnDelivery = { hasCashOnDelivery: true }

export const markets: readonly Market[] = [
  market('US', ['USD', 1.1, 2], 'en', western, { taxTenThousandths: 825 }),
  market('GB', ['GBP', 0.86, 2], 'en', ['Nation', 'County', 'City']),
  market('DE', ['EUR', 1, 2], 'de', ['State', 'District', 'City']),
  market('FR', ['EUR', 1, 2], 'fr', ['Region', 'Department', 'City']),
  market('BR', ['BRL', 6, 2], 'pt', western),
  market('JP', ['JPY', 160, 0], 'ja', ['Prefecture', 'City', 'Town']),
  market('SG', ['SGD', 1.45, 2], 'en', southEastAsian),
  market('ID', ['IDR', 17_500, 0], 'en', southEastAsian, cashOnDelivery),
  market('MY', ['MYR', 5, 2], 'en', ['State', 'City', 'District'], cashOnDelivery),
  market('TH', ['THB', 39, 2], 'en', southEastAsian, cashOnDelivery),
  market('VN', ['VND', 27_500, 0], 'en', southEastAsian, cashOnDelivery),
  market('PH', ['PHP', 62, 2], 'en', southEastAsian, cashOnDelivery),
]

/** Countries that the shared catalogue of people and places has. */
const catalogued: ReadonlySet<string> = new Set(['US', 'GB', 'DE', 'FR', 'BR', 'JP', 'SG'])
export const isCatalogued = (country: string): country is Country => catalogued.has(country)

export const decimalOf = (minor: number, digits: 0 | 2): string =>
  digits === 0
    ? String(minor)
    : `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`
