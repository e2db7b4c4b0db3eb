/**
 * Structured logging as the rooms see it. Promise of every caller: fields are ids, codes, counts and
 * durations; never a secret, never a buyer's data.
 */
export type Log = {
  readonly debug: (fields: object, message: string) => void
  readonly info: (fields: object, message: string) => void
  readonly warn: (fields: object, message: string) => void
  readonly error: (fields: object, message: string) => void
  readonly child: (fields: object) => Log
}

/** For tools and tests that must stay quiet. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
}
