import { Type } from 'typebox'
import { eventTypeNames } from '#canonical/event.ts'
import { platforms } from '#canonical/platform.ts'
import { Instant, about, maybeText, nullable, object, openEnum } from '#canonical/schema.ts'
import { environments } from '#kernel/environment.ts'
import { isoTime } from '#kernel/clock.ts'
import type { Clock } from '#kernel/clock.ts'
import { text } from '#kernel/text.ts'
import type { Store } from '#store/db.ts'
import { deleteEndpoint, findEndpoint, listEndpoints } from '#store/endpoints.ts'
import type { EndpointChange, EndpointRow } from '#store/endpoints.ts'
import type { Commands } from '../commands.ts'
import type { Cursors } from '../cursor.ts'
import { defaultLimit, idField, listOf, pageOf, paging } from '../list.ts'
import { ClientFailure } from '../problem.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { shopId } from './shops.ts'
import { seesAllShops } from './visibility.ts'

type Parts = {
  readonly store: Store
  readonly clock: Clock
  readonly cursors: Cursors
  readonly commands: Pick<Commands, 'endpoints'>
}

export const endpointId = idField('whe', 'Webhook endpoint.', 'webhook 端点 ID')
const endpointParams = object({ endpoint_id: endpointId })

/** What a client decides about an endpoint. Leave a filter empty to get everything. */
const settings = {
  url: Type.String({
    minLength: 1,
    maxLength: 2048,
    ...about('HTTPS address that receives.', '接收地址（HTTPS）'),
  }),
  description: Type.String({ maxLength: 500, ...about('For people.', '备注') }),
  event_types: Type.Array(openEnum(eventTypeNames), {
    uniqueItems: true,
    maxItems: eventTypeNames.length,
    ...about('Only these events; empty means all.', '只接收这些事件；空数组表示全部'),
  }),
  shop_ids: Type.Array(shopId, {
    uniqueItems: true,
    maxItems: 1000,
    ...about('Only these shops; empty means all.', '只接收这些店铺；空数组表示全部'),
  }),
  platforms: Type.Array(openEnum(platforms), {
    uniqueItems: true,
    maxItems: platforms.length,
    ...about('Only these platforms; empty means all.', '只接收这些平台；空数组表示全部'),
  }),
  max_concurrency: Type.Integer({
    minimum: 1,
    maximum: 256,
    ...about('Requests at once.', '最大并发投递数'),
  }),
  per_second: nullable(
    Type.Number({ minimum: 0.01, maximum: 10_000 }),
    about('Requests per second; null for no limit.', '每秒投递上限；null 表示不限'),
  ),
}
const status = openEnum(
  ['enabled', 'disabled'] as const,
  about('Disabled ones get nothing.', '停用后不再投递'),
)

const stored = {
  id: Type.String(about('Our id.', '端点 ID')),
  object: Type.Literal('webhook_endpoint'),
  environment: openEnum(environments, about('Sandbox or production.', '环境')),
  ...settings,
  status,
  disabled_reason: maybeText('Why it was disabled.', '停用原因'),
  version: Type.Integer(about('Grows with every change.', '版本号，每次变更加 1')),
  created_at: { ...Instant, ...about('Registered.', '创建时间') },
  updated_at: { ...Instant, ...about('Last changed.', '更新时间') },
}
const WebhookEndpoint = object(stored, { title: 'WebhookEndpoint' })
const secret = Type.String(
  about('Checks our signatures. Shown this once: keep it.', '验签密钥，仅此一次展示，请妥善保存'),
)
const NewWebhookEndpoint = object({ ...stored, secret }, { title: 'NewWebhookEndpoint' })

const endpointOf = (row: EndpointRow) => ({
  id: row.id,
  object: 'webhook_endpoint',
  environment: row.environment,
  url: row.url,
  description: row.description,
  event_types: row.event_types,
  shop_ids: row.shop_ids,
  platforms: row.platforms,
  max_concurrency: row.max_concurrency,
  per_second: row.per_second,
  status: row.status,
  disabled_reason: row.disabled_reason,
  version: row.version,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
})

