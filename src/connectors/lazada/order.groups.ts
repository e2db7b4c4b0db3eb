import { isObject, flagOf, listOf, wordOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { unitStatusOf } from './status.ts'
import type { Unit } from './status.ts'

/**
 * Lazada has one row for each unit. Rows that are alike in article, prices, status and parcel become one
 * line with a quantity; its first row gives the id, and every unit keeps its own.
 */
export type Group = {
  readonly id: string
  readonly rows: readonly Members[]
  readonly unitIds: readonly string[]
}

export type Groups = {
  /** Every unit once, in the order of the rows. */
  readonly rows: readonly Members[]
  readonly units: readonly Unit[]
  /** Lines by the id of their first row. */
  readonly lines: ReadonlyMap<string, Group>
  /** Lines of each parcel, by the id of the first row in it. */
  readonly packages: ReadonlyMap<string, readonly { readonly line: Group; readonly quantity: number }[]>
}

const halfPaid: ReadonlySet<unknown> = new Set(['unpaid', 'unpaid final payment'])

const unitOf = (row: Members): Unit => ({
  word: wordOf(row['status']),
  status: unitStatusOf(row['status']),
  asksToCancel: flagOf(row['need_cancel_confirm']) ?? false,
  isCancelPending: flagOf(row['is_cancel_pending']) ?? false,
  isHalfPaid: halfPaid.has(row['stage_pay_status']),
})

export const unitsOf = (rows: readonly Members[]): readonly Unit[] => rows.map(unitOf)

const articleOf = (row: Members): string | null =>
  wordOf(row['sku']) ?? wordOf(row['sku_id']) ?? wordOf(row['shop_sku'])

const likeness = (row: Members): string =>
  [articleOf(row), ...alikeIn.map((name) => wordOf(row[name]))].join('\n')

const alikeIn = ['item_price', 'paid_price', 'status', 'package_id'] as const

function group(items: readonly unknown[]): Groups {
  const seen = new Set<string>()
  const byLikeness = new Map<string, { id: string; rows: Members[]; unitIds: string[] }>()
  const byPackage = new Map<string, { id: string; rows: Members[] }>()
  const rows: Members[] = []
  for (const row of items) {
    const id = isObject(row) ? wordOf(row['order_item_id']) : null
    if (!isObject(row) || id === null || seen.has(id)) continue
    seen.add(id)
    rows.push(row)
    const key = likeness(row)
    const line = byLikeness.get(key)
    if (line) {
      line.rows.push(row)
      line.unitIds.push(id)
    } else byLikeness.set(key, { id, rows: [row], unitIds: [id] })
    const packageId = wordOf(row['package_id'])
    if (packageId === null) continue
    const parcel = byPackage.get(packageId)
    if (parcel) parcel.rows.push(row)
    else byPackage.set(packageId, { id, rows: [row] })
  }
  const lines = new Map([...byLikeness.values()].map((line) => [line.id, line]))
  const packages = new Map(
    [...byPackage.values()].map(({ id, rows: inside }) => [
      id,
      // A line is in one parcel whole: the parcel is part of what makes rows alike.
      inside.flatMap((row) => {
        const line = lines.get(wordOf(row['order_item_id'])!)
        return line ? [{ line, quantity: line.rows.length }] : []
      }),
    ]),
  )
  return { rows, units: unitsOf(rows), lines, packages }
}

const known = new WeakMap<readonly unknown[], Groups>()

/** The groups of a list of rows, worked out once for each list. */
export function groupsOf(items: unknown): Groups {
  const list = listOf(items)
  let groups = known.get(list)
  if (!groups) known.set(list, (groups = group(list)))
  return groups
}
