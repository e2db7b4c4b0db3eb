import { Type } from 'typebox'
import { Instant, about, maybeText, object, openEnum } from '#canonical/schema.ts'
import { text } from '#kernel/text.ts'
import { findBackfill } from '#store/backfills.ts'
import type { Backfill } from '#store/backfills.ts'
import type { Store } from '#store/db.ts'
import { findGrantOfShopId } from '#store/shops-read.ts'
import type { Commands } from '../commands.ts'
import { idField } from '../list.ts'
import { ClientFailure } from '../problem.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { shopId } from './shops.ts'
import { maySee } from './visibility.ts'

const BackfillView = object(
  {
    id: idField('bkf', 'Backfill.', '补拉任务 ID'),
    object: Type.Literal('backfill'),
    state: openEnum(['running', 'done', 'failed'] as const, about('State.', '任务状态')),
    created_from: { ...Instant, ...about('Start of the span, inclusive.', '时间范围起点（含）') },
    created_before: { ...Instant, ...about('End of the span, exclusive.', '时间范围终点（不含）') },
    done_until: {
      ...Instant,
      ...about('Everything created before this has been read.', '此时间之前创建的订单已全部拉取'),
    },
    progress: Type.Number({
      minimum: 0,
      maximum: 1,
      ...about('Share that is done, 0 to 1.', '进度，0 到 1'),
    }),
    orders_seen: Type.Integer({ minimum: 0, ...about('Orders read so far.', '已读取订单数') }),
    last_error_code: maybeText('Why it waits, if it does.', '暂停原因（如有）'),
  },
  { title: 'Backfill' },
)

/** Reading orders of the past again: a span of creation times, read day by day. */
export function backfillRoutes(parts: {
  readonly store: Store
  readonly commands: Pick<Commands, 'startBackfill'>
}): readonly Route[] {
  const { store, commands } = parts
  return [
    route({
      method: 'POST',
      path: '/shops/:shop_id/backfills',
      tag: 'orders',
      operationId: 'startBackfill',
      summary: text('Read orders of a past span again', '按创建时间范围补拉订单'),
      description: text(
        'Covers the whole account of the shop. Runs in the background within the platform’s limits; orders that are known and unchanged cause no events.',
        '范围为该店铺所属账号。任务在后台按平台限流执行，已入库且无变化的订单不会产生事件。',
      ),
      scope: 'shops/manage',
      limit: 'shop',
      audit: 'backfill.start',
      params: object({ shop_id: shopId }),
      body: object({
        created_from: { ...Instant, ...about('Inclusive.', '起点（含）') },
        created_before: { ...Instant, ...about('Exclusive.', '终点（不含）') },
      }),
      status: 202,
      response: BackfillView,
      errors: ['RESOURCE_NOT_FOUND', 'PARAMETER_INVALID'],
      handler: async ({ scope, caller, params, body }) => {
        const grantId = maySee(caller, params.shop_id)
          ? await findGrantOfShopId(store.db, scope, params.shop_id)
          : null
        if (grantId === null) throw new ClientFailure('RESOURCE_NOT_FOUND')
        const span = { fromMs: Date.parse(body.created_from), toMs: Date.parse(body.created_before) }
        if (span.fromMs >= span.toMs)
          throw new ClientFailure('PARAMETER_INVALID', {
            detail: text(
              'created_from must lie before created_before.',
              'created_from 必须早于 created_before。',
            ),
          })
        const id = await commands.startBackfill(scope, grantId, span)
        return viewOf((await findBackfill(store.db, scope.orgId, id))!)
      },
    }),
    route({
      method: 'GET',
      path: '/backfills/:backfill_id',
      tag: 'orders',
      operationId: 'getBackfill',
      summary: text('Get a backfill and its progress', '查询补拉任务进度'),
      scope: 'shops/manage',
      limit: 'application',
      audit: 'none',
      params: object({ backfill_id: idField('bkf', 'Backfill.', '补拉任务 ID') }),
      status: 200,
      response: BackfillView,
      errors: ['RESOURCE_NOT_FOUND'],
      handler: async ({ scope, params }) => {
        const row = await findBackfill(store.db, scope.orgId, params.backfill_id)
        if (row?.environment !== scope.environment) throw new ClientFailure('RESOURCE_NOT_FOUND')
        return viewOf(row)
      },
    }),
  ]
}

function viewOf(row: Backfill) {
  const [from, done, to] = [row.from_at, row.done_until, row.to_at].map((at) => at.getTime()) as [
    number,
    number,
    number,
  ]
  return {
    id: row.id,
    object: 'backfill',
    state: row.state,
    created_from: row.from_at.toISOString(),
    created_before: row.to_at.toISOString(),
    done_until: row.done_until.toISOString(),
    progress: row.state === 'done' ? 1 : Math.min(1, (done - from) / (to - from)),
    orders_seen: row.orders_seen,
    last_error_code: row.last_error_code,
  }
}
