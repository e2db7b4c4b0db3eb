import type { Caller } from '#access/tokens.ts'
import { text } from '#kernel/text.ts'
import { ClientFailure } from '../problem.ts'

/** An application may be confined to some shops: what belongs to others does not exist for it. */
export const maySee = (caller: Caller, shopId: string): boolean =>
  caller.shopIds.size === 0 || caller.shopIds.has(shopId)

/** The row itself, unless it is missing or belongs to a shop that the caller may not see: then 404. */
export function visible<T extends { readonly shop_id: string }>(caller: Caller, row: T | undefined): T {
  if (row === undefined || !maySee(caller, row.shop_id)) throw new ClientFailure('RESOURCE_NOT_FOUND')
  return row
}

/** Webhooks carry events of every shop, so only an application that may see all of them may touch webhooks. */
export function seesAllShops(caller: Caller): void {
  if (caller.shopIds.size > 0)
    throw new ClientFailure('INSUFFICIENT_SCOPE', {
      detail: text(
        'The application is confined to some shops; webhooks belong to the whole organisation.',
        '该应用仅限部分店铺；webhook 属于整个组织，无权操作。',
      ),
    })
}
