import type { Environment } from '#kernel/environment.ts'

/** `document` is the sealed JSON text of the canonical Order, context `order:<id>`. */
export type OrderRow = {
  org_id: string
  environment: Environment
  id: string
  shop_id: string
  platform: string
  marketplace_code: string | null
  platform_order_id: string
  status: string
  payment_status: string
  is_fulfillable: boolean
  ordered_at: Date | null
  platform_updated_at: Date
  fetched_at: Date
  first_seen_at: Date
  updated_at: Date
  acknowledged_at: Date | null
  version: number
  event_seq: number
  content_hash: Buffer
  mapping_version: string
  raw_id: string
  raw_sha256: Buffer
  rejected_hash: Buffer | null
  document: Buffer
}
export type OrderTables = { orders: OrderRow }
