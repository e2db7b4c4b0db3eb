import type { OrderContent } from '#canonical/order.ts'
import { lowerSnake } from '#mapping/index.ts'
import type { Refuse } from '#mapping/index.ts'
import { isTrue, listOf, textOf } from './raw-values.ts'

/** What every order is, and therefore says nothing. */
const ordinary: ReadonlySet<string> = new Set(['TIKTOK_SHOP', 'NORMAL'])

/** Programmes of an order, from its words and flags. */
export function programsOf(values: readonly unknown[], refuse: Refuse): string[] {
  const words = values.slice(0, 3).flatMap((value, index) => {
    if (value !== undefined && value !== null && typeof value !== 'string') refuse(index, 'text')
    const word = textOf(value)
    return word === null || ordinary.has(word) ? [] : [lowerSnake(word)]
  })
  return isTrue(values[3]) ? [...words, 'subscription'] : words
}

export function complianceFlagsOf([
  dangerous,
  prescription,
]: readonly unknown[]): OrderContent['compliance_flags'] {
  const flags: OrderContent['compliance_flags'] = []
  if (listOf(dangerous).some(isTrue)) flags.push('dangerous_goods')
  if (listOf(prescription).some(isTrue)) flags.push('has_regulated_items')
  return flags
}
