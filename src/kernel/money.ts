/**
 * Money is decimal text in major units with an ISO 4217 code. Arithmetic is done on integers at
 * scale 4, so nothing is ever lost to binary fractions.
 */
export type Money = { readonly amount: string; readonly currency: string }

/** Digits that platforms print for a currency, where not two. ISO gives IDR two, no marketplace uses them. */
const digitsOf: ReadonlyMap<string, number> = new Map([
  ...['JPY', 'VND', 'KRW', 'IDR', 'CLP', 'ISK', 'UGX', 'XAF', 'XOF', 'PYG'].map((code) => [code, 0] as const),
  ...['BHD', 'JOD', 'KWD', 'OMR', 'TND'].map((code) => [code, 3] as const),
])

export const currencyDigits = (currency: string): number => digitsOf.get(currency) ?? 2

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

/**
 * As `parseDecimal`, in a whole number of ten-thousandths that a double holds exactly: no sign, four decimals
 * at most. `null` for everything else, which then takes the long way.
 */
function smallDecimal(text: string): number | null {
  let value = 0
  let decimals = -1
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isDigit(code)) {
      value = value * 10 + code - 48
      if (decimals >= 0) decimals++
    } else if (code === 46 && decimals < 0 && i > 0) decimals = 0
    else return null
  }
  if (text.length === 0 || decimals === 0 || decimals > scale) return null
  const scaled = value * 10 ** (scale - Math.max(0, decimals))
  return Number.isSafeInteger(scaled) ? scaled : null
}

function formatSmall(value: number, currency: string): string {
  const digits = currencyDigits(currency)
  const step = 10 ** (scale - digits)
  if (value % step !== 0) return formatDecimal(BigInt(value), currency)
  const units = String(value / step)
  if (digits === 0) return units
  const padded = units.padStart(digits + 1, '0')
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`
}

/**
 * Decimal text as the platform sent it, in our canonical form; `null` when it is not a decimal.
 * The common case, text already canonical, does no arithmetic.
 */
export function canonicalAmount(text: string, currency: string): string | null {
  if (isCanonical(text, currencyDigits(currency))) return text
  const value = parseDecimal(text)
  return value === null ? null : formatDecimal(value, currency)
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** `12.30` for two digits, `1230` for none: no leading zeros, no sign, at most 15 digits before the point. */
function isCanonical(text: string, digits: number): boolean {
  const whole = digits === 0 ? text.length : text.length - digits - 1
  if (whole < 1 || whole > 15 || (whole > 1 && text.charCodeAt(0) === 48)) return false
  for (let i = 0; i < text.length; i++)
    if (i === whole ? text.charCodeAt(i) !== 46 : !isDigit(text.charCodeAt(i))) return false
  return true
}

/** Sum in one currency; `null` for an empty list or when currencies differ. A single part is itself. */
export function sumMoney(parts: readonly (Money | null)[]): Money | null {
  if (parts.length === 1) return parts[0] ?? null
  let total = 0n
  let small = 0
  let currency: string | undefined
  for (const part of parts) {
    if (!part) continue
    currency ??= part.currency
    if (part.currency !== currency) return null
    const value = smallDecimal(part.amount)
    if (value !== null && Number.isSafeInteger(small + value)) {
      small += value
      continue
    }
    const large = parseDecimal(part.amount)
    if (large === null) return null
    total += large
  }
  if (currency === undefined) return null
  if (total === 0n) return { amount: formatSmall(small, currency), currency }
  return { amount: formatDecimal(total + BigInt(small), currency), currency }
}

/** `part` divided by a positive whole number, rounded half away from zero at scale 4. */
export function divideMoney(part: Money, by: number): Money | null {
  if (by === 1) return part
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
