import { describe, expect, test } from 'vitest'
import type { Call, PlatformApp, PlatformRequest } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import {
  appstoreContinueUrl,
  authorizeUrl,
  exchange,
  readAppstoreStart,
  readCallback,
  refresh,
  shops,
} from './auth.ts'
import { findMarket } from './markets.ts'
import { subscribe } from './notifications.ts'

const app: PlatformApp = {
  platform: 'amazon',
  credentials: { client_id: 'id', client_secret: 'secret', application_id: 'amzn1.sp.solution.x' },
  hosts: {},
}
const dayMs = 24 * 3600_000

function openCall(answer: (request: PlatformRequest) => unknown): { call: Call; asked: PlatformRequest[] } {
  const asked: PlatformRequest[] = []
  return {
    asked,
    call: (request) => {
      asked.push(request)
      const body = answer(request)
      if (body instanceof PlatformFailure) return Promise.reject(body)
      return Promise.resolve({ status: 200, headers: {}, body, text: JSON.stringify(body), sentAtMs: 0 })
    },
  }
}

const tokens = { access_token: 'Atza|a', refresh_token: 'Atzr|r', token_type: 'bearer', expires_in: 3600 }
const grant = {
  platformMerchantId: 'SELLER',
  region: 'eu',
  accessToken: null,
  accessExpiresAtMs: null,
  refreshToken: 'Atzr|old',
  refreshExpiresAtMs: null,
  scopes: [],
}

describe('consent', () => {
  test('the page is that of the marketplace, with every part encoded', () => {
    const url = authorizeUrl(app, findMarket('UK')!, 'a b', 'https://hub.example/cb?x=1')
    expect(url).toBe(
      'https://sellercentral-europe.amazon.com/apps/authorize/consent?application_id=amzn1.sp.solution.x&state=a+b&redirect_uri=https%3A%2F%2Fhub.example%2Fcb%3Fx%3D1',
    )
  })

  test('a draft app asks for its beta, and hosts may be replaced', () => {
    const draft = {
      ...app,
      credentials: { ...app.credentials, app_is_draft: 'true' },
      hosts: { seller: 'http://localhost:1/seller/' },
    }
    const url = new URL(authorizeUrl(draft, findMarket('us')!, 's', 'https://hub.example/cb'))
    expect(url.origin + url.pathname).toBe('http://localhost:1/seller/apps/authorize/consent')
    expect(url.searchParams.get('version')).toBe('beta')
  })

  test('the callback is read, old extras are ignored', () => {
    const query = { state: 's', selling_partner_id: 'A1', spapi_oauth_code: 'c', mws_auth_token: 'x' }
    expect(readCallback(query)).toEqual({ ok: true, code: 'c', state: 's', query })
  })

  test('a refusal and a cut callback are told apart', () => {
    expect(readCallback({ error: 'access_denied', state: 's' })).toEqual({
      ok: false,
      code: 'access_denied',
      detail: '',
      state: 's',
    })
    expect(readCallback({ state: 's' })).toMatchObject({
      ok: false,
      code: 'CALLBACK_INCOMPLETE',
      detail: 'missing: selling_partner_id, spapi_oauth_code',
    })
  })
})

describe('a start from the Appstore', () => {
  const query = {
    amazon_callback_uri: 'https://sellercentral.amazon.com/apps/authorize/confirm/x',
    amazon_state: 'theirs',
    selling_partner_id: 'A1',
    version: 'beta',
  }

  test('goes on at Amazon with both states', () => {
    const start = readAppstoreStart(query)!
    const url = new URL(appstoreContinueUrl(start, 'ours', 'https://hub.example/cb'))
    expect(Object.fromEntries(url.searchParams)).toEqual({
      redirect_uri: 'https://hub.example/cb',
      amazon_state: 'theirs',
      state: 'ours',
      version: 'beta',
    })
  })

  test.each([
    'https://evil.example/apps/authorize/confirm/x',
    'http://sellercentral.amazon.com/apps/authorize/confirm/x',
    'https://sellercentral.amazon.com.evil.example/x',
    'https://sellercentral.amazon.evil/x',
    'javascript:alert(1)',
    '',
  ])('never sends our state to %s', (amazon_callback_uri) => {
    expect(readAppstoreStart({ ...query, amazon_callback_uri })).toBeNull()
  })
})

