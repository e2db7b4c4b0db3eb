import { PlatformFailure } from '#kernel/failure.ts'

/** Empty pages in a row that still promise more. */
const maxEmptyPages = 20

/**
 * Notices a platform that walks in circles: a cursor it gave before, a page that begins like an earlier one
 * and brings nothing new, or empty pages without end. Throws `PlatformFailure` PAGE_LOOP.
 */
export function openPageGuard(): { readonly check: (ids: readonly string[], next: string | null) => void } {
  const cursors = new Set<string>([''])
  const seen = new Set<string>()
  const firstIds = new Set<string>()
  let emptyPages = 0
  return {
    check: (ids, next) => {
      const [first] = ids
      if (first === undefined) emptyPages++
      else {
        emptyPages = 0
        if (firstIds.has(first) && ids.every((id) => seen.has(id))) throw pageLoop('the same page came twice')
        firstIds.add(first)
        for (const id of ids) seen.add(id)
      }
      if (next === null) return
      if (cursors.has(next)) throw pageLoop('the same cursor came twice')
      if (emptyPages > maxEmptyPages) throw pageLoop('too many empty pages')
      cursors.add(next)
    },
  }
}

const pageLoop = (message: string): PlatformFailure =>
  new PlatformFailure('contract_broken', 'PAGE_LOOP', message)
