import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile, findDrift, knownPaths, rows } from '#mapping/index.ts'
import { arbitrary } from '#test/support/payloads.ts'
import { order } from './order.map.ts'
import { unitStatuses } from './status.ts'

const amounts = fc.oneof(
  fc.nat(999_999),
  fc.tuple(fc.nat(9999), fc.nat(99)).map(([whole, cents]) => `${whole}.${String(cents).padStart(2, '0')}`),
)
const words = fc.constantFrom(...Object.keys(unitStatuses), 'teleported')
const flags = fc.constantFrom<unknown>(true, false, 'true', 'False', 0, '1', '')
const stamps = fc.constantFrom<unknown>(
  '2018-05-17 09:23:36 +0800',
  '2026-01-31T23:59:59+07:00',
  '2024-02-29 00:10:00 +0530',
  '1768006860000',
  1_768_006_860,
)
const ids = fc.oneof(fc.nat(999_999_999_999), fc.stringMatching(/^\d{12,16}$/))

const hints = {
  'order.created_at': stamps,
  'order.updated_at': stamps,
  'order.statuses': fc.array(words, { maxLength: 3 }),
  'order.need_cancel_confirm': flags,
  'order.is_cancel_pending': flags,
  'order.gift_option': flags,
  'order.payment_method': fc.constantFrom('COD', 'MIXEDCARD'),
  'order.price': amounts,
  'order.voucher': amounts,
  'order.shipping_fee': amounts,
  'order.promised_shipping_times': fc.constantFrom('', '2017-03-24 16:09:22', 'shipping_time'),
  'order.address_shipping.country': fc.constantFrom('Singapore', 'Vietnam', 'Atlantis'),
  'items[].order_item_id': ids,
  'items[].currency': fc.constantFrom('SGD', 'VND', 'IDR'),
  'items[].status': words,
  'items[].item_price': amounts,
  'items[].paid_price': amounts,
  'items[].voucher_seller': amounts,
  'items[].voucher_platform_lpi': amounts,
  'items[].tax_amount': amounts,
  'items[].package_id': fc.constantFrom('', 'FP1', 'FP2', null),
  'items[].sku': fc.constantFrom('A', 'B', 'null'),
  'items[].is_fbl': flags,
  'items[].payment_time': stamps,
  'items[].sla_time_stamp': stamps,
  'items[].need_cancel_confirm': flags,
  'items[].cancel_trigger_time': stamps,
  'items[].variation': fc.constantFrom('Color:Red, Size:XL', '1', ''),
}

/** The payload with the two members that every order has. */
const payloads = arbitrary(order, hints).map((payload) => ({
  ...payload,
  order: {
    created_at: '2026-01-10 09:00:00 +0800',
    ...(payload['order'] as object),
  },
  items: ((payload['items'] as object[] | undefined) ?? []).map((item, index) => ({
    currency: 'SGD',
    order_item_id: 900 + index,
    ...item,
  })),
}))

describe('any payload of Lazada', () => {
  const map = compile(order)
  const known = knownPaths(order)

  test('maps without fault and without drift; units and money add up', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        const mapped = map(payload)
        if (!mapped.ok) throw new Error(JSON.stringify(mapped.faults))
        expect(findDrift(known, payload)).toEqual([])
        const { lines, packages } = mapped.value
        const units = lines.flatMap(({ platform_unit_ids: unitIds }) => unitIds)
        expect(new Set(units)).toEqual(
          new Set(payload.items.map((item) => String((item as { order_item_id: unknown }).order_item_id))),
        )
        expect(new Set(units).size).toBe(units.length)
        for (const line of lines) {
          expect(line.quantity).toBe(line.platform_unit_ids.length)
          expect(line.platform_unit_ids).toContain(line.platform_line_id)
          expect(line.delivered_quantity).toBeLessThanOrEqual(line.shipped_quantity)
          expect(line.cancelled_quantity + line.shipped_quantity).toBeLessThanOrEqual(line.quantity)
          expect(line.returned_quantity).toBeLessThanOrEqual(line.delivered_quantity)
        }
        const ids = packages.map(({ platform_package_id: id }) => id)
        expect(new Set(ids).size).toBe(ids.length)
      }),
      { numRuns: 500 },
    )
  })

  test('with anything at any place: faults or values, never an exception', () => {
    const names = [...new Set(rows(order).flatMap(({ platform_path: path }) => path.split(', ')))]
    fc.assert(
      fc.property(payloads, fc.constantFrom(...names), fc.jsonValue(), (payload, path, value) => {
        const wrong = structuredClone(payload) as Record<string, unknown>
        put(wrong, path.replaceAll('[]', '').split('.'), value)
        expect(() => map(wrong)).not.toThrow()
        expect(() => findDrift(known, wrong)).not.toThrow()
      }),
      { numRuns: 1000 },
    )
  })

  test('no order, no mapping', () => {
    for (const raw of [{}, { order: null }, { order: [] }, { items: [] }, null, 'x'])
      expect(map(raw)).toMatchObject({ ok: false })
  })
})

/** Sets the value at a path, in the first element of a list on the way. */
function put(at: Record<string, unknown>, [name, ...rest]: readonly string[], value: unknown): void {
  if (name === undefined) return
  if (rest.length === 0) at[name] = value
  const inner = Array.isArray(at[name]) ? (at[name] as unknown[])[0] : at[name]
  if (rest.length > 0 && typeof inner === 'object' && inner !== null)
    put(inner as Record<string, unknown>, rest, value)
}
