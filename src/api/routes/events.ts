import { Type } from 'typebox'
import { Event } from '#canonical/event.ts'
import { about, object } from '#canonical/schema.ts'
import type { Vault } from '#kernel/seal.ts'
import { text } from '#kernel/text.ts'
import type { Store } from '#store/db.ts'
import { listEvents } from '#store/events-read.ts'
import { defaultLimit } from '../list.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'

const largestOffset = 999_999_999_999_999

export function eventRoutes({
  store,
  vault,
}: {
  readonly store: Store
  readonly vault: Vault
}): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/events',
      tag: 'events',
      operationId: 'listEvents',
      summary: text('Read events in order', '按序拉取事件'),
      description: text(
        'The alternative to webhooks. Offsets count without gaps per organisation and environment: pass next_after as after, and nothing is missed or seen twice.',
        'webhook 的轮询替代方案。偏移量按组织和环境连续递增、无缺口：每次将 next_after 作为下次的 after，即可不重不漏。',
      ),
      scope: 'orders/read',
      limit: 'application',
      audit: 'none',
      query: object({
        after: Type.Optional(
          Type.Integer({
            minimum: 0,
            maximum: largestOffset,
            default: 0,
            ...about('Offset of the last event you have.', '已处理的最后一个事件的偏移量'),
          }),
        ),
        limit: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 100,
            default: defaultLimit,
            ...about('Entries per page.', '每页条数'),
          }),
        ),
      }),
      status: 200,
      response: object(
        {
          object: Type.Literal('list'),
          data: Type.Array(Event),
          has_more: Type.Boolean(about('There are more already.', '是否还有更多')),
          next_after: Type.Integer(about('Pass this as after.', '下次请求的 after')),
        },
        { title: 'EventList' },
      ),
      errors: [],
      handler: async ({ scope, caller, query }) => {
        const { after = 0, limit = defaultLimit } = query
        const rows = await listEvents(store.db, scope, after, limit + 1, [...caller.shopIds])
        const page = rows.slice(0, limit)
        const data = page.map((row) => vault.openText(row.body, `event:${row.id}`)).join(',')
        const nextAfter = page.at(-1)?.offset ?? after
        return `{"object":"list","data":[${data}],"has_more":${rows.length > limit},"next_after":${nextAfter}}`
      },
    }),
  ]
}
