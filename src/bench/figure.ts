/** One measured figure beside its baseline of the same run. `ratio` is ours over the baseline. */
export type Figure = {
  readonly bench: string
  readonly name: string
  readonly ours: number
  readonly baseline: number
  readonly unit: string
  readonly ratio: number
  /** What the ratio should be, e.g. `>= 0.6`. */
  readonly target: string
  readonly holds: boolean
  readonly note?: string
}

/** A figure whose ratio should be at least (or at most) a bound. */
export function figure(
  bench: string,
  name: string,
  ours: number,
  baseline: number,
  unit: string,
  bound: { readonly atLeast: number } | { readonly atMost: number },
  note?: string,
): Figure {
  const ratio = ours / baseline
  const holds = 'atLeast' in bound ? ratio >= bound.atLeast : ratio <= bound.atMost
  const target = 'atLeast' in bound ? `>= ${bound.atLeast}` : `<= ${bound.atMost}`
  return { bench, name, ours, baseline, unit, ratio, target, holds, ...(note ? { note } : {}) }
}

/** The middle value; these machines are shared, so single runs mean little. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Milliseconds with fractions since some fixed moment. */
export const stopwatchMs = (): number => performance.now()
