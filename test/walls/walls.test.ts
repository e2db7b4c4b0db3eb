import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, root, sourceFiles } from './imports.ts'
import { isWall, lintOverrides } from './lint.ts'
import { mayImport, placeOf, rooms } from './rooms.ts'

const files = await sourceFiles(['src', 'simulators'])
const imports = (await Promise.all(files.map(importsOf))).flat()

/** Below these the reading itself is broken. The house only grows; raise them when it has. */
const leastFiles = 200
const leastImports = 900

describe('walls', () => {
  it('has measured something', () => {
    expect(files.length).toBeGreaterThan(leastFiles)
    expect(imports.length).toBeGreaterThan(leastImports)
  })

  it('gives every file a room', () => {
    expect(files.filter((path) => placeOf(path) === null)).toEqual([])
  })

  it('has no row for a room that is not there', () => {
    const inhabited = new Set(files.map((path) => placeOf(path)?.rule.name))
    expect(rooms.map(({ name }) => name).filter((name) => !inhabited.has(name))).toEqual([])
  })

  it('imports only where the table allows it', () => {
    const forbidden = imports.filter(({ from, to }) => {
      const [here, there] = [placeOf(from), placeOf(to)]
      return !here || !there || !mayImport(here, there, to)
    })
    process.stdout.write(`${matrix()}\n`)
    expect(forbidden.map(({ from, to }) => `${from} -> ${to}`)).toEqual([])
  })

  it('refuses what the table does not allow', () => {
    const allows = (from: string, to: string): boolean => mayImport(placeOf(from)!, placeOf(to)!, to)
    expect(allows('src/sync/walk.ts', 'src/connectors/connector.ts')).toBe(true)
    expect(allows('src/sync/walk.ts', 'src/connectors/amazon/index.ts')).toBe(false)
    expect(allows('src/connectors/lazada/index.ts', 'src/connectors/amazon/markets.ts')).toBe(false)
    expect(allows('src/connectors/amazon/index.ts', 'src/store/db.ts')).toBe(false)
    expect(allows('src/connectors/registry.ts', 'src/connectors/amazon/index.ts')).toBe(true)
    expect(allows('src/jobs/jobs.ts', 'src/store/db.ts')).toBe(true)
    expect(allows('src/jobs/jobs.ts', 'src/store/orders.ts')).toBe(false)
    expect(allows('simulators/amazon/gate.ts', 'simulators/random.ts')).toBe(true)
    expect(allows('simulators/amazon/gate.ts', 'src/connectors/connector.ts')).toBe(false)
    expect(allows('src/delivery/attempt.ts', 'src/app.ts')).toBe(false)
  })

  it('stands in the lint configuration as the table has it (npm run walls:write)', async () => {
    const text = await readFile(join(root, '.oxlintrc.json'), 'utf8')
    const { overrides } = JSON.parse(text) as { overrides: readonly unknown[] }
    expect(overrides.filter(isWall)).toEqual(lintOverrides())
  })
})

/** Rooms down, the rooms they import across: how many imports. */
function matrix(): string {
  const counts = new Map<string, number>()
  for (const { from, to } of imports) {
    const key = `${placeOf(from)?.rule.name} ${placeOf(to)?.rule.name}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const width = Math.max(...rooms.map(({ name }) => name.length))
  const head = rooms.map((_, column) => String(column + 1).padStart(4)).join('')
  const lines = rooms.map(({ name: from }, row) => {
    const cells = rooms.map(({ name: to }) => String(counts.get(`${from} ${to}`) ?? '·').padStart(4))
    return `${String(row + 1).padStart(2)} ${from.padEnd(width)}${cells.join('')}`
  })
  const title = `${imports.length} imports in ${files.length} files`
  return [title, `${' '.repeat(width + 3)}${head}`, ...lines].join('\n')
}
