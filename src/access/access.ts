import { newId } from '#kernel/ids.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Scope } from '#kernel/environment.ts'
import type { Log } from '#kernel/log.ts'
import type { Vault } from '#kernel/seal.ts'
import { insertApplication, replaceSecret, updateApplicationStatus } from '#store/applications.ts'
import type { ApplicationStatus } from '#store/applications.ts'
import type { Store } from '#store/db.ts'
import { deleteExpiredArtefacts } from '#store/oauth-artefacts.ts'
import { openArtefacts } from './artefacts.ts'
import { digestOf, newClientId, newClientSecret } from './credentials.ts'
import { openOauthServer } from './oauth-server.ts'
import type { OauthServer } from './oauth-server.ts'
import type { ScopeName } from './scopes.ts'
import { openTokens } from './tokens.ts'
import type { Authentication } from './tokens.ts'

export type NewApplication = {
  readonly name: string
  readonly scopes: readonly ScopeName[]
  /** Shops it may see; leave out for all of the organisation's. */
  readonly shopIds?: readonly string[]
}

/** A secret is readable here and never again. */
export type Credentials = {
  readonly applicationId: string
  readonly clientId: string
  readonly clientSecret: string
}

export type Access = {
  readonly authenticate: (token: string) => Promise<Authentication>
  readonly oauthServer: OauthServer
  readonly createApplication: (scope: Scope, wish: NewApplication) => Promise<Credentials>
  /** The secret in use stays valid for `overlapMs` (0 to 7 days); `null` when there is no such application. */
  readonly rotateSecret: (
    scope: Scope,
    applicationId: string,
    overlapMs: number,
  ) => Promise<{ readonly clientSecret: string; readonly previousEndsAtMs: number } | null>
  /** Holds at once in this process, within seconds in others. Returns whether there was such an application. */
  readonly setApplicationStatus: (
    scope: Scope,
    applicationId: string,
    status: ApplicationStatus,
  ) => Promise<boolean>
  /** Removes what expired over a day ago: until then a caller is told "expired" and not "unknown". */
  readonly sweep: () => Promise<number>
}

const dayMs = 86_400_000
const longestOverlapMs = 7 * dayMs

/** Applications, their credentials and tokens. `issuer` is the hub's public URL. */
export function openAccess(parts: {
  readonly store: Store
  readonly vault: Vault
  readonly clock: Clock
  readonly log: Log
  readonly issuer: string
}): Access {
  const { store, vault, clock, log, issuer } = parts
  const tokens = openTokens({ pool: store.pool, vault, clock })
  const artefacts = openArtefacts({ db: store.db, vault, clock, onRevoked: tokens.forgetToken })
  const secretOf = (clientSecret: string) => ({
    id: newId('sec', clock.nowMs()),
    digest: digestOf(clientSecret),
  })

  return {
    authenticate: tokens.authenticate,
    oauthServer: openOauthServer({ issuer, artefacts, log }),
    createApplication: async ({ orgId, environment }, { name, scopes, shopIds = [] }) => {
      const id = newId('app', clock.nowMs())
      const clientId = newClientId(environment)
      const clientSecret = newClientSecret(environment)
      await insertApplication(
        store.db,
        { orgId, environment, id, clientId, name, scopes, shopIds, status: 'active' },
        secretOf(clientSecret),
        clock.nowMs(),
      )
      return { applicationId: id, clientId, clientSecret }
    },
    rotateSecret: async (scope, applicationId, overlapMs) => {
      const clientSecret = newClientSecret(scope.environment)
      const nowMs = clock.nowMs()
      const previousEndsAtMs = nowMs + Math.min(Math.max(0, overlapMs), longestOverlapMs)
      const secret = secretOf(clientSecret)
      const found = await replaceSecret(store.db, scope, applicationId, secret, previousEndsAtMs, nowMs)
      return found ? { clientSecret, previousEndsAtMs } : null
    },
    setApplicationStatus: async (scope, applicationId, status) => {
      const found = await updateApplicationStatus(store.db, scope, applicationId, status, clock.nowMs())
      tokens.forgetApplication(applicationId)
      return found
    },
    sweep: () => deleteExpiredArtefacts(store.db, clock.nowMs() - dayMs),
  }
}
