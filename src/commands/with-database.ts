import { silentLog } from '#kernel/log.ts'
import { openVault } from '#kernel/seal.ts'
import type { Vault } from '#kernel/seal.ts'
import { openCluster } from '#store/embedded/cluster.ts'
import { openStore } from '#store/db.ts'
import type { Store } from '#store/db.ts'
import { migrate } from '#store/migrate.ts'
import type { Config } from '../config.ts'
import { loadSecretKeys } from '../secret-key.ts'

/**
 * Runs an operator's command on the hub's database, beside a running hub or without one. A built-in
 * database that nobody runs is started for it and stopped again.
 */
export async function withDatabase<T>(
  config: Config,
  run: (parts: { readonly store: Store; readonly vault: Vault }) => Promise<T>,
): Promise<T> {
  const cluster =
    config.databaseUrl === null
      ? await openCluster({ home: config.home, log: silentLog, onProgress: () => {} })
      : null
  try {
    const url = cluster?.url ?? config.databaseUrl!
    await migrate(url)
    const store = openStore({ url, name: 'openclaw command', onIdleError: () => {}, maxConnections: 2 })
    try {
      return await run({ store, vault: openVault(await loadSecretKeys(config)) })
    } finally {
      await store.close()
    }
  } finally {
    if (cluster && cluster.started !== 'adopted') await cluster.close()
  }
}
