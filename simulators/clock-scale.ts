import type { Clock } from '#kernel/clock.ts'

/**
 * How fast a simulated platform lives. Instants are always those of the clock, because the hub compares
 * them with its own; only durations shrink: rate limits refill faster, orders move on sooner and changes
 * become visible earlier. What the wire states in seconds (token life, code life) is not scaled.
 */
export type Pace = {
  readonly clock: Clock
  readonly scale: number
  /** Real milliseconds that `platformMs` of the platform's life take. */
  readonly spanMs: (platformMs: number) => number
}

/** Throws RangeError unless `scale` is a positive finite number. */
export function paceOf(clock: Clock, scale: number): Pace {
  if (!(scale > 0 && Number.isFinite(scale))) throw new RangeError(`time scale must be above 0, got ${scale}`)
  return { clock, scale, spanMs: (platformMs) => platformMs / scale }
}
