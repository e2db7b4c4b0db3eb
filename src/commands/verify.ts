import { parseArgs } from 'node:util'
import type { PushVerdict } from '#connectors/connector.ts'
import { readJson } from '#kernel/json.ts'
import { InputError, printJson, readStdin } from './exit.ts'
import { connectorNamed } from './platform.ts'

type VerifyInput = {
  readonly method?: string
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The key of the push where it is not the app's; stands for the credential `push_key`. */
  readonly secret?: string
  readonly credentials?: Readonly<Record<string, string>>
}

/** Says whether a push from a platform is genuine. Reads what arrived as JSON on stdin; no network. */
export async function verify(args: readonly string[]): Promise<number> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} })
  const connector = connectorNamed(positionals[0])
  const webhook = connector.push?.webhook
  if (!webhook)
    throw new InputError(`${connector.platform} does not push over HTTP: there is no signature to verify`)
  const reading = readJson(await readStdin())
  if (!reading.ok) throw new InputError(`the input is not JSON: ${reading.detail}`)
  const input = (reading.value ?? {}) as VerifyInput
  const headers = Object.fromEntries(
    Object.entries(input.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const verdict: PushVerdict = webhook.verify(
    { method: input.method ?? 'POST', url: input.url ?? '', headers, rawBody: Buffer.from(input.body ?? '') },
    {
      platform: connector.platform,
      credentials: { ...input.credentials, ...(input.secret ? { push_key: input.secret } : {}) },
      hosts: {},
    },
  )
  printJson(verdict)
  return 0
}
