import { Type } from 'typebox'
import { about, maybeText, object } from '#canonical/schema.ts'
import type { TSchema } from '#canonical/schema.ts'
import type { IdPrefix } from '#kernel/ids.ts'

/** The parameters of every list. */
export const paging = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: 25, ...about('Entries per page.', '每页条数') }),
  ),
  cursor: Type.Optional(
    Type.String({
      maxLength: 1000,
      ...about(
        'next_cursor of the page before, with the same filters.',
        '上一页的 next_cursor，筛选条件须保持不变',
      ),
    }),
  ),
}
export const defaultLimit = 25

export const listOf = (entry: TSchema, title: string) =>
  object(
    {
      object: Type.Literal('list'),
      data: Type.Array(entry),
      has_more: Type.Boolean(about('There is another page.', '是否还有下一页')),
      next_cursor: maybeText('Cursor of the next page.', '下一页的 cursor'),
    },
    { title },
  )

/** One of our ids, as a parameter. */
export const idField = (prefix: IdPrefix, en: string, zh: string) =>
  Type.String({
    pattern: `^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`,
    examples: [`${prefix}_01KAR6Y6M3W9T5Q8Z7X2V4N1BD`],
    ...about(en, zh),
  })

/**
 * Cuts what was read to a page. Read one entry more than `limit`: its presence says that there is a next page.
 */
export function pageOf<T>(
  rows: readonly T[],
  limit: number,
  cursorOf: (last: T) => string,
): { readonly rows: readonly T[]; readonly hasMore: boolean; readonly nextCursor: string | null } {
  const hasMore = rows.length > limit
  const page = hasMore ? rows.slice(0, limit) : rows
  const last = page.at(-1)
  return { rows: page, hasMore, nextCursor: hasMore && last !== undefined ? cursorOf(last) : null }
}

/** A list whose entries are JSON text already: put together without being parsed. */
export const listText = (
  entries: readonly string[],
  page: { readonly hasMore: boolean; readonly nextCursor: string | null },
): string =>
  `{"object":"list","data":[${entries.join(',')}],"has_more":${page.hasMore},"next_cursor":${JSON.stringify(page.nextCursor)}}`
