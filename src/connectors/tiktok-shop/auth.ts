import type {
  Call,
  Consent,
  Facts,
  Grant,
  GrantedShop,
  Market,
  PlatformAnswer,
  PlatformApp,
} from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { findMarket } from './markets.ts'
import { idOf, listOf, membersOf, secondsToMs, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/**
 * The consent page (docs: authorization-overview-202407). It returns to the redirect URL registered with the
 * app, so none is sent. Host overrides: `seller.us`, `seller.global`, or `seller` for both. `service_id` is
 * a number of its own, not the app key.
 */
export function authorizeUrl(app: PlatformApp, market: Market, state: string): string {
  const base = app.hosts[`seller.${market.region}`] ?? app.hosts['seller'] ?? `https://${market.sellerHost}`
  const query = new URLSearchParams({ service_id: app.credentials['service_id'] ?? '', state })
  return `${base.replace(/\/+$/, '')}/open/authorize?${query.toString()}`
}

/**
 * A refusal comes as `code=null&error=auth_denied`, the word null spelt out. A seller who starts in Seller
 * Center arrives without our state; such a callback belongs to nobody and is refused as incomplete.
 */
export function readCallback(query: Readonly<Record<string, string>>): Consent {
  const { state, code, error, error_description: detail } = query
  if (error) return { ok: false, code: error, detail: detail ?? '', state: state ?? null }
  const hasCode = Boolean(code) && code !== 'null'
  if (state && code && hasCode) return { ok: true, code, state, query }
  const missing = [...(hasCode ? [] : ['code']), ...(state ? [] : ['state'])].join(', ')
  return { ok: false, code: 'CALLBACK_INCOMPLETE', detail: `missing: ${missing}`, state: state ?? null }
}

type TokenOperation = {
  readonly operation: string
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
}

/** GET with the app secret in the query: these addresses must stay out of every log. */
async function askForTokens(
  call: Call,
  app: PlatformApp,
  { operation, path, fields }: TokenOperation,
): Promise<{ readonly data: Members; readonly answer: PlatformAnswer }> {
  const answer = await call({
    operation,
    method: 'GET',
    host: 'auth',
    path,
    query: {
      app_key: app.credentials['app_key'] ?? '',
      app_secret: app.credentials['app_secret'] ?? '',
      ...fields,
    },
    auth: 'none',
    repeatable: false,
  })
  return { data: membersOf(membersOf(answer.body)['data']), answer }
}

const broken = (code: string, message: string, answer: PlatformAnswer): PlatformFailure =>
  new PlatformFailure('contract_broken', code, message, { httpStatus: answer.status })

type Tokens = Pick<
  Grant,
  'accessToken' | 'accessExpiresAtMs' | 'refreshToken' | 'refreshExpiresAtMs' | 'scopes'
>

/** `*_expire_in` are instants in Unix seconds, not spans. */
function readTokens(data: Members, answer: PlatformAnswer): Tokens {
  const accessToken = textOf(data['access_token'])
  const refreshToken = textOf(data['refresh_token'])
  const accessExpiresAtMs = secondsToMs(data['access_token_expire_in'])
  if (accessToken === null || refreshToken === null)
    throw broken('NO_TOKEN', 'the token answer has no access_token or no refresh_token', answer)
  if (accessExpiresAtMs === null)
    throw broken('NO_EXPIRY', 'access_token_expire_in is not a Unix time in seconds', answer)
  return {
    accessToken,
    accessExpiresAtMs,
    refreshToken,
    refreshExpiresAtMs: secondsToMs(data['refresh_token_expire_in']),
    scopes: listOf(data['granted_scopes']).filter((scope) => typeof scope === 'string'),
  }
}

/** Sellers are user type 0; creators (1) and partners (3) have no shops. */
const sellerType = 0

const factsOf = (data: Members): Facts =>
  Object.fromEntries(
    ['seller_name', 'seller_base_region'].flatMap((name) => {
      const value = textOf(data[name])
      return value === null ? [] : [[name, value]]
    }),
  )

/** The code of a consent, within 30 minutes and once, for tokens. The grant may cover shops of many markets. */
export async function exchange(
  call: Call,
  app: PlatformApp,
  { code }: Extract<Consent, { ok: true }>,
  { market }: { readonly market: Market },
): Promise<readonly Grant[]> {
  const { data, answer } = await askForTokens(call, app, {
    operation: 'token.get',
    path: '/api/v2/token/get',
    fields: { auth_code: code, grant_type: 'authorized_code' },
  })
  if (data['user_type'] !== undefined && data['user_type'] !== sellerType)
    throw new PlatformFailure('rejected', 'NOT_A_SELLER', 'the account that consented is not a seller')
  const openId = idOf(data['open_id'])
  if (openId === null) throw broken('NO_OPEN_ID', 'the token answer has no open_id', answer)
  return [
    {
      platformMerchantId: openId,
      region: market.region,
      ...readTokens(data, answer),
      facts: factsOf(data),
    },
  ]
}

/**
 * New tokens. Whether the old ones end at once is not documented (UNVERIFIED): treated as if they did, so
 * the newest refresh token is always the one to keep.
 */
export async function refresh(call: Call, app: PlatformApp, grant: Grant): Promise<Grant> {
  if (grant.refreshToken === null)
    throw new PlatformFailure('auth_revoked', 'NO_REFRESH_TOKEN', 'the grant has no refresh token')
  const { data, answer } = await askForTokens(call, app, {
    operation: 'token.refresh',
    path: '/api/v2/token/refresh',
    fields: { refresh_token: grant.refreshToken, grant_type: 'refresh_token' },
  })
  const tokens = readTokens(data, answer)
  return {
    ...grant,
    platformMerchantId: grant.platformMerchantId || (idOf(data['open_id']) ?? ''),
    ...tokens,
    scopes: tokens.scopes.length > 0 ? tokens.scopes : grant.scopes,
    facts: { ...grant.facts, ...factsOf(data) },
  }
}

/**
 * The shops of a grant, of all markets, with the cipher that names each in later calls (docs:
 * get-authorized-shops). Shops of regions that the table of markets does not have are left out.
 */
export async function shops(call: Call, _grant: Grant): Promise<readonly GrantedShop[]> {
  const answer = await call({
    operation: 'shops.list',
    method: 'GET',
    host: 'api',
    path: '/authorization/202309/shops',
    auth: 'seller',
    repeatable: true,
  })
  const list = membersOf(membersOf(answer.body)['data'])['shops']
  if (!Array.isArray(list)) throw broken('NO_SHOP_LIST', 'the list of shops is missing', answer)
  return (list as unknown[]).flatMap(readShop)
}

function readShop(entry: unknown): GrantedShop[] {
  const { id, name, region, cipher, code, seller_type: sellerType } = membersOf(entry)
  const shopId = idOf(id)
  const shopCipher = textOf(cipher)
  const market = findMarket(textOf(region) ?? '')
  if (shopId === null || shopCipher === null || !market) return []
  return [
    {
      market,
      platformShopId: shopId,
      displayName: `${textOf(name) ?? shopId} (${market.countryCode})`,
      stockScopeKey: shopId,
      facts: {
        shop_cipher: shopCipher,
        ...(textOf(code) === null ? {} : { shop_code: String(code) }),
        ...(textOf(sellerType) === null ? {} : { seller_type: String(sellerType) }),
      },
    },
  ]
}
