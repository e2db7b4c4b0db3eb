import { createHash, randomBytes } from 'node:crypto'
import type { Platform } from '#canonical/platform.ts'
import type { Call, Connector, Grant, Market, PlatformApp } from '#connectors/connector.ts'
import type { Scope } from '#kernel/environment.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { takeAuthorizationState } from '#store/authorization-states.ts'
import type { AuthorizationStateRow } from '#store/shops.ts'
import type { ShopDeps } from './accounts.ts'
import { storeConnection } from './store-connection.ts'
import type { ConnectedShop, GrantedAccount } from './store-connection.ts'

/** A consent page is answered within this, or started again. */
const stateLifeMs = 15 * 60_000

export type ConnectRefusal = {
  readonly ok: false
  readonly code:
    | 'PLATFORM_NOT_CONFIGURED'
    | 'MARKETPLACE_UNKNOWN'
    | 'STATE_INVALID'
    | 'STATE_USED'
    | 'STATE_EXPIRED'
    | 'CONSENT_REFUSED'
    | 'SHOP_OWNED_ELSEWHERE'
    | 'NO_SHOPS'
    | 'PLATFORM_REFUSED'
  readonly detail: Text
}
export type BeginRefusal = ConnectRefusal & { readonly code: BeginCode }
type BeginCode = 'PLATFORM_NOT_CONFIGURED' | 'MARKETPLACE_UNKNOWN'
export type Connected = {
  readonly ok: true
  readonly shops: readonly ConnectedShop[]
  readonly returnUrl: string | null
}

export type Connect = {
  /** Starts a consent: where to send the seller. */
  readonly begin: (request: {
    readonly scope: Scope
    readonly platform: Platform
    readonly marketplaceCode: string
    readonly startedBy: string
    readonly returnUrl: string | null
  }) => Promise<
    { readonly ok: true; readonly authorizationUrl: string; readonly expiresAtMs: number } | BeginRefusal
  >
  /** The seller came back. Single use; nothing is stored unless everything holds. */
  readonly complete: (
    platform: Platform,
    query: Readonly<Record<string, string>>,
  ) => Promise<Connected | ConnectRefusal>
  /** Connects with a refresh token that the seller made at the platform (private apps). */
  readonly withRefreshToken: (request: {
    readonly scope: Scope
    readonly platform: Platform
    readonly marketplaceCode: string
    readonly platformMerchantId: string
    readonly refreshToken: string
  }) => Promise<Connected | ConnectRefusal>
}

/** What each refusal means to a person; what the platform said is added where there is something. */
const refusals: Readonly<Record<ConnectRefusal['code'], Text>> = {
  PLATFORM_NOT_CONFIGURED: text(
    'No app of this platform is configured for this environment.',
    '当前环境未配置该平台的应用凭证。',
  ),
  MARKETPLACE_UNKNOWN: text('This platform has no such marketplace.', '该平台没有此站点。'),
  STATE_INVALID: text(
    'This link was not issued by this hub. Start the connection again.',
    '授权链接并非由本系统签发，请重新发起授权。',
  ),
  STATE_USED: text(
    'This link was used already. Start the connection again.',
    '授权链接已被使用，请重新发起授权。',
  ),
  STATE_EXPIRED: text(
    'This link is older than 15 minutes. Start the connection again.',
    '授权链接已超过 15 分钟有效期，请重新发起授权。',
  ),
  CONSENT_REFUSED: text('The platform reports that consent was not given.', '平台返回：未获得授权。'),
  SHOP_OWNED_ELSEWHERE: text('Another organisation has connected this account.', '该账号已被其他组织接入。'),
  NO_SHOPS: text('The account takes part in no known marketplace.', '该账号下没有受支持的站点。'),
  PLATFORM_REFUSED: text('The platform refused the exchange.', '平台拒绝了换取令牌的请求。'),
}

const refuse = <C extends ConnectRefusal['code']>(
  code: C,
  said = '',
): ConnectRefusal & { readonly code: C } => {
  const { en, zh } = refusals[code]
  return { ok: false, code, detail: said ? text(`${en} (${said})`, `${zh}(${said})`) : { en, zh } }
}
const hashOf = (state: string): Buffer => createHash('sha256').update(state).digest()

