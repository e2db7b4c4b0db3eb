import { Compile } from 'typebox/compile'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addOrder, addShop, openTestApi } from '#test/support/api.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { apiRoutes } from '#api/api.ts'
import type { ApiParts } from '#api/api.ts'
import { newId } from '#kernel/ids.ts'
import { text } from '#kernel/text.ts'
import { constant, identifier } from '#mapping/index.ts'
import type { FieldMap } from '#mapping/index.ts'
import { deliverTo } from '#store/deliveries.ts'
import { appendEvents, takeOffsets } from '#store/events.ts'
import { storeRawDocuments } from '#store/raw-documents.ts'

const note = text('Note.', '说明。')
const map: FieldMap<object> = {
  platform: 'amazon',
  document: 'order',
  apiVersion: '2026-01-01',
  source: 'getOrder',
  version: '3',
  shape: { platform_order_id: identifier('orderId', note), kind: constant('standard', note) },
  ignored: { 'secret.part': text('Not needed.', '不需要。') },
}
const maps = { amazon: { order: map } }

const database = await openTestDatabase()
const hub = openTestApi(database.url, { maps })
afterAll(hub.close)

const { scope, shopId, grantId } = await addShop(hub.store.db)
const stranger = await addShop(hub.store.db)
const { token } = await hub.connect(scope)
const { token: strange } = await hub.connect(stranger.scope)
const base = '/sandbox/v1'

/** Sends, and checks a success against the schema that the route publishes. */
const routes = apiRoutes({ ...hub, maps, commands: {} } as unknown as ApiParts)
const checkOf = new Map(
  routes.map((route) => [route.operationId, route.response === null ? null : Compile(route.response)]),
)
async function call<T>(
  operationId: string,
  url: string,
  more: { token?: string; payload?: object } = {},
): Promise<T> {
  const { method } = routes.find((route) => route.operationId === operationId)!
  const { payload } = more
  const answer = await hub.api.inject({
    method,
    url: `${base}${url}`,
    headers: { authorization: `Bearer ${more.token ?? token}` },
    ...(payload === undefined ? {} : { payload }),
  })
  if (answer.statusCode >= 400) throw new Error(answer.json<{ code: string }>().code)
  const check = checkOf.get(operationId)
  if (!check) return undefined as T
  const body = answer.json<T>()
  expect(check.Errors(body)).toEqual([])
  return body
}
type List<T> = { data: T[]; has_more: boolean; next_cursor: string | null }

/** Every page of a list. */
async function pages<T>(url: string, headers: string): Promise<T[][]> {
  const result: T[][] = []
  for (let cursor = ''; ;) {
    const answer = await hub.get(`${base}${url}${cursor}`, headers)
    const page = answer.json<List<T>>()
    result.push(page.data)
    expect(page.has_more).toBe(page.next_cursor !== null)
    if (page.next_cursor === null) return result
    cursor = `${url.includes('?') ? '&' : '?'}cursor=${page.next_cursor}`
  }
}

describe('shops', () => {
  test('are listed page by page, one by one, and only our own', async () => {
    const more = [
      await addShop(hub.store.db, 'sandbox', scope.orgId),
      await addShop(hub.store.db, 'sandbox', scope.orgId),
    ]
    await addShop(hub.store.db, 'production', scope.orgId)
    const all = await call<List<{ id: string }>>('listShops', '/shops')
    expect(all.data.map((shop) => shop.id).toSorted()).toEqual(
      [shopId, ...more.map((shop) => shop.shopId)].toSorted(),
    )
    const paged = await pages<{ id: string }>('/shops?limit=1', token)
    expect(paged.map((page) => page.length)).toEqual([1, 1, 1])
    expect(paged.flat().map((shop) => shop.id)).toEqual(all.data.map((shop) => shop.id))
    expect(await call('getShop', `/shops/${shopId}`)).toMatchObject({
      id: shopId,
      status: 'active',
      environment: 'sandbox',
    })
    await expect(call('getShop', `/shops/${shopId}`, { token: strange })).rejects.toThrow(
      'RESOURCE_NOT_FOUND',
    )
  })

  test('of which an application may see only some do not exist for it otherwise', async () => {
    const other = await addShop(hub.store.db, 'sandbox', scope.orgId)
    const { token: confined } = await hub.connect(scope, { shopIds: [other.shopId] })
    const list = await call<List<{ id: string }>>('listShops', '/shops', { token: confined })
    expect(list.data.map((shop) => shop.id)).toEqual([other.shopId])
    const order = await addOrder(hub, scope, shopId)
    for (const [operation, url] of [
      ['getShop', `/shops/${shopId}`],
      ['listOrders', `/shops/${shopId}/orders`],
      ['getOrder', `/orders/${order}`],
      ['getOrderRaw', `/orders/${order}/raw`],
      ['acknowledgeOrder', `/orders/${order}/acknowledgement`],
    ] as const)
      await expect(call(operation, url, { token: confined })).rejects.toThrow('RESOURCE_NOT_FOUND')
    await expect(call('listWebhookEndpoints', '/webhook-endpoints', { token: confined })).rejects.toThrow(
      'INSUFFICIENT_SCOPE',
    )
  })

  test('are connected through a link', async () => {
    const payload = { platform: 'amazon', marketplace_code: 'amazon_us' }
    expect(await call('startShopAuthorization', '/shop-authorizations', { payload })).toMatchObject({
      authorization_url: 'https://seller.test/',
    })
  })
})

