import { idOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/** What tells lines apart where they have no id: the same item may be there twice, in and out of a deal. */
const names = ['order_item_id', 'item_id', 'model_id', 'promotion_group_id'] as const

const digits = (value: unknown): string =>
  typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : '0'

/** The four ids joined; absent is 0. */
export const lineKeyOf = (line: Members): string => names.map((name) => digits(line[name])).join(':')

/** `line_item_id` where Shopee sends one (since July 2026), else the key. */
export const lineIdOf = (line: Members): string => idOf(line['line_item_id']) ?? lineKeyOf(line)

/** The same id, whether it came as a number, as text, or as nothing for 0. */
export const isSameId = (one: unknown, other: unknown): boolean =>
  one === other || (typeof one !== typeof other && digits(one) === digits(other))

/** The same item in the same deal. */
export const isSameLine = (one: Members, other: Members): boolean =>
  isSameId(one['item_id'], other['item_id']) &&
  isSameId(one['model_id'], other['model_id']) &&
  isSameId(one['order_item_id'], other['order_item_id']) &&
  isSameId(one['promotion_group_id'], other['promotion_group_id'])
