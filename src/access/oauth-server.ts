import { generateKeyPairSync } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Provider, errors } from 'oidc-provider'
import type { AdapterFactory, Client, JWK, KoaContextWithOIDC } from 'oidc-provider'
import type { Environment } from '#kernel/environment.ts'
import type { Log } from '#kernel/log.ts'
import { secretMatches } from './client-metadata.ts'
import { newAccessToken } from './credentials.ts'
import { scopeNames } from './scopes.ts'

/** How long an access token lives: a leaked sandbox token is worth less, and short lives find clients that do not renew. */
const tokenLifeSeconds: Readonly<Record<Environment, number>> = { production: 3600, sandbox: 900 }

export const oauthPaths = {
  token: '/oauth/token',
  revocation: '/oauth/revoke',
  introspection: '/oauth/introspect',
} as const

export type OauthServer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** The token, revocation and introspection endpoints. Answers are OAuth's own (RFC 6749, 7009, 7662). */
export function openOauthServer(parts: {
  readonly issuer: string
  readonly artefacts: AdapterFactory
  readonly log: Log
}): OauthServer {
  const { issuer, artefacts, log } = parts
  const isOwn = (_: unknown, client: Client, token: { clientId?: string | undefined }): boolean =>
    token.clientId === client.clientId
  const provider = new Provider(issuer, {
    adapter: artefacts,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    scopes: scopeNames,
    responseTypes: [],
    extraClientMetadata: { properties: ['environment'] },
    ttl: { ClientCredentials: (_, __, client) => tokenLifeSeconds[environmentOf(client)] },
    features: {
      clientCredentials: { enabled: true },
      introspection: { enabled: true, allowedPolicy: isOwn },
      revocation: { enabled: true, allowedPolicy: isOwn },
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: { enabled: false },
    },
    routes: { ...oauthPaths },
    ...unusedSigning(),
  })
  provider.Client.prototype.compareClientSecret = function (shown) {
    return secretMatches(this.clientSecret ?? '', shown)
  }
  provider.registerGrantType('client_credentials', (ctx) => issueToken(provider, ctx), ['scope'])
  provider.on('server_error', (_, error) => log.error({ err: error }, 'the OAuth server failed'))
  provider.on('grant.error', (ctx, error) =>
    log.info({ clientId: ctx.oidc.client?.clientId, error: error.message }, 'no token was given'),
  )
  return provider.callback()
}

const environmentOf = (client: Client | undefined): Environment =>
  client?.['environment'] === 'production' ? 'production' : 'sandbox'

/** As RFC 6749 4.4, except that a request without `scope` gets all that the application may have. */
async function issueToken(provider: Provider, ctx: KoaContextWithOIDC): Promise<void> {
  const client = ctx.oidc.client!
  const asked = ctx.oidc.params?.['scope']
  const allowed = new Set(client.scope?.split(' '))
  const scopes = typeof asked === 'string' && asked !== '' ? new Set(asked.split(' ')) : allowed
  for (const scope of scopes)
    if (!allowed.has(scope)) throw new errors.InvalidScope('the application may not have this scope', scope)
  // A token with an id is stored under it; the library makes ids up only where there is none.
  const jti = newAccessToken(environmentOf(client))
  const issued = new provider.ClientCredentials({ client, scope: [...scopes].join(' '), jti })
  const token = Object.assign(issued, { format: 'opaque' })
  ctx.oidc.entity('ClientCredentials', token)
  ctx.body = {
    access_token: await token.save(),
    token_type: 'Bearer',
    expires_in: token.expiration,
    scope: token.scope,
  }
}

/** The library wants a signing key for ID tokens, which are never issued: a throw-away one, in memory. */
function unusedSigning() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    jwks: { keys: [privateKey.export({ format: 'jwk' }) as JWK] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256' as const] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' as const },
  }
}
