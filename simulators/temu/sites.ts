import type { Country } from '../catalog-places.ts'

export const gateways = ['us', 'eu', 'global'] as const
export type Gateway = (typeof gateways)[number]

/** Names of the gateways as a callback writes them. */
export const gatewayHosts: Readonly<Record<Gateway, string>> = {
  us: 'openapi-b-us.temu.com',
  eu: 'openapi-b-eu.temu.com',
  global: 'openapi-b-global.temu.com',
}

export type Site = {
  readonly country: Country
  readonly siteId: number
  readonly regionId: number
  readonly gateway: Gateway
  readonly currency: string
  readonly language: string
  readonly countryName: string
}

const site = (
  country: Country,
  siteId: number,
  regionId: number,
  gateway: Gateway,
  currency: string,
  language: string,
  countryName: string,
): Site => ({ country, siteId, regionId, gateway, currency, language, countryName })

/** The sites on which the simulated malls sell (docs: site list of the API integration guide). */
export const sites: readonly Site[] = [
  site('US', 100, 211, 'us', 'USD', 'en', 'United States'),
  site('GB', 102, 210, 'eu', 'GBP', 'en', 'United Kingdom'),
  site('DE', 105, 76, 'eu', 'EUR', 'de', 'Germany'),
  site('JP', 118, 100, 'global', 'JPY', 'ja', 'Japan'),
  site('BR', 132, 29, 'global', 'BRL', 'pt', 'Brazil'),
]

/** `local` malls keep stock in the country, `semi` ones ship across a border and know no 41 and 51. */
export type Mall = {
  readonly mallId: number
  readonly sellerName: string
  readonly type: 'local' | 'semi'
  readonly site: Site
}
