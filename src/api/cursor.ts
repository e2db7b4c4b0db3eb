import { text } from '#kernel/text.ts'
import { SealError } from '#kernel/seal.ts'
import type { Vault } from '#kernel/seal.ts'
import { ClientFailure } from './problem.ts'

/**
 * Places in a list, opaque to the client. A cursor is sealed for one list with one set of filters: an
 * altered one, or one of another list, organisation or environment, does not open.
 */
export type Cursors = {
  readonly write: (list: string, place: readonly string[]) => string
  /** Throws `ClientFailure` CURSOR_INVALID. */
  readonly read: (list: string, cursor: string) => readonly string[]
}

export function openCursors(vault: Vault): Cursors {
  const contextOf = (list: string): string => `cursor:${list}`
  return {
    write: (list, place) => vault.seal(JSON.stringify(place), contextOf(list)).toString('base64url'),
    read: (list, cursor) => {
      try {
        return JSON.parse(vault.openText(Buffer.from(cursor, 'base64url'), contextOf(list))) as string[]
      } catch (error) {
        if (!(error instanceof SealError)) throw error
        throw new ClientFailure('CURSOR_INVALID', {
          issues: [
            {
              in: 'query',
              pointer: 'cursor',
              code: 'PARAMETER_INVALID',
              detail: text('Not a cursor of this list.', '不是该列表的 cursor。'),
            },
          ],
        })
      }
    },
  }
}
