import { parseArgs } from 'node:util'
import { readSecret, signWebhook } from '#delivery/sign.ts'
import { verifyWebhook } from '#delivery/verify.ts'
import { InputError, printJson, readStdin } from './exit.ts'

/** `webhook sign` prints the headers we send; `webhook verify` says whether received headers are ours. */
export async function webhook(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      secret: { type: 'string', multiple: true },
      timestamp: { type: 'string' },
      id: { type: 'string' },
      header: { type: 'string', multiple: true, default: [] },
      now: { type: 'string' },
    },
  })
  const secrets = values.secret ?? []
  if (secrets.length === 0) throw new InputError('--secret is missing')
  const body = await readStdin()
  const nowMs = values.now === undefined ? Date.now() : seconds(values.now, '--now') * 1000
  const timestamp = values.timestamp === undefined ? undefined : seconds(values.timestamp, '--timestamp')
  switch (positionals[0]) {
    case 'sign': {
      const keys = secrets.map((secret) => {
        const key = readSecret(secret)
        if (!key) throw new InputError('--secret cannot be used as a key: it is empty or broken base64')
        return key
      })
      const id = values.id ?? ''
      if (id === '' || id.includes('.')) throw new InputError('--id is missing or contains a dot')
      printJson(signWebhook({ keys, eventId: id, timestampS: timestamp ?? Math.floor(nowMs / 1000), body }))
      return 0
    }
    case 'verify':
      printJson(
        verifyWebhook({
          headers: [...values.header.map(readHeader), ...given(values.id, timestamp)],
          body,
          secrets,
          nowMs,
        }),
      )
      return 0
    case undefined:
    default:
      throw new InputError('say "webhook sign" or "webhook verify"')
  }

  /** `--id` and `--timestamp` stand for their headers where those are not given. */
  function given(id: string | undefined, at: number | undefined): [string, string][] {
    const names = new Set(values.header.map((header) => readHeader(header)[0].toLowerCase()))
    const standIns: [string, string | undefined][] = [
      ['webhook-id', id],
      ['webhook-timestamp', at?.toString()],
      ['x-openclaw-event-id', id],
      ['x-openclaw-timestamp', at?.toString()],
    ]
    const scheme = (name: string): string =>
      name.startsWith('webhook') ? 'webhook-signature' : 'x-openclaw-signature'
    return standIns.filter(
      (pair): pair is [string, string] =>
        pair[1] !== undefined && !names.has(pair[0]) && names.has(scheme(pair[0])),
    )
  }
}

function readHeader(line: string): [string, string] {
  const at = line.indexOf(':')
  if (at < 1) throw new InputError(`--header "${line}" is not "name: value"`)
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()]
}

function seconds(text: string, option: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text)
  throw new InputError(`${option} "${text}" is not unix time in seconds`)
}
