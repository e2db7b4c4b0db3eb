import { Type } from 'typebox'
import { Order } from '#canonical/order.ts'
import { Instant, about, object, openEnum } from '#canonical/schema.ts'
import { orderStatuses } from '#canonical/status.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/environment.ts'
import { parseJson } from '#kernel/json.ts'
import type { Vault } from '#kernel/seal.ts'
import { text } from '#kernel/text.ts'
import { provenance } from '#mapping/index.ts'
import type { Store } from '#store/db.ts'
import { acknowledgeOrder, findOrder, findRawOfOrder, listOrders } from '#store/orders-read.ts'
import { findShop } from '#store/shops-read.ts'
import type { Caller } from '#access/tokens.ts'
import type { Cursors } from '../cursor.ts'
import { defaultLimit, idField, listOf, listText, pageOf, paging } from '../list.ts'
import { ClientFailure } from '../problem.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import type { Maps } from './mappings.ts'
import { shopId } from './shops.ts'
import { maySee, visible } from './visibility.ts'

const orderParams = object({ order_id: idField('ord', 'Order.', '系统单号') })

type Parts = {
  readonly store: Store
  readonly vault: Vault
  readonly clock: Clock
  readonly cursors: Cursors
  readonly maps: Maps
}

export const orderRoutes = (parts: Parts): readonly Route[] => [
  listRoute(parts),
  oneRoute(parts),
  rawRoute(parts),
  provenanceRoute(parts),
  acknowledgementRoute(parts),
]

const listRoute = ({ store, vault, cursors }: Parts): Route =>
  route({
    method: 'GET',
    path: '/shops/:shop_id/orders',
    tag: 'orders',
    operationId: 'listOrders',
    summary: text('List the orders of a shop', '查询店铺订单列表'),
    description: text(
      'In the order of their last change. To poll, pass as updated_since the newest updated time you have, less one minute, and drop what you know by id and version: changes that are stored at the same moment may become visible in another order. GET /events has no such seam.',
      '按最近变更时间排序。轮询时，updated_since 请取已拉取到的最大更新时间再减 1 分钟，并按 id + version 去重：同一时刻入库的变更，可见顺序可能不同。GET /events 无此问题。',
    ),
    scope: 'orders/read',
    limit: 'shop',
    audit: 'none',
    params: object({ shop_id: shopId }),
    query: object({
      updated_since: Type.Optional({ ...Instant, ...about('Changed at or after.', '变更时间起（含）') }),
      updated_before: Type.Optional({ ...Instant, ...about('Changed before.', '变更时间止（不含）') }),
      status: Type.Optional(
        Type.Array(openEnum(orderStatuses), {
          uniqueItems: true,
          maxItems: orderStatuses.length,
          ...about('In one of these states; repeat the parameter.', '订单状态，可重复传多个'),
        }),
      ),
      ...paging,
    }),
    status: 200,
    response: listOf(Order, 'OrderList'),
    errors: ['RESOURCE_NOT_FOUND', 'CURSOR_INVALID'],
    handler: async ({ scope, caller, params, query }) => {
      const { limit = defaultLimit, cursor, updated_since, updated_before, status } = query
      const shop = maySee(caller, params.shop_id) && (await findShop(store.db, scope, params.shop_id))
      if (!shop) throw new ClientFailure('RESOURCE_NOT_FOUND')
      const filter = { updatedSince: updated_since, updatedBefore: updated_before, statuses: status }
      const list = `orders/${scope.orgId}/${shop.id}/${JSON.stringify(filter)}`
      const [position, id] = cursor === undefined ? [] : cursors.read(list, cursor)
      const after = position === undefined || id === undefined ? undefined : { position, id }
      const rows = await listOrders(store.db, scope, { ...filter, shopId: shop.id, after }, limit + 1)
      const page = pageOf(rows, limit, (last) => cursors.write(list, [last.position, last.id]))
      return listText(
        page.rows.map((row) => vault.openText(row.document, `order:${row.id}`)),
        page,
      )
    },
  })

const oneRoute = ({ store, vault }: Parts): Route =>
  route({
    method: 'GET',
    path: '/orders/:order_id',
    tag: 'orders',
    operationId: 'getOrder',
    summary: text('Get an order', '查询单个订单'),
    scope: 'orders/read',
    limit: 'application',
    audit: 'none',
    params: orderParams,
    status: 200,
    response: Order,
    errors: ['RESOURCE_NOT_FOUND'],
    handler: async ({ scope, caller, params }) => {
      const row = visible(caller, await findOrder(store.pool, scope, params.order_id))
      return vault.open(row.document, `order:${row.id}`)
    },
  })

const RawDocument = object(
  {
    id: Type.String(about('Reference of the document.', '原始报文 ID')),
    object: Type.Literal('raw_document'),
    order_id: Type.String(about('Order read from it.', '系统单号')),
    platform: Type.String(about('Platform.', '平台')),
    document: Type.String(about('Kind of document, as in GET /mappings.', '报文类型，同 GET /mappings')),
    source: Type.String(about('How it was obtained.', '获取方式')),
    endpoint: Type.String(about('Operation of the platform that gave it.', '平台接口')),
    fetched_at: { ...Instant, ...about('Asked for at.', '获取时间') },
    sha256: Type.String(about('Of the bytes received.', '原始字节的 SHA-256')),
    payload: Type.Unknown(about('As the platform sent it.', '平台原始内容')),
  },
  { title: 'RawDocument' },
)

