import { Type } from 'typebox'
import { Instant, about, maybeInstant, maybeText, nullable, object, openEnum } from '#canonical/schema.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Vault } from '#kernel/seal.ts'
import { text } from '#kernel/text.ts'
import type { Store } from '#store/db.ts'
import { resendDelivery } from '#store/deliveries.ts'
import { deliveryStates, findDelivery, listAttempts, listDeliveries } from '#store/delivery-log.ts'
import type { AttemptRow, DeliveryView } from '#store/delivery-log.ts'
import type { Commands } from '../commands.ts'
import type { Cursors } from '../cursor.ts'
import { defaultLimit, idField, listOf, pageOf, paging } from '../list.ts'
import { ClientFailure } from '../problem.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { seesAllShops } from './visibility.ts'
import { endpointId } from './webhook-endpoints.ts'

const deliveryParams = object({ delivery_id: idField('whd', 'Delivery.', '投递 ID') })
const state = openEnum(
  deliveryStates,
  about(
    'pending; delivered; exhausted: all attempts failed; refused: must not be sent there.',
    'pending 待投递；delivered 已送达；exhausted 重试耗尽；refused 目标不允许投递',
  ),
)
const count = (en: string, zh: string) => nullable(Type.Integer(), about(en, zh))

const summaryFields = {
  id: Type.String(about('Our id.', '投递 ID')),
  object: Type.Literal('webhook_delivery'),
  endpoint_id: Type.String(about('Where to.', '端点 ID')),
  event_id: Type.String(about('Which event.', '事件 ID')),
  event_type: Type.String(about('What happened.', '事件类型')),
  state,
  attempts: Type.Integer(about('Made so far.', '已尝试次数')),
  next_at: maybeInstant('Next attempt.', '下次尝试时间'),
  http_status: count('Answer to the last attempt.', '最近一次响应状态码'),
  error_code: maybeText('Why the last attempt failed.', '最近一次失败原因'),
  finished_at: maybeInstant('Finished.', '完成时间'),
}
const WebhookDelivery = object(summaryFields, { title: 'WebhookDelivery' })

const headers = (en: string, zh: string) => Type.Record(Type.String(), Type.String(), about(en, zh))
const WebhookAttempt = object(
  {
    number: Type.Integer(about('First is 1.', '第几次')),
    started_at: { ...Instant, ...about('Started.', '开始时间') },
    duration_ms: Type.Integer(about('Took.', '耗时（毫秒）')),
    outcome: openEnum(['delivered', 'failed', 'refused'] as const, about('Result.', '结果')),
    http_status: count('Status of the answer.', '响应状态码'),
    error_code: maybeText('Why it failed.', '失败原因'),
    error_detail: maybeText('In words.', '失败详情'),
    request_headers: headers('As sent; secrets masked.', '请求头（密钥已脱敏）'),
    response_headers: nullable(headers('As received; secrets masked.', '响应头（密钥已脱敏）')),
    response_body: maybeText('At most 16 kB.', '响应体，最多 16 kB'),
    response_truncated: Type.Boolean(about('There was more.', '响应体是否被截断')),
  },
  { title: 'WebhookAttempt' },
)
const WebhookDeliveryLog = object(
  {
    ...summaryFields,
    attempt_log: Type.Array(WebhookAttempt, { ...about('First to last.', '逐次投递记录') }),
  },
  { title: 'WebhookDeliveryLog' },
)

const deliveryOf = (row: DeliveryView) => ({
  id: row.id,
  object: 'webhook_delivery',
  endpoint_id: row.endpoint_id,
  event_id: row.event_id,
  event_type: row.event_type,
  state: row.state,
  attempts: row.attempts,
  next_at: row.next_at?.toISOString() ?? null,
  http_status: row.http_status,
  error_code: row.error_code,
  finished_at: row.finished_at?.toISOString() ?? null,
})

const attemptOf = (row: AttemptRow, vault: Vault) => ({
  number: row.number,
  started_at: row.started_at.toISOString(),
  duration_ms: row.duration_ms,
  outcome: row.outcome,
  http_status: row.http_status,
  error_code: row.error_code,
  error_detail: row.error_detail,
  request_headers: row.request_headers,
  response_headers: row.response_headers,
  response_body:
    row.response_body && vault.openText(row.response_body, `attempt:${row.delivery_id}:${row.number}`),
  response_truncated: row.response_truncated,
})

