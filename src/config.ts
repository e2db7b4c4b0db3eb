import { resolve } from 'node:path'
import { platforms } from '#canonical/platform.ts'
import type { Platform } from '#canonical/platform.ts'
import { environments } from '#kernel/environment.ts'
import type { Environment } from '#kernel/environment.ts'

export const roles = ['api', 'worker'] as const
export type Role = (typeof roles)[number]
const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** App credentials, hosts and queue of one platform in one environment, by lower-case name. */
export type PlatformSettings = {
  readonly credentials: Readonly<Record<string, string>>
  readonly hosts: Readonly<Record<string, string>>
  readonly queue: Readonly<Record<string, string>>
}

/** Everything the environment decides, checked once at start and frozen. */
export type Config = {
  readonly home: string
  readonly host: string
  readonly port: number
  /** Where people and platforms reach the hub, without a trailing slash. */
  readonly publicUrl: string
  /** `null`: the hub runs its own PostgreSQL under `home`. */
  readonly databaseUrl: string | null
  /** `null`: a key is kept in `home`. The first seals, the others only open. */
  readonly secretKeys: readonly string[] | null
  readonly roles: readonly Role[]
  readonly logLevel: LogLevel
  readonly webhookAllowCidrs: readonly string[]
  readonly platforms: Readonly<Partial<Record<Platform, Partial<Record<Environment, PlatformSettings>>>>>
}

export type Mistake = { readonly variable: string; readonly problem: string; readonly remedy: string }
export type Settings =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] }

type Variables = Readonly<Record<string, string | undefined>>

/** Reads and checks all variables; every mistake is reported, each with its remedy. */
export function readConfig(
  variables: Variables,
  overrides: { port?: string; roles?: string } = {},
): Settings {
  const mistakes: Mistake[] = []
  const wrong = (variable: string, problem: string, remedy: string): void => {
    mistakes.push({ variable, problem, remedy })
  }
  const value = (name: string): string | undefined => variables[name] || undefined

  const port = readPort(overrides.port ?? value('OPENCLAW_PORT') ?? '4000', wrong)
  const host = value('OPENCLAW_HOST') ?? '127.0.0.1'
  const config: Config = {
    home: resolve(value('OPENCLAW_HOME') ?? '.openclaw'),
    host,
    port,
    publicUrl: readUrl('OPENCLAW_PUBLIC_URL', value('OPENCLAW_PUBLIC_URL'), wrong) ?? localUrl(host, port),
    databaseUrl: readDatabaseUrl(value('DATABASE_URL'), wrong),
    secretKeys: readKeys(value('OPENCLAW_SECRET_KEY'), wrong),
    roles: readRoles(overrides.roles ?? value('OPENCLAW_ROLES') ?? roles.join(','), wrong),
    logLevel: oneOf('OPENCLAW_LOG_LEVEL', value('OPENCLAW_LOG_LEVEL') ?? 'warn', logLevels, wrong),
    webhookAllowCidrs: (value('OPENCLAW_WEBHOOK_ALLOW_CIDRS') ?? '').split(',').filter(Boolean),
    platforms: readPlatforms(variables),
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, config: Object.freeze(config) }
}

type Wrong = (variable: string, problem: string, remedy: string) => void

/** An address that a browser can open; a wildcard address is shown as loopback. */
export const localUrl = (host: string, port: number): string => {
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}

function readPort(text: string, wrong: Wrong): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  wrong('OPENCLAW_PORT', `"${text}" is not a port`, 'use a number from 0 (any free port) to 65535')
  return 0
}

function readUrl(variable: string, text: string | undefined, wrong: Wrong): string | null {
  if (text === undefined) return null
  const url = URL.parse(text)
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return text.replace(/\/+$/, '')
  wrong(variable, `"${text}" is not an http(s) address`, 'write it like https://hub.example.com')
  return null
}

function readDatabaseUrl(text: string | undefined, wrong: Wrong): string | null {
  if (text === undefined) return null
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return text
  wrong(
    'DATABASE_URL',
    'it is not a PostgreSQL address',
    'write postgresql://user:password@host:5432/database, or leave it out to use the built-in PostgreSQL',
  )
  return null
}

function readKeys(text: string | undefined, wrong: Wrong): readonly string[] | null {
  if (text === undefined) return null
  const keys = text.split(',').map((key) => key.trim())
  if (keys.every((key) => Buffer.from(key, 'base64url').length === 32)) return keys
  wrong(
    'OPENCLAW_SECRET_KEY',
    'a key does not decode to 32 bytes',
    'give base64url keys of 32 bytes, newest first, separated by commas; `openclaw doctor --new-key` prints one',
  )
  return null
}

function readRoles(text: string, wrong: Wrong): readonly Role[] {
  const names = text.split(',').map((name) => name.trim())
  return names.map((name) => oneOf('OPENCLAW_ROLES', name, roles, wrong))
}

function oneOf<const T extends readonly string[]>(
  variable: string,
  text: string,
  allowed: T,
  wrong: Wrong,
): T[number] {
  if (allowed.includes(text)) return text
  wrong(variable, `"${text}" is not known`, `use one of: ${allowed.join(', ')}`)
  return allowed[0]!
}

/**
 * `OPENCLAW_<PLATFORM>_<NAME>` is the production app, `OPENCLAW_<PLATFORM>_SANDBOX_<NAME>` the sandbox's.
 * `HOST_<KEY>` overrides a host (`__` stands for a dot), `QUEUE_<NAME>` sets the message queue, everything
 * else is a credential.
 */
function readPlatforms(variables: Variables): Config['platforms'] {
  const found: Partial<Record<Platform, Partial<Record<Environment, PlatformSettings>>>> = {}
  for (const platform of platforms)
    for (const environment of environments) {
      const settings = readPlatform(variables, platform, environment)
      if (settings) (found[platform] ??= {})[environment] = settings
    }
  return found
}

function readPlatform(
  variables: Variables,
  platform: Platform,
  environment: Environment,
): PlatformSettings | null {
  const prefix = `OPENCLAW_${platform.toUpperCase()}_`
  const sandboxPrefix = `${prefix}SANDBOX_`
  const own = environment === 'sandbox' ? sandboxPrefix : prefix
  const settings = { credentials: {}, hosts: {}, queue: {} } as Record<
    keyof PlatformSettings,
    Record<string, string>
  >
  for (const [name, value] of Object.entries(variables)) {
    if (!value || !name.startsWith(own)) continue
    if (environment === 'production' && name.startsWith(sandboxPrefix)) continue
    const key = name.slice(own.length).toLowerCase()
    if (key.startsWith('host_')) settings.hosts[key.slice(5).replaceAll('__', '.')] = value
    else if (key.startsWith('queue_')) settings.queue[key.slice(6)] = value
    else settings.credentials[key] = value
  }
  return Object.keys(settings.credentials).length > 0 ? settings : null
}
