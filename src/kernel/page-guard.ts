import { PlatformFailure } from './failure.ts'

/** Empty pages in a row that still promise more. */
const maxEmptyPages = 20

/**
 * Notices a platform that walks in circles: a token it gave before, a page that begins like an earlier one
 * and brings nothing new, or empty pages without end. Throws `PlatformFailure` PAGE_LOOP. `first` is the token
 * of the first page, where that page has one.
 */
export function openPageGuard(first?: string): {
  readonly check: (ids: readonly string[], token: string | null) => void
} {
  const tokens = new Set<string>(first === undefined ? [] : [first])
  const seen = new Set<string>()
  const firstIds = new Set<string>()
  let emptyPages = 0
  return {
    check: (ids, token) => {
      const [firstId] = ids
      if (firstId === undefined) emptyPages++
      else {
        emptyPages = 0
        if (firstIds.has(firstId) && ids.every((id) => seen.has(id)))
          throw pageLoop('the same page came twice')
        firstIds.add(firstId)
        for (const id of ids) seen.add(id)
      }
      if (token === null) return
      if (tokens.has(token)) throw pageLoop('the same page token came twice')
      if (emptyPages > maxEmptyPages) throw pageLoop('too many empty pages')
      tokens.add(token)
    },
  }
}

const pageLoop = (message: string): PlatformFailure =>
  new PlatformFailure('contract_broken', 'PAGE_LOOP', message)
