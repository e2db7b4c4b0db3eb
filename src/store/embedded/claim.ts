import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { Client } from 'pg'

export type Claim =
  | {
      readonly state: 'held'
      /** Gives the home back; safe to call twice. */
      readonly release: () => Promise<void>
    }
  | {
      readonly state: 'taken'
      /** Who has it, for a person: process, host and since when. */
      readonly takenBy: string
    }

/** The time a killed hub's session may take to be noticed by the server. */
const graceMs = 1_000
const reclaimPauseMs = 500

/**
 * Makes this process the only hub of `home` on `hostname`, by an advisory lock that lives exactly as long
 * as its connection: a hub killed by -9 frees it at once, a host that vanished within a minute. When the
 * database restarts the lock is taken again; `onLost` tells when another hub was faster, and then this one
 * must stop. The promise holds within one database only, and not through a pooler that shares sessions.
 */
export async function claimHome(
  connectionUrl: string,
  home: string,
  hostname: string,
  onLost: (takenBy: string) => void,
): Promise<Claim> {
  const key = lockKey(await realpath(home), hostname)
  const name = `openclaw hub, process ${process.pid} on ${hostname}`
  const released = new AbortController()
  let session: Client | undefined

  const take = async (): Promise<string | null> => {
    const client = new Client({
      connectionString: connectionUrl,
      application_name: name,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    // An error ends the session, and that is what is acted on.
    client.on('error', () => {})
    await client.connect()
    const takenBy = await takeLock(client, key)
    if (takenBy !== null || released.signal.aborted) {
      await client.end()
      return takenBy
    }
    session = client
    client.once('end', () => void retake())
    return null
  }
  const retake = async (): Promise<void> => {
    while (!released.signal.aborted) {
      // Refused connections are expected here: whoever watches the database brings it back, or gives up.
      const takenBy = await take().catch(() => undefined)
      if (takenBy === null) return
      if (takenBy !== undefined) return onLost(takenBy)
      await wait(reclaimPauseMs, undefined, { ref: false })
    }
  }

  const takenBy = await take()
  if (takenBy !== null) return { state: 'taken', takenBy }
  const release = async (): Promise<void> => {
    released.abort()
    await session?.end()
  }
  return { state: 'held', release }
}

/** A signed 64-bit number, as text, that is the same for the same directory on the same machine. */
function lockKey(path: string, hostname: string): string {
  const digest = createHash('sha256').update(`openclaw home\0${path}\0${hostname}`).digest()
  return String(digest.readBigInt64BE())
}

/** Null when the lock is ours now, else who holds it. */
async function takeLock(client: Client, key: string): Promise<string | null> {
  await client.query(
    "set tcp_keepalives_idle = '20s'; set tcp_keepalives_interval = '5s'; set tcp_keepalives_count = 4",
  )
  const deadline = performance.now() + graceMs
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [key])
    if (rows[0]?.taken === true) return null
    if (performance.now() > deadline) return describeHolder(client, key)
    await wait(50)
  }
}

async function describeHolder(client: Client, key: string): Promise<string> {
  const { rows } = await client.query<{ name: string; since: Date }>(
    `select a.application_name as name, a.backend_start as since
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and l.objsubid = 1
        and l.database = (select oid from pg_database where datname = current_database())
        and (l.classid::bigint << 32) | l.objid::bigint = $1`,
    [key],
  )
  const [holder] = rows
  return holder === undefined ? 'another hub' : `${holder.name}, since ${holder.since.toISOString()}`
}
