import { Type } from 'typebox'
import { environments } from '#kernel/environment.ts'
import { platforms } from './platform.ts'
import { Instant, about, maybeInstant, maybeText, object, openEnum } from './schema.ts'
import type { Static } from './schema.ts'

/** `pending_auth` → `active` → `auth_expiring` → `auth_expired`; `revoked` by the seller; `disabled` by us. */
export const shopStatuses = [
  'pending_auth',
  'active',
  'auth_expiring',
  'auth_expired',
  'revoked',
  'suspended',
  'disabled',
] as const

/** One seller account in one marketplace. Amazon: one per marketplace, all of a region on one grant. */
export const Shop = object(
  {
    id: Type.String(about('Our id.', '店铺 ID')),
    object: Type.Literal('shop'),
    environment: openEnum(environments, about('Sandbox or production.', '环境')),
    platform: openEnum(platforms, about('Platform.', '平台')),
    marketplace_code: Type.String(about('Marketplace, e.g. amazon_us.', '站点代码，如 amazon_us')),
    country_code: Type.String(about('ISO 3166-1 alpha-2.', '国家二字码')),
    platform_shop_id: Type.String(about('Shop id at the platform.', '平台店铺 ID')),
    platform_merchant_id: maybeText('Account above the shop.', '平台主账号 ID'),
    stock_scope_key: Type.String(
      about('Key under which the platform keeps one quantity.', '平台侧共用一个库存数的范围键'),
    ),
    display_name: Type.String(about('Name for people.', '店铺名称')),
    currency: Type.String(about('ISO 4217 code of the marketplace.', '站点币种')),
    time_zone: Type.String(about('IANA zone; for display only, all times are UTC.', '站点时区，仅用于展示')),
    status: openEnum(shopStatuses, about('State of the connection.', '授权状态')),
    auth: object({
      granted_at: maybeInstant('Seller agreed.', '授权时间'),
      access_expires_at: maybeInstant('Access token ends.', 'access_token 到期时间'),
      refresh_expires_at: maybeInstant('Renewal needed before this.', '授权到期时间，到期前需续期'),
      last_refreshed_at: maybeInstant('Last refresh.', '最近刷新时间'),
      last_error_code: maybeText('Last failure of authorisation.', '最近一次授权错误码'),
    }),
    sync: object({
      orders_synced_until: maybeInstant('Every change up to here is stored.', '订单已完整同步至'),
      last_success_at: maybeInstant('Last complete walk.', '最近成功同步时间'),
      last_error_code: maybeText('Why the last walk ended early.', '最近一次同步错误码'),
    }),
    created_at: { ...Instant, ...about('Connected.', '接入时间') },
  },
  { title: 'Shop' },
)
export type Shop = Static<typeof Shop>
