import { currencyDigits } from '#kernel/money.ts'

/** `1990` of a two-digit currency as "19.90". */
export function decimalOf(minor: number, currency: string): string {
  const digits = currencyDigits(currency)
  const sign = minor < 0 ? '-' : ''
  const text = String(Math.abs(minor)).padStart(digits + 1, '0')
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** Leaves out members that are undefined, empty texts included: absent, not null. */
export function present<T extends object>(value: T): Partial<T> {
  const out: Partial<T> = {}
  for (const [key, member] of Object.entries(value) as [keyof T, T[keyof T]][])
    if (member !== undefined && member !== null) out[key] = member
  return out
}
