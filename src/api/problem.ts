import { inLanguage } from '#kernel/text.ts'
import type { Language, Text } from '#kernel/text.ts'
import { errorCodes } from './error-codes.ts'
import type { ErrorCode } from './error-codes.ts'

/** One value that was refused. `pointer` is a JSON pointer in the body, or the parameter's name. */
export type Issue = {
  readonly in: 'path' | 'query' | 'body'
  readonly pointer: string
  readonly code: 'PARAMETER_INVALID' | 'PARAMETER_UNKNOWN'
  readonly detail: Text
}

/** The request cannot be served, and the client is told why. `detail` is meant for the client's eyes. */
export class ClientFailure extends Error {
  override readonly name = 'ClientFailure'
  readonly code: ErrorCode
  readonly detail: Text | null
  readonly issues: readonly Issue[]
  readonly retryAfterMs: number | null
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ErrorCode,
    more: {
      readonly detail?: Text
      readonly issues?: readonly Issue[]
      readonly retryAfterMs?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly cause?: unknown
    } = {},
  ) {
    super(code, more.cause === undefined ? undefined : { cause: more.cause })
    this.code = code
    this.detail = more.detail ?? null
    this.issues = more.issues ?? []
    this.retryAfterMs = more.retryAfterMs ?? null
    this.headers = more.headers ?? {}
  }
}

export const problemType = 'application/problem+json'

/** Whole seconds, never less than what is left to wait. */
export const retryAfterSeconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1000))

/** The answer of RFC 9457 for a failure, as JSON text. `publicUrl` is where the docs pages are. */
export function problemText(
  failure: ClientFailure,
  about: {
    readonly publicUrl: string
    readonly requestId: string
    readonly path: string
    readonly language: Language
  },
): string {
  const { code, detail, issues, retryAfterMs } = failure
  const entry = errorCodes[code]
  const say = (words: Text): string => inLanguage(words, about.language)
  return JSON.stringify({
    type: `${about.publicUrl}/docs/errors/${code}`,
    title: say(entry.title),
    status: entry.status,
    detail: say(detail ?? entry.cause),
    instance: about.path,
    code,
    error_code: code,
    category: entry.category,
    retryable: entry.retryable,
    ...(retryAfterMs === null ? {} : { retry_after: retryAfterSeconds(retryAfterMs) }),
    request_id: about.requestId,
    ...(issues.length === 0
      ? {}
      : { errors: issues.map((issue) => ({ ...issue, detail: say(issue.detail) })) }),
  })
}

/** Chinese when the client asks for it before English. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const [first] = /\b(zh|en)\b/i.exec(acceptLanguage ?? '') ?? []
  return first?.toLowerCase() === 'zh' ? 'zh-CN' : 'en'
}
