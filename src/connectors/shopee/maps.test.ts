import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import { arbitrary } from '#test/support/payloads.ts'
import { orderMap } from './order.map.ts'
import { orderStatuses, packageStatuses } from './status.ts'

const id = fc.oneof(fc.integer({ min: 1 }), fc.constantFrom('9007199254740993', 0))
const units = fc.nat(20)
const amount = fc.oneof(
  fc.nat(1_000_000),
  fc.tuple(fc.nat(9999), fc.nat(99)).map(([whole, cents]) => Number(`${whole}.${cents}`)),
)
const income = (names: string): Record<string, fc.Arbitrary<unknown>> =>
  Object.fromEntries(names.split(' ').map((name) => [`escrow.order_income.${name}`, amount]))

const hints: Record<string, fc.Arbitrary<unknown>> = {
  'order.order_status': fc.constantFrom(...Object.keys(orderStatuses), 'NEW_WORD'),
  'order.cod': fc.boolean(),
  'order.advance_package': fc.boolean(),
  'order.pending_terms': fc.subarray(['SYSTEM_PENDING', 'KYC_PENDING', '']),
  'order.cancel_by': fc.constantFrom('buyer', 'Seller', 'OPS', ''),
  'order.cancel_reason': fc.constantFrom('OUT_OF_STOCK', '-', ''),
  'order.buyer_user_id': id,
  'order.item_list[].item_id': fc.integer({ min: 1 }),
  'order.item_list[].model_id': id,
  'order.item_list[].order_item_id': id,
  'order.item_list[].line_item_id': id,
  'order.item_list[].promotion_group_id': fc.nat(3),
  'order.item_list[].promotion_id': id,
  'order.item_list[].model_discounted_price': amount,
  'order.item_list[].cancelled_qty': units,
  'order.item_list[].cancel_requested_qty': units,
  'order.item_list[].product_location_id': fc.constantFrom<unknown>('SGZ', ['SGZ'], []),
  'order.item_list[].is_prescription_item': fc.boolean(),
  'order.package_list[].logistics_status': fc.constantFrom(...Object.keys(packageStatuses), 'NEW_WORD'),
  'order.package_list[].item_list[].item_id': id,
  'order.package_list[].item_list[].model_quantity': units,
  'packages[].ship_by_date': fc.constantFrom(0, 1_700_000_000),
  'packages[].tracking_number': fc.constantFrom('-', '', 'SPX123'),
  ...income('seller_discount shopee_discount voucher_from_seller voucher_from_shopee coins commission_fee'),
  ...income('service_fee escrow_tax cross_border_tax seller_shipping_discount shopee_shipping_rebate'),
}

const map = compile(orderMap)
const known = knownPaths(orderMap)
/** The order itself is always there; its parts need not be. */
const payloads = arbitrary(orderMap, hints).filter((payload) => 'order' in payload)

test('any payload maps without fault and without drift, units within bounds', () => {
  fc.assert(
    fc.property(payloads, (payload) => {
      const mapped = map(payload)
      expect(mapped).toMatchObject({ ok: true })
      expect(findDrift(known, payload)).toEqual([])
      if (!mapped.ok) return
      for (const line of mapped.value.lines) {
        expect(line.cancelled_quantity + line.shipped_quantity).toBeLessThanOrEqual(line.quantity)
        expect(line.delivered_quantity).toBeLessThanOrEqual(line.shipped_quantity)
      }
    }),
    { numRuns: 500 },
  )
})

test('what the table does not know is drift, wherever it stands', () => {
  const payload = {
    order: { order_sn: 'A', surprise: 1, item_list: [{ odd: true }], recipient_address: { floor: 2 } },
    escrow: { order_income: { new_fee: 1, items: [{ new_part: 1 }] } },
    packages: [{ robot: 'R2' }],
  }
  expect(
    findDrift(known, payload)
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual([
    'escrow.order_income.items[].new_part',
    'escrow.order_income.new_fee',
    'order.item_list[].odd',
    'order.recipient_address.floor',
    'order.surprise',
    'packages[].robot',
  ])
})

test('a time in milliseconds and amounts without currency are faults, never guesses', () => {
  const order = { order_sn: 'A', create_time: 1_700_000_000, update_time: 1_700_000_000_000, total_amount: 5 }
  expect(map({ order })).toMatchObject({
    ok: false,
    faults: [{ path: 'order.update_time' }, { path: 'order.currency' }],
  })
})
