import { Type } from 'typebox'
import { environments } from '#kernel/environment.ts'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { Instant, about, maybeText, nullable, object, openEnum } from './schema.ts'
import type { Static } from './schema.ts'

/** Every event the hub can tell. `webhook.test` is only ever sent to the endpoint that asked for it. */
export const eventTypes = {
  'order.created': text('An order was seen for the first time.', '首次收到该订单'),
  'order.updated': text('Anything about a known order changed.', '已有订单发生任何变更'),
  'order.paid': text('Payment is in; also when first seen paid.', '订单已付款（首次入库即已付款时也会发送）'),
  'order.ready': text('The ERP may ship now.', '订单可发货'),
  'order.cancellation_requested': text('The buyer wants to cancel.', '买家申请取消'),
  'order.cancelled': text('The order was cancelled.', '订单已取消'),
  'order.completed': text('The platform closed the order.', '订单已完成'),
  'order.transition_rejected': text(
    'The platform reported a status the order cannot go to; nothing was changed.',
    '平台上报了不允许的状态变更，系统未应用，请人工核对',
  ),
  'shop.connected': text('A shop was connected.', '店铺授权成功'),
  'shop.auth_expiring': text('Authorisation ends soon.', '店铺授权即将到期'),
  'shop.auth_expired': text('Authorisation ended; work for the shop waits.', '店铺授权已过期，任务暂停等待'),
  'shop.revoked': text('The seller withdrew the authorisation.', '卖家已取消授权'),
  'shop.disconnected': text('You disconnected a shop.', '店铺已由你方解绑'),
  'webhook.test': text('A test that you asked for.', '由你触发的测试事件'),
} as const satisfies Record<string, Text>
export type EventType = keyof typeof eventTypes
export const eventTypeNames = Object.keys(eventTypes) as EventType[]

export const causeSources = ['webhook', 'poll', 'rescan', 'backfill', 'replay', 'api', 'manual'] as const
export type CauseSource = (typeof causeSources)[number]

/** The body of a webhook, and one entry of `GET /events`. */
export const Event = object(
  {
    id: Type.String(about('Deduplicate on this.', '事件 ID，用于去重')),
    object: Type.Literal('event'),
    type: openEnum(eventTypeNames, about('What happened.', '事件类型')),
    environment: openEnum(environments, about('Sandbox or production.', '环境')),
    api_version: Type.String(about('Version of this shape.', '数据结构版本')),
    shop_id: maybeText('Shop it is about.', '相关店铺'),
    entity_type: Type.String(about('Kind of thing.', '对象类型')),
    entity_id: Type.String(about('Which thing.', '对象 ID')),
    seq: Type.Integer({
      minimum: 1,
      ...about('Counts the events of this thing without gaps.', '该对象的事件序号，连续无空缺'),
    }),
    offset: Type.Integer({
      minimum: 1,
      ...about('Counts all events of the organisation without gaps.', '组织内事件偏移量，连续无空缺'),
    }),
    occurred_at: { ...Instant, ...about('When it happened at the platform.', '平台侧发生时间') },
    recorded_at: { ...Instant, ...about('When the hub stored it.', '入库时间') },
    previous_version: nullable(Type.Integer(), about('Version before.', '变更前版本号')),
    changed_fields: Type.Array(Type.String(), {
      ...about('Top-level fields that changed.', '变更的顶层字段'),
    }),
    cause: object({
      source: openEnum(causeSources, about('How the hub learnt of it.', '来源')),
      raw_ref: maybeText('Raw document behind it.', '原始报文引用'),
    }),
    data: Type.Unknown(about('The whole thing as it is now.', '对象当前完整内容')),
  },
  { title: 'Event' },
)
export type Event = Static<typeof Event>
export const apiVersion = '2026-11-01'
