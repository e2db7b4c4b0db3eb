import type { Market } from '#connectors/connector.ts'
import { text } from '#kernel/text.ts'

/** Every live host serves every market, so one authorisation and one host cover all of them. */
export const region = 'global'

/**
 * Base URLs by host key (docs: developer-guide/16, developer-guide/20). Which live host is nearest depends
 * on where the hub stands, not on the market: a host override `api` takes `openplatform.shopee.cn` in mainland
 * China and `openplatform.shopee.com.br` in the Americas.
 */
export const hosts: Readonly<Record<string, string>> = {
  api: 'https://partner.shopeemobile.com',
  seller: 'https://open.shopee.com',
}

/**
 * The sandbox (docs: developer-guide/16): its apps, keys and shops are its own. Hubs in mainland China use
 * `openplatform.sandbox.test-stable.shopee.cn` instead, through the host override `api`.
 */
export const sandboxHosts: Readonly<Record<string, string>> = {
  api: 'https://openplatform.sandbox.test-stable.shopee.sg',
  seller: 'https://open.sandbox.test-stable.shopee.com',
}

/**
 * Region code, currency (`?`: no official payload confirms it), time zone, languages, host of the consent
 * page, names. The last four markets were left by Shopee; shops there still have their old orders.
 * Zones and languages are general knowledge, used for display only.
 */
const table = `
SG SGD  Asia/Singapore                 en-SG,zh-CN open.shopee.com    Singapore   新加坡
MY MYR? Asia/Kuala_Lumpur              ms-MY,en-MY open.shopee.com    Malaysia    马来西亚
TH THB? Asia/Bangkok                   th-TH       open.shopee.com    Thailand    泰国
TW TWD  Asia/Taipei                    zh-TW       open.shopee.com    Taiwan      台湾
PH PHP? Asia/Manila                    en-PH       open.shopee.com    Philippines 菲律宾
VN VND  Asia/Ho_Chi_Minh               vi-VN       open.shopee.com    Vietnam     越南
ID IDR? Asia/Jakarta                   id-ID       open.shopee.com    Indonesia   印度尼西亚
BR BRL  America/Sao_Paulo              pt-BR       open.shopee.com.br Brazil      巴西
MX MXN? America/Mexico_City            es-MX       open.shopee.com    Mexico      墨西哥
CL CLP? America/Santiago               es-CL       open.shopee.com    Chile       智利
CO COP  America/Bogota                 es-CO       open.shopee.com    Colombia    哥伦比亚
PL PLN? Europe/Warsaw                  pl-PL       open.shopee.com    Poland      波兰
ES EUR? Europe/Madrid                  es-ES       open.shopee.com    Spain       西班牙
FR EUR? Europe/Paris                   fr-FR       open.shopee.com    France      法国
AR ARS? America/Argentina/Buenos_Aires es-AR       open.shopee.com    Argentina   阿根廷
IN INR? Asia/Kolkata                   en-IN,hi-IN open.shopee.com    India       印度
`

/** All markets. `platformMarketId` is Shopee's `region`, the ISO country. */
export const markets: readonly Market[] = table.trim().split('\n').map(readRow)

function readRow(row: string): Market {
  const [country, currency, timeZone, languages, sellerHost, en, zh] = row.split(/ +/) as Row
  return {
    code: `shopee_${country.toLowerCase()}`,
    countryCode: country,
    name: text(en, zh),
    platformMarketId: country,
    region,
    currency: currency.replace('?', ''),
    timeZone,
    languages: languages.split(','),
    sellerHost,
    unverified: ['timeZone', 'languages', ...(currency.endsWith('?') ? ['currency'] : [])],
  }
}

type Row = [string, string, string, string, string, string, string]

const byRegion = new Map(markets.map((market) => [market.platformMarketId, market]))

/** A market by Shopee's region code; `undefined` when unknown. */
export const findMarket = (code: string): Market | undefined => byRegion.get(code)

/** Table for `choice` rules: Shopee's region to our code. */
export const codeByRegion: Readonly<Record<string, string>> = Object.fromEntries(
  markets.map((market) => [market.platformMarketId, market.code]),
)
