/**
 * Money is decimal text in major units with an ISO 4217 code. Arithmetic is done on integers at
 * scale 4, so nothing is ever lost to binary fractions.
 */
export type Money = { readonly amount: string; readonly currency: string }

/** Digits that platforms print for a currency. ISO gives IDR two, no marketplace uses them. */
const wholeCurrencies = new Set(['JPY', 'VND', 'KRW', 'IDR', 'CLP', 'ISK', 'UGX', 'XAF', 'XOF', 'PYG'])
const threeDigitCurrencies = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])

export const currencyDigits = (currency: string): number =>
  wholeCurrencies.has(currency) ? 0 : threeDigitCurrencies.has(currency) ? 3 : 2

const scale = 4
const unit = 10_000n
const decimal = /^(-?)(\d{1,15})(?:\.(\d+))?$/

/**
 * Reads decimal text ("12.3", "-0.05", "19940") into ten-thousandths. `null` when it is not a plain
 * decimal or has more than 15 digits before the point: never guessed, never rounded to a float.
 */
export function parseDecimal(text: string): bigint | null {
  const match = decimal.exec(text)
  if (!match) return null
  const fraction = (match[3] ?? '').padEnd(scale, '0')
  let value = BigInt(match[2]!) * unit + BigInt(fraction.slice(0, scale))
  if (fraction.length > scale && fraction.charCodeAt(scale) >= 53) value += 1n
  return match[1] === '-' ? -value : value
}

/**
 * Prints ten-thousandths with at least the currency's own digits; further digits only where the value
 * has them, so a platform that sends 0.125 USD is not silently rounded.
 */
export function formatDecimal(value: bigint, currency: string): string {
  const negative = value < 0n
  const absolute = negative ? -value : value
  const whole = (absolute / unit).toString()
  let fraction = (absolute % unit).toString().padStart(scale, '0')
  const least = currencyDigits(currency)
  let end = scale
  while (end > least && fraction.charCodeAt(end - 1) === 48) end--
  fraction = fraction.slice(0, end)
  return `${negative ? '-' : ''}${whole}${fraction ? `.${fraction}` : ''}`
}

const plain = /^-?(?:0|[1-9]\d{0,14})(?:\.(\d{1,4}))?$/

/**
 * Decimal text as the platform sent it, in our canonical form; `null` when it is not a decimal.
 * The common case, text already canonical, does no arithmetic.
 */
export function canonicalAmount(text: string, currency: string): string | null {
  const match = plain.exec(text)
  if (match && (match[1]?.length ?? 0) === currencyDigits(currency) && text !== '-0') return text
  const value = parseDecimal(text)
  return value === null ? null : formatDecimal(value, currency)
}

/** Sum in one currency; `null` for an empty list or when currencies differ. A single part is itself. */
export function sumMoney(parts: readonly (Money | null)[]): Money | null {
  if (parts.length === 1) return parts[0] ?? null
  let total = 0n
  let currency: string | undefined
  for (const part of parts) {
    if (!part) continue
    currency ??= part.currency
    const value = parseDecimal(part.amount)
    if (value === null || part.currency !== currency) return null
    total += value
  }
  return currency === undefined ? null : { amount: formatDecimal(total, currency), currency }
}

/** `part` divided by a positive whole number, rounded half away from zero at scale 4. */
export function divideMoney(part: Money, by: number): Money | null {
  const value = parseDecimal(part.amount)
  if (value === null || !Number.isSafeInteger(by) || by <= 0) return null
  const divisor = BigInt(by)
  const sign = value < 0n ? -1n : 1n
  const absolute = value * sign
  const quotient = (absolute * 2n + divisor) / (divisor * 2n)
  return { amount: formatDecimal(quotient * sign, part.currency), currency: part.currency }
}

/** The same amount without its sign: platforms disagree on whether a discount is negative. */
export const absoluteMoney = (part: Money): Money =>
  part.amount.startsWith('-') ? { ...part, amount: part.amount.slice(1) } : part

export const negativeMoney = (part: Money): Money =>
  part.amount.startsWith('-')
    ? absoluteMoney(part)
    : { ...part, amount: /[1-9]/.test(part.amount) ? `-${part.amount}` : part.amount }
