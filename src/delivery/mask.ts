/** Names whose values prove something about somebody. */
const telling = /auth|cookie|token|secret|signature|session|password|api-?key/i
const signatures = /(v\d+a?[=,])([^, ]+)/g
const shownLength = 8
const maxHeaders = 40
const maxValueLength = 256

/**
 * Our signatures as the log keeps them: the first eight characters of each, enough to recognise it, never
 * enough to use it.
 */
export const maskSignatures = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value.replace(
        signatures,
        (_all, version: string, text: string) => `${version}${text.slice(0, shownLength)}…`,
      ),
    ]),
  )

/** A receiver's headers as the log keeps them: bounded in number and length, telling ones masked. */
export function maskResponseHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const masked: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers).slice(0, maxHeaders)) {
    if (value === undefined) continue
    const text = typeof value === 'string' ? value : value.join(', ')
    masked[name.slice(0, maxValueLength)] = telling.test(name)
      ? '…'
      : withoutNul(text.slice(0, maxValueLength))
  }
  return masked
}

/** PostgreSQL text holds no NUL. */
const withoutNul = (value: string): string => value.replaceAll('\u0000', '�')