/** The newest raw document of an order the caller may see. */
async function rawOf({ store, vault }: Parts, scope: Scope, caller: Caller, orderId: string) {
  const raw = visible(caller, await findRawOfOrder(store.db, scope, orderId))
  return { ...raw, payload: vault.openText(raw.payload, `raw:${raw.id}`) }
}

const rawRoute = (parts: Parts): Route =>
  route({
    method: 'GET',
    path: '/orders/:order_id/raw',
    tag: 'orders',
    operationId: 'getOrderRaw',
    summary: text('Get the platform’s original of an order', '查询订单原始报文'),
    scope: 'raw/read',
    limit: 'application',
    audit: 'none',
    params: orderParams,
    status: 200,
    response: RawDocument,
    errors: ['RESOURCE_NOT_FOUND'],
    handler: async ({ scope, caller, params }) => {
      const raw = await rawOf(parts, scope, caller, params.order_id)
      const head = JSON.stringify({
        id: raw.id,
        object: 'raw_document',
        order_id: params.order_id,
        platform: raw.platform,
        document: raw.document,
        source: raw.source,
        endpoint: raw.endpoint,
        fetched_at: raw.fetched_at.toISOString(),
        sha256: raw.sha256.toString('hex'),
      })
      // The payload goes out as it came: parsed and printed again, long numbers would lose digits.
      return `${head.slice(0, -1)},"payload":${raw.payload}}`
    },
  })

const Provenance = object(
  {
    object: Type.Literal('provenance'),
    order_id: Type.String(about('Order.', '系统单号')),
    raw_id: Type.String(about('Raw document the pointers lead into.', '指针所指的原始报文 ID')),
    platform: Type.String(about('Platform.', '平台')),
    document: Type.String(about('Kind of document.', '报文类型')),
    mapping_version: Type.String(about('Field table that was used.', '字段映射表版本')),
    fields: Type.Array(
      object({
        field: Type.String(about('Unified field; list entries by index.', '统一字段；列表元素以下标表示')),
        sources: Type.Array(Type.String(), {
          ...about('JSON pointers into the raw document.', '指向原始报文的 JSON Pointer'),
        }),
        platform_path: Type.String(about('Path in the field table.', '映射表中的平台路径')),
        rule: Type.String(about('How the value was read.', '转换规则')),
        note: object({ en: Type.String(), zh: Type.String() }, { title: 'Text' }),
      }),
    ),
  },
  { title: 'Provenance' },
)

const provenanceRoute = (parts: Parts): Route =>
  route({
    method: 'GET',
    path: '/orders/:order_id/provenance',
    tag: 'orders',
    operationId: 'getOrderProvenance',
    summary: text('Where each field of an order came from', '查询订单字段溯源'),
    scope: 'orders/read',
    limit: 'application',
    audit: 'none',
    params: orderParams,
    status: 200,
    response: Provenance,
    errors: ['RESOURCE_NOT_FOUND'],
    handler: async ({ scope, caller, params }) => {
      const raw = await rawOf(parts, scope, caller, params.order_id)
      const map = parts.maps[raw.platform]?.[raw.document]
      if (!map) throw new ClientFailure('RESOURCE_NOT_FOUND')
      return {
        object: 'provenance',
        order_id: params.order_id,
        raw_id: raw.id,
        platform: raw.platform,
        document: raw.document,
        mapping_version: map.version,
        fields: provenance(map, parseJson(raw.payload)),
      }
    },
  })

const acknowledgementRoute = ({ store, vault, clock }: Parts): Route =>
  route({
    method: 'POST',
    path: '/orders/:order_id/acknowledgement',
    tag: 'orders',
    operationId: 'acknowledgeOrder',
    summary: text('Confirm that your system has the order', '确认接单'),
    description: text(
      'Sets acknowledged_at, once: a repeated call answers with the first time.',
      '写入 acknowledged_at，仅首次生效；重复调用返回首次确认时间。',
    ),
    scope: 'orders/write',
    limit: 'application',
    audit: 'order.acknowledge',
    params: orderParams,
    status: 200,
    response: object(
      {
        object: Type.Literal('acknowledgement'),
        order_id: Type.String(about('Order.', '系统单号')),
        acknowledged_at: { ...Instant, ...about('First confirmed.', '首次确认时间') },
      },
      { title: 'Acknowledgement' },
    ),
    errors: ['RESOURCE_NOT_FOUND'],
    handler: async ({ scope, caller, params }) => {
      const { id, shop_id } = visible(caller, await findOrder(store.pool, scope, params.order_id))
      const context = `order:${id}`
      const restamp = (at: Date) => (document: Buffer) => {
        const order = JSON.parse(vault.openText(document, context)) as Order
        return vault.seal(JSON.stringify({ ...order, acknowledged_at: at.toISOString() }), context)
      }
      const now = new Date(clock.nowMs())
      const at = await acknowledgeOrder(store.db, scope, { id, shopId: shop_id }, now, restamp(now))
      return { object: 'acknowledgement', order_id: id, acknowledged_at: at.toISOString() }
    },
  })
