import type { Money } from '#kernel/money.ts'
import { canonicalAmount, sumMoney } from '#kernel/money.ts'
import { deriveFrom } from '#mapping/index.ts'
import type { Refuse } from '#mapping/index.ts'
import { idOf, isObject, isTrue, listOf, membersOf } from './raw-values.ts'
import { linesOf, moneyOf } from './units.ts'
import type { Line } from './units.ts'

/** What several rows about a line derive from. Every unit's own values are checked here, also when its line is named by another unit. */
export type LineFacts = {
  readonly line: Line
  /** This unit is the one that names the line. */
  readonly isFirst: boolean
  readonly isCancelRequested: boolean
  /** The parts of a price detail that belong to the line. */
  readonly details: readonly unknown[]
}

const words = ['display_status', 'package_status', 'package_id', 'sku_id'] as const
const amounts = ['original_price', 'sale_price', 'seller_discount', 'platform_discount'] as const

const isWord = (value: unknown): boolean =>
  value === undefined || value === null || typeof value === 'string' || idOf(value) !== null

const isAmount = (value: unknown, currency: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  canonicalAmount(typeof value === 'number' ? String(value) : textual(value), String(currency)) !== null

/** No decimal at all where it is no text. */
const textual = (value: unknown): string => (typeof value === 'string' ? value : '')

const paths = [
  'id',
  'currency',
  'item_tax',
  ...words,
  ...amounts,
  '/line_items',
  '/status',
  '/is_buyer_request_cancel',
  '/price_detail.line_items',
]
const at = (path: string): number => paths.indexOf(path)
const wordPlaces = words.map(at)
const amountPlaces = amounts.map(at)
const [itemsAt, statusAt, requestAt, detailsAt] = [
  '/line_items',
  '/status',
  '/is_buyer_request_cancel',
  '/price_detail.line_items',
].map(at) as [number, number, number, number]

/** Rows of a line. */
export const fromLine = deriveFrom(paths, (values, refuse): LineFacts => {
  const [id, currency, taxes] = values
  checkUnit(values, refuse)
  checkTaxes(taxes, currency, refuse)
  const { byUnit, hasTwins } = linesOf(values[itemsAt], values[statusAt])
  if (hasTwins) refuse(0, 'an id of its own')
  const line = byUnit.get(idOf(id) ?? '')
  return {
    line: line ?? nobody,
    isFirst: line === undefined || line.id === idOf(id) || idOf(id) === null,
    isCancelRequested: isTrue(values[requestAt]),
    details: line ? detailsOf(line, values[detailsAt]) : [],
  }
})

const nobody: Line = { id: '', units: [], shipped: 0, delivered: 0, cancelled: 0 }

function checkUnit(values: readonly unknown[], refuse: Refuse): void {
  for (const place of wordPlaces) if (!isWord(values[place])) refuse(place, 'text')
  for (const place of amountPlaces) if (!isAmount(values[place], values[1])) refuse(place, 'decimal amount')
}

function checkTaxes(taxes: unknown, currency: unknown, refuse: Refuse): void {
  if (taxes === undefined || taxes === null) return
  const isRight = (tax: unknown): boolean => isObject(tax) && isAmount(tax['tax_amount'], currency)
  if (!Array.isArray(taxes) || !taxes.every(isRight)) refuse(2, 'list of taxes with decimal amounts')
}

function detailsOf({ units }: Line, details: unknown): readonly unknown[] {
  const list = listOf(details)
  if (list.length === 0) return list
  const ids = new Set(units.map((unit) => unit.id))
  return list.filter((detail) => ids.has(idOf(membersOf(detail)['id']) ?? ''))
}

/** The sum of one amount over the line's parts of the price detail; `null` without one. */
export const sumOfDetails = ({ details }: LineFacts, name: string): Money | null =>
  sumMoney(
    details.map((detail) => {
      const { [name]: amount, currency } = membersOf(detail)
      return moneyOf(amount, currency)
    }),
  )
