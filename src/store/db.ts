import { Kysely, PostgresDialect } from 'kysely'
import type { Transaction } from 'kysely'
import { Pool, types } from 'pg'
import type { EventTables } from './events.ts'
import type { OrderTables } from './orders.ts'
import type { RawTables } from './raw-documents.ts'
import type { ShopTables } from './shops.ts'
import type { FeedTables } from './feeds.ts'
import type { EndpointTables } from './endpoints.ts'
import type { DeliveryTables } from './deliveries.ts'
import type { ApplicationTables } from './applications.ts'

/** All tables, each described beside its queries. */
export type Database = ShopTables &
  FeedTables &
  RawTables &
  OrderTables &
  EventTables &
  EndpointTables &
  DeliveryTables &
  ApplicationTables

export type Db = Kysely<Database>
export type Tx = Transaction<Database>

/** Offsets and counts stay below 2^53; as numbers they need no conversion at every use. */
types.setTypeParser(types.builtins.INT8, Number)

export type Store = { readonly db: Db; readonly pool: Pool; readonly close: () => Promise<void> }

/** Opens a pool. `onIdleError` hears of connections that die while unused; work in flight throws on its own. */
export function openStore(options: {
  readonly url: string
  readonly maxConnections?: number
  readonly name: string
  readonly onIdleError: (error: Error) => void
}): Store {
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 20,
    application_name: options.name,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  })
  let isClosing = false
  // A connection that breaks while nobody uses it has no query to fail; without a listener it would end the process.
  const onBroken = (error: Error): void => {
    if (!isClosing) options.onIdleError(error)
  }
  pool.on('error', onBroken)
  pool.on('connect', (client) => client.on('error', onBroken))
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    pool,
    close: async () => {
      isClosing = true
      await db.destroy()
      // Kysely ends only a pool that it has used.
      if (!pool.ended) await pool.end()
    },
  }
}
