import { expect, test } from 'vitest'
import { order2026 } from '#connectors/amazon/order-2026.map.ts'
import { orderV0 } from '#connectors/amazon/order-v0.map.ts'
import { knownPaths } from '#mapping/index.ts'
import type { KnownPaths } from '#mapping/index.ts'
import { describeWithReference, readReference } from '#test/support/reference-files.ts'

type Schema = {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly allOf?: readonly Schema[]
}
type Model = { readonly definitions: Readonly<Record<string, Schema>> }

/** Every leaf of a definition as the paths of a document: members by dots, elements as `[]`. */
function leavesOf(model: Model, definition: string, prefix = ''): readonly string[] {
  return visit({ $ref: `#/definitions/${definition}` }, prefix)

  function visit(schema: Schema, path: string): readonly string[] {
    if (schema.$ref) return visit(model.definitions[schema.$ref.split('/').at(-1)!]!, path)
    if (schema.allOf) return schema.allOf.flatMap((part) => visit(part, path))
    if (schema.items) return visit(schema.items, `${path}[]`)
    if (!schema.properties) return [path]
    return Object.entries(schema.properties).flatMap(([name, inner]) =>
      visit(inner, path === '' ? name : `${path}.${name}`),
    )
  }
}

/** Leaves that the table neither maps nor ignores. */
function unexplained(known: KnownPaths, leaves: readonly string[]): readonly string[] {
  return leaves.filter((leaf) => {
    let at: KnownPaths | null | undefined = known
    for (const step of leaf.replaceAll('[]', '.[]').split('.')) {
      if (at.ignored) return false
      at = step === '[]' ? at.elements : at.members.get(step)
      // A rule that reads a whole list or object covers what is below it.
      if (!at) return step !== '[]'
    }
    return false
  })
}

describeWithReference('every field of Amazon’s order models is mapped or ignored with a reason', () => {
  const model2026 = readReference('amazon/models/orders_2026-01-01.json') as Model
  const modelV0 = readReference('amazon/models/ordersV0.json') as Model

  test('Orders 2026-01-01', () => {
    const leaves = leavesOf(model2026, 'Order')
    expect(leaves.length).toBeGreaterThan(150)
    expect(unexplained(knownPaths(order2026), leaves)).toEqual([])
  })

  test('Orders v0: order, items, address, buyer info, items’ buyer info', () => {
    const leaves = [
      ...leavesOf(modelV0, 'Order'),
      ...leavesOf(modelV0, 'OrderItem', 'OrderItems[]'),
      ...leavesOf(modelV0, 'OrderAddress'),
      ...leavesOf(modelV0, 'OrderBuyerInfo', 'BuyerInfo'),
      ...leavesOf(modelV0, 'OrderItemBuyerInfo', 'OrderItems[].BuyerInfo'),
    ]
    expect(leaves.length).toBeGreaterThan(180)
    expect(unexplained(knownPaths(orderV0), leaves)).toEqual([])
  })

  test('no table ignores or maps a field that the models do not have', () => {
    const of2026 = leavesOf(model2026, 'Order')
    const ofV0 = [
      'NextToken',
      ...leavesOf(modelV0, 'Order'),
      ...leavesOf(modelV0, 'OrderItem', 'OrderItems[]'),
      ...leavesOf(modelV0, 'OrderAddress'),
      ...leavesOf(modelV0, 'OrderBuyerInfo', 'BuyerInfo'),
      ...leavesOf(modelV0, 'OrderItemBuyerInfo', 'OrderItems[].BuyerInfo'),
    ]
    expect(invented(knownPaths(order2026), of2026)).toEqual([])
    expect(invented(knownPaths(orderV0), ofV0)).toEqual([])
  })
})

/** Paths of a table that no leaf of the models begins with. */
function invented(known: KnownPaths, leaves: readonly string[], path = ''): readonly string[] {
  const own =
    path === '' ||
    leaves.some((leaf) => leaf === path || leaf.startsWith(`${path}.`) || leaf.startsWith(`${path}[]`))
      ? []
      : [path]
  const members = [...known.members].flatMap(([name, inner]) =>
    invented(inner, leaves, path === '' ? name : `${path}.${name}`),
  )
  return [...own, ...members, ...(known.elements ? invented(known.elements, leaves, `${path}[]`) : [])]
}
