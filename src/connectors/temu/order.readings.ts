import type { OrderContent } from '#canonical/order.ts'
import { lowerSnake } from '#mapping/index.ts'
import { instantOf } from './instants.ts'
import { listOf, secondsOf, textOf } from './raw-values.ts'
import { hasLabel, labelsOn } from './status.ts'

/** What single rows of an order derive from raw values; anything unreadable counts as absent. */

export function fulfillmentTypeOf([
  types,
  isConsolidated,
]: readonly unknown[]): OrderContent['fulfillment_type'] {
  if (isConsolidated === true) return 'platform'
  const isSellers = listOf(types).includes('fulfillBySeller')
  const isPlatforms = listOf(types).includes('fulfillByCooperativeWarehouse')
  if (isSellers && isPlatforms) return 'mixed'
  return isSellers ? 'seller' : isPlatforms ? 'platform' : 'unknown'
}

export const isPreorder = ([lists]: readonly unknown[]): boolean => {
  for (const labels of listOf(lists)) if (hasLabel(labels, 'pre_sale_order')) return true
  return false
}

/** Labels of the lines, warnings of the order, and the one label of the order that is no passing state. */
export function programsOf([lists, labels, warnings]: readonly unknown[]): string[] {
  const names: string[] = []
  const add = (name: unknown): void => {
    const word = typeof name === 'string' ? lowerSnake(name) : ''
    if (word !== '' && !names.includes(word)) names.push(word)
  }
  for (const each of listOf(lists)) labelsOn(each).forEach(add)
  if (hasLabel(labels, 'signature_required_on_delivery')) add('signature_required_on_delivery')
  listOf(warnings).forEach(add)
  return names
}

const onlyTemuLabels = 3

export const logisticsModeOf = ([
  warnings,
  reason,
]: readonly unknown[]): OrderContent['shipping']['logistics_mode'] =>
  listOf(warnings).includes('RESTRICT_SELF_SHIPPING') || reason === onlyTemuLabels
    ? 'platform_label'
    : 'unknown'

export const firstWarehouse = ([ids]: readonly unknown[]): string | null =>
  listOf(ids)
    .map(textOf)
    .find((id) => id !== null) ?? null

export const paidAt = ([seconds, payment]: readonly unknown[]): string | null =>
  payment === 'COD' ? null : instantOf(seconds)

export function needsQualification([times, warnings]: readonly unknown[]): OrderContent['compliance_flags'] {
  for (const time of listOf(times)) if (secondsOf(time) !== null) return ['qualification_required']
  for (const each of listOf(warnings))
    if (listOf(each).includes('REQUIRES_AUTHENTICATION_REPORT_SUBMISSION')) return ['qualification_required']
  return []
}
