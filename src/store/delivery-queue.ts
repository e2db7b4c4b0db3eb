import { Pool } from 'pg'
import type { Store } from './db.ts'

/** Connections for claiming and finishing deliveries, besides those of the store. */
export type DeliveryQueue = { readonly pool: Pool; readonly close: () => Promise<void> }

/** One claims while the other finishes; each process does no more at a time. */
const connections = 2

/**
 * The statistics of a queue lie: a plan made while it was empty reads the whole table, and sorts it, when a
 * million rows wait. These connections only run statements that have an index for everything they touch.
 * Up to PostgreSQL 17 a way that is switched off but has no substitute counts as enormously expensive,
 * worth compiling; hence no compiler.
 */
const settings = 'set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off; set jit = off'

/**
 * Opens them to the store's database. That they are its own also means that delivery goes on while the
 * rest of the hub has used up the store's pool, and the other way round.
 */
export function openDeliveryQueue(store: Store, onIdleError: (error: Error) => void): DeliveryQueue {
  const pool = new Pool({
    ...store.pool.options,
    max: connections,
    allowExitOnIdle: true,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it; its types do not say so
    onConnect: async (client) => {
      client.on('error', onIdleError)
      await client.query(settings)
    },
  })
  pool.on('error', onIdleError)
  return { pool, close: () => pool.end() }
}
