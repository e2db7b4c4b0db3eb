import type { Country } from '../catalog-places.ts'

export type Region = 'na' | 'eu' | 'fe'
export const regions = ['na', 'eu', 'fe'] as const satisfies readonly Region[]

export type Marketplace = {
  readonly countryCode: string
  readonly id: string
  readonly region: Region
  readonly domain: string
  readonly currency: string
  readonly language: string
  /** Host of the seller's pages, without "sellercentral" where consent is given. */
  readonly sellerHost: string
  /** First groups of order ids as they are seen in the market. */
  readonly idPrefixes: readonly string[]
}

type Row = [string, string, Region, string, string, string, string, string]

/** Source: docs: marketplace-ids, sp-api-endpoints, seller-central-urls. Id prefixes are from experience only. */
const rows: readonly Row[] = [
  ['CA', 'A2EUQ1WTGCTBG2', 'na', 'amazon.ca', 'CAD', 'en_CA', 'sellercentral.amazon.ca', '701 702'],
  ['US', 'ATVPDKIKX0DER', 'na', 'amazon.com', 'USD', 'en_US', 'sellercentral.amazon.com', '111 112 113 114'],
  ['MX', 'A1AM78C64UM0Y8', 'na', 'amazon.com.mx', 'MXN', 'es_MX', 'sellercentral.amazon.com.mx', '701 702'],
  ['BR', 'A2Q3Y263D00KWC', 'na', 'amazon.com.br', 'BRL', 'pt_BR', 'sellercentral.amazon.com.br', '701 702'],
  ['IE', 'A28R8C7NBKEWEA', 'eu', 'amazon.ie', 'EUR', 'en_IE', 'sellercentral.amazon.ie', '026 203'],
  ['ES', 'A1RKKUPIHCS9HS', 'eu', 'amazon.es', 'EUR', 'es_ES', 'sellercentral-europe.amazon.com', '402 404'],
  [
    'GB',
    'A1F83G8C2ARO7P',
    'eu',
    'amazon.co.uk',
    'GBP',
    'en_GB',
    'sellercentral-europe.amazon.com',
    '202 203',
  ],
  ['FR', 'A13V1IB3VIYZZH', 'eu', 'amazon.fr', 'EUR', 'fr_FR', 'sellercentral-europe.amazon.com', '402 405'],
  ['BE', 'AMEN7PMS3EDWL', 'eu', 'amazon.com.be', 'EUR', 'fr_BE', 'sellercentral.amazon.com.be', '403 408'],
  ['NL', 'A1805IZSGTT6HS', 'eu', 'amazon.nl', 'EUR', 'nl_NL', 'sellercentral.amazon.nl', '403 406'],
  ['DE', 'A1PA6795UKMFR9', 'eu', 'amazon.de', 'EUR', 'de_DE', 'sellercentral-europe.amazon.com', '302 305'],
  ['IT', 'APJ6JRA9NG5V4', 'eu', 'amazon.it', 'EUR', 'it_IT', 'sellercentral-europe.amazon.com', '404 407'],
  ['SE', 'A2NODRKZP88ZB9', 'eu', 'amazon.se', 'SEK', 'sv_SE', 'sellercentral.amazon.se', '403 407'],
  ['ZA', 'AE08WJ6YKNBMC', 'eu', 'amazon.co.za', 'ZAR', 'en_ZA', 'sellercentral.amazon.co.za', '403 408'],
  ['PL', 'A1C3SOZRARQ6R3', 'eu', 'amazon.pl', 'PLN', 'pl_PL', 'sellercentral.amazon.pl', '403 408'],
  ['EG', 'ARBP9OOSHTCHU', 'eu', 'amazon.eg', 'EGP', 'ar_EG', 'sellercentral.amazon.eg', '405 408'],
  ['TR', 'A33AVAJ2PDY3EV', 'eu', 'amazon.com.tr', 'TRY', 'tr_TR', 'sellercentral.amazon.com.tr', '028 404'],
  ['SA', 'A17E79C6D8DWNP', 'eu', 'amazon.sa', 'SAR', 'ar_AE', 'sellercentral.amazon.sa', '405 408'],
  ['AE', 'A2VIGQ35RCS4UG', 'eu', 'amazon.ae', 'AED', 'en_AE', 'sellercentral.amazon.ae', '405 408'],
  ['IN', 'A21TJRUUN4KGV', 'eu', 'amazon.in', 'INR', 'en_IN', 'sellercentral.amazon.in', '404 405'],
  ['SG', 'A19VAU5U5O7RUS', 'fe', 'amazon.sg', 'SGD', 'en_SG', 'sellercentral.amazon.sg', '503 249'],
  ['AU', 'A39IBJ37TRP1C6', 'fe', 'amazon.com.au', 'AUD', 'en_AU', 'sellercentral.amazon.com.au', '249 250'],
  ['JP', 'A1VC38T7YXB528', 'fe', 'amazon.co.jp', 'JPY', 'ja_JP', 'sellercentral.amazon.co.jp', '249 250 503'],
]

export const marketplaces: readonly Marketplace[] = rows.map(
  ([countryCode, id, region, domain, currency, language, sellerHost, prefixes]) => ({
    countryCode,
    id,
    region,
    domain,
    currency,
    language,
    sellerHost,
    idPrefixes: prefixes.split(' '),
  }),
)

const byId = new Map(marketplaces.map((market) => [market.id, market]))
export const marketplaceById = (id: string): Marketplace | undefined => byId.get(id)

/** "Amazon.co.uk": how the platform names its marketplaces and sales channels. */
export const marketplaceName = (market: Marketplace): string => `A${market.domain.slice(1)}`

/** Countries in which the simulated sellers trade, by region. */
export const tradingCountries: Readonly<Record<Region, readonly Country[]>> = {
  na: ['US', 'CA', 'MX', 'BR'],
  eu: ['DE', 'GB', 'FR', 'IT', 'ES', 'NL', 'PL', 'TR'],
  fe: ['JP', 'AU', 'SG'],
}
