import type { PlatformFailure } from '#kernel/failure.ts'

/** How an account's orders are read after failures: in which pieces. Travels in the job. */
export type Pace = {
  /** Tries in a row that brought nothing. */
  readonly failures: number
  /** Longest span that is walked in one piece, ms. */
  readonly longestMs: number
}

/** Pieces are not cut smaller than this. */
export const smallestPieceMs = 10 * 60_000

export const fullPace: Pace = { failures: 0, longestMs: Number.POSITIVE_INFINITY }

export const paceOf = (payload: Readonly<Record<string, string>>): Pace => ({
  failures: Number(payload['failures'] ?? '0'),
  longestMs: Number(payload['longestMs'] ?? 'Infinity'),
})

export const paceInPayload = ({ failures, longestMs }: Pace): Readonly<Record<string, string>> => ({
  ...(failures === 0 ? {} : { failures: String(failures) }),
  ...(longestMs === Number.POSITIVE_INFINITY ? {} : { longestMs: String(longestMs) }),
})

/**
 * The pace after a try that ended early. A piece that the rate does not reach to finish would be begun
 * for ever, because its pages cannot be kept for the next try: the next piece is half as long.
 */
export function paceAfter(pace: Pace, error: PlatformFailure, triedMs: number, hasAdvanced: boolean): Pace {
  if (hasAdvanced) return { ...pace, failures: 0 }
  const isTooLong = error.kind === 'throttled'
  return {
    failures: pace.failures + 1,
    longestMs: isTooLong ? Math.max(smallestPieceMs, Math.min(pace.longestMs, triedMs) / 2) : pace.longestMs,
  }
}
