import type { Market } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'

/**
 * Base URLs by host key (docs: 108065). Each country has its own host, and a token is good only on the
 * hosts of its countries. `auth` gives tokens to all of them, `consent` is where sellers agree. There is
 * no sandbox host: test accounts live on the real ones.
 */
export const hosts: Readonly<Record<string, string>> = {
  'api.sg': 'https://api.lazada.sg/rest',
  'api.my': 'https://api.lazada.com.my/rest',
  'api.th': 'https://api.lazada.co.th/rest',
  'api.vn': 'https://api.lazada.vn/rest',
  'api.ph': 'https://api.lazada.com.ph/rest',
  'api.id': 'https://api.lazada.co.id/rest',
  auth: 'https://auth.lazada.com/rest',
  consent: 'https://auth.lazada.com/oauth',
}

/** Country, currency, time zone, languages, names. Zones and languages are general knowledge, for display only. */
const table = `
MY MYR Asia/Kuala_Lumpur ms-MY,en-MY Malaysia 马来西亚
ID IDR Asia/Jakarta      id-ID       Indonesia 印度尼西亚
VN VND Asia/Ho_Chi_Minh  vi-VN       Vietnam 越南
TH THB Asia/Bangkok      th-TH       Thailand 泰国
PH PHP Asia/Manila       en-PH       Philippines 菲律宾
SG SGD Asia/Singapore    en-SG       Singapore 新加坡
`

type Row = [string, string, string, string, string, string]

/** The six countries. A cross-border account ("cb" at the platform) is one grant with a shop in several. */
export const markets: readonly Market[] = table
  .trim()
  .split('\n')
  .map((row) => {
    const [country, currency, timeZone, languages, en, zh] = row.split(/ +/) as Row
    const code = country.toLowerCase()
    return {
      code: `lazada_${code}`,
      countryCode: country,
      name: text(en, zh),
      platformMarketId: code,
      region: code,
      currency,
      timeZone,
      languages: languages.split(','),
      sellerHost: 'auth.lazada.com',
      unverified: ['timeZone', 'languages', ...(currency === 'SGD' ? [] : ['currency'])],
    }
  })

const byCountry = new Map(markets.map((market) => [market.platformMarketId, market]))

/** Lazada's own word for an account that sells in several countries. */
export const crossBorder = 'cb'

/** A market by Lazada's country code, in any case; `undefined` when unknown, also for `cb`. */
export const findMarket = (country: string): Market | undefined => byCountry.get(country.toLowerCase())

/** `lazada_vn`, `lazada-sg`, `LAZADA_SG`: the site of a push as a country code. */
export const countryOfSite = (site: string): string => site.toLowerCase().replace(/^lazada[-_]/, '')

const pairs = <T>(pick: (market: Market) => readonly (readonly [string, T])[]): Readonly<Record<string, T>> =>
  Object.fromEntries(markets.flatMap(pick))

/** Countries as addresses write them: the English name, or the code. */
export const countryCodeByName = pairs(({ countryCode, name, platformMarketId }) =>
  [
    name.en,
    name.en.toLowerCase(),
    countryCode,
    platformMarketId,
    ...(countryCode === 'VN' ? ['Viet Nam'] : []),
  ].map((word) => [word, countryCode] as const),
)
export const currencyByCountryCode = pairs(({ countryCode, currency }) => [[countryCode, currency] as const])
export const codeByCurrency = pairs(({ code, currency }) => [[currency, code] as const])
