import type { OrderContent } from '#canonical/order.ts'
import { lowerSnake } from '#mapping/index.ts'
import type { Refuse } from '#mapping/index.ts'
import { listOf, readFlag, textOf } from './raw-values.ts'

/** What every order is, and therefore says nothing. */
const ordinary: ReadonlySet<string> = new Set(['TIKTOK_SHOP', 'NORMAL'])

/** Programmes of an order, from its words and flags. */
export function programsOf(values: readonly unknown[], refuse: Refuse): string[] {
  const words = values.slice(0, 3).flatMap((value, index) => {
    if (value !== undefined && value !== null && typeof value !== 'string') refuse(index, 'text')
    const word = textOf(value)
    return word === null || ordinary.has(word) ? [] : [lowerSnake(word)]
  })
  return readFlag(values[3], 3, refuse) ? [...words, 'subscription'] : words
}

export function complianceFlagsOf(
  values: readonly unknown[],
  refuse: Refuse,
): OrderContent['compliance_flags'] {
  const [isDangerous, isRegulated] = values.map((flags, index) =>
    listOf(flags).reduce<boolean>((found, flag) => readFlag(flag, index, refuse) || found, false),
  )
  const flags: OrderContent['compliance_flags'] = []
  if (isDangerous) flags.push('dangerous_goods')
  if (isRegulated) flags.push('has_regulated_items')
  return flags
}
