import type { Clock } from '#kernel/clock.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import type { Rate } from '#kernel/rate.ts'
import type { Log } from '#kernel/log.ts'
import { backoffMs } from '#kernel/retry.ts'
import type { Random } from '#kernel/retry.ts'
import type {
  Call,
  Connector,
  PlatformAnswer,
  PlatformApp,
  PlatformRequest,
  RateLimit,
  SignedRequest,
} from '#connectors/connector.ts'
import { classify } from './classify.ts'
import { exchange } from './exchange.ts'
import type { Fetch } from './exchange.ts'
import {
  callPolicies,
  patienceMs,
  repeatBaseMs,
  repeatCapMs,
  throttledCapMs,
  throttledFloorMs,
} from './policy.ts'

/** Rate buckets as the transport needs them; kept by the store so that all processes share them. */
export type Buckets = {
  readonly take: (key: string, rate: Rate, nowMs: number) => Promise<{ readonly waitMs: number }>
  readonly learn: (key: string, perSecond: number, seed: Rate, nowMs: number) => Promise<void>
  readonly block: (key: string, untilMs: number) => Promise<void>
}

/** The access token of one grant. `renew` is single-flight over all processes; both throw `PlatformFailure`. */
export type Tokens = {
  readonly current: () => Promise<string>
  readonly renew: (refused: string) => Promise<string>
}

export type Measured = (platform: string, operation: string, outcome: string, durationMs: number) => void

export type Transport = {
  /** A door for one account of one platform; `tokens` is null for calls that need none. */
  readonly open: (connector: Connector, app: PlatformApp, account: string, tokens: Tokens | null) => Call
}

/**
 * The one place where a marketplace is called: host, token, signature, rate limit, deadline, repeat,
 * classification and measurement. Connectors only describe requests and read answers.
 */
export function openTransport(deps: {
  readonly fetch: Fetch
  readonly clock: Clock
  readonly random: Random
  readonly buckets: Buckets
  readonly log: Log
  readonly measured: Measured
}): Transport {
  const { clock, buckets } = deps

  function open(connector: Connector, app: PlatformApp, account: string, tokens: Tokens | null): Call {
    const limits = new Map(connector.limits.map((limit) => [limit.operation, limit]))

    return async (request, signal) => {
      const limit = limits.get(request.operation)
      const bucket = limit ? { key: bucketKey(connector, app, account, limit), limit } : null
      const progress = { renewed: false, repeats: 0 }
      for (;;) {
        if (bucket) await waitForToken(bucket, signal)
        const token = request.auth === 'seller' ? await accessToken() : null
        const outcome = await attemptOnce(request, token, signal)
        if (!(outcome instanceof PlatformFailure)) {
          if (bucket) await learn(bucket, outcome)
          return outcome
        }
        await recover(request, outcome, token, bucket, progress, signal)
      }
    }

    /** Returns when the call may be made again; throws the failure when it may not. */
    async function recover(
      request: PlatformRequest,
      failure: PlatformFailure,
      token: string | null,
      bucket: Bucket | null,
      progress: { renewed: boolean; repeats: number },
      signal: AbortSignal | undefined,
    ): Promise<void> {
      const policy = callPolicies[failure.kind]
      if (policy.renewToken && token !== null && tokens && !progress.renewed) {
        progress.renewed = true
        await tokens.renew(token)
        return
      }
      if (failure.kind === 'throttled' && bucket) throw await throttled(bucket, failure)
      if (!request.repeatable || progress.repeats >= policy.repeats || signal?.aborted) throw failure
      await clock.sleep(backoffMs(progress.repeats++, repeatBaseMs, repeatCapMs, deps.random), signal)
    }

    async function attemptOnce(
      request: PlatformRequest,
      token: string | null,
      signal: AbortSignal | undefined,
    ): Promise<PlatformAnswer | PlatformFailure> {
      const { platform } = connector
      const { operation } = request
      const baseUrl = baseUrlOf(connector, app, request.host)
      const signed = connector.sign(request, baseUrl, app, token, clock.nowMs())
      const startedMs = clock.nowMs()
      const outcome = await exchangeAndClassify(connector, signed, signal)
      const durationMs = clock.nowMs() - startedMs
      if (outcome instanceof PlatformFailure) {
        const { kind, code } = outcome
        deps.measured(platform, operation, kind, durationMs)
        deps.log.debug({ platform, operation, kind, code, durationMs }, 'platform call failed')
      } else deps.measured(platform, operation, 'ok', durationMs)
      return outcome
    }

    async function accessToken(): Promise<string> {
      if (!tokens) throw new Error(`${connector.platform}: this call needs a seller's token`)
      return tokens.current()
    }
  }

  async function exchangeAndClassify(
    connector: Connector,
    signed: SignedRequest,
    signal: AbortSignal | undefined,
  ): Promise<PlatformAnswer | PlatformFailure> {
    try {
      const answer = await exchange(deps.fetch, clock, signed, signal)
      return classify(connector, answer, clock.nowMs()) ?? answer
    } catch (error) {
      if (error instanceof PlatformFailure) return error
      throw error
    }
  }

  async function waitForToken({ key, limit }: Bucket, signal: AbortSignal | undefined): Promise<void> {
    for (let waitedMs = 0; ;) {
      const { waitMs } = await buckets.take(key, limit, clock.nowMs())
      if (waitMs === 0) return
      if (waitedMs + waitMs > patienceMs)
        throw new PlatformFailure(
          'throttled',
          'OWN_LIMIT',
          `${limit.operation}: our own rate budget is used up`,
          {
            retryAfterMs: waitMs,
          },
        )
      await clock.sleep(waitMs, signal)
      if (signal?.aborted)
        throw new PlatformFailure('platform_down', 'ABORTED', `${limit.operation}: the hub is stopping`)
      waitedMs += waitMs
    }
  }

  async function learn({ key, limit }: Bucket, answer: PlatformAnswer): Promise<void> {
    const rate = limit.learnFrom ? Number(answer.headers[limit.learnFrom]) : Number.NaN
    if (Number.isFinite(rate) && rate > 0) await buckets.learn(key, rate, limit, clock.nowMs())
  }

  async function throttled({ key, limit }: Bucket, refused: PlatformFailure): Promise<PlatformFailure> {
    const wanted = refused.retryAfterMs ?? Math.max(1000 / limit.perSecond, throttledFloorMs)
    const waitMs = Math.round(Math.min(throttledCapMs, wanted) * (1 + deps.random() * 0.25))
    await buckets.block(key, clock.nowMs() + waitMs)
    return new PlatformFailure('throttled', refused.code, refused.message, {
      httpStatus: refused.httpStatus,
      platformRequestId: refused.platformRequestId,
      retryAfterMs: waitMs,
    })
  }

  return { open }
}

type Bucket = { readonly key: string; readonly limit: RateLimit }

const bucketKey = (connector: Connector, app: PlatformApp, account: string, limit: RateLimit): string => {
  const appId = app.credentials[connector.credentialNames[0]!] ?? ''
  return [connector.platform, appId, limit.scope === 'app' ? '*' : account, limit.operation].join(':')
}

function baseUrlOf(connector: Connector, app: PlatformApp, host: string): string {
  const url = app.hosts[host] ?? connector.hosts[host]
  if (!url) throw new Error(`${connector.platform}: no host "${host}" in the connector's table`)
  return url
}
