import type { Caller } from '#access/tokens.ts'
import { ClientFailure } from '../problem.ts'

/** An application may be confined to some shops: what belongs to others does not exist for it. */
export const maySee = (caller: Caller, shopId: string): boolean =>
  caller.shopIds.size === 0 || caller.shopIds.has(shopId)

/** The row itself, unless it is missing or belongs to a shop that the caller may not see: then 404. */
export function visible<T extends { readonly shop_id: string }>(caller: Caller, row: T | undefined): T {
  if (row === undefined || !maySee(caller, row.shop_id)) throw new ClientFailure('RESOURCE_NOT_FOUND')
  return row
}
