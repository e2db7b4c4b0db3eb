import type { Market } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'

/** The gateways a mall can belong to; a token is good on the gateway of its mall only. */
export const regions = ['us', 'eu', 'global'] as const
export type Region = (typeof regions)[number]

/** Base URLs by host key (docs: api-integration-guide, gateways). */
export const hosts: Readonly<Record<string, string>> = {
  'api.us': 'https://openapi-b-us.temu.com',
  'api.eu': 'https://openapi-b-eu.temu.com',
  'api.global': 'https://openapi-b-global.temu.com',
}

/**
 * Country, site id, region id (`-`: published nowhere), gateway (`?`: implied, not named for this site),
 * currency, time zone, languages, names. Site and region ids: docs: site and region list of the API
 * integration guide. Zones and languages are general knowledge, used for display only.
 */
const table = `
US 100 211 us      USD America/New_York     en-US       United_States 美国
CA 101 37  global  CAD America/Toronto      en-CA,fr-CA Canada 加拿大
GB 102 210 eu      GBP Europe/London        en-GB       United_Kingdom 英国
AU 103 -   global  AUD Australia/Sydney     en-AU       Australia 澳大利亚
DE 105 76  eu      EUR Europe/Berlin        de-DE       Germany 德国
FR 106 -   eu      EUR Europe/Paris         fr-FR       France 法国
IT 107 -   eu      EUR Europe/Rome          it-IT       Italy 意大利
NL 108 -   eu      EUR Europe/Amsterdam     nl-NL       Netherlands 荷兰
ES 109 -   eu      EUR Europe/Madrid        es-ES       Spain 西班牙
MX 110 128 global  MXN America/Mexico_City  es-MX       Mexico 墨西哥
PT 111 -   eu      EUR Europe/Lisbon        pt-PT       Portugal 葡萄牙
PL 112 -   eu      PLN Europe/Warsaw        pl-PL       Poland 波兰
SE 113 -   eu      SEK Europe/Stockholm     sv-SE       Sweden 瑞典
GR 115 -   eu?     EUR Europe/Athens        el-GR       Greece 希腊
IE 116 -   eu?     EUR Europe/Dublin        en-IE       Ireland 爱尔兰
JP 118 100 global  JPY Asia/Tokyo           ja-JP       Japan 日本
KR 119 185 global  KRW Asia/Seoul           ko-KR       South_Korea 韩国
BR 132 29  global  BRL America/Sao_Paulo    pt-BR       Brazil 巴西
CZ 137 -   eu      CZK Europe/Prague        cs-CZ       Czechia 捷克
HU 138 -   eu?     HUF Europe/Budapest      hu-HU       Hungary 匈牙利
DK 139 -   eu?     DKK Europe/Copenhagen    da-DK       Denmark 丹麦
RO 140 -   eu      RON Europe/Bucharest     ro-RO       Romania 罗马尼亚
BG 141 -   eu?     EUR Europe/Sofia         bg-BG       Bulgaria 保加利亚
BE 142 -   eu?     EUR Europe/Brussels      fr-BE,nl-BE Belgium 比利时
AT 143 -   eu?     EUR Europe/Vienna        de-AT       Austria 奥地利
FI 144 -   eu?     EUR Europe/Helsinki      fi-FI       Finland 芬兰
SK 145 -   eu?     EUR Europe/Bratislava    sk-SK       Slovakia 斯洛伐克
HR 146 -   eu?     EUR Europe/Zagreb        hr-HR       Croatia 克罗地亚
SI 147 -   eu?     EUR Europe/Ljubljana     sl-SI       Slovenia 斯洛文尼亚
LT 148 -   eu?     EUR Europe/Vilnius       lt-LT       Lithuania 立陶宛
TR 174 -   global? TRY Europe/Istanbul      tr-TR       Türkiye 土耳其
`

type Row = [
  country: string,
  siteId: string,
  regionId: string,
  gateway: string,
  currency: string,
  timeZone: string,
  languages: string,
  en: string,
  zh: string,
]
const rows = table
  .trim()
  .split('\n')
  .map((row) => row.split(/ +/) as Row)

/** Where sellers give consent; confirmed for the United States only. */
const sellerHosts: Readonly<Record<Region, string>> = {
  us: 'seller.temu.com',
  eu: 'seller-eu.temu.com',
  global: 'seller.temu.com',
}

/** All sites of the platform. Codes are `temu_` and the ISO country; `platformMarketId` is the site id. */
export const markets: readonly Market[] = rows.map(
  ([country, siteId, , gateway, currency, timeZone, languages, en, zh]) => {
    const region = gateway.replace('?', '') as Region
    return {
      code: `temu_${country.toLowerCase()}`,
      countryCode: country,
      name: text(en.replaceAll('_', ' '), zh),
      platformMarketId: siteId,
      region,
      currency,
      timeZone,
      languages: languages.split(','),
      sellerHost: sellerHosts[region],
      unverified: [
        'timeZone',
        'languages',
        ...(gateway.endsWith('?') ? ['region'] : []),
        ...(region === 'us' ? [] : ['sellerHost']),
      ],
    }
  },
)

const bySiteId = <T>(pick: (market: Market) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(markets.map((market) => [market.platformMarketId, pick(market)]))

/** Tables for `choice` rules: the site id to our code, its currency and its country. */
export const codeBySiteId = bySiteId(({ code }) => code)
export const currencyBySiteId = bySiteId(({ currency }) => currency)
export const countryBySiteId = bySiteId(({ countryCode }) => countryCode)

/** Countries by region id, as far as the ids are published. */
export const countryByRegionId: Readonly<Record<string, string>> = Object.fromEntries(
  rows.flatMap(([country, , regionId]) => (regionId === '-' ? [] : [[regionId, country]])),
)

/** The market of a mall by the region id in a token answer; `undefined` when the id is not published. */
export const findMarketByRegionId = (regionId: string): Market | undefined =>
  markets.find(({ countryCode }) => countryCode === countryByRegionId[regionId])

export const findMarketByCode = (code: string): Market | undefined =>
  markets.find((market) => market.code === code)
