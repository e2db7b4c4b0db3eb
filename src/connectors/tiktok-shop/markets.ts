import type { Market } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'

/** Base URLs by host key: one API for all markets, and one host for tokens (docs: methods-and-endpoints). */
export const hosts: Readonly<Record<string, string>> = {
  api: 'https://open-api.tiktokglobalshop.com',
  auth: 'https://auth.tiktok-shops.com',
}

/** Where sellers consent (docs: authorization-overview-202407): the United States have a page of their own. */
const sellerHosts = { us: 'services.tiktokshops.us', global: 'services.tiktokshop.com' } as const
type Region = keyof typeof sellerHosts

/**
 * Country, consent region, currency, time zone, languages, names (docs: regions-and-languages, currencies of
 * the product API). Zones and languages are general knowledge, used for display only.
 */
const table = `
US us     USD America/Los_Angeles en-US       United_States 美国
GB global GBP Europe/London       en-GB       United_Kingdom 英国
ID global IDR Asia/Jakarta        id-ID       Indonesia 印度尼西亚
MY global MYR Asia/Kuala_Lumpur   ms-MY,en-MY Malaysia 马来西亚
TH global THB Asia/Bangkok        th-TH       Thailand 泰国
VN global VND Asia/Ho_Chi_Minh    vi-VN       Vietnam 越南
PH global PHP Asia/Manila         en-PH       Philippines 菲律宾
SG global SGD Asia/Singapore      en-SG       Singapore 新加坡
DE global EUR Europe/Berlin       de-DE       Germany 德国
FR global EUR Europe/Paris        fr-FR       France 法国
IT global EUR Europe/Rome         it-IT       Italy 意大利
ES global EUR Europe/Madrid       es-ES       Spain 西班牙
IE global EUR Europe/Dublin       en-IE       Ireland 爱尔兰
MX global MXN America/Mexico_City es-MX       Mexico 墨西哥
BR global BRL America/Sao_Paulo   pt-BR       Brazil 巴西
JP global JPY Asia/Tokyo          ja-JP       Japan 日本
`

/** All markets. Codes are `tiktok_shop_` and the ISO country, which is also the platform's `region`. */
export const markets: readonly Market[] = table.trim().split('\n').map(readRow)

type Row = [string, Region, string, string, string, string, string]

function readRow(row: string): Market {
  const [country, region, currency, timeZone, languages, en, zh] = row.split(/ +/) as Row
  return {
    code: `tiktok_shop_${country.toLowerCase()}`,
    countryCode: country,
    name: text(en.replaceAll('_', ' '), zh),
    platformMarketId: country,
    region,
    currency,
    timeZone,
    languages: languages.split(','),
    sellerHost: sellerHosts[region],
    unverified: ['timeZone', 'languages'],
  }
}

const byCountry = new Map(markets.map((market) => [market.countryCode, market]))

/** A market by the platform's region; `undefined` for regions that came later than this table. */
export const findMarket = (region: string): Market | undefined => byCountry.get(region)
