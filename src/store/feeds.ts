import type { Generated } from 'kysely'
import type { Environment } from '#kernel/environment.ts'

export type OrderFeedRow = {
  org_id: string
  grant_id: string
  environment: Environment
  synced_until: Date
  last_started_at: Date | null
  last_success_at: Date | null
  last_error_code: string | null
  blocked_until: Date | null
}
export type BackfillRow = {
  org_id: string
  id: string
  environment: Environment
  grant_id: string
  from_at: Date
  to_at: Date
  done_until: Date
  orders_seen: Generated<number>
  state: 'running' | 'done' | 'failed'
  last_error_code: string | null
  created_at: Generated<Date>
  updated_at: Generated<Date>
}
export type SeenHintRow = { org_id: string; grant_id: string; dedupe_key: string; seen_at: Generated<Date> }
export type PlatformBucketRow = {
  key: string
  next_free_at: number
  per_second: number | null
  blocked_until: number | null
}
export type WorkerRow = {
  id: string
  host: string
  pid: number
  started_at: Generated<Date>
  last_seen_at: Generated<Date>
}
export type FeedTables = {
  order_feeds: OrderFeedRow
  backfills: BackfillRow
  seen_hints: SeenHintRow
  platform_buckets: PlatformBucketRow
  workers: WorkerRow
}
