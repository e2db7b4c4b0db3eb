import type { Connector, Grant, PlatformApp } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import type { Vault } from '#kernel/seal.ts'
import { lockGrant } from '#store/shops.ts'
import type { GrantRow } from '#store/shops.ts'
import type { ShopDeps, Tokens } from './accounts.ts'

/** A token this close to its end is renewed before it is used. */
const marginMs = 60_000

export const accessContext = (grantId: string): string => `grant:${grantId}:access`
export const refreshContext = (grantId: string): string => `grant:${grantId}:refresh`

/** A stored grant with its tokens opened. */
export function openGrant(vault: Vault, row: GrantRow): Grant {
  const open = (box: Buffer | null, context: string): string | null => box && vault.openText(box, context)
  return {
    platformMerchantId: row.platform_merchant_id,
    region: row.region,
    accessToken: open(row.access_token, accessContext(row.id)),
    accessExpiresAtMs: row.access_expires_at?.getTime() ?? null,
    refreshToken: open(row.refresh_token, refreshContext(row.id)),
    refreshExpiresAtMs: row.refresh_expires_at?.getTime() ?? null,
    scopes: row.scopes,
    facts: row.facts,
  }
}

/** The columns in which a grant's tokens are kept, sealed. */
export const sealTokens = (vault: Vault, grantId: string, grant: Grant) => ({
  access_token: grant.accessToken === null ? null : vault.seal(grant.accessToken, accessContext(grantId)),
  access_expires_at: grant.accessExpiresAtMs === null ? null : new Date(grant.accessExpiresAtMs),
  refresh_token: grant.refreshToken === null ? null : vault.seal(grant.refreshToken, refreshContext(grantId)),
  refresh_expires_at: grant.refreshExpiresAtMs === null ? null : new Date(grant.refreshExpiresAtMs),
  scopes: [...grant.scopes],
  facts: JSON.stringify(grant.facts ?? {}),
})

type Held = { readonly token: string; readonly expiresAtMs: number }

/**
 * The access token of one grant, refreshed by one caller at a time over all processes: the grant's row
 * stays locked while the platform is asked, and whoever waited finds the new token there. The new tokens
 * are committed before anyone uses them, so a single-use refresh token is never lost to a crash after use
 * by someone else.
 */
export function tokensOf(
  deps: ShopDeps,
  connector: Connector,
  app: PlatformApp,
  ref: { readonly orgId: string; readonly id: string },
): Tokens {
  let held: Held | null = null
  let renewing: Promise<string> | null = null

  const usable = (candidate: Held | null): candidate is Held =>
    candidate !== null && candidate.expiresAtMs - marginMs > deps.clock.nowMs()

  async function renewStored(refused: string | null): Promise<string> {
    const renewed = await deps.db.transaction().execute(async (tx) => {
      const row = await lockGrant(tx, ref)
      if (!row) throw new PlatformFailure('auth_revoked', 'NOT_CONNECTED', 'the shop is not connected')
      if (row.status === 'revoked')
        throw new PlatformFailure(
          'auth_revoked',
          row.last_error_code ?? 'REVOKED',
          'authorisation was withdrawn',
        )
      const stored = openGrant(deps.vault, row)
      const current = stored.accessToken && {
        token: stored.accessToken,
        expiresAtMs: stored.accessExpiresAtMs ?? Number.POSITIVE_INFINITY,
      }
      if (current && current.token !== refused && usable(current)) return current
      const call = deps.openCall(connector, app, `${row.platform_merchant_id}:${row.region}`, null)
      const fresh = await connector.auth.refresh(call, app, stored, deps.clock.nowMs())
      await tx
        .updateTable('grants')
        .set({ ...sealTokens(deps.vault, row.id, fresh), last_refreshed_at: new Date(deps.clock.nowMs()) })
        .where('org_id', '=', row.org_id)
        .where('id', '=', row.id)
        .execute()
      return { token: fresh.accessToken!, expiresAtMs: fresh.accessExpiresAtMs ?? Number.POSITIVE_INFINITY }
    })
    held = renewed
    return renewed.token
  }

  const renewOnce = (refused: string | null): Promise<string> =>
    (renewing ??= renewStored(refused).finally(() => {
      renewing = null
    }))

  return {
    current: () => (usable(held) ? Promise.resolve(held.token) : renewOnce(null)),
    renew: (refused) => {
      if (held?.token === refused) held = null
      return usable(held) ? Promise.resolve(held.token) : renewOnce(refused)
    },
  }
}
