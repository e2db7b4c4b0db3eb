/**
 * The rooms of the house and what each may import. Everything else about walls is made from this table: the
 * lint rules in `.oxlintrc.json` (`npm run walls:write`), the test beside this file and the table in
 * ARCHITECTURE.md.
 */
export type Room = {
  /** Folder or file under `src/`, or under the root for `simulators`. `*` stands for one folder. */
  readonly name: string
  /** Rooms, or single files of a room. A room's own files are always allowed; type-only imports count too. */
  readonly mayImport: readonly string[] | 'everything'
  readonly about: string
}

const connector = 'connectors/connector.ts'

export const rooms: readonly Room[] = [
  { name: 'kernel', mayImport: [], about: 'clock, ids, money, failures, lossless JSON, sealing of secrets' },
  {
    name: 'canonical',
    mayImport: ['kernel'],
    about: 'the unified model: types and JSON Schema from one source',
  },
  {
    name: 'mapping',
    mayImport: ['kernel', 'canonical'],
    about: 'the language of field tables: compile, drift, provenance, rows',
  },
  {
    name: connector,
    mayImport: ['kernel', 'canonical', 'mapping'],
    about: 'what a connector is: tables and a few small functions',
  },
  {
    name: 'connectors/*',
    mayImport: ['kernel', 'canonical', 'mapping', connector],
    about: 'one marketplace each; knows no other and calls no network',
  },
  {
    name: 'connectors/transport',
    mayImport: ['kernel', connector],
    about: 'the only door to the marketplaces: limits, retries, signing, classification',
  },
  {
    name: 'connectors/registry.ts',
    mayImport: ['canonical', connector, 'connectors/*'],
    about: 'the connectors of this build',
  },
  {
    name: 'store',
    mayImport: ['kernel', 'canonical'],
    about: 'PostgreSQL: migrations and every SQL statement',
  },
  {
    name: 'jobs',
    mayImport: ['kernel', 'store/db.ts'],
    about: 'durable jobs, enqueued inside a transaction',
  },
  {
    name: 'sync',
    mayImport: ['kernel', 'canonical', 'mapping', connector, 'store', 'jobs'],
    about: 'marketplace to orders: walks, hints, backfills, ingest',
  },
  {
    name: 'shops',
    mayImport: ['kernel', 'canonical', 'mapping', connector, 'store', 'jobs'],
    about: 'consent, tokens, connecting and pausing shops',
  },
  {
    name: 'delivery',
    mayImport: ['kernel', 'canonical', 'store', 'jobs'],
    about: 'events to signed webhooks; knows nothing of connectors',
  },
  {
    name: 'access',
    mayImport: ['kernel', 'store'],
    about: 'OAuth2 applications, tokens, scopes, API limits',
  },
  {
    name: 'api',
    mayImport: ['kernel', 'canonical', 'mapping', 'access', 'store', 'delivery/endpoints.ts'],
    about: 'HTTP: one typed value per route, problems, OpenAPI',
  },
  { name: 'ops', mayImport: ['kernel', 'store', 'jobs'], about: 'readiness, metrics, doctor' },
  { name: 'config.ts', mayImport: ['kernel', 'canonical'], about: 'environment to frozen configuration' },
  {
    name: 'secret-key.ts',
    mayImport: ['kernel', 'config.ts'],
    about: 'the keys that seal, given or kept in the home',
  },
  {
    name: 'platform-apps.ts',
    mayImport: ['kernel', 'canonical', connector, 'config.ts'],
    about: 'app credentials per platform and environment',
  },
  {
    name: 'database.ts',
    mayImport: ['kernel', 'store', 'config.ts', 'commands/exit.ts'],
    about: 'own server or given one, migrated',
  },
  {
    name: 'app.ts',
    mayImport: 'everything',
    about: 'the composition root: builds rooms, hands them to each other',
  },
  { name: 'commands', mayImport: 'everything', about: 'one file per command of the command line' },
  { name: 'cli.ts', mayImport: 'everything', about: 'finds the command and its exit code' },
  { name: 'demo', mayImport: 'everything', about: 'a whole hub to look at, on simulators' },
  { name: 'bench', mayImport: 'everything', about: 'measurements beside their baselines' },
  { name: 'simulators', mayImport: ['kernel'], about: 'what the simulated marketplaces have in common' },
  {
    name: 'simulators/*',
    mayImport: ['kernel', 'simulators'],
    about: 'one simulated marketplace each; checks signatures with code of its own',
  },
  {
    name: 'simulators/registry.ts',
    mayImport: ['kernel', 'simulators', 'simulators/*'],
    about: 'the simulators of this build',
  },
]

/** Where a file stands: its row of the table and the room's name with `*` filled in. */
export type Place = { readonly rule: Room; readonly room: string }

const isFile = (name: string): boolean => name.endsWith('.ts')

const patterns = rooms
  .toSorted((a, b) => b.name.length - a.name.length)
  .map((rule) => ({
    rule,
    inside: new RegExp(`^(${rule.name.replace('*', '[^/]+')})${isFile(rule.name) ? '$' : '/'}`),
  }))

const withoutSource = (path: string): string => path.replace(/^src\//, '')

/** The most particular room that a file (path from the root) belongs to; `null` when the table has none. */
export function placeOf(path: string): Place | null {
  for (const { rule, inside } of patterns) {
    const room = inside.exec(withoutSource(path))?.[1]
    if (room !== undefined) return { rule, room }
  }
  return null
}

/** Whether a file in `from` may import the file `path` (from the root), which stands in `to`. */
export function mayImport(from: Place, to: Place, path: string): boolean {
  const allowed = from.rule.mayImport
  if (from.room === to.room || allowed === 'everything') return true
  return allowed.includes(to.rule.name) || allowed.includes(withoutSource(path))
}
