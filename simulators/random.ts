/** A seeded source of chance: the same seed always gives the same sequence, on every machine. */
export type Dice = {
  /** Uniform in [0, 1). */
  readonly next: () => number
  /** A whole number from `low` to `high`, both included. */
  readonly whole: (low: number, high: number) => number
  readonly chance: (share: number) => boolean
  readonly pick: <T>(list: readonly T[]) => T
  /** `count` characters of the alphabet; decimal digits by default. */
  readonly letters: (count: number, alphabet?: string) => string
  /** An id in the form of a UUID. */
  readonly uuid: () => string
}

/** Folds a text into 32 bits, so that seeds can be named ("orders/17") and streams stay independent. */
function fold(name: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Throws RangeError from `pick` on an empty list. */
export function rollDice(seed: string): Dice {
  let state = fold(seed)
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  function letters(count: number, alphabet = '0123456789'): string {
    let out = ''
    for (let i = 0; i < count; i++) out += alphabet[whole(0, alphabet.length - 1)]
    return out
  }
  return {
    next,
    whole,
    letters,
    uuid: () => [8, 4, 4, 4, 12].map((count) => letters(count, '0123456789abcdef')).join('-'),
    chance: (share) => next() < share,
    pick: (list) => {
      if (list.length === 0) throw new RangeError('nothing to pick from')
      return list[whole(0, list.length - 1)]!
    },
  }
}
