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
import { findMarket, hosts, region } from './markets.ts'
import { idOf, listOf, membersOf, msOf, textOf } from './raw-values.ts'
import { sign } from './sign.ts'

/** The seller chooses how long a consent lasts; this is the longest (docs: developer-guide/20). */
export const authorisationDays = 365

const signedConsentPath = '/api/v2/shop/auth_partner'

/**
 * The consent page (docs: developer-guide/20). A host override `seller` replaces the page of every market.
 * With the credential `consent_link` = `signed` it is the older link, which is signed, lasts five minutes and
 * has no state of its own: the state travels in the redirect address. `auth_type` (default `seller`) may
 * be `supplier` or `user`.
 */
export function authorizeUrl(
  app: PlatformApp,
  market: Market,
  state: string,
  redirectUri: string,
  nowMs: number,
): string {
  if (app.credentials['consent_link'] === 'signed') return signedConsentUrl(app, state, redirectUri, nowMs)
  const base = app.hosts['seller'] ?? `https://${market.sellerHost}`
  const query = new URLSearchParams({
    partner_id: app.credentials['partner_id'] ?? '',
    auth_type: app.credentials['auth_type'] ?? 'seller',
    redirect_uri: redirectUri,
    response_type: 'code',
    state,
  })
  return `${base.replace(/\/+$/, '')}/auth?${query.toString()}`
}

function signedConsentUrl(app: PlatformApp, state: string, redirectUri: string, nowMs: number): string {
  const redirect = new URL(redirectUri)
  redirect.searchParams.set('state', state)
  const request = {
    operation: 'auth.consent',
    method: 'GET',
    host: 'api',
    path: signedConsentPath,
    query: { redirect: redirect.href },
    auth: 'none',
    repeatable: false,
  } as const
  return sign(request, app.hosts['api'] ?? hosts['api']!, app, null, nowMs).url
}

/** `shop_id` for a shop's own account, `main_account_id` for a main account with several shops. */
export function readCallback(query: Readonly<Record<string, string>>): Consent {
  const { state, code, error, shop_id: shopId, main_account_id: mainAccountId } = query
  if (error) return { ok: false, code: error, detail: query['message'] ?? '', state: state ?? null }
  const account = idOf(shopId ?? mainAccountId)
  const missing = Object.entries({ state, code, 'shop_id or main_account_id': account })
    .filter(([, value]) => !value)
    .map(([name]) => name)
  if (!state || !code || account === null)
    return {
      ok: false,
      code: 'CALLBACK_INCOMPLETE',
      detail: `missing: ${missing.join(', ')}`,
      state: state ?? null,
    }
  return { ok: true, code, state, query }
}

/** Merchants (cross-border accounts above shops) have grants of their own, told apart by this prefix. */
const merchantPrefix = 'merchant:'

type OwnerName = 'shop_id' | 'main_account_id' | 'merchant_id'
type Owner = { readonly name: OwnerName; readonly id: string }

const ownerOf = (platformMerchantId: string): Owner =>
  platformMerchantId.startsWith(merchantPrefix)
    ? { name: 'merchant_id', id: platformMerchantId.slice(merchantPrefix.length) }
    : { name: 'shop_id', id: platformMerchantId }

type Tokens = {
  readonly accessToken: string
  readonly accessExpiresAtMs: number
  readonly refreshToken: string
  readonly shopIds: readonly string[]
  readonly merchantIds: readonly string[]
}

/** Ids go into the body as numbers: Shopee refuses them as text. Written by hand, so that no digit is lost. */
const bodyWith = (secret: Readonly<Record<string, string>>, app: PlatformApp, owner: Owner): string => {
  const [entry] = Object.entries(secret)
  const partnerId = idOf(app.credentials['partner_id']) ?? '0'
  return `{${JSON.stringify(entry![0])}:${JSON.stringify(entry![1])},"partner_id":${partnerId},"${owner.name}":${owner.id}}`
}

async function askForTokens(
  call: Call,
  operation: 'auth.exchange' | 'auth.refresh',
  bodyText: string,
  nowMs: number,
): Promise<Tokens> {
  const answer = await call({
    operation,
    method: 'POST',
    host: 'api',
    path: operation === 'auth.exchange' ? '/api/v2/auth/token/get' : '/api/v2/auth/access_token/get',
    bodyText,
    auth: 'none',
    repeatable: false,
  })
  const body = membersOf(answer.body)
  const accessToken = textOf(body['access_token'])
  const refreshToken = textOf(body['refresh_token'])
  const life = body['expire_in']
  if (accessToken === null || refreshToken === null || typeof life !== 'number' || !(life > 0))
    throw brokenAnswer('NO_TOKENS', 'the token answer lacks access_token, refresh_token or expire_in', answer)
  return {
    accessToken,
    refreshToken,
    // The documented sample gives an instant where a duration belongs.
    accessExpiresAtMs: life > 1e9 ? life * 1000 : nowMs + life * 1000,
    shopIds: idsOf(body['shop_id_list']),
    merchantIds: idsOf(body['merchant_id_list']),
  }
}

const idsOf = (list: unknown): readonly string[] => [
  ...new Set(listOf(list).flatMap((entry) => idOf(entry) ?? [])),
]

const brokenAnswer = (code: string, message: string, answer: PlatformAnswer): PlatformFailure =>
  new PlatformFailure('contract_broken', code, message, { httpStatus: answer.status })

