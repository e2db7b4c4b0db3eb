import type {
  Call,
  Consent,
  Grant,
  GrantedShop,
  Market,
  PlatformAnswer,
  PlatformApp,
} from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { crossBorder, findMarket, hosts } from './markets.ts'
import { isObject, listOf, membersOf, numberOf, wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/** A refresh does not lengthen a consent: the seller agrees again after this (docs: 108260). */
export const authorisationDays = 50

/** A store: seller ids are given out country by country. */
export const shopIdOf = (sellerId: string, country: string): string => `${sellerId}:${country}`

/**
 * The consent page (docs: 108260), unsigned. `redirect_uri` must be the app's own callback to the letter.
 * The page offers the countries and "cross-border"; the credential `preselect_country` = `true` asks for
 * the market's country at once, by a parameter that only third parties document.
 */
export function authorizeUrl(app: PlatformApp, market: Market, state: string, redirectUri: string): string {
  const base = app.hosts['consent'] ?? hosts['consent']!
  const query = new URLSearchParams({
    response_type: 'code',
    force_auth: 'true',
    redirect_uri: redirectUri,
    client_id: app.credentials['app_key'] ?? '',
    state,
    ...(app.credentials['preselect_country'] === 'true' ? { country: market.platformMarketId } : {}),
  })
  return `${base.replace(/\/+$/, '')}/authorize?${query.toString()}`
}

export function readCallback(query: Readonly<Record<string, string>>): Consent {
  const { state, code, error, error_description: detail } = query
  if (error) return { ok: false, code: error, detail: detail ?? '', state: state ?? null }
  const missing = Object.entries({ state, code })
    .filter(([, value]) => !value || value === 'null')
    .map(([name]) => name)
  if (!state || !code || missing.length > 0)
    return {
      ok: false,
      code: 'CALLBACK_INCOMPLETE',
      detail: `missing: ${missing.join(', ')}`,
      state: state || null,
    }
  return { ok: true, code, state, query }
}

type Tokens = Pick<Grant, 'accessExpiresAtMs' | 'refreshToken' | 'refreshExpiresAtMs'> & {
  readonly accessToken: string
  readonly body: Members
}

async function askForTokens(
  call: Call,
  operation: 'create' | 'refresh',
  form: Readonly<Record<string, string>>,
  nowMs: number,
): Promise<Tokens> {
  const answer = await call({
    operation: `auth.${operation}`,
    method: 'POST',
    host: 'auth',
    path: `/auth/token/${operation}`,
    form,
    auth: 'none',
    repeatable: false,
  })
  const body = membersOf(answer.body)
  const accessToken = wordOf(body['access_token'])
  const lifeSeconds = numberOf(body['expires_in'])
  if (accessToken === null || lifeSeconds === null || lifeSeconds <= 0)
    throw broken('NO_ACCESS_TOKEN', 'the token answer has no access_token or no expires_in', answer)
  const consentSeconds = numberOf(body['refresh_expires_in'])
  return {
    body,
    accessToken,
    accessExpiresAtMs: nowMs + lifeSeconds * 1000,
    refreshToken: wordOf(body['refresh_token']),
    refreshExpiresAtMs: consentSeconds ? nowMs + consentSeconds * 1000 : null,
  }
}

const broken = (code: string, message: string, { status }: PlatformAnswer): PlatformFailure =>
  new PlatformFailure('contract_broken', code, message, { httpStatus: status })

type Store = { readonly country: string; readonly sellerId: string; readonly shortCode: string | null }

/** The stores of a token answer: a list, or, as older pages show it, an object by country; under either name. */
export function storesOf(body: Members): readonly Store[] {
  const info = body['country_user_info'] ?? body['country_user_info_list']
  const rows: readonly (readonly [string | null, unknown])[] = isObject(info)
    ? Object.entries(info)
    : listOf(info).map((row) => [null, row])
  return rows
    .flatMap(([key, row]) => {
      const { country, seller_id: seller, short_code: shortCode } = membersOf(row)
      const code = (wordOf(country) ?? key ?? '').toLowerCase()
      const sellerId = wordOf(seller)
      return findMarket(code) && sellerId !== null
        ? [{ country: code, sellerId, shortCode: wordOf(shortCode) }]
        : []
    })
    .toSorted((one, other) => (one.country < other.country ? -1 : 1))
}

const shortCodeFact = 'short_code.'
const sellerFact = 'seller.'

const factsOf = (stores: readonly Store[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stores.flatMap(({ country, sellerId, shortCode }) => [
      [sellerFact + country, sellerId] as const,
      ...(shortCode === null ? [] : [[shortCodeFact + country, shortCode] as const]),
    ]),
  )

/**
 * The code of a consent, within thirty minutes and once, for tokens. One grant: of one country, or, when
 * the seller chose "cross-border", of all countries at once under the region `cb`.
 */
export async function exchange(
  call: Call,
  _app: PlatformApp,
  { code }: Extract<Consent, { ok: true }>,
  { nowMs }: { readonly nowMs: number },
): Promise<readonly Grant[]> {
  const { body, ...tokens } = await askForTokens(call, 'create', { code }, nowMs)
  if (tokens.refreshToken === null)
    throw new PlatformFailure('contract_broken', 'NO_REFRESH_TOKEN', 'the token answer has no refresh_token')
  const stores = storesOf(body)
  const [first] = stores
  if (!first)
    throw new PlatformFailure(
      'contract_broken',
      'NO_STORES',
      'the token answer names no store of a known country',
    )
  const isCrossBorder = wordOf(body['country'])?.toLowerCase() === crossBorder || stores.length > 1
  return [
    {
      ...tokens,
      platformMerchantId: (isCrossBorder ? wordOf(body['account_id']) : null) ?? first.sellerId,
      region: isCrossBorder ? crossBorder : first.country,
      scopes: [],
      facts: factsOf(stores),
    },
  ]
}

/**
 * New tokens. The end of the consent is what the answer says, which is not later than before. After that
 * end, and for a grant without a refresh token, only the seller can help: `auth_expired`.
 */
export async function refresh(call: Call, _app: PlatformApp, grant: Grant, nowMs: number): Promise<Grant> {
  if (grant.refreshToken === null || (grant.refreshExpiresAtMs !== null && grant.refreshExpiresAtMs <= nowMs))
    throw new PlatformFailure('auth_expired', 'CONSENT_ENDED', 'the seller has to authorise again')
  const form = { refresh_token: grant.refreshToken }
  const { body, ...tokens } = await askForTokens(call, 'refresh', form, nowMs)
  return {
    ...grant,
    ...tokens,
    refreshToken: tokens.refreshToken ?? grant.refreshToken,
    refreshExpiresAtMs: tokens.refreshExpiresAtMs ?? grant.refreshExpiresAtMs,
    facts: { ...factsOf(storesOf(body)), ...grant.facts },
  }
}

/** The store of each country that the consent named, with the name the seller gave it. */
export async function shops(call: Call, grant: Grant): Promise<readonly GrantedShop[]> {
  const found: GrantedShop[] = []
  for (const [name, sellerId] of Object.entries(grant.facts ?? {})) {
    const market = name.startsWith(sellerFact) ? findMarket(name.slice(sellerFact.length)) : undefined
    if (!market) continue
    const country = market.platformMarketId
    const shopId = shopIdOf(sellerId, country)
    const shortCode = grant.facts?.[shortCodeFact + country]
    const shown = (await storeName(call, country)) ?? shortCode ?? sellerId
    found.push({
      market,
      platformShopId: shopId,
      displayName: `${shown} (${market.countryCode})`,
      stockScopeKey: shopId,
      facts: { seller_id: sellerId, ...(shortCode === undefined ? {} : { short_code: shortCode }) },
    })
  }
  return found
}

/** `null` when the app may not ask: a name is no reason to refuse a connection. */
async function storeName(call: Call, country: string): Promise<string | null> {
  try {
    const answer = await call({
      operation: 'seller.get',
      method: 'GET',
      host: `api.${country}`,
      path: '/seller/get',
      auth: 'seller',
      repeatable: true,
    })
    return wordOf(membersOf(membersOf(answer.body)['data'])['name'])
  } catch (error) {
    if (error instanceof PlatformFailure && error.kind === 'rejected') return null
    throw error
  }
}
