import { isoTime } from '#kernel/clock.ts'
import type { Clock } from '#kernel/clock.ts'
import type { Random } from '#kernel/retry.ts'
import { SealError } from '#kernel/seal.ts'
import type { Vault } from '#kernel/seal.ts'
import type { AttemptResult, ClaimedDelivery } from '#store/deliveries.ts'
import { webhookHeaders } from '#store/webhook-headers.ts'
import type { Exchange, FailureCode, Post } from './exchange.ts'
import { maskSignatures, maskResponseHeaders } from './mask.ts'
import { failure, judge, refusal } from './outcome.ts'
import type { Outcome } from './outcome.ts'
import type { ReadyEndpoint } from './sending-endpoints.ts'
import { signWebhook } from './sign.ts'

export type Attempt = {
  readonly result: AttemptResult
  readonly outcome: Outcome
  readonly durationMs: number
  /** It cost time and led to nobody. */
  readonly isStall: boolean
  /** For the operator's log only: may name an address. */
  readonly privateDetail: string | null
}

export type AttemptTools = {
  readonly vault: Vault
  readonly clock: Clock
  readonly random: Random
  readonly post: Post
}

const stalling: ReadonlySet<FailureCode | undefined> = new Set<FailureCode>([
  'TIMEOUT',
  'DNS_FAILED',
  'UNREACHABLE',
])

/** One try of one delivery: opens the event, signs it as of now, posts it, judges the answer. */
export async function attemptDelivery(
  tools: AttemptTools,
  delivery: ClaimedDelivery,
  endpoint: ReadyEndpoint | undefined,
): Promise<Attempt> {
  const startedAtMs = tools.clock.nowMs()
  const number = delivery.attempt + 1
  const ready = prepare(tools, delivery, endpoint, startedAtMs)
  if ('outcome' in ready) {
    const result = describe(tools, delivery, { startedAtMs, outcome: ready, signatures: {}, exchange: null })
    return { result, outcome: ready, durationMs: 0, isStall: false, privateDetail: endpoint?.refusal ?? null }
  }
  const { origin, path } = endpoint!
  const exchange = await tools.post({ origin, path, headers: ready.headers, body: ready.body })
  const outcome = judge(exchange, number, tools.clock.nowMs(), tools.random)
  return {
    result: describe(tools, delivery, { startedAtMs, outcome, signatures: ready.signatures, exchange }),
    outcome,
    durationMs: exchange.durationMs,
    isStall: stalling.has(exchange.failure?.code),
    privateDetail: exchange.failure?.detail ?? null,
  }
}

/** An attempt that a fault of ours ended: logged and tried again like any failure, so that it is seen. */
export function brokenAttempt(tools: AttemptTools, delivery: ClaimedDelivery): Attempt {
  const error = { code: 'INTERNAL_ERROR', detail: null }
  const outcome = failure(delivery.attempt + 1, error, tools.random)
  const result = describe(tools, delivery, {
    startedAtMs: tools.clock.nowMs(),
    outcome,
    signatures: {},
    exchange: null,
  })
  return { result, outcome, durationMs: 0, isStall: false, privateDetail: null }
}

type Ready = {
  readonly headers: Readonly<Record<string, string>>
  readonly signatures: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** The request, or why there will be none. */
function prepare(
  tools: AttemptTools,
  delivery: ClaimedDelivery,
  endpoint: ReadyEndpoint | undefined,
  nowMs: number,
): Outcome | Ready {
  if (!endpoint || delivery.endpoint_deleted) return refusal('ENDPOINT_DELETED', 'the endpoint was deleted')
  if (endpoint.refusal !== null) return refusal('TARGET_REFUSED', 'the address is not allowed')
  if (delivery.body === null) return refusal('EVENT_EXPIRED', 'the event is no longer kept')
  const keys = endpoint.keys.filter(({ expiresAtMs }) => expiresAtMs > nowMs).map(({ key }) => key)
  const body = keys.length === 0 ? null : openBody(tools.vault, delivery.body, delivery.event_id)
  if (body === null) {
    const detail = 'the event or the secret was sealed with a key that this process does not have'
    return failure(delivery.attempt + 1, { code: 'SECRET_KEY_MISSING', detail }, tools.random)
  }
  const timestampS = Math.floor(nowMs / 1000)
  const signed = signWebhook({ keys, eventId: delivery.event_id, timestampS, body })
  const signatures = {
    'X-OpenClaw-Signature': signed['X-OpenClaw-Signature'],
    'webhook-signature': signed['webhook-signature'],
  }
  const others = webhookHeaders({
    environment: delivery.environment,
    deliveryId: delivery.id,
    eventId: delivery.event_id,
    eventType: delivery.event_type,
    timestampS,
  })
  return { headers: { ...others, ...signatures }, signatures, body }
}

function openBody(vault: Vault, sealed: string, eventId: string): Buffer | null {
  try {
    return vault.open(Buffer.from(sealed, 'base64'), `event:${eventId}`)
  } catch (error) {
    if (error instanceof SealError) return null
    throw error
  }
}

function describe(
  tools: AttemptTools,
  delivery: ClaimedDelivery,
  attempt: {
    readonly startedAtMs: number
    readonly outcome: Outcome
    readonly signatures: Readonly<Record<string, string>>
    readonly exchange: Exchange | null
  },
): AttemptResult {
  const { outcome, exchange } = attempt
  const number = delivery.attempt + 1
  const body = exchange?.body
  return {
    org_id: delivery.org_id,
    id: delivery.id,
    lease_token: delivery.lease_token,
    number,
    started_at: isoTime(attempt.startedAtMs),
    duration_ms: exchange?.durationMs ?? 0,
    outcome: outcome.outcome,
    final_state: outcome.finalState,
    next_at: outcome.pauseMs === null ? null : isoTime(tools.clock.nowMs() + outcome.pauseMs),
    http_status: exchange?.status ?? null,
    error_code: outcome.errorCode,
    error_detail: outcome.errorDetail,
    request_headers: JSON.stringify(maskSignatures(attempt.signatures)),
    response_headers: exchange?.headers ? JSON.stringify(maskResponseHeaders(exchange.headers)) : null,
    response_body: body ? tools.vault.seal(body, `attempt:${delivery.id}:${number}`) : null,
    response_truncated: exchange?.isTruncated ?? false,
  }
}