const grantOf = (
  platformMerchantId: string,
  { accessToken, accessExpiresAtMs, refreshToken }: Tokens,
  refreshExpiresAtMs: number | null,
): Grant => ({
  platformMerchantId,
  region,
  accessToken,
  accessExpiresAtMs,
  refreshToken,
  refreshExpiresAtMs,
  scopes: [],
})

/**
 * The code of a consent, within ten minutes and once, for tokens. A shop account gives one grant. A main
 * account gives one pair of tokens for all: refreshed once with each shop's and each merchant's id it becomes
 * a pair for each (docs: developer-guide/20). Shops that Shopee refuses at this step are left out.
 * The end of the consent, which no token answer tells, is asked for: `refreshExpiresAtMs`.
 */
export async function exchange(
  call: Call,
  app: PlatformApp,
  { code, query }: Extract<Consent, { ok: true }>,
  { nowMs }: { readonly market: Market; readonly redirectUri: string; readonly nowMs: number },
): Promise<readonly Grant[]> {
  const shopId = idOf(query['shop_id'])
  const owner: Owner =
    shopId === null
      ? { name: 'main_account_id', id: idOf(query['main_account_id']) ?? '0' }
      : { name: 'shop_id', id: shopId }
  const tokens = await askForTokens(call, 'auth.exchange', bodyWith({ code }, app, owner), nowMs)
  if (shopId !== null) return [await withEnd(call, grantOf(shopId, tokens, null))]
  const shared = grantOf('', tokens, null)
  const accounts = [...tokens.shopIds, ...tokens.merchantIds.map((id) => merchantPrefix + id)]
  const grants: Grant[] = []
  for (const platformMerchantId of accounts) {
    const own = await refreshUnlessRefused(call, app, { ...shared, platformMerchantId }, nowMs)
    if (own) grants.push(platformMerchantId.startsWith(merchantPrefix) ? own : await withEnd(call, own))
  }
  return grants
}

async function refreshUnlessRefused(
  call: Call,
  app: PlatformApp,
  grant: Grant,
  nowMs: number,
): Promise<Grant | null> {
  try {
    return await refresh(call, app, grant, nowMs)
  } catch (error) {
    if (error instanceof PlatformFailure && (error.kind === 'rejected' || error.kind === 'auth_revoked'))
      return null
    throw error
  }
}

async function withEnd(call: Call, grant: Grant): Promise<Grant> {
  const info = await shopInfo(call, grant.platformMerchantId, grant.accessToken)
  return { ...grant, refreshExpiresAtMs: msOf(info['expire_time']) }
}

/**
 * A new pair of tokens. The old refresh token is dead from here on (the old access token lives five minutes
 * more), so the caller must keep the new pair before it does anything else.
 */
export async function refresh(call: Call, app: PlatformApp, grant: Grant, nowMs: number): Promise<Grant> {
  if (grant.refreshToken === null)
    throw new PlatformFailure('auth_revoked', 'NO_REFRESH_TOKEN', 'the grant has no refresh token')
  const owner = ownerOf(grant.platformMerchantId)
  if (idOf(owner.id) === null)
    throw new PlatformFailure('rejected', 'NO_SHOP_ID', 'the account is not a Shopee shop or merchant id')
  const secret = { refresh_token: grant.refreshToken }
  const { accessToken, accessExpiresAtMs, refreshToken } = await askForTokens(
    call,
    'auth.refresh',
    bodyWith(secret, app, owner),
    nowMs,
  )
  return { ...grant, accessToken, accessExpiresAtMs, refreshToken }
}

/** `get_shop_info`, whose facts stand at the top of the answer. With a token: signed with that one. */
async function shopInfo(
  call: Call,
  shopId: string,
  accessToken?: string | null,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await call({
    operation: 'shop.info',
    method: 'GET',
    host: 'api',
    path: '/api/v2/shop/get_shop_info',
    query: { shop_id: shopId, ...(accessToken ? { access_token: accessToken } : {}) },
    auth: accessToken ? 'none' : 'seller',
    repeatable: true,
  })
  const body = membersOf(answer.body)
  if (textOf(body['region']) === null)
    throw brokenAnswer('NO_SHOP_INFO', 'the answer does not say which market the shop is in', answer)
  return body
}

/**
 * The shop of the grant; none for a merchant, and none in a market outside our table. SIP affiliate shops
 * are run by Shopee and cannot be called.
 */
export async function shops(call: Call, grant: Grant): Promise<readonly GrantedShop[]> {
  const owner = ownerOf(grant.platformMerchantId)
  if (owner.name === 'merchant_id') return []
  const info = await shopInfo(call, owner.id)
  const market = findMarket(textOf(info['region'])!)
  if (!market) return []
  const merchantId = idOf(info['merchant_id'])
  const sharesStock = info['is_upgraded_cbsc'] === true && merchantId !== null
  return [
    {
      market,
      platformShopId: owner.id,
      displayName: `${textOf(info['shop_name']) ?? owner.id} (${market.countryCode})`,
      stockScopeKey: sharesStock ? `${merchantPrefix}${merchantId}` : owner.id,
      facts: {
        status: textOf(info['status']) ?? '',
        is_cross_border: String(info['is_cb'] === true),
        is_sip: String(info['is_sip'] === true),
        ...(merchantId === null ? {} : { merchant_id: merchantId }),
      },
    },
  ]
}
