import { text as note } from '#kernel/text.ts'
import { absent, absentList, choice, constant, count, each, money, part, text } from './index.ts'
import type { Rule, Shape } from './index.ts'

/**
 * What the compiler promises of a table. Checked by `tsc`: a line below `@ts-expect-error` that compiles
 * is an error.
 */
type Canonical = {
  readonly id: string
  readonly state: 'open' | 'closed'
  readonly total: { readonly amount: string; readonly currency: string } | null
  readonly place: { readonly city: string | null } | null
  readonly head: { readonly quantity: number }
  readonly lines: readonly { readonly quantity: number }[]
  readonly tags: readonly string[]
}

const why = note('why', '原因')
const lines = each('lines', { quantity: count('q', why) }, why)

export const complete: Shape<Canonical> = {
  id: text('id', why),
  state: choice('state', { OPEN: 'open', CLOSED: 'closed' } as const, 'closed', why),
  total: money('amount', 'currency', why),
  place: part('place', { city: absent(why) }, why),
  head: { quantity: constant(1, why) },
  lines,
  tags: absentList(why),
}

// @ts-expect-error a field is missing
export const missing: Shape<Canonical> = { ...complete, tags: undefined }

const { tags: _tags, ...rest } = complete
// @ts-expect-error a field is left out
export const leftOut: Shape<Canonical> = rest

export const extra: Shape<Canonical> = {
  ...complete,
  // @ts-expect-error the model has no such field
  more: text('more', why),
}

export const wrongType: Shape<Canonical> = {
  ...complete,
  // @ts-expect-error a count is not text
  id: count('id', why),
}

export const wrongChoice: Shape<Canonical> = {
  ...complete,
  // @ts-expect-error the model has no such value
  state: choice('state', { OPEN: 'ajar' } as const, 'ajar', why),
}

export const nullWhereNone: Shape<Canonical> = {
  ...complete,
  // @ts-expect-error the model does not allow null here
  id: absent(why),
}

export const wrongInside: Shape<Canonical> = {
  ...complete,
  // @ts-expect-error the element lacks a field
  lines: each('lines', {}, why) satisfies Rule<object[]>,
}

export const wrongNested: Shape<Canonical> = {
  ...complete,
  // @ts-expect-error the nested table lacks a field
  head: {},
}

// @ts-expect-error both languages are required
export const oneLanguage = text('id', { en: 'why' })
