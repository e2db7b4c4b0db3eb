/** A command takes its arguments and gives its exit code. Loaded only when called: each start stays quick. */
export type Command = (args: readonly string[]) => Promise<number>

type Entry = { readonly synopsis: string; readonly does: string; readonly load: () => Promise<Command> }

export const commands: Readonly<Record<string, Entry>> = {
  start: {
    synopsis: 'start [--port 4000] [--roles api,worker] [--no-demo]',
    does: 'runs the hub; with simulators and a demo shop when no shop exists',
    load: async () => (await import('./start.ts')).start,
  },
  migrate: {
    synopsis: 'migrate',
    does: 'brings the database schema up to date',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  org: {
    synopsis: 'org create NAME | list | grant-production ORG',
    does: 'makes an organisation, lists them, opens production to one',
    load: async () => (await import('./org.ts')).org,
  },
  app: {
    synopsis: 'app create --org ORG [--environment production] [--name ERP] [--scopes a,b]',
    does: 'makes the credentials of an application; the secret is printed once',
    load: async () => (await import('./application.ts')).app,
  },
  doctor: {
    synopsis: 'doctor [--new-key]',
    does: 'checks config, database, clock, keys and disk; each finding with its remedy',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  map: {
    synopsis: 'map <platform> [--doc order] [--market us] [--rows | --drift] [--lang en|zh-CN]',
    does: 'reads one raw payload on stdin and prints the unified object',
    load: async () => (await import('./map.ts')).map,
  },
  sign: {
    synopsis: 'sign <platform>',
    does: 'prints a platform request as it must be sent; reads JSON on stdin, no network',
    load: async () => (await import('./sign.ts')).sign,
  },
  verify: {
    synopsis: 'verify <platform>',
    does: 'says whether a push from a platform is genuine; reads JSON on stdin',
    load: async () => (await import('./verify.ts')).verify,
  },
  webhook: {
    synopsis: "webhook sign|verify --secret S [--timestamp T] [--id I] [--header 'name: value']",
    does: 'signs or verifies a webhook of ours; body on stdin',
    load: async () => (await import('./webhook.ts')).webhook,
  },
  sim: {
    synopsis: 'sim <platform> [--port 0] [--seed N] [--faults a,b] [--orders N] [--time-scale X]',
    does: 'runs one marketplace simulator on loopback',
    load: async () => (await import('./sim.ts')).sim,
  },
  bench: {
    synopsis: 'bench [mapping|ingest|delivery|api|all] [--json]',
    does: 'measures, each figure beside its baseline of the same run',
    load: async () => (await import('./bench.ts')).bench,
  },
}

export const usage = (): string =>
  [
    'openclaw <command>',
    '',
    ...Object.values(commands).map(({ synopsis, does }) => `  ${synopsis}\n      ${does}`),
  ].join('\n')
