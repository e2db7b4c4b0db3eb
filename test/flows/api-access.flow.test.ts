import { afterAll, describe, expect, test } from 'vitest'
import { addOrder, addShop, openTestApi, publicUrl } from '#test/support/api.ts'
import { openTestDatabase } from '#test/support/database.ts'

const database = await openTestDatabase()
const hub = openTestApi(database.url)
afterAll(hub.close)

const { scope, shopId } = await addShop(hub.store.db)
const orderId = await addOrder(hub, scope, shopId)
const url = `/sandbox/v1/orders/${orderId}`

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  hub.api.inject({
    method: 'POST',
    url: path,
    headers: { ...form, ...headers },
    payload: new URLSearchParams(fields).toString(),
  })

describe('tokens', () => {
  test('are given for client credentials, by body or by header, for 15 minutes in the sandbox', async () => {
    const { clientId, clientSecret } = await hub.connect(scope)
    const asked = { grant_type: 'client_credentials', scope: 'orders/read' }
    const byBody = await post('/oauth/token', { ...asked, client_id: clientId, client_secret: clientSecret })
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    const byHeader = await post('/oauth/token', asked, { authorization: `Basic ${basic}` })
    for (const answer of [byBody, byHeader]) {
      expect(answer.json()).toEqual({
        access_token: expect.stringMatching(/^oct_test_[\w-]{43}$/) as string,
        token_type: 'Bearer',
        expires_in: 900,
        scope: 'orders/read',
      })
      expect(answer.headers['x-request-id']).toMatch(/^req_/)
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })

  test('live 60 minutes in production and carry every scope when none is asked for', async () => {
    const { clientId, clientSecret } = await hub.access.createApplication(
      { orgId: scope.orgId, environment: 'production' },
      { name: 'ERP', scopes: ['orders/read', 'raw/read'] },
    )
    const answer = await post('/oauth/token', {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
    })
    expect(answer.json()).toMatchObject({ expires_in: 3600, scope: 'orders/read raw/read' })
    expect(answer.json<{ access_token: string }>().access_token).toMatch(/^oct_live_/)
  })

  test.each([
    ['a wrong secret', { client_secret: 'ocs_test_wrong' }, 401, 'invalid_client'],
    ['an unknown client', { client_id: 'oc_test_nobody' }, 401, 'invalid_client'],
    ['a scope it may not have', { scope: 'raw/read' }, 400, 'invalid_scope'],
    ['another grant type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ])('are refused for %s', async (_, change, status, error) => {
    const { clientId, clientSecret } = await hub.access.createApplication(scope, {
      name: 'E',
      scopes: ['orders/read'],
    })
    const answer = await post('/oauth/token', {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret,
      ...change,
    })
    expect(answer.statusCode).toBe(status)
    expect(answer.json()).toMatchObject({ error })
  })

  test('are nowhere in the database, nor are secrets', async () => {
    const { token, clientSecret } = await hub.connect(scope)
    const { rows } = await hub.store.pool.query<{ all: string }>(
      `select (select string_agg(t::text, '') from oauth_artefacts t) ||
              (select string_agg(s::text, '') from application_secrets s) ||
              (select string_agg(a::text, '') from applications a) as all`,
    )
    for (const secret of [token, clientSecret, token.slice(9), clientSecret.slice(9)])
      for (const form of [
        secret,
        Buffer.from(secret).toString('hex'),
        Buffer.from(secret).toString('base64'),
      ])
        expect(rows[0]!.all.includes(form)).toBe(false)
  })

  test('are told apart from what is not one of ours', async () => {
    for (const [authorization, code] of [
      [undefined, 'AUTH_REQUIRED'],
      ['Basic abc', 'AUTH_REQUIRED'],
      ['Bearer', 'AUTH_REQUIRED'],
      ['Bearer nonsense', 'AUTH_TOKEN_INVALID'],
      [`Bearer oct_test_${'A'.repeat(43)}`, 'AUTH_TOKEN_INVALID'],
    ] as const) {
      const answer = await hub.api.inject({
        url,
        headers: authorization === undefined ? {} : { authorization },
      })
      expect(answer.statusCode).toBe(401)
      expect(answer.json()).toMatchObject({ code })
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
      expect(answer.headers['x-openclaw-environment']).toBe('sandbox')
    }
  })

  test('expire, and a client is told so', async () => {
    const { token } = await hub.connect(scope)
    expect((await hub.get(url, token)).statusCode).toBe(200)
    hub.pass(900_000)
    const expired = { statusCode: 401, code: 'AUTH_TOKEN_EXPIRED' }
    const first = await hub.get(url, token)
    expect({ statusCode: first.statusCode, code: first.json<{ code: string }>().code }).toEqual(expired)
    hub.pass(60_000)
    expect((await hub.get(url, token)).json()).toMatchObject({ code: 'AUTH_TOKEN_EXPIRED' })
    hub.pass(2 * 86_400_000)
    expect(await hub.access.sweep()).toBeGreaterThan(0)
    expect((await hub.get(url, token)).json()).toMatchObject({ code: 'AUTH_TOKEN_INVALID' })
  })

  test('are dead at once when revoked, also when just used', async () => {
    const { token, clientId, clientSecret } = await hub.connect(scope)
    const client = { client_id: clientId, client_secret: clientSecret }
    expect((await hub.get(url, token)).statusCode).toBe(200)
    expect((await post('/oauth/introspect', { token, ...client })).json()).toMatchObject({
      active: true,
      client_id: clientId,
    })
    expect((await post('/oauth/revoke', { token, ...client })).statusCode).toBe(200)
    expect((await hub.get(url, token)).json()).toMatchObject({ code: 'AUTH_TOKEN_INVALID' })
    expect((await post('/oauth/introspect', { token, ...client })).json()).toEqual({ active: false })
  })

  test('of others can be neither revoked nor looked into', async () => {
    const { token } = await hub.connect(scope)
    const { clientId, clientSecret } = await hub.connect(scope)
    const client = { client_id: clientId, client_secret: clientSecret }
    expect((await post('/oauth/introspect', { token, ...client })).json()).toEqual({ active: false })
    await post('/oauth/revoke', { token, ...client })
    expect((await hub.get(url, token)).statusCode).toBe(200)
  })

  test('of the other environment are a mismatch, both ways', async () => {
    const { token: sandbox } = await hub.connect(scope)
    const { token: production } = await hub.connect({ ...scope, environment: 'production' })
    for (const [path, token] of [
      ['/v1/shops', sandbox],
      ['/sandbox/v1/shops', production],
    ] as const) {
      const answer = await hub.get(path, token)
      expect(answer.statusCode).toBe(401)
      expect(answer.json()).toMatchObject({ code: 'ENVIRONMENT_MISMATCH', category: 'auth' })
    }
    expect((await hub.get('/v1/shops', production)).statusCode).toBe(200)
  })
})

describe('applications', () => {
  test('are suspended and resumed at once', async () => {
    const { token, applicationId, clientId, clientSecret } = await hub.connect(scope)
    expect((await hub.get(url, token)).statusCode).toBe(200)
    await hub.access.setApplicationStatus(scope, applicationId, 'suspended')
    const refused = await hub.get(url, token)
    expect(refused.json()).toMatchObject({ code: 'APPLICATION_SUSPENDED' })
    await expect(hub.tokenOf({ clientId, clientSecret })).rejects.toThrow('invalid_client')
    await hub.access.setApplicationStatus(scope, applicationId, 'active')
    expect((await hub.get(url, token)).statusCode).toBe(200)
  })

  test('cannot be suspended by another organisation', async () => {
    const { applicationId } = await hub.connect(scope)
    const other = await addShop(hub.store.db)
    expect(await hub.access.setApplicationStatus(other.scope, applicationId, 'suspended')).toBe(false)
    expect(await hub.access.rotateSecret(other.scope, applicationId, 0)).toBe(null)
  })

  test('have two secrets alive while one is rotated, never three', async () => {
    const { clientId, clientSecret: first, applicationId } = await hub.connect(scope)
    const second = (await hub.access.rotateSecret(scope, applicationId, 3_600_000))!.clientSecret
    await hub.tokenOf({ clientId, clientSecret: first })
    await hub.tokenOf({ clientId, clientSecret: second })
    const third = (await hub.access.rotateSecret(scope, applicationId, 3_600_000))!.clientSecret
    await expect(hub.tokenOf({ clientId, clientSecret: first })).rejects.toThrow('invalid_client')
    await hub.tokenOf({ clientId, clientSecret: second })
    await hub.tokenOf({ clientId, clientSecret: third })
    hub.pass(3_600_000)
    await expect(hub.tokenOf({ clientId, clientSecret: second })).rejects.toThrow('invalid_client')
    await hub.tokenOf({ clientId, clientSecret: third })
  })

  test('without the scope of a route get 403', async () => {
    const { token } = await hub.connect(scope, { scopes: ['orders/read'] })
    expect((await hub.get(url, token)).statusCode).toBe(200)
    const answer = await hub.get(`${url}/raw`, token)
    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toMatchObject({ code: 'INSUFFICIENT_SCOPE' })
    expect(answer.headers['www-authenticate']).toContain('scope="raw/read"')
  })

  test('lose a scope with their tokens', async () => {
    const { token, applicationId } = await hub.connect(scope)
    await hub.store.db
      .updateTable('applications')
      .set({ scopes: ['shops/manage'] })
      .where('id', '=', applicationId)
      .execute()
    expect((await hub.get(url, token)).json()).toMatchObject({ code: 'INSUFFICIENT_SCOPE' })
  })
})

test('the metadata document names what there is', async () => {
  const answer = await hub.api.inject('/.well-known/oauth-authorization-server')
  expect(answer.json()).toMatchObject({
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/oauth/token`,
    grant_types_supported: ['client_credentials'],
  })
})