describe('the orders of a shop', () => {
  const at = (second: number): Date => new Date(Date.UTC(2026, 5, 15, 8, 30, second))
  let own: { shopId: string }
  let ids: string[]
  beforeAll(async () => {
    own = await addShop(hub.store.db, 'sandbox', scope.orgId)
    ids = []
    // Two at each second, so that the id has to tell them apart.
    for (let i = 0; i < 10; i++)
      ids.push(
        await addOrder(hub, scope, own.shopId, {
          updatedAt: at(Math.floor(i / 2)),
          status: i < 4 ? 'shipped' : 'cancelled',
          document: { n: i },
        }),
      )
    ids = [0, 2, 4, 6, 8].flatMap((i) => ids.slice(i, i + 2).toSorted())
  })
  const idsOf = (orders: readonly { id: string }[]): string[] => orders.map((order) => order.id)
  const list = async (query: string): Promise<string[]> =>
    idsOf(
      (await hub.get(`${base}/shops/${own.shopId}/orders?${query}`, token)).json<List<{ id: string }>>().data,
    )

  test('come in the order of change, each once, whatever the page size', async () => {
    for (const limit of [1, 3, 10, 100]) {
      const found = await pages<{ id: string }>(`/shops/${own.shopId}/orders?limit=${limit}`, token)
      expect(idsOf(found.flat())).toEqual(ids)
      expect(found.every((page) => page.length <= limit)).toBe(true)
    }
  })

  test('are filtered by time, half-open, in any offset, and by state', async () => {
    expect(await list('updated_since=2026-06-15T08:30:02Z')).toEqual(ids.slice(4))
    expect(await list('updated_before=2026-06-15T08:30:02Z')).toEqual(ids.slice(0, 4))
    expect(
      await list('updated_since=2026-06-15T16:30:01%2B08:00&updated_before=2026-06-15T08:30:02Z'),
    ).toEqual(ids.slice(2, 4))
    expect(await list('status=shipped')).toEqual(ids.slice(0, 4))
    expect(await list('status=shipped&status=cancelled')).toEqual(ids)
    expect(await list('status=completed')).toEqual([])
  })

  test('have cursors that fit only their list, filters, organisation and environment', async () => {
    const url = `${base}/shops/${own.shopId}/orders?limit=1`
    const cursor = (await hub.get(url, token)).json<List<unknown>>().next_cursor!
    expect((await hub.get(`${url}&cursor=${cursor}`, token)).statusCode).toBe(200)
    const altered = cursor.slice(0, -6) + (cursor.at(-6) === 'A' ? 'B' : 'A') + cursor.slice(-5)
    for (const [where, by] of [
      [`${url}&cursor=${altered}`, token],
      [`${url}&cursor=${cursor}AA`, token],
      [`${url}&status=shipped&cursor=${cursor}`, token],
      [`${base}/shops/${shopId}/orders?cursor=${cursor}`, token],
      [`${base}/shops?cursor=${cursor}`, token],
      [`${base}/shops/${stranger.shopId}/orders?cursor=${cursor}`, strange],
    ] as const) {
      const answer = await hub.get(where, by)
      expect(answer.json()).toMatchObject({ code: 'CURSOR_INVALID', status: 400 })
    }
  })

  test('are not found by strangers', async () => {
    for (const url of [
      `/shops/${own.shopId}/orders`,
      `/orders/${ids[0]}`,
      `/orders/${ids[0]}/raw`,
      `/orders/${ids[0]}/provenance`,
    ])
      expect((await hub.get(`${base}${url}`, strange)).json()).toMatchObject({
        status: 404,
        code: 'RESOURCE_NOT_FOUND',
      })
    const { token: production } = await hub.connect({ ...scope, environment: 'production' })
    expect((await hub.get(`/v1/orders/${ids[0]}`, production)).statusCode).toBe(404)
  })
})

