import { randomUUID } from 'node:crypto'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { accessLifeMs } from './grants.ts'
import type { World } from './world.ts'

/** The token endpoint, POST /auth/o2/token. Source: docs: connecting-to-the-selling-partner-api, grantless-operations. */
type Fields = Readonly<Record<string, string>>
type Granter = (world: World, fields: Fields) => HttpAnswer

const scopes = new Set(['sellingpartnerapi::notifications', 'sellingpartnerapi::client_credential:rotation'])

const reply = (status: number, body: object): HttpAnswer => ({
  status,
  headers: {
    'content-type': 'application/json;charset=UTF-8',
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'x-amzn-requestid': randomUUID(),
  },
  body,
})

const refuse = (error: string, description: string, status = 400): HttpAnswer =>
  reply(status, { error_description: description, error })

const badGrant = (field: string): HttpAnswer =>
  refuse('invalid_grant', `The request has an invalid grant parameter : ${field}`)

const bearer = (world: World, sellerId: string, refreshToken: string): HttpAnswer =>
  reply(200, {
    access_token: world.grants.issueAccess({ kind: 'seller', sellerId }),
    refresh_token: refreshToken,
    token_type: 'bearer',
    expires_in: accessLifeMs / 1000,
  })

const byCode: Granter = (world, fields) => {
  const sellerId = world.grants.spendCode(fields['code'] ?? '', fields['redirect_uri'] ?? '')
  return sellerId ? bearer(world, sellerId, world.grants.issueRefresh(sellerId)) : badGrant('code')
}

const byRefresh: Granter = (world, fields) => {
  const token = fields['refresh_token'] ?? ''
  const sellerId = world.grants.readRefresh(token)
  if (!sellerId)
    return refuse(
      'invalid_grant',
      "The request has an invalid grant parameter : refresh_token. User may have revoked or didn't grant the permission.",
    )
  if (!world.faults.strikes('refresh_race', sellerId)) return bearer(world, sellerId, token)
  world.grants.revoke(sellerId)
  return bearer(world, sellerId, world.grants.issueRefresh(sellerId))
}

const byClient: Granter = (world, fields) => {
  const scope = fields['scope'] ?? ''
  if (!scopes.has(scope)) return refuse('invalid_scope', `The request has an invalid scope : ${scope}`)
  return reply(200, {
    access_token: world.grants.issueAccess({ kind: 'grantless', scope }),
    token_type: 'bearer',
    expires_in: accessLifeMs / 1000,
    scope,
  })
}

const granters: Readonly<Record<string, { readonly needs: readonly string[]; readonly grant: Granter }>> = {
  authorization_code: { needs: ['code'], grant: byCode },
  refresh_token: { needs: ['refresh_token'], grant: byRefresh },
  client_credentials: { needs: ['scope'], grant: byClient },
}

function readFields(request: HttpRequest): Fields | null {
  const text = request.body.toString('utf8')
  const type = request.headers['content-type'] ?? ''
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(text))
  if (!type.startsWith('application/json')) return null
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Fields) : null
  } catch {
    return null
  }
}

export function answerToken(world: World, request: HttpRequest): HttpAnswer {
  if (request.method !== 'POST') return refuse('invalid_request', 'The request method must be POST', 405)
  const fields = readFields(request)
  if (!fields) return refuse('invalid_request', 'The request body must be a form or JSON')
  const granter = granters[fields['grant_type'] ?? '']
  if (!granter)
    return refuse(
      'unsupported_grant_type',
      'The authorization grant type is not supported by the authorization server',
    )
  for (const name of ['client_id', 'client_secret', ...granter.needs])
    if (!fields[name])
      return refuse('invalid_request', `The request is missing a required parameter : ${name}`)
  const { app } = world
  if (fields['client_id'] !== app.clientId || fields['client_secret'] !== app.clientSecret)
    return refuse('invalid_client', 'Client authentication failed', 401)
  return granter.grant(world, fields)
}
