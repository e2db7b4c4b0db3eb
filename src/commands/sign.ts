import { parseArgs } from 'node:util'
import { readJson } from '#kernel/json.ts'
import type { PlatformRequest } from '#connectors/connector.ts'
import { InputError, printJson, readStdin } from './exit.ts'
import { connectorNamed } from './platform.ts'

type SignInput = {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly credentials: Readonly<Record<string, string>>
  readonly timestamp?: number
}

/** Prints how a request to a platform goes on the wire. Pure: nothing is sent. */
export async function sign(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
  const connector = connectorNamed(positionals[0])
  const input = readInput(await readStdin())
  const host = input.host.includes('://') ? input.host : `https://${input.host}`
  const token = input.credentials['access_token'] ?? null
  const signed = connector.sign(
    {
      operation: 'sign',
      method: input.method.toUpperCase() as PlatformRequest['method'],
      host: '',
      path: input.path,
      query: input.query ?? {},
      ...(input.body ? { bodyText: input.body } : {}),
      auth: token === null ? 'none' : 'seller',
      repeatable: false,
    },
    host,
    { platform: connector.platform, credentials: input.credentials, hosts: {} },
    token,
    input.timestamp === undefined ? Date.now() : timestampMs(input.timestamp),
  )
  printJson({
    base_string: signed.baseString ?? null,
    signature: signed.signature ?? null,
    url: signed.url,
    headers: { ...input.headers, ...signed.headers },
  })
  return 0
}

function readInput(bytes: Buffer): SignInput {
  const reading = readJson(bytes)
  if (!reading.ok) throw new InputError(`the input is not JSON: ${reading.detail}`)
  const input = reading.value as Partial<SignInput> | null
  const missing = (['method', 'host', 'path', 'credentials'] as const).filter(
    (name) => input?.[name] === undefined,
  )
  if (missing.length > 0) throw new InputError(`the input lacks: ${missing.join(', ')}`)
  return input as SignInput
}

/** Platforms count in seconds or milliseconds; a count beyond the year 5000 in seconds is milliseconds. */
const timestampMs = (timestamp: number): number => (timestamp > 1e11 ? timestamp : timestamp * 1000)
