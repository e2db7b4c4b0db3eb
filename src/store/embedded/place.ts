import { mkdir, readdir, realpath, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { locateBinaries, type Binaries } from './binaries.ts'
import { atPlace } from './failure.ts'
import { chooseIdentity } from './identity.ts'
import { isAlive } from './pid-file.ts'
import type { Identity } from './run.ts'

/** Where one embedded cluster lives, and with which programs and as whom it runs. */
export type Place = {
  /** Real path: a home reached through two links is one home. */
  readonly home: string
  readonly dataDir: string
  readonly accessPath: string
  readonly logPath: string
  readonly binaries: Binaries
  readonly identity: Identity
}

/** What is being written in the home is called this and the writer's process id, until it is complete and renamed. */
export const draftPrefix = 'postgres.draft-'

/** Makes the home when it is missing and finds out how PostgreSQL can run there. */
export async function openPlace(wantedHome: string): Promise<Place> {
  const home = await atPlace(wantedHome, 'OPENCLAW_HOME cannot be used', async () => {
    await makeDirectory(resolve(wantedHome))
    const home = await realpath(wantedHome)
    await clearDrafts(home)
    return home
  })
  const binaries = await locateBinaries()
  // The data may be a link to a larger disk; the server and we must call it by one name.
  const linked = join(home, 'postgres')
  const dataDir = await realpath(linked).catch(() => linked)
  return {
    home,
    dataDir,
    accessPath: join(home, 'postgres.json'),
    logPath: join(home, 'postgres.log'),
    binaries,
    identity: await chooseIdentity(home, dataDir, binaries),
  }
}

/** Like `mkdir -p`. Node's own answers ENOENT on a read-only disk, which sends the reader the wrong way. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeDirectory(dirname(path))
    await mkdir(path)
  }
}

/** Drafts of starts that were killed. One that belongs to another living process is left to it. */
async function clearDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    if (!name.startsWith(draftPrefix)) continue
    const pid = Number.parseInt(name.slice(draftPrefix.length), 10)
    if (pid !== process.pid && isAlive(pid)) continue
    // An initdb whose hub was killed may still be writing there for a moment.
    await rm(join(home, name), { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
