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
import { findMarket } from './markets.ts'
import { isObject, listOf, membersOf, textOf } from './raw-values.ts'

/** A seller's authorisation of a public app ends after this and must be renewed (docs: renew-authorizations). */
export const authorisationDays = 365
const dayMs = 24 * 3600_000

/**
 * The consent page (docs: website-authorization-workflow). One consent covers a region. A host override
 * `seller.<host>`, or `seller` for all, replaces the marketplace's own; the credential `app_is_draft` = `true` adds `version=beta`,
 * without which a draft app gets error MD1000.
 */
export function authorizeUrl(app: PlatformApp, market: Market, state: string, redirectUri: string): string {
  const base =
    app.hosts[`seller.${market.sellerHost}`] ?? app.hosts['seller'] ?? `https://${market.sellerHost}`
  const query = new URLSearchParams({
    application_id: app.credentials['application_id'] ?? '',
    state,
    redirect_uri: redirectUri,
    ...(app.credentials['app_is_draft'] === 'true' ? { version: 'beta' } : {}),
  })
  return `${base.replace(/\/+$/, '')}/apps/authorize/consent?${query.toString()}`
}

/** `mws_auth_token`, sent for old hybrid apps, is ignored. */
export function readCallback(query: Readonly<Record<string, string>>): Consent {
  const {
    state,
    selling_partner_id: sellerId,
    spapi_oauth_code: code,
    error,
    error_description: detail,
  } = query
  if (error) return { ok: false, code: error, detail: detail ?? '', state: state ?? null }
  const missing = Object.entries({ state, selling_partner_id: sellerId, spapi_oauth_code: code })
    .filter(([, value]) => !value)
    .map(([name]) => name)
  if (!state || !sellerId || !code)
    return {
      ok: false,
      code: 'CALLBACK_INCOMPLETE',
      detail: `missing: ${missing.join(', ')}`,
      state: state ?? null,
    }
  return { ok: true, code, state, query }
}

/** What Amazon says when a seller starts from the Appstore (docs: reauthorization-workflow). */
export type AppstoreStart = {
  readonly callbackUri: string
  readonly amazonState: string
  readonly platformMerchantId: string
  readonly isDraft: boolean
}

const sellerPages =
  /^sellercentral(-europe)?\.amazon\.(com|ca|ie|nl|se|pl|eg|sa|ae|in|sg|co\.(za|jp|uk)|com\.(mx|br|be|tr|au|sa))$/

/**
 * Reads the query of the Login URI. `null` when it is incomplete or its callback is not a seller page of
 * Amazon: the browser is sent there with our state, so a foreign address must never pass. `sellerHost`
 * is the configured stand-in of those pages, if any.
 */
export function readAppstoreStart(
  query: Readonly<Record<string, string>>,
  sellerHost?: string,
): AppstoreStart | null {
  const {
    amazon_callback_uri: callbackUri,
    amazon_state: amazonState,
    selling_partner_id: sellerId,
    version,
  } = query
  if (!callbackUri || !amazonState || !sellerId || !URL.canParse(callbackUri)) return null
  const callback = new URL(callbackUri)
  const isAmazons =
    (callback.protocol === 'https:' && sellerPages.test(callback.host)) ||
    (sellerHost !== undefined && callback.origin === new URL(sellerHost).origin)
  if (!isAmazons) return null
  return { callbackUri, amazonState, platformMerchantId: sellerId, isDraft: version === 'beta' }
}

/** Where the browser goes next; Amazon then calls `redirectUri` back as in the website workflow. */
export function appstoreContinueUrl(start: AppstoreStart, state: string, redirectUri: string): string {
  const url = new URL(start.callbackUri)
  url.searchParams.set('redirect_uri', redirectUri)
  url.searchParams.set('amazon_state', start.amazonState)
  url.searchParams.set('state', state)
  if (start.isDraft) url.searchParams.set('version', 'beta')
  return url.toString()
}

type Tokens = {
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly lifeMs: number
}

