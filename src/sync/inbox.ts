import { waitingBatches } from '#store/raw-documents.ts'
import type { WaitingBatch } from '#store/raw-documents.ts'
import { feedOfAny } from './feeds.ts'
import type { Ref } from './feeds.ts'
import { applyIncoming } from './ingest.ts'
import type { Feed, SyncDeps } from './sync.ts'

/** Younger documents may still be under way in the worker that stored them. */
const settledMs = 15_000
const mostAtOnce = 10

/**
 * Applies batches that were stored but never applied, because their worker died in between.
 * Applying is idempotent, so taking one that is still under way elsewhere does no harm.
 * @returns how many batches were taken.
 */
export async function drainInbox(deps: SyncDeps, settledForMs = settledMs): Promise<number> {
  const before = new Date(deps.clock.nowMs() - settledForMs)
  const waiting = await waitingBatches(deps.db, before, mostAtOnce)
  for (const batch of waiting)
    // One account's documents must not keep those of the others waiting.
    await applyLeft(deps, batch).catch((error: unknown) =>
      deps.log.error(
        { grantId: batch.grantId, err: error },
        'cannot apply documents left by a stopped worker',
      ),
    )
  return waiting.length
}

async function applyLeft(
  deps: SyncDeps,
  { scope, batchId, grantId, documents }: WaitingBatch,
): Promise<void> {
  const ref: Ref = { orgId: scope.orgId, id: grantId }
  const feed: Feed | null = await feedOfAny(deps, ref)
  if (!feed) return
  const incoming = documents.map((document) => ({
    ...document,
    text: deps.vault.openText(document.payload, `raw:${document.id}`),
  }))
  await applyIncoming(deps, feed, batchId, incoming)
  deps.log.info({ grantId, documents: documents.length }, 'applied documents left by a stopped worker')
}
