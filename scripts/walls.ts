import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format } from 'prettier'
import { root } from '#test/walls/imports.ts'
import { isWall, lintOverrides } from '#test/walls/lint.ts'

/** Writes the walls of `test/walls/rooms.ts` into the lint configuration. */
const path = join(root, '.oxlintrc.json')
const config = JSON.parse(await readFile(path, 'utf8')) as { overrides: readonly unknown[] }
const overrides = [...lintOverrides(), ...config.overrides.filter((override) => !isWall(override))]
await writeFile(
  path,
  await format(JSON.stringify({ ...config, overrides }), { parser: 'json', printWidth: 110 }),
)
