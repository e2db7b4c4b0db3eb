import { PlatformFailure } from '#kernel/failure.ts'

/** Empty pages that a total may promise before it is not believed. */
const maxEmptyPages = 20

/**
 * Notices a platform that serves one page in place of another: nothing new on a page that is not empty,
 * empty pages without end, or fewer orders in all than promised. Throws `PlatformFailure` PAGE_LOOP, upon
 * which the span is walked in halves.
 */
export function openPageGuard(): {
  readonly check: (ids: readonly string[]) => void
  /** What the page that was read last says there are. */
  readonly expectAtLeast: (total: number) => void
} {
  const seen = new Set<string>()
  let emptyPages = 0
  return {
    check: (ids) => {
      if (ids.length === 0 && ++emptyPages > maxEmptyPages) throw pageLoop('too many empty pages')
      if (ids.length > 0 && ids.every((id) => seen.has(id))) throw pageLoop('the same page came twice')
      for (const id of ids) seen.add(id)
    },
    expectAtLeast: (total) => {
      if (seen.size < total) throw pageLoop('fewer orders came than were promised')
    },
  }
}

const pageLoop = (message: string): PlatformFailure =>
  new PlatformFailure('contract_broken', 'PAGE_LOOP', message)
