import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import { arbitrary } from '#test/support/payloads.ts'
import { order } from './order.map.ts'

const map = compile(order)
const known = knownPaths(order)
const amount = fc
  .nat(99_999)
  .map((cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`)
const flags = fc.constantFrom<unknown>(true, false)
const unitWords = fc.constantFrom('AWAITING_SHIPMENT', 'IN_TRANSIT', 'DELIVERED', 'CANCELLED', 'NEW_WORD')

const payloads = arbitrary(order, {
  is_exchange_order: flags,
  is_cod: flags,
  is_buyer_request_cancel: flags,
  paid_time: fc.integer({ min: 1_600_000_000, max: 1_800_000_000 }),
  order_type: fc.constantFrom('NORMAL', 'PRE_ORDER'),
  'line_items[].display_status': unitWords,
  'line_items[].package_id': fc.constantFrom('1', '2'),
  'line_items[].seller_discount': amount,
  'line_items[].platform_discount': amount,
  'line_items[].original_price': amount,
  'recipient_address.district_info': fc.array(
    fc.record({
      address_level: fc.constantFrom('L0', 'L1', 'L2', 'L3'),
      address_level_name: fc.constantFrom('City', 'State'),
      address_name: fc.string({ minLength: 1 }),
    }),
    { maxLength: 4 },
  ),
})

describe('any payload', () => {
  test('maps without fault and without drift; every unit is in one line, and counters add up', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        const units = withOwnIds(payload)
        const mapped = map(payload)
        if (!mapped.ok) throw new Error(JSON.stringify(mapped.faults))
        expect(findDrift(known, payload)).toEqual([])
        const { lines } = mapped.value
        expect(lines.flatMap((line) => line.platform_unit_ids).toSorted()).toEqual(units.toSorted())
        for (const line of lines) {
          expect(line.quantity).toBe(line.platform_unit_ids.length)
          expect(line.cancelled_quantity + line.shipped_quantity).toBeLessThanOrEqual(line.quantity)
          expect(line.delivered_quantity).toBeLessThanOrEqual(line.shipped_quantity)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('lines do not change with the order of the rows', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        withOwnIds(payload)
        const rows = payload['line_items'] as unknown[] | undefined
        const linesOf = (input: unknown) => {
          const mapped = map(input)
          return mapped.ok ? new Set(mapped.value.lines.map((line) => line.platform_unit_ids.join())) : null
        }
        expect(linesOf({ ...payload, ...(rows && { line_items: rows.toReversed() }) })).toEqual(
          linesOf(payload),
        )
      }),
      { numRuns: 200 },
    )
  })
})

/** The platform never gives two units one id. */
function withOwnIds(payload: Record<string, unknown>): string[] {
  const rows = (payload['line_items'] ?? []) as { id: string }[]
  rows.forEach((row, index) => (row.id = `5770865121237${String(index).padStart(5, '0')}`))
  return rows.map(({ id }) => id)
}

const unit = (id: string, more: object = {}) => ({
  id,
  sku_id: 'S',
  sale_price: '10.00',
  original_price: '10.00',
  currency: 'USD',
  display_status: 'AWAITING_SHIPMENT',
  ...more,
})
const orderOf = (more: object) => ({
  id: '576461413038785001',
  status: 'AWAITING_SHIPMENT',
  fulfillment_type: 'FULFILLMENT_BY_SELLER',
  create_time: 1_767_200_000,
  update_time: 1_767_200_600,
  payment: { currency: 'USD' },
  ...more,
})
const valueOf = (raw: object) => {
  const mapped = map(raw)
  if (!mapped.ok) throw new Error(JSON.stringify(mapped.faults))
  return mapped.value
}

describe('cases of their own', () => {
  test('a line keeps its identity while its units part', () => {
    const mixed = valueOf(
      orderOf({
        status: 'PARTIALLY_SHIPPING',
        line_items: [
          unit('12', { display_status: 'IN_TRANSIT' }),
          unit('9'),
          unit('10', { display_status: 'CANCELLED', cancel_user: 'SELLER', cancel_reason: 'Out of stock' }),
        ],
      }),
    )
    expect(mixed).toMatchObject({
      status: 'partially_shipped',
      fulfillment_status: 'partially_shipped',
      cancellation_status: 'partially_cancelled',
      lines: [
        {
          platform_line_id: '9',
          platform_unit_ids: ['9', '10', '12'],
          line_status: 'partially_shipped',
          platform_status: 'AWAITING_SHIPMENT,CANCELLED,IN_TRANSIT',
          quantity: 3,
          shipped_quantity: 1,
          cancelled_quantity: 1,
        },
      ],
      cancellations: [
        {
          platform_cancellation_id: '9',
          initiated_by: 'seller',
          reason_text: 'Out of stock',
          state: 'completed',
        },
      ],
    })
  })

  test('a wish to cancel holds the order; after shipping it counts as refused', () => {
    const wish = { is_buyer_request_cancel: true, cancellation_initiator: 'BUYER' }
    expect(valueOf(orderOf({ ...wish, line_items: [unit('1'), unit('2')] }))).toMatchObject({
      is_fulfillable: false,
      hold_reasons: ['cancellation_requested'],
      cancellation_status: 'requested',
      lines: [{ cancel_requested_quantity: 2 }],
      cancellations: [{ initiated_by: 'buyer', state: 'requested', lines: [{ quantity: 2 }] }],
    })
    const gone = orderOf({
      ...wish,
      status: 'IN_TRANSIT',
      line_items: [unit('1', { display_status: 'IN_TRANSIT' })],
    })
    expect(valueOf(gone)).toMatchObject({
      cancellation_status: 'rejected',
      cancellations: [{ state: 'rejected', lines: [{ quantity: 0 }] }],
    })
  })

  test('both spellings of cancelled; words of later versions are unknown and kept', () => {
    expect(valueOf(orderOf({ status: 'CANCEL', line_items: [unit('1')] }))).toMatchObject({
      status: 'cancelled',
      lines: [{ line_status: 'cancelled', cancelled_quantity: 1 }],
    })
    expect(valueOf(orderOf({ status: 'TELEPORTED' }))).toMatchObject({
      status: 'unknown',
      platform_status: 'TELEPORTED',
      is_fulfillable: false,
    })
  })

  test('Brazil: an order without its invoice must not be shipped', () => {
    expect(valueOf(orderOf({ need_upload_invoice: 'NEED_INVOICE', line_items: [unit('1')] }))).toMatchObject({
      hold_reasons: ['missing_compliance'],
      is_fulfillable: false,
    })
  })

  test.each([
    ['a flag that is none', { is_cod: 'perhaps' }, 'is_cod'],
    ['milliseconds', { update_time: 1_767_200_600_000 }, 'update_time'],
    [
      'an amount that is none',
      { line_items: [unit('1', { seller_discount: 'much' })] },
      'line_items.0.seller_discount',
    ],
    ['two units of one id', { line_items: [unit('1'), unit('1')] }, 'line_items.1.id'],
    ['a currency gone', { payment: { total_amount: '5.00' } }, 'payment.currency'],
  ])('%s: a fault with its place', (_name, more, path) => {
    const mapped = map(orderOf(more))
    expect(mapped).toMatchObject({ ok: false })
    if (!mapped.ok) expect(mapped.faults.map((fault) => fault.path)).toContain(path)
  })
})
