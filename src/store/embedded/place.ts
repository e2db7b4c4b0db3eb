import { mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { locateBinaries, type Binaries } from './binaries.ts'
import { atPlace } from './failure.ts'
import { chooseIdentity } from './identity.ts'
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

/** Makes the home when it is missing and finds out how PostgreSQL can run there. */
export async function openPlace(wantedHome: string): Promise<Place> {
  const home = await atPlace(wantedHome, 'OPENCLAW_HOME cannot be used', async () => {
    await mkdir(wantedHome, { recursive: true })
    return realpath(wantedHome)
  })
  const binaries = await locateBinaries()
  const dataDir = join(home, 'postgres')
  return {
    home,
    dataDir,
    accessPath: join(home, 'postgres.json'),
    logPath: join(home, 'postgres.log'),
    binaries,
    identity: await chooseIdentity(home, dataDir, binaries),
  }
}
