import { lchown, lstat, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import { ClusterFailure, failureFrom } from './failure.ts'
import { run, type Account, type Identity } from './run.ts'

const ourselves: Identity = { account: null, launcher: [] }

/**
 * PostgreSQL refuses to run as root. As root we pick the account that owns the data already, else
 * `postgres`, else `nobody`; and when it may not enter the home or the installed package, we leave it one
 * capability that lets it through. Throws `ROOT_NEEDS_USER` when no way works.
 */
export async function chooseIdentity(home: string, dataDir: string, binaries: Binaries): Promise<Identity> {
  if (process.getuid?.() !== 0) return ourselves
  const account =
    (await ownerOf(dataDir)) ?? (await accountNamed('postgres')) ?? (await accountNamed('nobody'))
  if (account === undefined) {
    throw new ClusterFailure('ROOT_NEEDS_USER', home, 'No unprivileged account was found to run PostgreSQL')
  }
  const ways: readonly Identity[] = [
    { account, launcher: [] },
    // The first lets a process enter and read anywhere; the second also writes, and is all a container has.
    { account, launcher: setpriv(account, 'dac_read_search') },
    { account, launcher: setpriv(account, 'dac_override') },
  ]
  for (const way of ways) {
    // Enters the home and finds every program, library and file of the package, and touches nothing.
    const script = 'cd "$1" && exec "$2" --show -D "$1"'
    const probe = await run('/bin/sh', ['-c', script, 'sh', home, binaries.initdb], way)
    if (probe.exitCode === 0) return way
  }
  const asRoot = await run(binaries.postgres, ['--version'], ourselves)
  if (asRoot.exitCode !== 0) {
    throw failureFrom(asRoot.output, binaries.postgres, 'PostgreSQL does not run here')
  }
  throw new ClusterFailure('ROOT_NEEDS_USER', home, `PostgreSQL cannot run here as user id ${account.uid}`)
}

function setpriv({ uid, gid }: Account, capability: string): string[] {
  return [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    // Without it access(2), which PostgreSQL finds its own programs with, ignores the capability.
    '--securebits=+no_setuid_fixup',
    '--',
  ]
}

async function ownerOf(path: string): Promise<Account | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid }
}

async function accountNamed(name: string): Promise<Account | undefined> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')
  const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':')
  // macOS writes nobody as -2; the kernel's ids are unsigned.
  return fields === undefined ? undefined : { uid: Number(fields[2]) >>> 0, gid: Number(fields[3]) >>> 0 }
}

/**
 * Gives a tree to the identity when root owns its top: a new one, or a backup that root copied back.
 * Nothing to do when we run as ourselves.
 */
export async function giveTo({ account }: Identity, path: string): Promise<void> {
  if (account === null || (await lstat(path)).uid !== 0) return
  const below = await readdir(path, { recursive: true })
  for (const name of below) await lchown(join(path, name), account.uid, account.gid)
  // The top goes last, so that a killed run is taken up again.
  await lchown(path, account.uid, account.gid)
}