const base = { tag: 'webhooks', scope: 'webhooks/manage', limit: 'application' } as const

export function webhookDeliveryRoutes(parts: {
  readonly store: Store
  readonly vault: Vault
  readonly clock: Clock
  readonly cursors: Cursors
  readonly commands: Pick<Commands, 'wakeDelivery'>
}): readonly Route[] {
  const { store, vault, clock, cursors, commands } = parts
  return [
    route({
      ...base,
      method: 'GET',
      path: '/webhook-deliveries',
      operationId: 'listWebhookDeliveries',
      summary: text('List webhook deliveries, newest first', '查询 webhook 投递列表（新到旧）'),
      audit: 'none',
      query: object({
        endpoint_id: Type.Optional(endpointId),
        state: Type.Optional(state),
        event_id: Type.Optional(idField('evt', 'Event.', '事件 ID')),
        ...paging,
      }),
      status: 200,
      response: listOf(WebhookDelivery, 'WebhookDeliveryList'),
      errors: ['CURSOR_INVALID'],
      handler: async ({ scope, caller, query }) => {
        seesAllShops(caller)
        const { limit = defaultLimit, cursor, endpoint_id, event_id } = query
        const filter = { endpointId: endpoint_id, state: query.state, eventId: event_id }
        const list = `webhook-deliveries/${scope.orgId}/${scope.environment}/${JSON.stringify(filter)}`
        const [before = null] = cursor === undefined ? [] : cursors.read(list, cursor)
        const rows = await listDeliveries(store.db, scope, filter, { before, limit: limit + 1 })
        const page = pageOf(rows, limit, (last) => cursors.write(list, [last.id]))
        const data = page.rows.map(deliveryOf)
        return { object: 'list', data, has_more: page.hasMore, next_cursor: page.nextCursor }
      },
    }),
    route({
      ...base,
      method: 'GET',
      path: '/webhook-deliveries/:delivery_id',
      operationId: 'getWebhookDelivery',
      summary: text('Get a webhook delivery with all its attempts', '查询投递及其全部尝试记录'),
      audit: 'none',
      params: deliveryParams,
      status: 200,
      response: WebhookDeliveryLog,
      errors: ['RESOURCE_NOT_FOUND'],
      handler: async ({ scope, caller, params }) => {
        seesAllShops(caller)
        const row = await findDelivery(store.db, scope, params.delivery_id)
        if (!row) throw new ClientFailure('RESOURCE_NOT_FOUND')
        const attempts = await listAttempts(store.db, scope, row.id)
        return { ...deliveryOf(row), attempt_log: attempts.map((attempt) => attemptOf(attempt, vault)) }
      },
    }),
    route({
      ...base,
      method: 'POST',
      path: '/webhook-deliveries/:delivery_id/resend',
      operationId: 'resendWebhookDelivery',
      summary: text('Send an event to its endpoint again', '重新投递'),
      description: text(
        'What still waits is sent at once; what is finished becomes a new delivery of the same event. The event id stays, so receivers that deduplicate are safe.',
        '仍在等待的会立即投递；已结束的会生成同一事件的新投递。事件 ID 不变，按事件 ID 去重的接收方不受影响。',
      ),
      audit: 'webhook_delivery.resend',
      params: deliveryParams,
      status: 202,
      response: object(
        {
          object: Type.Literal('webhook_resend'),
          delivery_id: Type.String(about('Follow this one.', '请跟踪该投递 ID')),
        },
        { title: 'WebhookResend' },
      ),
      errors: ['RESOURCE_NOT_FOUND'],
      handler: async ({ scope, caller, params }) => {
        seesAllShops(caller)
        const id = await resendDelivery(store.db, scope, params.delivery_id, new Date(clock.nowMs()))
        if (id === undefined) throw new ClientFailure('RESOURCE_NOT_FOUND')
        commands.wakeDelivery()
        return { object: 'webhook_resend', delivery_id: id }
      },
    }),
  ]
}
