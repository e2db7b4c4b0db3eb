import type { Clock } from '#kernel/clock.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { readJson } from '#kernel/json.ts'
import type { PlatformAnswer, SignedRequest } from '#connectors/connector.ts'
import { maxAnswerBytes, requestDeadlineMs } from './policy.ts'

/** The network edge: `fetch` of undici or of a test. Redirects must not be followed. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string | null
    readonly redirect: 'manual'
    readonly signal: AbortSignal
  },
) => Promise<Response>

/**
 * One request on the wire and its whole answer. Everything that prevents an answer (refused, reset, cut
 * body, deadline, too large) is `platform_down`; an answer, whatever its status, is returned.
 */
export async function exchange(
  fetch: Fetch,
  clock: Clock,
  request: SignedRequest,
  signal?: AbortSignal,
): Promise<PlatformAnswer> {
  const deadline = AbortSignal.timeout(requestDeadlineMs)
  const sentAtMs = clock.nowMs()
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === null ? {} : { body: request.body }),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
    })
    const bytes = await readCapped(response)
    const reading = readJson(bytes)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: reading.ok ? reading.value : null,
      text: bytes.toString('utf8'),
      sentAtMs,
    }
  } catch (error) {
    if (error instanceof PlatformFailure) throw error
    const code = deadline.aborted ? 'TIMEOUT' : signal?.aborted ? 'ABORTED' : 'NO_ANSWER'
    throw new PlatformFailure('platform_down', code, `no whole answer from ${new URL(request.url).host}`, {
      cause: error,
    })
  }
}

async function readCapped(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += (part as Uint8Array).byteLength
    if (size > maxAnswerBytes)
      throw new PlatformFailure('contract_broken', 'ANSWER_TOO_LARGE', `more than ${maxAnswerBytes} bytes`, {
        httpStatus: response.status,
      })
    parts.push(part as Uint8Array)
  }
  return Buffer.concat(parts, size)
}
