import type { Db } from './db.ts'
import type { AuthorizationStateRow } from './shops.ts'

export type TakenState =
  | { readonly ok: true; readonly row: AuthorizationStateRow }
  | { readonly ok: false; readonly code: 'STATE_INVALID' | 'STATE_USED' | 'STATE_EXPIRED' }

/** Uses a state up. Exactly one of many simultaneous callers gets the row. */
export async function takeAuthorizationState(
  db: Db,
  stateHash: Buffer,
  platform: string,
  now: Date,
): Promise<TakenState> {
  const row = await db
    .updateTable('authorization_states')
    .set({ used_at: now })
    .where('state_hash', '=', stateHash)
    .where('platform', '=', platform)
    .where('used_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  if (row) return row.expires_at < now ? { ok: false, code: 'STATE_EXPIRED' } : { ok: true, row }
  const used = await db
    .selectFrom('authorization_states')
    .select('used_at')
    .where('state_hash', '=', stateHash)
    .where('platform', '=', platform)
    .executeTakeFirst()
  return { ok: false, code: used ? 'STATE_USED' : 'STATE_INVALID' }
}
