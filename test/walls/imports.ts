import { readFile, readdir } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** One import of a file of ours; paths from the root. */
export type Import = { readonly from: string; readonly to: string }

/**
 * Every quoted module path counts: static, type-only, re-exported, loaded later or run as a worker. Taking
 * too much is the point: an import in a form that nobody thought of cannot slip through.
 */
const modulePath = /['"`]((?:#|\.{1,2}\/)[\w@./-]+\.[cm]?[jt]s)['"`]/g

/** The TypeScript files under `folders`, without tests. */
export async function sourceFiles(folders: readonly string[]): Promise<readonly string[]> {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((name) => join(folder, name)),
    ),
  )
  return lists
    .flat()
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .toSorted()
}

export async function importsOf(path: string): Promise<readonly Import[]> {
  const text = await readFile(join(root, path), 'utf8')
  return [...text.matchAll(modulePath)].map(([, module]) => ({ from: path, to: target(path, module!) }))
}

/** As `imports` in package.json maps them. */
function target(from: string, module: string): string {
  if (module.startsWith('#simulators/') || module.startsWith('#test/')) return module.slice(1)
  if (module.startsWith('#')) return `src/${module.slice(1)}`
  return relative(root, resolve(root, dirname(from), module))
}