describe('tokens', () => {
  test('a code is exchanged by form; the year of the consent begins', async () => {
    const { call, asked } = openCall(() => tokens)
    const consent = { ok: true, code: 'code', state: 's', query: { selling_partner_id: 'A1' } } as const
    const context = { market: findMarket('us')!, redirectUri: 'https://hub.example/cb', nowMs: 1000 }
    const [got] = await exchange(call, app, consent, context)
    expect(got).toEqual({
      platformMerchantId: 'A1',
      region: 'na',
      accessToken: 'Atza|a',
      accessExpiresAtMs: 1000 + 3600_000,
      refreshToken: 'Atzr|r',
      refreshExpiresAtMs: 1000 + 365 * dayMs,
      scopes: [],
    })
    expect(asked[0]).toMatchObject({
      host: 'lwa',
      auth: 'none',
      repeatable: false,
      form: {
        grant_type: 'authorization_code',
        code: 'code',
        redirect_uri: 'https://hub.example/cb',
        client_id: 'id',
        client_secret: 'secret',
      },
    })
  })

  test('a refresh keeps the end of the consent, and the token when none comes back', async () => {
    const { refresh_token: _none, ...withoutRefresh } = tokens
    const { call } = openCall(() => withoutRefresh)
    const kept = await refresh(call, app, { ...grant, refreshExpiresAtMs: 5 }, 0)
    expect(kept).toMatchObject({ accessToken: 'Atza|a', refreshToken: 'Atzr|old', refreshExpiresAtMs: 5 })
    const pasted = await refresh(openCall(() => tokens).call, app, grant, 0)
    expect(pasted).toMatchObject({ refreshToken: 'Atzr|r', refreshExpiresAtMs: null })
  })

  test.each([{}, { access_token: '', expires_in: 3600 }, { access_token: 'a', expires_in: '3600' }, null])(
    'an answer without a usable token is broken: %j',
    async (answer) => {
      await expect(refresh(openCall(() => answer).call, app, grant, 0)).rejects.toMatchObject({
        kind: 'contract_broken',
        code: 'NO_ACCESS_TOKEN',
      })
    },
  )

  test('a grant without refresh token is revoked', async () => {
    const { call } = openCall(() => tokens)
    await expect(refresh(call, app, { ...grant, refreshToken: null }, 0)).rejects.toMatchObject({
      kind: 'auth_revoked',
    })
  })
})

describe('shops', () => {
  const entry = (id: string, isParticipating = true) => ({
    marketplace: { id, name: 'x' },
    participation: { isParticipating, hasSuspendedListings: true },
    storeName: 'Store',
  })

  test('one for each marketplace of the region the seller takes part in', async () => {
    const { call } = openCall(() => ({
      payload: [
        entry('A1PA6795UKMFR9'),
        entry('A1F83G8C2ARO7P'),
        entry('A13V1IB3VIYZZH', false),
        entry('AZMDEXL2RVFNN'),
        entry('ATVPDKIKX0DER'),
        { marketplace: null },
      ],
    }))
    const got = await shops(call, { ...grant, accessToken: 'a' })
    expect(got.map(({ market, ...shop }) => [market.code, shop])).toEqual([
      [
        'amazon_de',
        { platformShopId: 'SELLER:A1PA6795UKMFR9', displayName: 'Store (DE)', stockScopeKey: 'SELLER:eu' },
      ],
      [
        'amazon_gb',
        { platformShopId: 'SELLER:A1F83G8C2ARO7P', displayName: 'Store (GB)', stockScopeKey: 'SELLER:eu' },
      ],
    ])
  })

  test('an answer without the list is broken, not empty', async () => {
    await expect(shops(openCall(() => ({})).call, grant)).rejects.toMatchObject({ code: 'NO_PARTICIPATIONS' })
  })
})

describe('subscribe', () => {
  const arn = 'arn:aws:sqs:us-east-1:1:orders'
  const withQueue = { ...app, queue: { arn } }
  const conflict = new PlatformFailure('rejected', 'Conflict', '', { httpStatus: 409 })

  const amazonThat = (destination: unknown, subscription: unknown) =>
    openCall(({ operation }) =>
      operation === 'lwa.grantless'
        ? { access_token: 'Atza|grantless', expires_in: 3600 }
        : operation === 'notifications.list_destinations'
          ? { payload: [{ destinationId: 'other' }, { destinationId: 'd1', resource: { sqs: { arn } } }] }
          : operation === 'notifications.create_destination'
            ? destination
            : subscription,
    )

  test('makes a destination with a token of its own and a subscription with the seller’s', async () => {
    const { call, asked } = amazonThat({ payload: { destinationId: 'd0' } }, { payload: {} })
    await subscribe(call, withQueue, 'eu')
    expect(asked.map(({ operation }) => operation)).toEqual([
      'lwa.grantless',
      'notifications.create_destination',
      'notifications.create_subscription',
    ])
    expect(asked[1]).toMatchObject({ auth: 'none', bearer: 'Atza|grantless', host: 'api.eu' })
    expect(asked[2]).toMatchObject({
      auth: 'seller',
      body: {
        payloadVersion: '1.0',
        destinationId: 'd0',
        processingDirective: { eventFilter: { eventFilterType: 'ORDER_CHANGE' } },
      },
    })
  })

  test('uses what exists already', async () => {
    const { call, asked } = amazonThat(conflict, conflict)
    await subscribe(call, withQueue, 'na')
    expect(asked.at(-1)!.body).toMatchObject({ destinationId: 'd1' })
  })

  test('does nothing without a queue, and passes on other refusals', async () => {
    const { call, asked } = amazonThat({}, {})
    await subscribe(call, app, 'na')
    expect(asked).toEqual([])
    const refused = new PlatformFailure('rejected', 'Unauthorized', '', { httpStatus: 403 })
    await expect(subscribe(amazonThat(refused, {}).call, withQueue, 'na')).rejects.toBe(refused)
  })
})
