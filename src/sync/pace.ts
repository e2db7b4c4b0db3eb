import type { PlatformFailure } from '#kernel/failure.ts'

/** How an account's orders are read after failures: in which pieces. Travels in the job. */
export type Pace = {
  /** Tries in a row that ended early: without bringing anything, or for want of rate. */
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
 * The pace after a try that ended early in a piece of `pieceMs`. When the rate was not enough the next try
 * comes later, to find more of it, and with a smaller piece: one that is never finished would be begun for
 * ever, because its pages cannot be kept for the next try.
 */
export function paceAfter(pace: Pace, error: PlatformFailure, pieceMs: number, hasAdvanced: boolean): Pace {
  if (error.kind === 'throttled') {
    const shorterMs = hasAdvanced ? pieceMs : Math.floor(pieceMs / 2)
    return { failures: pace.failures + 1, longestMs: Math.max(smallestPieceMs, shorterMs) }
  }
  return { ...pace, failures: hasAdvanced ? 0 : pace.failures + 1 }
}
