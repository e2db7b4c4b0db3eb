import { randomBytes } from 'node:crypto'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { atPlace } from './failure.ts'
import { draftPrefix, type Place } from './place.ts'

/** What is kept in `$OPENCLAW_HOME/postgres.json`, mode 600. */
export type Access = {
  /** Hexadecimal, so it needs no quoting in SQL or a URL. */
  readonly password: string
  /** Of the last start; tried first, so that an owner's psql settings keep working. */
  readonly port: number | null
}

/** Both the role the hub logs in as and its database. Not a superuser, so row-level security binds it. */
export const owner = 'openclaw'

export const connectionUrl = ({ password }: Access, port: number): string =>
  `postgresql://${owner}:${password}@127.0.0.1:${port}/${owner}`

/** Reads the password, or makes one. Two hubs that start at once end with the same one. */
export async function openAccess(place: Place): Promise<Access> {
  const { accessPath } = place
  return atPlace(accessPath, 'The database password cannot be kept', async () => {
    const kept = await read(accessPath)
    if (kept !== null && kept !== torn) return kept
    // Never removed unread: it may be what another hub has written since.
    if (kept === torn) await rm(accessPath, { force: true })
    const made = { password: randomBytes(24).toString('hex'), port: null }
    if (await write(place, made, link)) return made
    const theirs = await read(accessPath)
    return theirs === null || theirs === torn ? made : theirs
  })
}

/** Remembers the port for the next start. */
export async function keepPort(place: Place, { password }: Access, port: number): Promise<void> {
  await atPlace(place.accessPath, 'The database port cannot be kept', () =>
    write(place, { password, port }, rename),
  )
}

/** The file is there and holds no password. */
const torn = Symbol('torn')

/** Null when there is no such file. */
async function read(path: string): Promise<Access | typeof torn | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  try {
    const { password, port } = JSON.parse(text) as { password?: unknown; port?: unknown }
    if (typeof password !== 'string' || !/^[0-9a-f]{32,}$/.test(password)) return torn
    return { password, port: typeof port === 'number' ? port : null }
  } catch {
    return torn
  }
}

/** Complete or not at all: written beside, made durable, then put in place. False when another was there first. */
async function write(
  { home, accessPath }: Place,
  access: Access,
  putInPlace: (from: string, to: string) => Promise<void>,
): Promise<boolean> {
  const draft = join(home, `${draftPrefix}${process.pid}.json`)
  try {
    const file = await open(draft, 'w', 0o600)
    try {
      await file.writeFile(`${JSON.stringify(access)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await putInPlace(draft, accessPath)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}
