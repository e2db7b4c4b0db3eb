import { parseArgs } from 'node:util'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { openApp } from '../app.ts'
import type { App } from '../app.ts'
import { localUrl } from '../config.ts'
import type { Config } from '../config.ts'
import { openDatabase } from '../database.ts'
import type { OpenDatabase } from '../database.ts'
import { openDemoApps } from '../demo/apps.ts'
import { prepareDemo } from '../demo/demo.ts'
import { readDemoState } from '../demo/state.ts'
import { platformAppsOf } from '../platform-apps.ts'
import { loadSecretKeys } from '../secret-key.ts'
import { InputError, printJson, say } from './exit.ts'
import { connectors } from '#connectors/registry.ts'
import { loadConfig } from './settings.ts'
import { untilStopped } from './until-stopped.ts'

const steps: Readonly<Record<string, string>> = {
  initialising: 'creating the database (first start only)',
  starting: 'starting the database',
  recovering: 'the database was not shut down cleanly; recovering',
  waiting: 'waiting for the remains of the last database process',
  adopting: 'connecting to the database that already runs here',
  connecting: 'connecting to the database',
  migrating: 'bringing the schema up to date',
}

/** Runs the hub until Ctrl-C. Prints one JSON line on stdout when it is ready; everything else on stderr. */
export async function start(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      roles: { type: 'string' },
      'no-demo': { type: 'boolean', default: false },
    },
  })
  const config = await withPort({
    ...(values.port === undefined ? {} : { port: values.port }),
    ...(values.roles === undefined ? {} : { roles: values.roles }),
  })
  const log = pino({ level: config.logLevel, base: null }, pino.destination({ dest: 2, sync: true }))
  const stopping = new AbortController()
  void untilStopped().then(() => stopping.abort())

  const database = await openDatabase(config, log, (step) => say(`openclaw: ${steps[step] ?? step} …`))
  try {
    const demo = values['no-demo'] ? null : await readDemoState(config.home, database.url)
    const demoApps = openDemoApps()
    const configured = platformAppsOf(config, connectors)
    const url = config.publicUrl
    const app = await openApp({
      databaseUrl: database.url,
      secretKeys: await loadSecretKeys(config),
      log,
      publicUrl: url,
      webhookTargets: demo ? [...config.webhookAllowCidrs, '127.0.0.0/8', '::1'] : config.webhookAllowCidrs,
      platformApp: (platform, environment) =>
        configured(platform, environment) ?? demoApps.get(platform, environment),
    })
    return await serve({ config, app, database, demo, demoApps, stopping, url })
  } finally {
    await database.close()
  }
}

/** Port 0 means any free one; links and the OAuth issuer need its number before anything listens. */
async function withPort(overrides: Parameters<typeof loadConfig>[0]): Promise<Config> {
  const config = loadConfig(overrides)
  if (config.port !== 0) return config
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, config.host, resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return loadConfig({ ...overrides, port: String(port) })
}

type Serving = {
  readonly config: Config
  readonly app: App
  readonly database: OpenDatabase
  readonly demo: Awaited<ReturnType<typeof readDemoState>> | null
  readonly demoApps: ReturnType<typeof openDemoApps>
  readonly stopping: AbortController
  readonly url: string
}

async function serve({ config, app, database, demo, demoApps, stopping, url }: Serving): Promise<number> {
  const work: Promise<void>[] = []
  try {
    await listen(app, config)
    // The demo connects first: its simulators do not know the tokens of an earlier run.
    const prepared = demo && (await prepareDemo({ app, url, state: demo, demoApps, signal: stopping.signal }))
    if (prepared) work.push(prepared.finished)
    if (config.roles.includes('worker')) work.push(app.work(stopping.signal))
    printJson({ ready: true, url, console_url: `${url}/`, pid: process.pid })
    say(`openclaw: ready at ${url}`)
    const lost = await Promise.race([
      database.lost,
      Promise.all(work).then(() => null),
      new Promise<null>((resolve) => {
        stopping.signal.addEventListener('abort', () => resolve(null), { once: true })
        if (stopping.signal.aborted) resolve(null)
      }),
    ])
    if (lost) throw lost
    say('openclaw: stopping …')
    return 0
  } finally {
    stopping.abort()
    await Promise.allSettled(work)
    await app.close()
  }
}

async function listen(app: App, config: Config): Promise<void> {
  try {
    await app.api.listen({ host: config.host, port: config.port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES' && code !== 'EADDRNOTAVAIL') throw error
    const problem = code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be used (${code})`
    throw new InputError(
      `${localUrl(config.host, config.port)} ${problem}. Free it, or choose another with --port or OPENCLAW_PORT.`,
    )
  }
}
