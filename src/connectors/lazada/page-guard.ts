import { PlatformFailure } from '#kernel/failure.ts'

/** Entries of one page, as far as paging looks at them. */
export type Entry = { readonly id: string; readonly stampMs: number | null; readonly version: string }

/** Where a walk stands: the start of the time span asked for, and the offset within it. */
export type Place = { readonly fromMs: number; readonly offset: number }

/** Lazada refuses larger offsets (docs: 121327). */
const maxOffset = 5000
/** Stamps count whole seconds, and whether a bound counts is not documented: spans overlap by this. */
export const marginMs = 1000

const pageLoop = (message: string): PlatformFailure =>
  new PlatformFailure('contract_broken', 'PAGE_LOOP', message)

/**
 * Leads a walk over lists that have offsets but no tokens. An order that changes while the walk goes on
 * leaves the span, and all behind it move up by one: so the walk goes by time, each page starting at the
 * last stamp of the one before, and by offset only among orders of one second or where stamps cannot be
 * read. Totals are not believed to end a walk. Throws `PlatformFailure` PAGE_LOOP when the platform
 * repeats itself.
 */
export function openPageGuard(pageSize: number): {
  /** Entries not seen in this form before, and where to go on; `null` at the end. */
  readonly turn: (
    place: Place,
    page: readonly Entry[],
    total: number | null,
  ) => { readonly isFresh: (entry: Entry) => boolean; readonly next: Place | null }
} {
  const seen = new Map<string, string>()

  return {
    turn: (place, page, total) => {
      const fresh = new Set(page.filter(({ id, version }) => seen.get(id) !== version))
      for (const { id, version } of page) seen.set(id, version)
      return { isFresh: (entry) => fresh.has(entry), next: nextPlace(place, page, fresh.size, total) }
    },
  }

  function nextPlace(
    { fromMs, offset }: Place,
    page: readonly Entry[],
    fresh: number,
    total: number | null,
  ): Place | null {
    const isShort = page.length < pageSize
    const promisesMore = total !== null && total > offset + page.length
    if (page.length === 0 || (isShort && (!promisesMore || fresh === 0))) return null
    if (fresh === 0 && (offset > 0 || startsBefore(page, fromMs))) throw pageLoop('a page came twice')
    const lastMs = lastStampMs(page)
    if (lastMs !== null && lastMs - marginMs > fromMs) return { fromMs: lastMs - marginMs, offset: 0 }
    if (offset + page.length > maxOffset) throw pageLoop('more orders in one second than can be paged')
    return { fromMs, offset: offset + page.length }
  }
}

const startsBefore = ([first]: readonly Entry[], fromMs: number): boolean =>
  first?.stampMs !== undefined && first.stampMs !== null && first.stampMs < fromMs - marginMs

/** The last stamp of a page that really is in the order of its stamps; else `null`. */
function lastStampMs(page: readonly Entry[]): number | null {
  let lastMs = Number.NEGATIVE_INFINITY
  for (const { stampMs } of page) {
    if (stampMs === null || stampMs < lastMs) return null
    lastMs = stampMs
  }
  return lastMs
}