describe('one order', () => {
  const payload = '{"orderId": 12345678901234567890, "secret":{"part":1}}'
  let orderId: string
  const rawId = newId('raw', Date.now())
  beforeAll(async () => {
    await storeRawDocuments(hub.store.db, scope, { id: grantId, platform: 'amazon' }, 'raw_BATCH', [
      {
        id: rawId,
        shopId,
        platformOrderId: '1',
        document: 'order',
        source: 'poll',
        endpoint: 'getOrder',
        fetchedAt: new Date(),
        sha256: Buffer.alloc(32),
        payload: hub.vault.seal(payload, `raw:${rawId}`),
      },
    ])
    orderId = await addOrder(hub, scope, shopId, { rawId })
  })

  test('is sent as it is stored', async () => {
    const answer = await hub.get(`${base}/orders/${orderId}`, token)
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(answer.body).toBe(
      `{"id":"${orderId}","object":"order","shop_id":"${shopId}","acknowledged_at":null}`,
    )
  })

  test('has its original, every digit of it', async () => {
    const raw = await call<object>('getOrderRaw', `/orders/${orderId}/raw`)
    expect(raw).toMatchObject({ id: rawId, object: 'raw_document', order_id: orderId, document: 'order' })
    const { body } = await hub.get(`${base}/orders/${orderId}/raw`, token)
    expect(body).toContain(`"payload":${payload}}`)
  })

  test('tells where each field came from', async () => {
    const { fields } = await call<{ fields: object[] }>('getOrderProvenance', `/orders/${orderId}/provenance`)
    expect(fields).toEqual([
      expect.objectContaining({ field: 'platform_order_id', sources: ['/orderId'] }),
      expect.objectContaining({ field: 'kind', sources: [] }),
    ])
  })

  test('is acknowledged once, and says so from then on', async () => {
    const url = `/orders/${orderId}/acknowledgement`
    const first = await call<{ acknowledged_at: string }>('acknowledgeOrder', url)
    hub.pass(1000)
    expect(await call('acknowledgeOrder', url)).toEqual(first)
    const order = (await hub.get(`${base}/orders/${orderId}`, token)).json<object>()
    expect(order).toMatchObject({ acknowledged_at: first.acknowledged_at })
    await expect(call('acknowledgeOrder', url, { token: strange })).rejects.toThrow('RESOURCE_NOT_FOUND')
  })
})

async function addEvents(count: number, of = scope, shop = shopId): Promise<string[]> {
  return hub.store.db.transaction().execute(async (tx) => {
    const before = await takeOffsets(tx, of, count)
    const now = new Date()
    const rows = Array.from({ length: count }, (_, i) => {
      const eventId = newId('evt', now.getTime())
      const body = {
        id: eventId,
        object: 'event',
        type: 'order.updated',
        environment: of.environment,
        api_version: '1',
        shop_id: shop,
        entity_type: 'order',
        entity_id: 'x',
        seq: 1,
        offset: before + i + 1,
        occurred_at: now.toISOString(),
        recorded_at: now.toISOString(),
        previous_version: null,
        changed_fields: [],
        cause: { source: 'poll', raw_ref: null },
        data: {},
      }
      return {
        offset: body.offset,
        id: eventId,
        type: body.type,
        shop_id: shop,
        platform: 'amazon',
        entity_type: 'order',
        entity_id: 'x',
        seq: 1,
        recorded_at: now,
        body: hub.vault.seal(JSON.stringify(body), `event:${eventId}`),
      }
    })
    await appendEvents(tx, of, rows)
    return rows.map((row) => row.id)
  })
}

