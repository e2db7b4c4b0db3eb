import { Type } from 'typebox'
import { Shop } from '#canonical/shop.ts'
import { platforms } from '#canonical/platform.ts'
import { Instant, about, object, openEnum } from '#canonical/schema.ts'
import { isoTime } from '#kernel/clock.ts'
import { text } from '#kernel/text.ts'
import type { Store } from '#store/db.ts'
import { findShop, listShops } from '#store/shops-read.ts'
import type { Commands } from '../commands.ts'
import type { Cursors } from '../cursor.ts'
import { defaultLimit, idField, listOf, pageOf, paging } from '../list.ts'
import { ClientFailure } from '../problem.ts'
import { route } from '../route.ts'
import type { Route } from '../route.ts'
import { maySee } from './visibility.ts'

export const shopId = idField('shp', 'Shop.', '店铺 ID')

export function shopRoutes(parts: {
  readonly store: Store
  readonly cursors: Cursors
  readonly commands: Pick<Commands, 'startAuthorization' | 'disconnect'>
}): readonly Route[] {
  const { store, cursors, commands } = parts
  return [
    route({
      method: 'GET',
      path: '/shops',
      tag: 'shops',
      operationId: 'listShops',
      summary: text('List connected shops', '查询店铺列表'),
      scope: 'any',
      limit: 'application',
      audit: 'none',
      query: object({ ...paging }),
      status: 200,
      response: listOf(Shop, 'ShopList'),
      errors: ['CURSOR_INVALID'],
      handler: async ({ scope, caller, query }) => {
        const { limit = defaultLimit, cursor } = query
        const list = `shops/${scope.orgId}/${scope.environment}`
        const [after = ''] = cursor === undefined ? [] : cursors.read(list, cursor)
        const rows = await listShops(store.db, scope, after, limit + 1, [...caller.shopIds])
        const page = pageOf(rows, limit, (last) => cursors.write(list, [last.id]))
        return { object: 'list', data: page.rows, has_more: page.hasMore, next_cursor: page.nextCursor }
      },
    }),
    route({
      method: 'GET',
      path: '/shops/:shop_id',
      tag: 'shops',
      operationId: 'getShop',
      summary: text('Get a shop', '查询单个店铺'),
      scope: 'any',
      limit: 'shop',
      audit: 'none',
      params: object({ shop_id: shopId }),
      status: 200,
      response: Shop,
      errors: ['RESOURCE_NOT_FOUND'],
      handler: async ({ scope, caller, params }) => {
        const shop = maySee(caller, params.shop_id) ? await findShop(store.db, scope, params.shop_id) : null
        if (!shop) throw new ClientFailure('RESOURCE_NOT_FOUND')
        return shop
      },
    }),
    route({
      method: 'DELETE',
      path: '/shops/:shop_id/authorization',
      tag: 'shops',
      operationId: 'disconnectShop',
      summary: text('Disconnect a shop', '解绑店铺'),
      description: text(
        'The hub stops working for the shop. With the last shop of an account its tokens are erased. Orders that were synced stay.',
        '系统停止处理该店铺。同一账号下最后一个店铺解绑时，令牌会被彻底清除；已同步的订单保留。',
      ),
      scope: 'shops/manage',
      limit: 'shop',
      audit: 'shop.disconnect',
      params: object({ shop_id: shopId }),
      status: 204,
      response: null,
      errors: ['RESOURCE_NOT_FOUND'],
      handler: async ({ scope, caller, params }) => {
        const isDone = maySee(caller, params.shop_id) && (await commands.disconnect(scope, params.shop_id))
        if (!isDone) throw new ClientFailure('RESOURCE_NOT_FOUND')
      },
    }),
    route({
      method: 'POST',
      path: '/shop-authorizations',
      tag: 'shops',
      operationId: 'startShopAuthorization',
      summary: text(
        'Connect a shop: get the link at which the seller agrees',
        '发起店铺授权，获取卖家授权链接',
      ),
      description: text(
        'Open authorization_url in the seller’s browser. The link works once, until expires_at. When the seller has agreed, the shops appear in GET /shops and the event shop.connected is sent.',
        '在卖家浏览器中打开 authorization_url。链接仅可使用一次，expires_at 前有效。卖家同意后，店铺会出现在 GET /shops 中，并发送 shop.connected 事件。',
      ),
      scope: 'shops/manage',
      limit: 'application',
      audit: 'shop_authorization.start',
      body: object({
        platform: openEnum(platforms, about('Platform.', '平台')),
        marketplace_code: Type.String({
          pattern: '^[a-z0-9_]{2,40}$',
          ...about('Marketplace, e.g. amazon_us.', '站点代码，如 amazon_us'),
        }),
        return_url: Type.Optional(
          Type.String({
            pattern: '^https?://[^\\s]+$',
            maxLength: 2000,
            ...about('Where the last page offers to go on to.', '授权完成页上“返回”按钮的地址'),
          }),
        ),
      }),
      status: 201,
      response: object(
        {
          object: Type.Literal('shop_authorization'),
          authorization_url: Type.String(about('Open this in the seller’s browser.', '请在卖家浏览器中打开')),
          expires_at: { ...Instant, ...about('The link ends.', '链接失效时间') },
        },
        { title: 'ShopAuthorization' },
      ),
      errors: ['MARKETPLACE_UNKNOWN', 'PLATFORM_NOT_CONFIGURED'],
      handler: async ({ scope, caller, body }) => {
        const started = await commands.startAuthorization(scope, {
          platform: body.platform,
          marketplaceCode: body.marketplace_code,
          returnUrl: body.return_url ?? null,
          startedBy: caller.applicationId,
        })
        if (!started.ok) throw new ClientFailure(started.code, { detail: started.detail })
        return {
          object: 'shop_authorization',
          authorization_url: started.authorizationUrl,
          expires_at: isoTime(started.expiresAtMs),
        }
      },
    }),
  ]
}
