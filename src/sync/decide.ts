import type { EventType } from '#canonical/event.ts'
import type { Order, OrderContent } from '#canonical/order.ts'
import type { NamedContent } from './identity.ts'
import { mayMove } from '#canonical/status.ts'
import type { OrderStatus } from '#canonical/status.ts'

/** What guards a known order against older, repeated and impossible snapshots. */
export type Known = {
  readonly status: string
  readonly platform_updated_at: Date
  readonly fetched_at: Date
  readonly content_hash: Buffer
  readonly rejected_hash: Buffer | null
}

/**
 * What one mapped document does to an order:
 * `stale` an older snapshot · `unchanged` nothing new · `rejected` a move the state machine does not
 * have, announced once · `accepted` a new version.
 */
export type Verdict = 'stale' | 'unchanged' | 'rejected' | 'rejected_again' | 'accepted'

/** The state machine's rules (a) to (e) for one snapshot. Any state may be entered first. */
export function decide(
  known: Known | null,
  content: OrderContent,
  contentHash: Buffer,
  fetchedAt: Date,
): Verdict {
  if (!known) return 'accepted'
  const age = Date.parse(content.platform_updated_at) - known.platform_updated_at.getTime()
  if (age < 0 || (age === 0 && fetchedAt.getTime() < known.fetched_at.getTime())) return 'stale'
  if (contentHash.equals(known.content_hash)) return 'unchanged'
  if (mayMove(known.status as OrderStatus, content.status)) return 'accepted'
  return known.rejected_hash && contentHash.equals(known.rejected_hash) ? 'rejected_again' : 'rejected'
}

type Milestone = {
  readonly type: EventType
  readonly reached: (order: OrderContent | Order) => boolean
}

/** Events beside created/updated: told when the condition holds and did not hold before. */
const milestones: readonly Milestone[] = [
  { type: 'order.paid', reached: (order) => order.payment_status === 'paid' },
  { type: 'order.ready', reached: (order) => order.is_fulfillable },
  {
    type: 'order.cancellation_requested',
    reached: (order) => order.cancellation_status === 'requested',
  },
  { type: 'order.cancelled', reached: (order) => order.status === 'cancelled' },
  { type: 'order.completed', reached: (order) => order.status === 'completed' },
]

/** The events of an accepted document, in the order in which they are told. */
export function eventsOf(before: Order | null, content: OrderContent): readonly EventType[] {
  return [
    before ? 'order.updated' : 'order.created',
    ...milestones
      .filter(({ reached }) => reached(content) && !(before && reached(before)))
      .map(({ type }) => type),
  ]
}

/** Top-level content fields in which two versions of an order differ. */
export function changedFields(before: Order | null, after: NamedContent): readonly string[] {
  if (!before) return []
  const fields = Object.keys(after) as (keyof NamedContent)[]
  return fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
}
