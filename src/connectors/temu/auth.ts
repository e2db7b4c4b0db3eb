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
import { findMarketByCode, findMarketByRegionId, hosts, markets, regions } from './markets.ts'
import type { Region } from './markets.ts'
import { idOf, isObject, listOf, secondsOf, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { callRouter, resultOf } from './router.ts'

/** What the official example shows; `expiredTime` decides (docs: bg.open.accesstoken.create). */
export const authorisationDays = 365

/** APIs that need a separate approval of Temu; a grant's facts tell which of them it has. */
const approvedApis = [
  'bg.order.amount.query',
  'temu.order.amount.v2.query',
  'bg.order.decryptshippinginfo.get',
]

/**
 * The consent page (docs: authorize-and-authorization-callback). A host override `seller.<host>`, or
 * `seller` for all, replaces the market's own.
 */
export function authorizeUrl(app: PlatformApp, market: Market, state: string, redirectUri: string): string {
  const base =
    app.hosts[`seller.${market.sellerHost}`] ?? app.hosts['seller'] ?? `https://${market.sellerHost}`
  const query = new URLSearchParams({
    appKey: app.credentials['app_key'] ?? '',
    redirect_uri: redirectUri,
    state,
  })
  return `${base.replace(/\/+$/, '')}/open-platform/client-manage/authorization?${query.toString()}`
}

/** The names of a refusal are not documented; those of OAuth are read. */
export function readCallback(query: Readonly<Record<string, string>>): Consent {
  const { state, code, error, error_description: detail } = query
  if (error) return { ok: false, code: error, detail: detail ?? '', state: state ?? null }
  const missing = Object.entries({ state, code })
    .filter(([, value]) => !value)
    .map(([name]) => name)
  if (!state || !code)
    return {
      ok: false,
      code: 'CALLBACK_INCOMPLETE',
      detail: `missing: ${missing.join(', ')}`,
      state: state ?? null,
    }
  return { ok: true, code, state, query }
}

/**
 * The gateway that a callback names. Anyone can write a callback, so only hosts of our own table count:
 * the secret must never be used towards a foreign one.
 */
function regionOfCallback({ callback_host: host, app_key: appKey }: Facts, app: PlatformApp): Region | null {
  if (appKey && appKey !== app.credentials['app_key'])
    throw new PlatformFailure('rejected', 'CALLBACK_OF_ANOTHER_APP', 'the callback names another app_key')
  if (!host) return null
  const region = regions.find((each) =>
    [hosts[`api.${each}`], app.hosts[`api.${each}`]].some((url) => url && new URL(url).host === host),
  )
  if (region) return region
  throw new PlatformFailure('rejected', 'CALLBACK_HOST_UNKNOWN', 'the callback names no gateway of Temu')
}

/** The code of a consent, within ten minutes and once, for the tokens of the mall and of those beside it. */
export async function exchange(
  call: Call,
  app: PlatformApp,
  { code, query }: Extract<Consent, { ok: true }>,
  { market }: { market: Market },
): Promise<readonly Grant[]> {
  const region = regionOfCallback(query, app) ?? market.region
  const answer = await callRouter(call, {
    operation: 'token.create',
    type: 'bg.open.accesstoken.create',
    region,
    parameters: { code },
    // On this first call the code stands for the token.
    token: code,
    repeatable: false,
  })
  const result = resultOf(answer)
  const own = readGrant(result, textOf(result['accessToken']), region, market, answer)
  const others: Grant[] = []
  for (const entry of listOf(result['associatedMallTokenList']).filter(isObject))
    if (idOf(entry['mallId']) !== own.platformMerchantId)
      others.push(await readAssociated(call, entry, own, market, answer))
  return [own, ...others]
}

/** A further mall of the same seller. Its life and scopes are asked for; where that is refused they are the first one's. */
async function readAssociated(
  call: Call,
  { mallId, accessToken }: Members,
  own: Grant,
  market: Market,
  answer: PlatformAnswer,
): Promise<Grant> {
  const token = textOf(accessToken)
  const id = idOf(mallId)
  if (token === null || id === null) throw brokenAnswer('an associated mall without id or token', answer)
  try {
    const told = await askAboutToken(call, own.region, token)
    return readGrant({ ...resultOf(told), mallId }, token, own.region, market, told)
  } catch (error) {
    if (!(error instanceof PlatformFailure) || error.kind !== 'rejected') throw error
    return { ...own, platformMerchantId: id, accessToken: token }
  }
}

const askAboutToken = (call: Call, region: string, token: string): Promise<PlatformAnswer> =>
  callRouter(call, {
    operation: 'token.info',
    type: 'bg.open.accesstoken.info.get',
    region,
    parameters: {},
    token,
  })

/** `mallType`, `regionId` and the lists are missing in the older example, so only the mall and the token count. */
function readGrant(
  result: Members,
  token: string | null,
  region: string,
  market: Market | undefined,
  answer: PlatformAnswer,
): Grant {
  const mallId = idOf(result['mallId'])
  if (token === null || mallId === null) throw brokenAnswer('no accessToken or no mallId', answer)
  const expiresAtMs = secondsOf(result['expiredTime'])
  const regionId = idOf(result['regionId'])
  const scopes = listOf(result['apiScopeList']).filter((scope) => typeof scope === 'string')
  const own = regionId === null ? undefined : findMarketByRegionId(regionId)
  const place = own?.region === region ? own : (market ?? markets.find((each) => each.region === region))
  return {
    platformMerchantId: mallId,
    region,
    accessToken: token,
    accessExpiresAtMs: expiresAtMs,
    refreshToken: null,
    // There is nothing to refresh with: when the token ends, the consent ends.
    refreshExpiresAtMs: expiresAtMs,
    scopes,
    facts: {
      ...(place ? { market: place.code } : {}),
      ...(regionId === null ? {} : { region_id: regionId }),
      ...(idOf(result['mallType']) === null ? {} : { mall_type: idOf(result['mallType'])! }),
      ...(scopes.length === 0
        ? {}
        : { approved_apis: approvedApis.filter((api) => scopes.includes(api)).join(' ') }),
    },
  }
}

const brokenAnswer = (message: string, answer: PlatformAnswer): PlatformFailure =>
  new PlatformFailure('contract_broken', 'TOKEN_INCOMPLETE', message, { httpStatus: answer.status })

/**
 * Temu has no refresh: a token lives until `expiredTime`, then the seller authorises again. The one thing
 * to do here is a token that a seller made in Seller Center and pasted where others paste a refresh token:
 * Temu is asked what it is good for. Throws `auth_expired` otherwise.
 */
export async function refresh(call: Call, _app: PlatformApp, grant: Grant): Promise<Grant> {
  const pasted = grant.accessToken === null ? grant.refreshToken : null
  if (pasted === null)
    throw new PlatformFailure('auth_expired', 'NO_REFRESH', 'Temu tokens are not refreshed: authorise again')
  const answer = await askAboutToken(call, grant.region, pasted)
  const { mallId, ...result } = resultOf(answer)
  const market = findMarketByCode(grant.facts?.['market'] ?? '')
  return readGrant(
    { ...result, mallId: mallId ?? grant.platformMerchantId },
    pasted,
    grant.region,
    market,
    answer,
  )
}

/** A grant is for one mall, and the mall is the shop. Temu tells no name of it. */
export function shops(_call: Call, grant: Grant): Promise<readonly GrantedShop[]> {
  const market = findMarketByCode(grant.facts?.['market'] ?? '')
  if (!market) return Promise.resolve([])
  const { platformMerchantId: mallId } = grant
  return Promise.resolve([
    {
      market,
      platformShopId: mallId,
      displayName: `Temu ${mallId} (${market.countryCode})`,
      stockScopeKey: mallId,
      ...(grant.facts ? { facts: grant.facts } : {}),
    },
  ])
}
