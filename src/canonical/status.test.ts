import { describe, expect, it } from 'vitest'
import { mayMove, orderStatuses, orderStatusTexts, terminalStatuses } from './status.ts'
import type { OrderStatus } from './status.ts'

/**
 * Every move there is. Columns in the order of `orderStatuses`: x a step of its own, s reached over steps
 * nobody saw, u into or out of `unknown`, = stays, . refused.
 */
const drawn: Readonly<Record<OrderStatus, string>> = {
  awaiting_payment: '     = x x s s s s s x s u',
  on_hold: '              . = x x s x s s x x u',
  awaiting_fulfillment: ' . x = x x x s s x x u',
  processing: '           . x x = x x x s x x u',
  partially_shipped: '    . . . . = x x x . x u',
  shipped: '              . . . . . = x x x x u',
  delivered: '            . . . . . . = x . . u',
  completed: '            . . . . . . . = . . .',
  cancelled: '            . . . . . . . . = . .',
  failed: '               . . . . . . . . . = .',
  unknown: '              u u u u u u u u u u =',
}

const rowOf = (from: OrderStatus): string => drawn[from].trim().replaceAll(' ', '')

describe('the moves of an order', () => {
  it.each(orderStatuses)('from %s are exactly those drawn', (from) => {
    const allowed = orderStatuses.map((to) => mayMove(from, to))
    expect(allowed).toEqual(
      rowOf(from)
        .split('')
        .map((cell) => cell !== '.'),
    )
    expect(orderStatusTexts[from].zh).not.toBe('')
  })

  it('end where the platform ended them', () => {
    for (const from of terminalStatuses)
      expect(orderStatuses.filter((to) => mayMove(from, to))).toEqual([from])
  })

  it('never undo a hand-over: what has left the seller does not wait for it again', () => {
    const before: readonly OrderStatus[] = [
      'awaiting_payment',
      'on_hold',
      'awaiting_fulfillment',
      'processing',
    ]
    for (const from of ['partially_shipped', 'shipped', 'delivered'] as const)
      for (const to of before) expect(mayMove(from, to)).toBe(false)
  })

  it('cancel only by a step of its own: no unseen step leads through a cancellation', () => {
    const cancelling = orderStatuses.filter((from) => mayMove(from, 'cancelled'))
    expect(cancelling).toEqual([
      'awaiting_payment',
      'on_hold',
      'awaiting_fulfillment',
      'processing',
      'shipped',
      'cancelled',
      'unknown',
    ])
  })
})