test('events are read in order, without gaps, by where one stopped', async () => {
  const own = await addShop(hub.store.db)
  const { token: reader } = await hub.connect(own.scope)
  const ids = await addEvents(5, own.scope, own.shopId)
  const seen: string[] = []
  type Page = { data: { id: string }[]; has_more: boolean; next_after: number }
  for (let after = 0, more = true; more;) {
    const page = await call<Page>('listEvents', `/events?limit=2&after=${after}`, { token: reader })
    seen.push(...page.data.map((event) => event.id))
    ;({ next_after: after, has_more: more } = page)
  }
  expect(seen).toEqual(ids)
  expect(await call('listEvents', '/events?after=5', { token: reader })).toEqual({
    object: 'list',
    data: [],
    has_more: false,
    next_after: 5,
  })
  const elsewhere = await addShop(hub.store.db, 'sandbox', own.scope.orgId)
  const { token: confined } = await hub.connect(own.scope, { shopIds: [elsewhere.shopId] })
  expect((await call<Page>('listEvents', '/events', { token: confined })).data).toEqual([])
})

describe('webhook endpoints', () => {
  type Endpoint = { id: string; secret?: string; version: number; status: string }
  const create = (payload: object, by = token) =>
    call<Endpoint>('createWebhookEndpoint', '/webhook-endpoints', { payload, token: by })

  test('are registered, shown, changed, rotated and removed; the secret only once', async () => {
    const made = await create({
      url: 'https://erp.example.com/hook',
      event_types: ['order.created'],
      per_second: 5,
    })
    expect(made.secret).toMatch(/^whsec_/)
    const shown = await call<Endpoint>('getWebhookEndpoint', `/webhook-endpoints/${made.id}`)
    expect(shown).toEqual({ ...made, secret: undefined })
    const list = await call<List<Endpoint>>('listWebhookEndpoints', '/webhook-endpoints')
    expect(list.data).toContainEqual(shown)
    const changed = await call<Endpoint>('updateWebhookEndpoint', `/webhook-endpoints/${made.id}`, {
      payload: { status: 'disabled', event_types: [] },
    })
    expect(changed).toMatchObject({
      status: 'disabled',
      disabled_reason: 'requested',
      event_types: [],
      version: 2,
    })
    expect(
      await call('updateWebhookEndpoint', `/webhook-endpoints/${made.id}`, {
        payload: { status: 'enabled' },
      }),
    ).toMatchObject({ status: 'enabled', disabled_reason: null })
    const rotated = await call<{ secret: string }>(
      'rotateWebhookSecret',
      `/webhook-endpoints/${made.id}/secret-rotations`,
      {
        payload: { overlap_seconds: 60 },
      },
    )
    expect(rotated.secret).not.toBe(made.secret)
    await call('rotateWebhookSecret', `/webhook-endpoints/${made.id}/secret-rotations`)
    await call('deleteWebhookEndpoint', `/webhook-endpoints/${made.id}`)
    await expect(call('getWebhookEndpoint', `/webhook-endpoints/${made.id}`)).rejects.toThrow(
      'RESOURCE_NOT_FOUND',
    )
    await expect(call('deleteWebhookEndpoint', `/webhook-endpoints/${made.id}`)).rejects.toThrow(
      'RESOURCE_NOT_FOUND',
    )
  })

  test.each([
    'http://erp.example.com/',
    'https://127.0.0.1/',
    'https://169.254.169.254/',
    'https://user:pw@erp.example.com/',
    'nonsense',
  ])('are refused at %s', async (url) => {
    await expect(create({ url })).rejects.toThrow('WEBHOOK_URL_REFUSED')
  })

  test('need something to change, known event types, and differ', async () => {
    const { id: endpointId } = await create({ url: 'https://erp.example.com/' })
    await expect(
      call('updateWebhookEndpoint', `/webhook-endpoints/${endpointId}`, { payload: {} }),
    ).rejects.toThrow('PARAMETER_INVALID')
    await expect(create({ url: 'https://erp.example.com/', event_types: ['order.sold'] })).rejects.toThrow(
      'PARAMETER_INVALID',
    )
    await expect(create({ url: 'https://erp.example.com/', platforms: ['temu', 'temu'] })).rejects.toThrow(
      'PARAMETER_INVALID',
    )
  })

  test('of strangers do not exist', async () => {
    const { id: endpointId } = await create({ url: 'https://erp.example.com/' })
    for (const [operation, url, payload] of [
      ['getWebhookEndpoint', '', undefined],
      ['updateWebhookEndpoint', '', { description: 'mine' }],
      ['deleteWebhookEndpoint', '', undefined],
      ['rotateWebhookSecret', '/secret-rotations', {}],
    ] as const)
      await expect(
        call(operation, `/webhook-endpoints/${endpointId}${url}`, {
          token: strange,
          ...(payload ? { payload } : {}),
        }),
      ).rejects.toThrow('RESOURCE_NOT_FOUND')
  })

  test('have deliveries, which are listed, shown and sent again', async () => {
    const { id: endpointId } = await create({ url: 'https://erp.example.com/' })
    const [eventId] = await addEvents(1)
    const { offset } = await hub.store.db
      .selectFrom('events')
      .select('offset')
      .where('id', '=', eventId!)
      .executeTakeFirstOrThrow()
    const event = { offset, id: eventId!, type: 'order.updated', entityId: 'x' }
    const deliveryId = await deliverTo(
      hub.store.db,
      scope,
      endpointId,
      event,
      new Date(hub.clock.nowMs() + 60_000),
    )
    const url = `/webhook-deliveries?endpoint_id=${endpointId}`
    const { data } = await call<List<{ id: string; state: string }>>('listWebhookDeliveries', url)
    expect(data).toEqual([
      expect.objectContaining({ id: deliveryId, state: 'pending', attempts: 0, event_id: eventId }),
    ])
    expect((await call<List<unknown>>('listWebhookDeliveries', `${url}&state=delivered`)).data).toEqual([])
    const one = await call<{ attempt_log: object[] }>(
      'getWebhookDelivery',
      `/webhook-deliveries/${deliveryId}`,
    )
    expect(one.attempt_log).toEqual([])
    const resend = `/webhook-deliveries/${deliveryId}/resend`
    expect(await call('resendWebhookDelivery', resend)).toMatchObject({ delivery_id: deliveryId })
    await expect(call('resendWebhookDelivery', resend, { token: strange })).rejects.toThrow(
      'RESOURCE_NOT_FOUND',
    )
    await expect(
      call('getWebhookDelivery', `/webhook-deliveries/${deliveryId}`, { token: strange }),
    ).rejects.toThrow('RESOURCE_NOT_FOUND')
  })

  test('show what a receiver answered', async () => {
    const { id: endpointId } = await create({ url: 'https://erp.example.com/' })
    const deliveryId = newId('whd', hub.clock.nowMs())
    await hub.store.db
      .insertInto('webhook_attempts')
      .values({
        org_id: scope.orgId,
        environment: 'sandbox',
        delivery_id: deliveryId,
        endpoint_id: endpointId,
        event_id: newId('evt', 0),
        event_type: 'order.updated',
        number: 1,
        started_at: new Date(),
        duration_ms: 12,
        outcome: 'delivered',
        final_state: 'delivered',
        http_status: 200,
        error_code: null,
        error_detail: null,
        request_headers: { 'x-openclaw-signature': 'v1=abcdef…' },
        response_headers: { server: 'erp' },
        response_body: hub.vault.seal('thanks', `attempt:${deliveryId}:1`),
        response_truncated: false,
      })
      .execute()
    expect(await call('getWebhookDelivery', `/webhook-deliveries/${deliveryId}`)).toMatchObject({
      state: 'delivered',
      attempt_log: [{ number: 1, response_body: 'thanks', response_headers: { server: 'erp' } }],
    })
  })
})

describe('reference', () => {
  test('field tables need no token', async () => {
    const answer = await hub.api.inject('/v1/mappings/amazon/order')
    expect(answer.json()).toMatchObject({
      platform: 'amazon',
      rows: [{ field: 'platform_order_id' }, { field: 'kind' }, { field: null, rule: 'ignored' }],
    })
    await call('getMapping', '/mappings/amazon/order')
    for (const path of ['amazon/constructor', 'constructor/name', 'ebay/order'])
      await expect(call('getMapping', `/mappings/${path}`)).rejects.toThrow('RESOURCE_NOT_FOUND')
  })

  test('error codes are listed in both languages', async () => {
    const { data } = await call<List<{ code: string }>>('listErrorCodes', '/error-codes')
    expect(data).toContainEqual(
      expect.objectContaining({ code: 'AUTH_TOKEN_EXPIRED', status: 401, category: 'auth' }),
    )
  })
})
