import { Type } from 'typebox'
import { platforms } from '#canonical/platform.ts'
import { Instant, about, object, openEnum } from '#canonical/schema.ts'
import { text } from '#kernel/text.ts'
import type { Store } from '#store/db.ts'
import { listDrift } from '#store/drift-read.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'

const DriftRow = object(
  {
    platform: openEnum(platforms, about('Platform.', '平台')),
    document: Type.String(about('Kind of document.', '报文类型')),
    api_version: Type.String(about('Version of the platform API.', '平台 API 版本')),
    path: Type.String(about('Where the field stands in the platform’s document.', '字段在平台报文中的路径')),
    type: Type.String(about('Kind of value; values are never kept.', '值的类型；不保存具体值')),
    first_seen_at: { ...Instant, ...about('First seen.', '首次出现时间') },
    last_seen_at: { ...Instant, ...about('Last seen.', '最近出现时间') },
    count: Type.Integer({ minimum: 1, ...about('How often.', '出现次数') }),
  },
  { title: 'DriftRow' },
)

/** Fields that platforms send and no field table names yet. */
export const driftRoutes = ({ store }: { readonly store: Store }): readonly Route[] => [
  route({
    method: 'GET',
    path: '/drift',
    tag: 'reference',
    operationId: 'listDrift',
    summary: text('Platform fields seen but not mapped yet', '平台已下发但尚未映射的字段'),
    scope: 'any',
    limit: 'application',
    audit: 'none',
    query: object({
      platform: Type.Optional(openEnum(platforms, about('Only of this platform.', '按平台筛选'))),
    }),
    status: 200,
    response: object(
      { object: Type.Literal('list'), data: Type.Array(DriftRow), has_more: Type.Literal(false) },
      { title: 'DriftList' },
    ),
    errors: [],
    handler: async ({ query }) => ({
      object: 'list',
      data: await listDrift(store.db, query.platform ?? null),
      has_more: false,
    }),
  }),
]
