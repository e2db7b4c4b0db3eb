import type { FastifyInstance } from 'fastify'
import { oauthPaths } from '#access/oauth-server.ts'
import type { OauthServer } from '#access/oauth-server.ts'
import { scopeNames } from '#access/scopes.ts'

/**
 * The OAuth endpoints and their metadata (RFC 8414). Their answers and errors are OAuth's own, so the
 * request goes on to the OAuth server with its body unread.
 */
export function mountOauth(app: FastifyInstance, server: OauthServer, publicUrl: string): void {
  const metadata = {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}${oauthPaths.token}`,
    revocation_endpoint: `${publicUrl}${oauthPaths.revocation}`,
    introspection_endpoint: `${publicUrl}${oauthPaths.introspection}`,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    scopes_supported: scopeNames,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    introspection_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  }
  app.get('/.well-known/oauth-authorization-server', { schema: { hide: true } }, () => metadata)
  void app.register((oauth, _, done) => {
    oauth.removeAllContentTypeParsers()
    oauth.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null))
    for (const path of Object.values(oauthPaths))
      oauth.post(path, { schema: { hide: true } }, async (request, reply) => {
        reply.hijack()
        await server(request.raw, reply.raw)
      })
    done()
  })
}
