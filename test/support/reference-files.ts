import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'vitest'

/** Official models and samples that stand beside a developer's working copy; never part of the repository. */
const folder = resolve(import.meta.dirname, '../../../shared/reference')
const present = existsSync(folder)

export const readReference = (path: string): unknown =>
  JSON.parse(readFileSync(join(folder, path), 'utf8')) as unknown

/** A suite that needs the reference files; without them it is skipped and says so. */
export function describeWithReference(name: string, suite: () => void): void {
  if (present) return void describe(name, suite)
  process.stderr.write(`${name}: skipped: no reference files\n`)
  // A skipped suite's body is still run to collect its tests, and would look for the files.
  describe.skip(name, () => test('skipped: no reference files', () => {}))
}
