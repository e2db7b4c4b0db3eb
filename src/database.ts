import { hostname } from 'node:os'
import { mkdir } from 'node:fs/promises'
import type { Log } from '#kernel/log.ts'
import { claimHome } from '#store/embedded/claim.ts'
import { openCluster } from '#store/embedded/cluster.ts'
import type { Cluster, ClusterStep } from '#store/embedded/cluster.ts'
import { migrate } from '#store/migrate.ts'
import type { Migration } from '#store/migrate.ts'
import type { Config } from './config.ts'
import { HomeTakenError } from './commands/exit.ts'

export type Progress = (step: ClusterStep | 'connecting' | 'migrating') => void

export type OpenDatabase = {
  readonly url: string
  readonly applied: readonly Migration[]
  /** Resolves only when the database is lost for good; then the hub must stop. */
  readonly lost: Promise<Error>
  readonly close: () => Promise<void>
}

/**
 * The database of this hub: the one under its home, or the one `DATABASE_URL` names; claimed for this hub
 * alone and with its schema up to date. Throws `ClusterFailure`, `MigrationFailure` or `HomeTakenError`.
 */
export async function openDatabase(config: Config, log: Log, onProgress: Progress): Promise<OpenDatabase> {
  await mkdir(config.home, { recursive: true })
  const cluster =
    config.databaseUrl === null ? await openCluster({ home: config.home, log, onProgress }) : null
  if (!cluster) onProgress('connecting')
  const url = cluster?.url ?? config.databaseUrl!
  const lost = Promise.withResolvers<Error>()
  const claim = await closeOnError(cluster, () =>
    claimHome(url, config.home, hostname(), (takenBy) =>
      lost.resolve(new HomeTakenError(`another hub took ${config.home}: ${takenBy}`)),
    ),
  )
  if (claim.state === 'taken')
    throw new HomeTakenError(
      `${config.home} is in use by ${claim.takenBy}. Stop that hub, or set OPENCLAW_HOME to another directory.`,
    )
  const applied = await closeOnError(cluster, async () => {
    onProgress('migrating')
    return migrate(url)
  })
  void cluster
    ?.watch((pid) => log.warn({ pid }, 'the database had stopped and was started again'))
    .then((failure) => failure && lost.resolve(failure))
  return {
    url,
    applied,
    lost: lost.promise,
    close: async () => {
      await claim.release()
      await cluster?.close()
    },
  }
}

async function closeOnError<T>(cluster: Cluster | null, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    // An adopted server may belong to a hub that is still running.
    if (cluster?.started !== 'adopted') await cluster?.close()
    throw error
  }
}
