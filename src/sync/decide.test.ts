import { describe, expect, it } from 'vitest'
import type { Order, OrderContent } from '#canonical/order.ts'
import { changedFields, decide, eventsOf } from './decide.ts'
import type { Known } from './decide.ts'

const t = (minute: number): string => new Date(Date.UTC(2026, 8, 14, 3, minute)).toISOString()
const hash = (text: string): Buffer => Buffer.from(text.padEnd(32))

/** What the guards and milestones look at; the rest of an order plays no part here. */
const content = (given: Partial<OrderContent> = {}): OrderContent =>
  ({
    status: 'awaiting_fulfillment',
    payment_status: 'paid',
    cancellation_status: 'none',
    is_fulfillable: true,
    platform_updated_at: t(10),
    lines: [],
    ...given,
  }) as unknown as OrderContent

const known: Known = {
  status: 'awaiting_fulfillment',
  platform_updated_at: new Date(t(10)),
  fetched_at: new Date(t(20)),
  content_hash: hash('known'),
  rejected_hash: null,
}

const judge = (given: Partial<OrderContent>, fetchedMinute: number, text = 'new', before = known) =>
  decide(before, content(given), hash(text), new Date(t(fetchedMinute)))

describe('a snapshot', () => {
  it('is accepted whatever its state when the order is new', () => {
    for (const status of ['awaiting_payment', 'completed', 'cancelled', 'unknown'] as const)
      expect(decide(null, content({ status }), hash('new'), new Date(t(0)))).toBe('accepted')
  })

  it('older by the platform’s time changes nothing, however late it was read', () => {
    expect(judge({ platform_updated_at: t(9), status: 'shipped' }, 59)).toBe('stale')
  })

  it('of the same platform time goes by when it was read', () => {
    expect(judge({ status: 'shipped' }, 19)).toBe('stale')
    expect(judge({ status: 'shipped' }, 20)).toBe('accepted')
    expect(judge({ status: 'shipped' }, 21)).toBe('accepted')
  })

  it('newer by the platform’s time counts even if it was read before', () => {
    expect(judge({ platform_updated_at: t(11) }, 1)).toBe('accepted')
  })

  it('that says what is known is unchanged', () => {
    expect(judge({}, 21, 'known')).toBe('unchanged')
  })

  it('with a move that does not exist is rejected, and told once', () => {
    const back = { status: 'on_hold', platform_updated_at: t(11) } as const
    const shipped = { ...known, status: 'shipped' }
    expect(judge(back, 21, 'back', shipped)).toBe('rejected')
    const refused = { ...shipped, rejected_hash: hash('back') }
    expect(judge(back, 22, 'back', refused)).toBe('rejected_again')
    expect(judge({ ...back, platform_updated_at: t(12) }, 23, 'back again', refused)).toBe('rejected')
  })

  it('with an unknown status is taken as it is, but opens nothing that has ended', () => {
    expect(judge({ status: 'unknown', platform_updated_at: t(11) }, 21)).toBe('accepted')
    expect(
      judge({ status: 'unknown', platform_updated_at: t(11) }, 21, 'new', { ...known, status: 'completed' }),
    ).toBe('rejected')
  })
})

describe('the events of an accepted snapshot', () => {
  const before = content({ payment_status: 'pending', is_fulfillable: false, status: 'on_hold' }) as Order

  it('tell a new order and every milestone it has already reached', () => {
    expect(eventsOf(null, content())).toEqual(['order.created', 'order.paid', 'order.ready'])
    expect(
      eventsOf(null, content({ status: 'cancelled', payment_status: 'voided', is_fulfillable: false })),
    ).toEqual(['order.created', 'order.cancelled'])
  })

  it('tell a milestone when it is reached and not while it lasts', () => {
    expect(eventsOf(before, content())).toEqual(['order.updated', 'order.paid', 'order.ready'])
    expect(eventsOf(content() as Order, content({ status: 'shipped', is_fulfillable: false }))).toEqual([
      'order.updated',
    ])
    expect(eventsOf(content() as Order, content({ cancellation_status: 'requested' }))).toEqual([
      'order.updated',
      'order.cancellation_requested',
    ])
    expect(eventsOf(content({ status: 'delivered' }) as Order, content({ status: 'completed' }))).toEqual([
      'order.updated',
      'order.completed',
    ])
  })

  it('tell a milestone again when it was left in between', () => {
    const held = content({ is_fulfillable: false }) as Order
    expect(eventsOf(held, content())).toContain('order.ready')
  })
})

describe('changed fields', () => {
  it('are the top-level fields that differ, none for a new order', () => {
    const before = content() as Order
    const after = content({ status: 'shipped', lines: [{}] as unknown as OrderContent['lines'] })
    expect(changedFields(null, after as Order)).toEqual([])
    expect(changedFields(before, after as Order)).toEqual(['status', 'lines'])
  })
})