const found = <T>(value: T | undefined): T => {
  if (value === undefined) throw new ClientFailure('RESOURCE_NOT_FOUND')
  return value
}

const base = { tag: 'webhooks', scope: 'webhooks/manage', limit: 'application' } as const

export const webhookEndpointRoutes = (parts: Parts): readonly Route[] => [
  ...readRoutes(parts),
  createRoute(parts),
  changeRoute(parts),
  deleteRoute(parts),
  rotateRoute(parts),
]

const readRoutes = ({ store, cursors }: Parts): readonly Route[] => [
  route({
    ...base,
    method: 'GET',
    path: '/webhook-endpoints',
    operationId: 'listWebhookEndpoints',
    summary: text('List webhook endpoints', '查询 webhook 端点列表'),
    audit: 'none',
    query: object({ ...paging }),
    status: 200,
    response: listOf(WebhookEndpoint, 'WebhookEndpointList'),
    errors: ['CURSOR_INVALID'],
    handler: async ({ scope, caller, query }) => {
      seesAllShops(caller)
      const { limit = defaultLimit, cursor } = query
      const list = `webhook-endpoints/${scope.orgId}/${scope.environment}`
      const [after = null] = cursor === undefined ? [] : cursors.read(list, cursor)
      const rows = await listEndpoints(store.db, scope, { after, limit: limit + 1 })
      const page = pageOf(rows, limit, (last) => cursors.write(list, [last.id]))
      const data = page.rows.map(endpointOf)
      return { object: 'list', data, has_more: page.hasMore, next_cursor: page.nextCursor }
    },
  }),
  route({
    ...base,
    method: 'GET',
    path: '/webhook-endpoints/:endpoint_id',
    operationId: 'getWebhookEndpoint',
    summary: text('Get a webhook endpoint', '查询单个 webhook 端点'),
    audit: 'none',
    params: endpointParams,
    status: 200,
    response: WebhookEndpoint,
    errors: ['RESOURCE_NOT_FOUND'],
    handler: async ({ scope, caller, params }) => {
      seesAllShops(caller)
      return endpointOf(found(await findEndpoint(store.db, scope, params.endpoint_id)))
    },
  }),
]

const createRoute = ({ commands }: Parts): Route =>
  route({
    ...base,
    method: 'POST',
    path: '/webhook-endpoints',
    operationId: 'createWebhookEndpoint',
    summary: text('Register a webhook endpoint', '登记 webhook 端点'),
    description: text(
      'The answer holds the secret with which you check our signatures. It is not shown again.',
      '返回值含验签密钥，仅此一次展示。',
    ),
    audit: 'webhook_endpoint.create',
    body: object({
      url: settings.url,
      description: Type.Optional(settings.description),
      event_types: Type.Optional(settings.event_types),
      shop_ids: Type.Optional(settings.shop_ids),
      platforms: Type.Optional(settings.platforms),
      max_concurrency: Type.Optional(settings.max_concurrency),
      per_second: Type.Optional(settings.per_second),
    }),
    status: 201,
    response: NewWebhookEndpoint,
    errors: ['WEBHOOK_URL_REFUSED'],
    handler: async ({ scope, caller, body }) => {
      seesAllShops(caller)
      const made = await commands.endpoints.create(scope, {
        url: body.url,
        ...(body.description === undefined ? {} : { description: body.description }),
        ...(body.event_types === undefined ? {} : { eventTypes: body.event_types }),
        ...(body.shop_ids === undefined ? {} : { shopIds: body.shop_ids }),
        ...(body.platforms === undefined ? {} : { platforms: body.platforms }),
        ...(body.max_concurrency === undefined ? {} : { maxConcurrency: body.max_concurrency }),
        ...(body.per_second === undefined ? {} : { perSecond: body.per_second }),
      })
      if (!made.ok) throw new ClientFailure('WEBHOOK_URL_REFUSED', { detail: made.detail })
      return { ...endpointOf(made.endpoint), secret: made.secret }
    },
  })

