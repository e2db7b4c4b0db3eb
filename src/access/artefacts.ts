import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider'
import type { Clock } from '#kernel/clock.ts'
import type { Vault } from '#kernel/seal.ts'
import { findClient } from '#store/applications.ts'
import type { Db } from '#store/db.ts'
import {
  consumeArtefact,
  deleteArtefact,
  deleteGrantArtefacts,
  findArtefact,
  upsertArtefact,
} from '#store/oauth-artefacts.ts'
import { digestOf } from './credentials.ts'
import { metadataOf } from './client-metadata.ts'

const contextOf = (digest: Buffer): string => `oauth:${digest.toString('hex')}`

/** Opens what `openArtefacts` stored under a digest. Throws `SealError`. */
export const openPayload = (vault: Vault, box: Uint8Array, digest: Buffer): AdapterPayload =>
  JSON.parse(vault.openText(box, contextOf(digest))) as AdapterPayload

/**
 * The OAuth server's storage. A token is nowhere in the database: rows are found by its SHA-256, and the
 * sealed payload leaves out the id and gets it back from the caller who showed it.
 * `onRevoked` hears the digest of each artefact that is destroyed.
 */
export function openArtefacts(parts: {
  readonly db: Db
  readonly vault: Vault
  readonly clock: Clock
  readonly onRevoked: (digest: Buffer) => void
}): AdapterFactory {
  const { db, vault, clock, onRevoked } = parts
  return (kind) => (kind === 'Client' ? clientAdapter(db, clock) : artefactAdapter(kind))

  function artefactAdapter(kind: string): Adapter {
    return {
      upsert: async (id, issued, expiresInSeconds) => {
        const digest = digestOf(id)
        const { jti, ...payload } = issued
        if (jti !== id) throw new Error(`${kind} is stored under an id that is not its own`)
        await upsertArtefact(db, {
          digest,
          kind,
          client_id: payload.clientId ?? null,
          grant_digest: payload.grantId === undefined ? null : digestOf(payload.grantId),
          payload: vault.seal(JSON.stringify(payload), contextOf(digest)),
          expires_at:
            expiresInSeconds === undefined ? null : new Date(clock.nowMs() + expiresInSeconds * 1000),
        })
      },
      find: async (id) => {
        const digest = digestOf(id)
        const row = await findArtefact(db, kind, digest)
        if (!row) return undefined
        const consumed =
          row.consumed_at === null ? {} : { consumed: Math.floor(row.consumed_at.getTime() / 1000) }
        return { ...openPayload(vault, row.payload, digest), ...consumed, jti: id }
      },
      consume: (id) => consumeArtefact(db, kind, digestOf(id), clock.nowMs()),
      destroy: async (id) => {
        const digest = digestOf(id)
        await deleteArtefact(db, kind, digest)
        onRevoked(digest)
      },
      revokeByGrantId: (grantId) => deleteGrantArtefacts(db, digestOf(grantId)),
      ...unused,
    }
  }
}

/** Sessions and device codes are not enabled. */
const unused = {
  findByUid: () => Promise.resolve(undefined),
  findByUserCode: () => Promise.resolve(undefined),
}

/** Applications are read through, never written: they are managed by `applications.ts` alone. */
function clientAdapter(db: Db, clock: Clock): Adapter {
  const refuse = (): Promise<never> => Promise.reject(new Error('applications are not managed through OAuth'))
  return {
    find: async (clientId) => {
      const client = await findClient(db, clientId, clock.nowMs())
      return client?.application.status === 'active' ? metadataOf(client) : undefined
    },
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
    ...unused,
  }
}
