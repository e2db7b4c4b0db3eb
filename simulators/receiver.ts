import type { Clock } from '#kernel/clock.ts'
import { isoTime } from '#kernel/clock.ts'
import { readJson } from '#kernel/json.ts'
import type { Log } from '#kernel/log.ts'
import { listen } from './http.ts'
import type { HttpAnswer, HttpRequest } from './http.ts'
import { faultsOfWebhook } from './webhook-check.ts'
import type { WebhookFault } from './webhook-check.ts'

/** What the receiver can be told to do, so that a person can break it and watch the retries. */
const behaviours = {
  ok: { status: 200, body: { received: true } },
  fail: { status: 500, body: { error: 'told to fail' } },
  slow: { status: 200, body: { received: true } },
  hang: { status: 200 },
  busy: { status: 503, headers: { 'retry-after': '30' } },
  redirect: { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
  gone: { status: 410 },
  cut: { status: 200, body: { received: true }, delivery: 'cut' },
  drip: { status: 200, body: { received: true }, delivery: 'slow' },
} as const satisfies Record<string, HttpAnswer>

export type Behaviour = keyof typeof behaviours
const pausesMs: Partial<Record<Behaviour, number>> = { slow: 3000, hang: 600_000 }

export type ReceivedWebhook = {
  /** Counts up from 1 in order of arrival. */
  readonly number: number
  readonly received_at: string
  readonly id: string
  readonly delivery_id: string
  readonly type: string
  readonly environment: string
  /** What it is about, as its body says. */
  readonly entity_id: string | null
  readonly valid: boolean
  readonly faults: readonly WebhookFault[]
  /** An event that was already accepted: an ERP acknowledges it and does nothing. */
  readonly is_repeat: boolean
  readonly answered: number
}

export type Receiver = {
  /** Where webhooks go. */
  readonly url: string
  readonly addSecret: (secret: string) => void
  readonly behave: (behaviour: Behaviour) => void
  readonly received: () => readonly ReceivedWebhook[]
  readonly close: () => Promise<void>
}

const keptWebhooks = 1000
const keptIds = 100_000

/**
 * An ERP's webhook endpoint in small: verifies both signatures, keeps event ids to spot repeats, remembers
 * the last 1000 webhooks, writes one line for each.
 * `GET /received?after=<number>` lists them; `PUT /behaviour {"mode": …}` changes how it answers.
 */
export async function startReceiver(options: {
  readonly clock: Clock
  readonly log: Log
  readonly port?: number
}): Promise<Receiver> {
  const { clock, log } = options
  const secrets: string[] = []
  const accepted = new Set<string>()
  let received: ReceivedWebhook[] = []
  let count = 0
  let behaviour: Behaviour = 'ok'

  async function take(request: HttpRequest): Promise<HttpAnswer> {
    const mode = behaviour
    const webhook = judge(request, mode)
    received = [...received.slice(1 - keptWebhooks), webhook]
    const { type, id, valid, faults, is_repeat, answered } = webhook
    log.info({ type, id, valid, faults, is_repeat, answered }, 'webhook')
    await clock.sleep(pausesMs[mode] ?? 0, request.signal)
    return webhook.valid ? behaviours[mode] : { status: 401, body: { faults } }
  }

  function judge(request: HttpRequest, mode: Behaviour): ReceivedWebhook {
    const header = (name: string): string => String(request.headers[name] ?? '')
    const faults = faultsOfWebhook(request.headers, request.body, secrets, clock.nowMs())
    const id = header('x-openclaw-event-id')
    const valid = faults.length === 0
    const answered = valid ? behaviours[mode].status : 401
    const is_repeat = accepted.has(id)
    if (answered === 200) remember(id)
    return {
      number: ++count,
      received_at: isoTime(clock.nowMs()),
      id,
      delivery_id: header('x-openclaw-delivery-id'),
      type: header('x-openclaw-event-type'),
      environment: header('x-openclaw-environment'),
      entity_id: entityOf(request.body),
      valid,
      faults,
      is_repeat,
      answered,
    }
  }

  function remember(id: string): void {
    accepted.add(id)
    if (accepted.size > keptIds) accepted.delete(accepted.values().next().value ?? '')
  }

  function setBehaviour(body: Buffer): HttpAnswer {
    const read = readJson(body)
    const mode = read.ok ? (read.value as { mode?: unknown } | null)?.mode : undefined
    if (typeof mode !== 'string' || !Object.hasOwn(behaviours, mode)) {
      return { status: 422, body: { error: 'mode is one of', modes: Object.keys(behaviours) } }
    }
    behaviour = mode as Behaviour
    return { status: 200, body: { mode } }
  }

  const server = await listen(options.port ?? 0, clock, (request) => {
    const route = `${request.method} ${request.path}`
    if (route === 'POST /webhooks') return take(request)
    if (route === 'PUT /behaviour') return setBehaviour(request.body)
    if (route !== 'GET /received') return { status: 404, body: { error: 'no such page' } }
    const after = Number(request.query.get('after') ?? 0)
    return {
      status: 200,
      body: { mode: behaviour, received: received.filter(({ number }) => number > after) },
    }
  })
  return {
    url: `${server.url}/webhooks`,
    addSecret: (secret) => secrets.push(secret),
    behave: (next) => {
      behaviour = next
    },
    received: () => received,
    close: server.close,
  }
}

function entityOf(body: Buffer): string | null {
  const read = readJson(body)
  const entity = read.ok ? (read.value as { entity_id?: unknown } | null)?.entity_id : null
  return typeof entity === 'string' ? entity : null
}
