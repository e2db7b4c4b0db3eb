import { createHash, randomFillSync } from 'node:crypto'

/** What an id names. Ids are `<prefix>_<26 Crockford base32 digits>` and sort by the time they carry. */
export type IdPrefix =
  | 'org'
  | 'app'
  | 'sec'
  | 'shp'
  | 'gnt'
  | 'ord'
  | 'oln'
  | 'pkg'
  | 'cnl'
  | 'raw'
  | 'evt'
  | 'whe'
  | 'whd'
  | 'att'
  | 'req'
  | 'bkf'
  | 'node'

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const maxTimeMs = 2 ** 48 - 1

/** A ULID text from a time (unix ms, clamped to 48 bits) and ten bytes of entropy. */
export function ulid(timeMs: number, entropy: Uint8Array): string {
  let time = Math.min(Math.max(0, Math.trunc(timeMs)), maxTimeMs)
  let head = ''
  for (let i = 0; i < 10; i++) {
    head = digits[time % 32]! + head
    time = Math.floor(time / 32)
  }
  let tail = ''
  let bits = 0
  let value = 0
  for (let i = 0; i < 10; i++) {
    value = (value << 8) | entropy[i]!
    bits += 8
    while (bits >= 5) {
      bits -= 5
      tail += digits[(value >> bits) & 31]!
    }
    value &= (1 << bits) - 1
  }
  return head + tail
}

const pool = Buffer.alloc(10 * 256)
let used = pool.length

function randomEntropy(): Uint8Array {
  if (used >= pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += 10
  return pool.subarray(used - 10, used)
}

/** A fresh id. */
export const newId = (prefix: IdPrefix, timeMs: number): string =>
  `${prefix}_${ulid(timeMs, randomEntropy())}`

/**
 * The id that a natural key always gets: the same key and time give the same id on every node, so a
 * payload that is stored twice, replayed or re-mapped cannot become two objects.
 */
export function idOf(prefix: IdPrefix, timeMs: number, ...naturalKey: readonly string[]): string {
  const hash = createHash('sha256').update(naturalKey.join('\u001f')).digest()
  return `${prefix}_${ulid(timeMs, hash)}`
}
