import type { Generated } from 'kysely'
import type { Environment } from '#kernel/environment.ts'

export type OrganisationRow = {
  org_id: string
  name: string
  production_granted: Generated<boolean>
  created_at: Generated<Date>
}
export type GrantRow = {
  org_id: string
  environment: Environment
  id: string
  platform: string
  region: string
  platform_merchant_id: string
  access_token: Buffer | null
  access_expires_at: Date | null
  refresh_token: Buffer | null
  refresh_expires_at: Date | null
  scopes: string[]
  status: string
  granted_at: Date
  last_refreshed_at: Date | null
  last_error_code: string | null
}
export type ShopRow = {
  org_id: string
  environment: Environment
  id: string
  grant_id: string
  platform: string
  region: string
  marketplace_code: string
  platform_market_id: string
  country_code: string
  platform_shop_id: string
  platform_merchant_id: string | null
  stock_scope_key: string
  display_name: string
  currency: string
  time_zone: string
  status: string
  created_at: Generated<Date>
}
export type AuthorizationStateRow = {
  state_hash: Buffer
  org_id: string
  environment: Environment
  platform: string
  region: string
  marketplace_code: string
  redirect_uri: string
  return_url: string | null
  started_by: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
}
export type ShopTables = {
  organisations: OrganisationRow
  grants: GrantRow
  shops: ShopRow
  authorization_states: AuthorizationStateRow
}
