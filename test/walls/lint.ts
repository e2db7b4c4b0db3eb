import { rooms } from './rooms.ts'
import type { Room } from './rooms.ts'

/** The walls as oxlint understands them. An editor shows these at once; the test is the last word. */
export type LintOverride = {
  readonly files: readonly string[]
  readonly excludeFiles: readonly string[]
  readonly rules: { readonly 'no-restricted-imports': unknown }
}

const marker = 'walls: '

/** Overrides of `.oxlintrc.json` that came from the table, as opposed to those written by hand. */
export const isWall = (override: unknown): boolean => JSON.stringify(override).includes(`"${marker}`)

/**
 * Most particular room last, because the last override that matches a file wins. Tests beside the code may
 * use what they need.
 */
export function lintOverrides(): readonly LintOverride[] {
  const walled = rooms.filter(({ mayImport }) => mayImport !== 'everything')
  const isWide = ({ name }: Room): boolean => name === 'simulators' || name.endsWith('*')
  return [...walled.filter(isWide), ...walled.filter((room) => !isWide(room))].map(overrideOf)
}

function overrideOf({ name, mayImport }: Room): LintOverride {
  const names = mayImport === 'everything' ? [] : mayImport
  const allowed = names.filter((path) => !path.startsWith('simulators'))
  const message = `${marker}${name} imports ${['only its own files', ...names].join(', ')}, see test/walls/rooms.ts`
  return {
    files: [filesOf(name)],
    excludeFiles: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['#*/**', ...allowed.map((path) => `!#${path.endsWith('.ts') ? path : `${path}/**`}`)],
              message,
            },
            { regex: topLevel, message },
            { regex: leavesRoom, message },
          ],
        },
      ],
    },
  }
}

const filesOf = (name: string): string => {
  const path = name.startsWith('simulators') ? name : `src/${name}`
  return path.endsWith('.ts') ? path : `${path}/**`
}

const topLevel = '^#[^/]+$'

const platformFolders = ['amazon', 'tiktok-shop', 'shopee', 'lazada', 'temu']

/**
 * A relative path that climbs out of a room names another one next. Across rooms `#room/file.ts` is the
 * only spelling, so these are refused whatever the table says.
 */
const leavesRoom = ((): string => {
  const firstSteps = rooms.flatMap(({ name }) => {
    const last = name.split('/').at(-1)!
    return last === '*' ? platformFolders : [last]
  })
  const names = [...new Set([...firstSteps, 'connectors', 'src', 'test'])].toSorted()
  return `^(\\.\\./)+(${names.join('|').replaceAll('.', '\\.')})(/|$)`
})()
