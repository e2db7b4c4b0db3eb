import { sumMoney } from '#kernel/money.ts'
import type { Money } from '#kernel/money.ts'
import type { Text } from '#kernel/text.ts'
import type { Rule } from '#mapping/index.ts'
import { fault } from '#mapping/rule.ts'
import type { Reading } from '#mapping/rule.ts'
import { isAmount, moneyOf } from './amounts.ts'
import { idOf, isObject, isTrue, listOf, membersOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { amountsOf, linesOf } from './units.ts'
import type { Line, LineAmounts } from './units.ts'

/** What several rows about a line derive from. */
export type LineFacts = {
  readonly line: Line
  /** This unit is the one that names the line. */
  readonly isFirst: boolean
  readonly isCancelRequested: boolean
  readonly amounts: LineAmounts
  /** The parts of a price detail that belong to the line. */
  readonly details: readonly unknown[]
}

const words = ['display_status', 'package_status', 'package_id', 'sku_id'] as const
const amountNames = ['seller_discount', 'platform_discount', 'original_price', 'sale_price'] as const
const paths = [
  'id',
  'currency',
  'item_tax',
  ...words,
  ...amountNames,
  '/status',
  '/is_buyer_request_cancel',
  '/price_detail.line_items',
]

/**
 * Rows of a line. A line is made of several elements of the list, which no rule of the table language can
 * look at, so these rows read the document themselves. The facts of a unit are worked out once.
 */
export const fromLine = <T>(pick: (facts: LineFacts) => T, note: Text): Rule<T> => ({
  rule: 'derive',
  paths,
  note,
  make: () => (element, reading) => pick(factsOf(element, reading)),
})

let lastElement: unknown
let lastReading: Reading | undefined
let lastFacts: LineFacts

function factsOf(element: unknown, reading: Reading): LineFacts {
  if (element !== lastElement || reading !== lastReading) {
    lastFacts = readFacts(element, reading)
    lastElement = element
    lastReading = reading
  }
  return lastFacts
}

const nothing: LineAmounts = { items: null, sale: null, seller: null, platform: null, tax: null }
const nobody: Line = { id: '', units: [], shipped: 0, delivered: 0, cancelled: 0 }

function readFacts(element: unknown, reading: Reading): LineFacts {
  const {
    line_items: items,
    status,
    is_buyer_request_cancel: request,
    price_detail: detail,
  } = reading.root as Members
  const lines = linesOf(items, status)
  const line = lines.byRow.get(element) ?? nobody
  if (isObject(element)) checkUnit(element, reading)
  if (lines.twins.has(element)) fault(reading, 'id', 'an id of its own', membersOf(element)['id'])
  const isFirst = line.units[0]?.raw === element
  return {
    line,
    isFirst,
    isCancelRequested: isTrue(request),
    amounts: isFirst ? amountsOf(line) : nothing,
    details: detail === undefined ? [] : detailsOf(line, membersOf(detail)['line_items']),
  }
}

/** Every unit is checked, also when another one names its line. */
function checkUnit(unit: Members, reading: Reading): void {
  for (const word of words) {
    const value = unit[word]
    if (typeof value !== 'string' && value !== undefined && value !== null && idOf(value) === null)
      fault(reading, word, 'text', value)
  }
  const { currency, item_tax: taxes } = unit
  for (const name of amountNames)
    if (!isAmount(unit[name], currency)) fault(reading, name, 'decimal amount', unit[name])
  if (taxes !== undefined && taxes !== null && !areTaxes(taxes, currency))
    fault(reading, 'item_tax', 'list of taxes with decimal amounts', taxes)
}

const areTaxes = (taxes: unknown, currency: unknown): boolean =>
  Array.isArray(taxes) &&
  (taxes as unknown[]).every((tax) => isObject(tax) && isAmount(tax['tax_amount'], currency))

function detailsOf({ units }: Line, details: unknown): readonly unknown[] {
  const ids = new Set(units.map((unit) => unit.id))
  return listOf(details).filter((detail) => ids.has(idOf(membersOf(detail)['id']) ?? ''))
}

/** The sum of one amount over the line's parts of the price detail; `null` without one. */
export const sumOfDetails = ({ details }: LineFacts, name: string): Money | null =>
  details.length === 0
    ? null
    : sumMoney(
        details.map((detail) => {
          const { [name]: amount, currency } = membersOf(detail)
          return moneyOf(amount, currency)
        }),
      )
