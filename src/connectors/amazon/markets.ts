import type { Market } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'

/** The three groups of marketplaces that share one authorisation and one host. */
export const regions = ['na', 'eu', 'fe'] as const
export type Region = (typeof regions)[number]

/** Base URLs by host key (docs: sp-api-endpoints). `lwa` is Login with Amazon, one host for all regions. */
export const hosts: Readonly<Record<string, string>> = {
  'api.na': 'https://sellingpartnerapi-na.amazon.com',
  'api.eu': 'https://sellingpartnerapi-eu.amazon.com',
  'api.fe': 'https://sellingpartnerapi-fe.amazon.com',
  lwa: 'https://api.amazon.com',
}

/** The same hosts for the static sandbox of Amazon (docs: sp-api-sandbox); LWA has none of its own. */
export const sandboxHosts: Readonly<Record<string, string>> = {
  'api.na': 'https://sandbox.sellingpartnerapi-na.amazon.com',
  'api.eu': 'https://sandbox.sellingpartnerapi-eu.amazon.com',
  'api.fe': 'https://sandbox.sellingpartnerapi-fe.amazon.com',
}

/**
 * Country, marketplace id, region, currency, time zone, languages, seller host (`?`: confirmed nowhere),
 * names. Ids and regions: docs: marketplace-ids. Seller hosts: list of the old developer guide. Zones and
 * languages are general knowledge, used for display only.
 */
const table = `
CA A2EUQ1WTGCTBG2 na CAD America/Toronto      en-CA       sellercentral.amazon.ca          Canada 加拿大
US ATVPDKIKX0DER  na USD America/Los_Angeles  en-US       sellercentral.amazon.com         United_States 美国
MX A1AM78C64UM0Y8 na MXN America/Mexico_City  es-MX       sellercentral.amazon.com.mx      Mexico 墨西哥
BR A2Q3Y263D00KWC na BRL America/Sao_Paulo    pt-BR       sellercentral.amazon.com.br      Brazil 巴西
IE A28R8C7NBKEWEA eu EUR Europe/Dublin        en-IE       sellercentral.amazon.ie?         Ireland 爱尔兰
ES A1RKKUPIHCS9HS eu EUR Europe/Madrid        es-ES       sellercentral-europe.amazon.com  Spain 西班牙
GB A1F83G8C2ARO7P eu GBP Europe/London        en-GB       sellercentral-europe.amazon.com  United_Kingdom 英国
FR A13V1IB3VIYZZH eu EUR Europe/Paris         fr-FR       sellercentral-europe.amazon.com  France 法国
BE AMEN7PMS3EDWL  eu EUR Europe/Brussels      fr-BE,nl-BE sellercentral.amazon.com.be      Belgium 比利时
NL A1805IZSGTT6HS eu EUR Europe/Amsterdam     nl-NL       sellercentral.amazon.nl          Netherlands 荷兰
DE A1PA6795UKMFR9 eu EUR Europe/Berlin        de-DE       sellercentral-europe.amazon.com  Germany 德国
IT APJ6JRA9NG5V4  eu EUR Europe/Rome          it-IT       sellercentral-europe.amazon.com  Italy 意大利
SE A2NODRKZP88ZB9 eu SEK Europe/Stockholm     sv-SE       sellercentral.amazon.se          Sweden 瑞典
ZA AE08WJ6YKNBMC  eu ZAR Africa/Johannesburg  en-ZA       sellercentral.amazon.co.za?      South_Africa 南非
PL A1C3SOZRARQ6R3 eu PLN Europe/Warsaw        pl-PL       sellercentral.amazon.pl          Poland 波兰
EG ARBP9OOSHTCHU  eu EGP Africa/Cairo         ar-EG       sellercentral.amazon.eg          Egypt 埃及
TR A33AVAJ2PDY3EV eu TRY Europe/Istanbul      tr-TR       sellercentral.amazon.com.tr      Türkiye 土耳其
SA A17E79C6D8DWNP eu SAR Asia/Riyadh          ar-AE,en-AE sellercentral.amazon.sa?         Saudi_Arabia 沙特阿拉伯
AE A2VIGQ35RCS4UG eu AED Asia/Dubai           en-AE       sellercentral.amazon.ae          United_Arab_Emirates 阿联酋
IN A21TJRUUN4KGV  eu INR Asia/Kolkata         en-IN       sellercentral.amazon.in          India 印度
SG A19VAU5U5O7RUS fe SGD Asia/Singapore       en-SG       sellercentral.amazon.sg          Singapore 新加坡
AU A39IBJ37TRP1C6 fe AUD Australia/Sydney     en-AU       sellercentral.amazon.com.au      Australia 澳大利亚
JP A1VC38T7YXB528 fe JPY Asia/Tokyo           ja-JP       sellercentral.amazon.co.jp       Japan 日本
`

/** All 23 marketplaces. Codes are `amazon_` and the ISO country (Amazon's own lists say UK for GB). */
export const markets: readonly Market[] = table.trim().split('\n').map(readRow)

function readRow(row: string): Market {
  const [country, id, region, currency, timeZone, languages, host, en, zh] = row.split(/ +/) as Row
  return {
    code: `amazon_${country.toLowerCase()}`,
    countryCode: country,
    name: text(en.replaceAll('_', ' '), zh),
    platformMarketId: id,
    region,
    currency,
    timeZone,
    languages: languages.split(','),
    sellerHost: host.replace('?', ''),
    unverified: ['timeZone', 'languages', ...(host.endsWith('?') ? ['sellerHost'] : [])],
  }
}

type Row = [string, string, Region, string, string, string, string, string, string]

const byName = new Map<string, Market>(
  markets.flatMap((market): [string, Market][] => [
    [market.platformMarketId, market],
    [market.code, market],
    [market.countryCode.toLowerCase(), market],
  ]),
)
for (const alias of ['uk', 'amazon_uk']) byName.set(alias, byName.get('gb')!)

/** A marketplace by Amazon's id, our code or the country (`UK` too, in any case); `undefined` when unknown. */
export const findMarket = (name: string): Market | undefined =>
  byName.get(name) ?? byName.get(name.toLowerCase())

const byMarketId = <T>(pick: (market: Market) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(markets.map((market) => [market.platformMarketId, pick(market)]))

/** Tables for `choice` rules: Amazon's marketplace id to our code, and to its currency. */
export const codeByMarketId = byMarketId((market) => market.code)
export const currencyByMarketId = byMarketId((market) => market.currency)