async function askForTokens(
  call: Call,
  app: PlatformApp,
  operation: string,
  fields: Readonly<Record<string, string>>,
): Promise<Tokens> {
  const answer = await call({
    operation,
    method: 'POST',
    host: 'lwa',
    path: '/auth/o2/token',
    form: {
      ...fields,
      client_id: app.credentials['client_id'] ?? '',
      client_secret: app.credentials['client_secret'] ?? '',
    },
    auth: 'none',
    repeatable: false,
  })
  const { access_token: access, refresh_token: refresh, expires_in: seconds } = membersOf(answer.body)
  const accessToken = textOf(access)
  if (accessToken === null || typeof seconds !== 'number' || !(seconds > 0))
    throw brokenAnswer('NO_ACCESS_TOKEN', 'the token answer has no access_token or no expires_in', answer)
  return { accessToken, refreshToken: textOf(refresh), lifeMs: seconds * 1000 }
}

const brokenAnswer = (code: string, message: string, answer: PlatformAnswer): PlatformFailure =>
  new PlatformFailure('contract_broken', code, message, { httpStatus: answer.status })

/** The code of a consent, within five minutes and once, for tokens. The consent's year begins now. */
export async function exchange(
  call: Call,
  app: PlatformApp,
  { code, query }: Extract<Consent, { ok: true }>,
  { market, redirectUri, nowMs }: { market: Market; redirectUri: string; nowMs: number },
): Promise<readonly Grant[]> {
  const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
  const { accessToken, refreshToken, lifeMs } = await askForTokens(call, app, 'lwa.exchange', fields)
  if (refreshToken === null)
    throw new PlatformFailure('contract_broken', 'NO_REFRESH_TOKEN', 'the token answer has no refresh_token')
  const grant: Grant = {
    platformMerchantId: query['selling_partner_id'] ?? '',
    region: market.region,
    accessToken,
    accessExpiresAtMs: nowMs + lifeMs,
    refreshToken,
    refreshExpiresAtMs: nowMs + authorisationDays * dayMs,
    scopes: [],
  }
  return [grant]
}

/**
 * A new access token. Amazon may send the refresh token back unchanged or not at all. The end of the
 * consent does not move, and stays unknown for a token that was pasted: those of private apps do not end.
 */
export async function refresh(call: Call, app: PlatformApp, grant: Grant, nowMs: number): Promise<Grant> {
  if (grant.refreshToken === null)
    throw new PlatformFailure('auth_revoked', 'NO_REFRESH_TOKEN', 'the grant has no refresh token')
  const fields = { grant_type: 'refresh_token', refresh_token: grant.refreshToken }
  const { accessToken, refreshToken, lifeMs } = await askForTokens(call, app, 'lwa.refresh', fields)
  return {
    ...grant,
    accessToken,
    accessExpiresAtMs: nowMs + lifeMs,
    refreshToken: refreshToken ?? grant.refreshToken,
  }
}

/** A token for the operations that belong to no seller (docs: grantless operations). Used at once, not kept. */
export async function grantlessToken(call: Call, app: PlatformApp, scope: string): Promise<string> {
  const fields = { grant_type: 'client_credentials', scope }
  return (await askForTokens(call, app, 'lwa.grantless', fields)).accessToken
}

/**
 * The marketplaces the seller takes part in, one shop each. Ids outside our table belong to channels that
 * are not Amazon's own and are left out. Suspended listings do not matter here: such a shop still has orders.
 */
export async function shops(call: Call, grant: Grant): Promise<readonly GrantedShop[]> {
  const answer = await call({
    operation: 'sellers.participations',
    method: 'GET',
    host: `api.${grant.region}`,
    path: '/sellers/v1/marketplaceParticipations',
    auth: 'seller',
    repeatable: true,
  })
  const { payload } = membersOf(answer.body)
  if (!Array.isArray(payload))
    throw brokenAnswer('NO_PARTICIPATIONS', 'the list of marketplaces is missing', answer)
  return listOf(payload).flatMap((entry) => readParticipation(entry, grant))
}

function readParticipation(entry: unknown, grant: Grant): GrantedShop[] {
  const { marketplace, participation, storeName } = membersOf(entry)
  const market = findMarket(textOf(membersOf(marketplace)['id']) ?? '')
  if (!market || market.region !== grant.region) return []
  if (!isObject(participation) || participation['isParticipating'] !== true) return []
  return [
    {
      market,
      platformShopId: `${grant.platformMerchantId}:${market.platformMarketId}`,
      displayName: `${textOf(storeName) ?? grant.platformMerchantId} (${market.countryCode})`,
      stockScopeKey: `${grant.platformMerchantId}:${grant.region}`,
    },
  ]
}
