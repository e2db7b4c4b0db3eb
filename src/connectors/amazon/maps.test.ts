import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile, findDrift, knownPaths } from '#mapping/index.ts'
import type { FieldMap, KnownPaths } from '#mapping/index.ts'
import type { OrderContent } from '#canonical/order.ts'
import { arbitrary } from '#test/support/payloads.ts'
import { order2026 } from './order-2026.map.ts'
import { orderV0 } from './order-v0.map.ts'

const flags = fc.constantFrom<unknown>(true, false, 'true', 'false')
const tables: readonly (readonly [string, FieldMap<OrderContent>, Record<string, fc.Arbitrary<unknown>>])[] =
  [
    [
      'orders 2026',
      order2026,
      { 'associatedOrders[].associationType': fc.constantFrom('EXCHANGE_ORIGINAL_ID', 'X') },
    ],
    [
      'orders v0',
      orderV0,
      {
        OrderType: fc.constantFrom('StandardOrder', 'Preorder'),
        PaymentMethod: fc.constantFrom('COD', 'CVS', 'Other'),
        NumberOfItemsShipped: fc.nat(9),
        NumberOfItemsUnshipped: fc.nat(9),
        IsReplacementOrder: flags,
        HasRegulatedItems: flags,
        IsPrime: flags,
        IsPremiumOrder: flags,
        IsISPU: flags,
        IsIBA: flags,
        IsGlobalExpressEnabled: flags,
        IsAccessPointOrder: flags,
      },
    ],
  ]

describe.each(tables)('any payload of %s', (_name, table, hints) => {
  const map = compile(table)
  const known = knownPaths(table)
  const payloads = arbitrary(table, hints)

  test('maps without fault and without drift', () => {
    fc.assert(
      fc.property(payloads, (payload) => {
        expect(map(payload)).toMatchObject({ ok: true })
        expect(findDrift(known, payload)).toEqual([])
      }),
      { numRuns: 1000 },
    )
  })

  test('with one value of a wrong kind is a fault at that place, drift, or of no effect; never an exception', () => {
    fc.assert(
      fc.property(payloads, fc.nat(), (payload, choice) => {
        const places = mappedPlaces(known, payload)
        const place = places[choice % places.length]!
        const wrong = withWrongKind(payload, place)
        const mapped = map(wrong)
        const said = [...(mapped.ok ? [] : mapped.faults), ...findDrift(known, wrong)].map(({ path }) =>
          plain(path),
        )
        const names = (path: string) => said.some((found) => found === path || found.startsWith(`${path}.`))
        const path = place.names.join('.')
        const isNamed = names(path) || (place.isDiscriminator && names(place.names.slice(0, -1).join('.')))
        if (!isNamed) expect({ path, mapped }).toEqual({ path, mapped: map(payload) })
      }),
      { numRuns: 1000 },
    )
  })
})

type Place = {
  readonly pointer: readonly (string | number)[]
  readonly names: readonly string[]
  readonly isDiscriminator: boolean
}

const discriminators = /^(type|subtype|aliasType|associationType|entityType|model|Name)$/

/** Every place of the payload that the table maps; what is ignored may be of any kind. */
function mappedPlaces(known: KnownPaths, payload: unknown): readonly Place[] {
  const places: Place[] = []
  visit(known, payload, [], [])
  return places

  function visit(
    node: KnownPaths,
    value: unknown,
    pointer: readonly (string | number)[],
    names: readonly string[],
  ): void {
    if (node.ignored) return
    const last = names.at(-1)
    if (last !== undefined && value !== null && value !== undefined)
      places.push({ pointer, names, isDiscriminator: discriminators.test(last) })
    if (Array.isArray(value))
      value.forEach(
        (inner: unknown, index) => node.elements && visit(node.elements, inner, [...pointer, index], names),
      )
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) {
        const next = node.members.get(name)
        if (next) visit(next, inner, [...pointer, name], [...names, name])
      }
  }
}

function withWrongKind(payload: unknown, { pointer }: Place): unknown {
  const copy = structuredClone(payload)
  let at = copy as Record<string | number, unknown>
  for (const key of pointer.slice(0, -1)) at = at[key] as Record<string | number, unknown>
  const key = pointer.at(-1)!
  at[key] = typeof at[key] === 'object' ? 7 : { not: 'this' }
  return copy
}

/** A fault's path without indexes, conditions and root mark. */
const plain = (path: string): string =>
  path
    .replace(/^\//, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .split('.')
    .filter((part) => !/^\d+$/.test(part))
    .join('.')