const changeRoute = ({ commands }: Parts): Route =>
  route({
    ...base,
    method: 'PATCH',
    path: '/webhook-endpoints/:endpoint_id',
    operationId: 'updateWebhookEndpoint',
    summary: text('Change a webhook endpoint', '修改 webhook 端点'),
    description: text(
      'Only the fields that are sent change. What already waits for delivery is not filtered again.',
      '仅修改提交的字段；已在等待投递的事件不会重新筛选。',
    ),
    audit: 'webhook_endpoint.update',
    params: endpointParams,
    body: Type.Partial(object({ ...settings, status }), { additionalProperties: false, minProperties: 1 }),
    status: 200,
    response: WebhookEndpoint,
    errors: ['RESOURCE_NOT_FOUND', 'WEBHOOK_URL_REFUSED'],
    handler: async ({ scope, caller, params, body }) => {
      seesAllShops(caller)
      const reason = body.status === undefined ? {} : { disabled_reason: reasons[body.status] }
      const change = { ...body, ...reason } as EndpointChange
      const changed = await commands.endpoints.change(scope, params.endpoint_id, change)
      if (!changed.ok) throw new ClientFailure('WEBHOOK_URL_REFUSED', { detail: changed.detail })
      return endpointOf(found(changed.endpoint))
    },
  })

const reasons = { enabled: null, disabled: 'requested' } as const

const deleteRoute = ({ store, clock }: Parts): Route =>
  route({
    ...base,
    method: 'DELETE',
    path: '/webhook-endpoints/:endpoint_id',
    operationId: 'deleteWebhookEndpoint',
    summary: text('Remove a webhook endpoint', '删除 webhook 端点'),
    audit: 'webhook_endpoint.delete',
    params: endpointParams,
    status: 204,
    response: null,
    errors: ['RESOURCE_NOT_FOUND'],
    handler: async ({ scope, caller, params }) => {
      seesAllShops(caller)
      const at = new Date(clock.nowMs())
      found((await deleteEndpoint(store.db, scope, params.endpoint_id, at)) || undefined)
    },
  })

const daySeconds = 86_400

const rotateRoute = ({ commands, clock }: Parts): Route =>
  route({
    ...base,
    method: 'POST',
    path: '/webhook-endpoints/:endpoint_id/secret-rotations',
    operationId: 'rotateWebhookSecret',
    summary: text('Replace the secret of a webhook endpoint', '轮换 webhook 验签密钥'),
    description: text(
      'Until previous_ends_at every webhook carries the signatures of both secrets.',
      '在 previous_ends_at 之前，每次投递都同时携带新旧两个密钥的签名。',
    ),
    audit: 'webhook_endpoint.rotate_secret',
    params: endpointParams,
    body: object({
      overlap_seconds: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 7 * daySeconds,
          default: daySeconds,
          ...about('How long the old secret goes on signing.', '旧密钥继续签名的秒数'),
        }),
      ),
    }),
    status: 201,
    response: object(
      {
        object: Type.Literal('webhook_secret'),
        endpoint_id: Type.String(about('Endpoint.', '端点 ID')),
        secret,
        previous_ends_at: { ...Instant, ...about('The old secret ends.', '旧密钥失效时间') },
      },
      { title: 'WebhookSecret' },
    ),
    errors: ['RESOURCE_NOT_FOUND'],
    handler: async ({ scope, caller, params, body }) => {
      seesAllShops(caller)
      const overlapMs = (body.overlap_seconds ?? daySeconds) * 1000
      const endsAtMs = clock.nowMs() + overlapMs
      const made = found(await commands.endpoints.rotate(scope, params.endpoint_id, overlapMs))
      return {
        object: 'webhook_secret',
        endpoint_id: params.endpoint_id,
        secret: made,
        previous_ends_at: isoTime(endsAtMs),
      }
    },
  })
