import { Type } from 'typebox'
import type { Static, TSchema } from 'typebox'
import type { Money as MoneyText } from '#kernel/money.ts'

/**
 * The vocabulary in which the canonical model is written. One schema value is the TypeScript type, the
 * validator, the JSON Schema of the API and the text of the docs.
 */

/** Field description in both languages; `pii` marks a buyer's personal data (masked in logs, sealed at rest). */
export const about = (
  en: string,
  zh: string,
  extra: { pii?: boolean } = {},
): { description: string; 'x-zh': string; 'x-pii'?: boolean } => ({
  description: en,
  'x-zh': zh,
  ...(extra.pii ? { 'x-pii': true } : {}),
})

/** Every field is always present; `null` says that the platform did not give it. */
export const nullable = <T extends TSchema>(schema: T, options: Record<string, unknown> = {}) =>
  Type.Union([schema, Type.Null()], options)

/** An enum that clients must accept unknown values of (documented as open). */
export const openEnum = <const T extends readonly string[]>(
  values: T,
  options: Record<string, unknown> = {},
) => Type.Unsafe<T[number]>({ type: 'string', enum: [...values], 'x-open-enum': true, ...options })

export const object = <T extends Record<string, TSchema>>(fields: T, options: Record<string, unknown> = {}) =>
  Type.Object(fields, { additionalProperties: false, ...options })

const amountPattern = '^-?(0|[1-9][0-9]{0,14})(\\.[0-9]{1,4})?$'

export const Money = Type.Unsafe<MoneyText>(
  object(
    {
      amount: Type.String({
        pattern: amountPattern,
        ...about('Decimal text in major units, never a float.', '十进制字符串，主币单位，绝不使用浮点数。'),
      }),
      currency: Type.String({ pattern: '^[A-Z]{3}$', ...about('ISO 4217 code.', 'ISO 4217 币种代码。') }),
    },
    { title: 'Money' },
  ),
)
export type Money = MoneyText

export const Instant = Type.String({ format: 'date-time' })
export const Quantity = Type.Integer({ minimum: 0 })

export const maybeText = (en: string, zh: string, extra: { pii?: boolean } = {}) =>
  nullable(Type.String(), about(en, zh, extra))
export const maybeMoney = (en: string, zh: string) => nullable(Money, about(en, zh))
export const maybeInstant = (en: string, zh: string) => nullable(Instant, about(en, zh))

export type { Static, TSchema }
