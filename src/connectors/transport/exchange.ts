import type { Clock } from '#kernel/clock.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { readJson } from '#kernel/json.ts'
import type { PlatformAnswer, SignedRequest } from '#connectors/connector.ts'
import { maxAnswerBytes, maxAnswerDepth, requestDeadlineMs } from './policy.ts'

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
 * body, deadline) is `platform_down`; an answer, whatever its status, is returned. Bytes that are no UTF-8
 * become U+FFFD: one broken letter must not cost the other documents of a page.
 */
export async function exchange(
  fetch: Fetch,
  clock: Clock,
  request: SignedRequest,
  signal?: AbortSignal,
): Promise<PlatformAnswer> {
  const deadline = startDeadline(clock)
  const sentAtMs = clock.nowMs()
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === null ? {} : { body: request.body }),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([deadline.signal, signal]) : deadline.signal,
    })
    const text = lenientUtf8.decode(await readCapped(response))
    const reading = readJson(text, maxAnswerDepth)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: reading.ok ? reading.value : null,
      text,
      sentAtMs,
    }
  } catch (error) {
    if (error instanceof PlatformFailure) throw error
    const code = deadline.signal.aborted ? 'TIMEOUT' : signal?.aborted ? 'ABORTED' : 'NO_ANSWER'
    throw new PlatformFailure('platform_down', code, `no whole answer from ${new URL(request.url).host}`, {
      cause: error,
    })
  } finally {
    deadline.end()
  }
}

const lenientUtf8 = new TextDecoder()

function startDeadline(clock: Clock): { readonly signal: AbortSignal; readonly end: () => void } {
  const late = new AbortController()
  const ended = new AbortController()
  void clock.sleep(requestDeadlineMs, ended.signal).then(() => {
    if (!ended.signal.aborted) late.abort()
  })
  return { signal: late.signal, end: () => ended.abort() }
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
