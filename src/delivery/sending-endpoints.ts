import type { Environment } from '#kernel/environment.ts'
import { SealError } from '#kernel/seal.ts'
import type { Vault } from '#kernel/seal.ts'
import type { Db } from '#store/db.ts'
import { loadSendingEndpoints } from '#store/endpoints.ts'
import type { SendingEndpoint } from '#store/endpoints.ts'
import type { ClaimedDelivery } from '#store/deliveries.ts'
import type { LaneLimits } from './lanes.ts'
import { readSecret } from './sign.ts'
import type { SigningKey } from './sign.ts'
import { TargetFailure, readTargetUrl } from './target.ts'
import type { TargetPolicy } from './target.ts'

/** An endpoint ready for use: URL taken apart, secrets opened. Holds secrets, so never logged. */
export type ReadyEndpoint = LaneLimits & {
  readonly orgId: string
  readonly environment: Environment
  readonly id: string
  readonly version: number
  readonly origin: string
  readonly path: string
  /** Newest first; those that ended sign no more. */
  readonly keys: readonly { readonly key: SigningKey; readonly expiresAtMs: number }[]
  /** Why it may not be sent to, by the policy of this process. */
  readonly refusal: string | null
}

const maxKept = 10_000

/**
 * Endpoints of claimed deliveries, kept by version: the claim tells the current version, so a change
 * counts from the next claim on, on every node, without a message.
 */
export function openSendingEndpoints(options: {
  readonly db: Db
  readonly vault: Vault
  readonly policy: TargetPolicy
}): (claimed: readonly ClaimedDelivery[]) => Promise<ReadonlyMap<string, ReadyEndpoint>> {
  const kept = new Map<string, ReadyEndpoint>()
  return async (claimed) => {
    const missing = new Map<string, { orgId: string; id: string }>()
    for (const { endpoint_id: id, endpoint_version, org_id: orgId } of claimed) {
      if (kept.get(id)?.version !== endpoint_version) missing.set(id, { orgId, id })
    }
    if (missing.size > 0) {
      if (kept.size > maxKept) kept.clear()
      const loaded = await loadSendingEndpoints(options.db, [...missing.values()])
      for (const endpoint of loaded) kept.set(endpoint.id, prepare(endpoint, options.vault, options.policy))
    }
    return kept
  }
}

function prepare(endpoint: SendingEndpoint, vault: Vault, policy: TargetPolicy): ReadyEndpoint {
  const { url, refusal } = readUrl(endpoint.url, policy)
  return {
    orgId: endpoint.org_id,
    environment: endpoint.environment,
    id: endpoint.id,
    version: endpoint.version,
    maxConcurrency: endpoint.max_concurrency,
    perSecond: endpoint.per_second,
    origin: url?.origin ?? '',
    path: url ? url.pathname + url.search : '',
    refusal,
    keys: endpoint.secrets.flatMap((row) => {
      const key = openKey(row, vault)
      return key ? [{ key, expiresAtMs: row.expires_at?.getTime() ?? Number.MAX_SAFE_INTEGER }] : []
    }),
  }
}

/** One secret that cannot be opened must not stop the endpoints that were claimed with it. */
function openKey(row: SendingEndpoint['secrets'][number], vault: Vault): SigningKey | null {
  try {
    return readSecret(vault.openText(row.secret, `secret:${row.id}`))
  } catch (error) {
    if (error instanceof SealError) return null
    throw error
  }
}

/** A URL that was saved under another policy (demo mode, an allow-list since shortened) may be refused now. */
function readUrl(text: string, policy: TargetPolicy): { url: URL | null; refusal: string | null } {
  try {
    return { url: readTargetUrl(text, policy), refusal: null }
  } catch (error) {
    if (!(error instanceof TargetFailure)) throw error
    return { url: null, refusal: error.message }
  }
}