export function makeConnect(
  deps: ShopDeps & {
    /** Where platforms send sellers back: `<public url>/authorize/<platform>/callback`. */
    readonly callbackUrl: (platform: Platform) => string
    /** Runs in the transaction that stores the connection: plans the first walk. */
    readonly onConnected: Parameters<typeof storeConnection>[1]
  },
): Connect {
  const nowMs = deps.clock.nowMs

  async function begin(request: Parameters<Connect['begin']>[0]): ReturnType<Connect['begin']> {
    const found = find(request.scope, request.platform, request.marketplaceCode)
    if (!found.ok) return found
    const { connector, app, market } = found
    const state = randomBytes(32).toString('base64url')
    const redirectUri = deps.callbackUrl(request.platform)
    const expiresAtMs = nowMs() + stateLifeMs
    await deps.db
      .insertInto('authorization_states')
      .values({
        state_hash: hashOf(state),
        org_id: request.scope.orgId,
        environment: request.scope.environment,
        platform: request.platform,
        region: market.region,
        marketplace_code: market.code,
        redirect_uri: redirectUri,
        return_url: request.returnUrl,
        started_by: request.startedBy,
        created_at: new Date(nowMs()),
        expires_at: new Date(expiresAtMs),
        used_at: null,
      })
      .execute()
    const authorizationUrl = connector.auth.authorizeUrl(app, market, state, redirectUri, nowMs())
    return { ok: true, authorizationUrl, expiresAtMs }
  }

  async function complete(
    platform: Platform,
    query: Readonly<Record<string, string>>,
  ): Promise<Connected | ConnectRefusal> {
    const connector = deps.connectors[platform]
    if (!connector) return refuse('PLATFORM_NOT_CONFIGURED', platform)
    const consent = connector.auth.readCallback(query)
    if (consent.state === null) return refuse('STATE_INVALID')
    const taken = await takeAuthorizationState(deps.db, hashOf(consent.state), platform, new Date(nowMs()))
    if (!taken.ok) return refuse(taken.code)
    if (!consent.ok) return refuse('CONSENT_REFUSED', `${consent.code}: ${consent.detail}`)
    const { row } = taken
    const found = find({ orgId: row.org_id, environment: row.environment }, platform, row.marketplace_code)
    if (!found.ok) return found
    const context = { market: found.market, redirectUri: row.redirect_uri, nowMs: nowMs() }
    return settle(found, row, (call) => connector.auth.exchange(call, found.app, consent, context))
  }

  async function withRefreshToken(
    request: Parameters<Connect['withRefreshToken']>[0],
  ): Promise<Connected | ConnectRefusal> {
    const found = find(request.scope, request.platform, request.marketplaceCode)
    if (!found.ok) return found
    const { scope } = request
    const pasted: Grant = {
      platformMerchantId: request.platformMerchantId,
      region: found.market.region,
      accessToken: null,
      accessExpiresAtMs: null,
      refreshToken: request.refreshToken,
      refreshExpiresAtMs: null,
      scopes: [],
    }
    const target = { org_id: scope.orgId, environment: scope.environment, return_url: null }
    return settle(found, target, async (call) => [
      await found.connector.auth.refresh(call, found.app, pasted, nowMs()),
    ])
  }

  /** Asks the platform for tokens and shops, then stores all of them in one transaction. */
  async function settle(
    { connector, app, market }: Found,
    target: Pick<AuthorizationStateRow, 'org_id' | 'environment' | 'return_url'>,
    obtain: (call: Call) => Promise<readonly Grant[]>,
  ): Promise<Connected | ConnectRefusal> {
    let accounts: readonly GrantedAccount[]
    try {
      const grants = await obtain(deps.openCall(connector, app, `new:${market.region}`, null))
      accounts = await Promise.all(grants.map((grant) => withShops(connector, app, grant)))
    } catch (error) {
      if (error instanceof PlatformFailure)
        return refuse('PLATFORM_REFUSED', `${error.code}: ${error.message}`)
      throw error
    }
    if (accounts.every(({ shops }) => shops.length === 0)) return refuse('NO_SHOPS')
    const scope: Scope = { orgId: target.org_id, environment: target.environment }
    const stored = await storeConnection(deps, deps.onConnected, scope, connector.platform, accounts)
    if (!stored) return refuse('SHOP_OWNED_ELSEWHERE')
    deps.onEvents()
    return { ok: true, shops: stored, returnUrl: target.return_url }
  }

  async function withShops(connector: Connector, app: PlatformApp, grant: Grant): Promise<GrantedAccount> {
    const token = () => Promise.resolve(grant.accessToken!)
    const account = `${grant.platformMerchantId}:${grant.region}`
    const call = deps.openCall(connector, app, account, { current: token, renew: token })
    return { grant, shops: await connector.auth.shops(call, grant) }
  }

  type Found = {
    readonly ok: true
    readonly connector: Connector
    readonly app: PlatformApp
    readonly market: Market
  }

  function find(scope: Scope, platform: Platform, marketplaceCode: string): Found | BeginRefusal {
    const connector = deps.connectors[platform]
    const app = deps.app(platform, scope.environment)
    if (!connector || !app) return refuse('PLATFORM_NOT_CONFIGURED', `${platform}, ${scope.environment}`)
    const market = connector.markets.find(({ code }) => code === marketplaceCode)
    if (!market) return refuse('MARKETPLACE_UNKNOWN', marketplaceCode)
    return { ok: true, connector, app, market }
  }

  return { begin, complete, withRefreshToken }
}
