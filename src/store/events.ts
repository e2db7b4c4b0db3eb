import type { Generated } from 'kysely'
import type { Environment } from '#kernel/environment.ts'

/** `body` is the sealed JSON text of the canonical Event as it is sent, context `event:<id>`. */
export type EventRow = {
  org_id: string
  environment: Environment
  offset: number
  id: string
  type: string
  shop_id: string | null
  platform: string | null
  entity_type: string
  entity_id: string
  seq: number
  recorded_at: Date
  body: Buffer
}
export type EventStreamRow = { org_id: string; environment: Environment; last_offset: Generated<number> }
export type EventTables = { events: EventRow; event_streams: EventStreamRow }
