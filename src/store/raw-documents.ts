import type { ColumnType, Generated } from 'kysely'
import type { Environment } from '#kernel/environment.ts'

export type RawDocumentRow = {
  org_id: string
  environment: Environment
  id: string
  shop_id: string | null
  grant_id: string
  platform: string
  document: string
  platform_order_id: string | null
  source: string
  endpoint: string
  fetched_at: Date
  sha256: Buffer
  payload: Buffer
}
export type RawInboxRow = {
  org_id: string
  environment: Environment
  raw_id: string
  received_at: Generated<Date>
}
export type QuarantineRow = {
  org_id: string
  environment: Environment
  raw_id: string
  shop_id: string | null
  platform: string
  document: string
  platform_order_id: string | null
  mapping_version: string
  faults: ColumnType<unknown, string, string>
  created_at: Generated<Date>
  resolved_at: Date | null
}
export type DriftRow = {
  platform: string
  document: string
  api_version: string
  path: string
  type: string
  first_seen_at: Date
  last_seen_at: Date
  seen_count: number
}
export type RawTables = {
  raw_documents: RawDocumentRow
  raw_inbox: RawInboxRow
  quarantine: QuarantineRow
  drift: DriftRow
}
