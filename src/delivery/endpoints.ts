import type { Clock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/environment.ts'
import { newId } from '#kernel/ids.ts'
import type { Vault } from '#kernel/seal.ts'
import type { Text } from '#kernel/text.ts'
import type { Store } from '#store/db.ts'
import { insertEndpoint, rotateSecret, updateEndpoint } from '#store/endpoints.ts'
import type { EndpointChange, EndpointRow, NewSecret } from '#store/endpoints.ts'
import { newWebhookSecret } from './sign.ts'
import { TargetFailure, checkUrl, openResolver, targetReasons } from './target.ts'
import type { Resolve, TargetPolicy, TargetReason } from './target.ts'

export type UrlVerdict =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly code: TargetReason; readonly detail: Text }

export type EndpointWish = {
  readonly url: string
  readonly description?: string
  readonly eventTypes?: readonly string[]
  readonly shopIds?: readonly string[]
  readonly platforms?: readonly string[]
  readonly maxConcurrency?: number
  readonly perSecond?: number | null
}

type Refused = Extract<UrlVerdict, { ok: false }>

/** The commands of webhook endpoints: whatever needs the address wall or a secret. Reads are the store's. */
export type Endpoints = {
  /** Whether webhooks may be sent there, and the URL as it would be kept. */
  readonly checkUrl: (url: string) => Promise<UrlVerdict>
  /** The secret is shown this once. */
  readonly create: (
    scope: Scope,
    wish: EndpointWish,
  ) => Promise<{ readonly ok: true; readonly endpoint: EndpointRow; readonly secret: string } | Refused>
  /** Undefined: no such endpoint, or no longer at `version`. */
  readonly change: (
    scope: Scope,
    id: string,
    change: EndpointChange,
    version?: number,
  ) => Promise<{ readonly ok: true; readonly endpoint: EndpointRow | undefined } | Refused>
  /** Both secrets sign for `overlapMs` (0 to 7 days), then only the new one. Undefined: no such endpoint. */
  readonly rotate: (scope: Scope, id: string, overlapMs: number) => Promise<string | undefined>
}

const defaultConcurrency = 16
const maxOverlapMs = 7 * 86_400_000

export function makeEndpoints(options: {
  readonly store: Store
  readonly vault: Vault
  readonly clock: Clock
  readonly policy: TargetPolicy
  /** Defaults to DNS. */
  readonly resolve?: Resolve
}): Endpoints {
  const { store, vault, clock, policy } = options
  const resolve = options.resolve ?? openResolver(policy)

  async function check(url: string): Promise<UrlVerdict> {
    try {
      return { ok: true, url: await checkUrl(url, policy, resolve) }
    } catch (error) {
      if (!(error instanceof TargetFailure)) throw error
      return { ok: false, code: error.reason, detail: targetReasons[error.reason] }
    }
  }

  function makeSecret(): { readonly secret: string; readonly row: NewSecret } {
    const secret = newWebhookSecret()
    const id = newId('sec', clock.nowMs())
    return { secret, row: { id, secret: vault.seal(secret, `secret:${id}`) } }
  }

  return {
    checkUrl: check,
    create: async (scope, wish) => {
      const verdict = await check(wish.url)
      if (!verdict.ok) return verdict
      const { secret, row } = makeSecret()
      const at = new Date(clock.nowMs())
      const endpoint = await insertEndpoint(
        store.db,
        scope,
        {
          id: newId('whe', at.getTime()),
          url: verdict.url,
          description: wish.description ?? '',
          event_types: [...(wish.eventTypes ?? [])],
          shop_ids: [...(wish.shopIds ?? [])],
          platforms: [...(wish.platforms ?? [])],
          status: 'enabled',
          max_concurrency: wish.maxConcurrency ?? defaultConcurrency,
          per_second: wish.perSecond ?? null,
          created_at: at,
        },
        row,
      )
      return { ok: true, endpoint, secret }
    },
    change: async (scope, id, change, version) => {
      const verdict = change.url === undefined ? null : await check(change.url)
      if (verdict?.ok === false) return verdict
      const safe = verdict ? { ...change, url: verdict.url } : change
      const at = new Date(clock.nowMs())
      return { ok: true, endpoint: await updateEndpoint(store.db, scope, id, safe, at, version ?? null) }
    },
    rotate: async (scope, id, overlapMs) => {
      if (!(overlapMs >= 0 && overlapMs <= maxOverlapMs)) throw new RangeError('an overlap is 0 to 7 days')
      const { secret, row } = makeSecret()
      const nowMs = clock.nowMs()
      const times = { at: new Date(nowMs), oldExpireAt: new Date(nowMs + overlapMs) }
      return (await rotateSecret(store.db, scope, id, row, times)) ? secret : undefined
    },
  }
}
