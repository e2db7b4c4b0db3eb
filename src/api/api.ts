import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import type { Access } from '#access/access.ts'
import { openLimiter } from '#access/limiter.ts'
import type { Limiter } from '#access/limiter.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import type { Vault } from '#kernel/seal.ts'
import type { Store } from '#store/db.ts'
import { mountAuthorizePage } from './authorize-page.ts'
import type { Commands } from './commands.ts'
import { openCursors } from './cursor.ts'
import { defaultLimits, openGate } from './gate.ts'
import type { Limits } from './gate.ts'
import { mountHealth, observeRequests } from './health.ts'
import type { Readiness } from './health.ts'
import { openHttp } from './http.ts'
import { mountIngest } from './ingest.ts'
import { mountRoutes } from './mount.ts'
import { mountOauth } from './oauth.ts'
import { describeApi } from './openapi.ts'
import type { PublicRoute, Route } from './route.ts'
import { backfillRoutes } from './routes/backfills.ts'
import { driftRoutes } from './routes/drift.ts'
import { errorCodeRoutes } from './routes/error-codes.ts'
import { eventRoutes } from './routes/events.ts'
import { mappingRoutes } from './routes/mappings.ts'
import type { Maps } from './routes/mappings.ts'
import { orderRoutes } from './routes/orders.ts'
import { shopRoutes } from './routes/shops.ts'
import { webhookDeliveryRoutes } from './routes/webhook-deliveries.ts'
import { webhookEndpointRoutes } from './routes/webhook-endpoints.ts'

export type ApiParts = {
  readonly store: Store
  readonly vault: Vault
  readonly clock: Clock
  readonly log: Log
  readonly access: Access
  readonly commands: Commands
  /** Field tables by platform and document. */
  readonly maps: Maps
  readonly config: {
    /** Base of every link and the OAuth issuer, without a slash at its end. */
    readonly publicUrl: string
    readonly trustedProxies?: string
    readonly limits?: Limits
  }
  /** The hub-wide registry. */
  readonly metrics: Registry
  readonly isReady: () => Promise<Readiness>
  readonly limiter?: Limiter
}

/** Every route of the API, in the order of its documentation. */
export function apiRoutes(
  parts: Omit<ApiParts, 'access' | 'metrics' | 'isReady' | 'config'>,
): readonly (Route | PublicRoute)[] {
  const within = { ...parts, cursors: openCursors(parts.vault) }
  return [
    ...shopRoutes(within),
    ...orderRoutes(within),
    ...backfillRoutes(within),
    ...eventRoutes(within),
    ...webhookEndpointRoutes(within),
    ...webhookDeliveryRoutes(within),
    ...mappingRoutes(parts.maps),
    ...driftRoutes(within),
    ...errorCodeRoutes,
  ]
}

/** The HTTP side of the hub: API, OAuth, consent callback, health. Call `listen` on it, or `inject`. */
export function makeApi(parts: ApiParts): FastifyInstance {
  const { clock, log, access, commands, config, metrics, isReady } = parts
  const { publicUrl, limits = defaultLimits } = config
  const app = openHttp({ ...config, clock, log })
  observeRequests(app, metrics, log)
  describeApi(app, publicUrl, limits)
  mountHealth(app, { metrics, isReady })
  mountOauth(app, access.oauthServer, publicUrl)
  mountAuthorizePage(app, commands.finishAuthorization)
  mountIngest(app, commands.takePush, publicUrl)
  const gate = openGate({ access, limiter: parts.limiter ?? openLimiter(clock), limits })
  mountRoutes(app, apiRoutes(parts), { gate, log })
  return app
}
