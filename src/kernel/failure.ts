/**
 * What went wrong on a marketplace's side, reduced to the few kinds the engine has a policy for.
 * Every connector's error table maps platform codes to one of these.
 */
export const failureKinds = [
  'auth_expired',
  'auth_revoked',
  'throttled',
  'rejected',
  'missing',
  'platform_down',
  'contract_broken',
] as const
export type FailureKind = (typeof failureKinds)[number]

/** A call to a marketplace that did not succeed. Thrown by the transport, caught by the job runner. */
export class PlatformFailure extends Error {
  override readonly name = 'PlatformFailure'
  readonly kind: FailureKind
  /** The platform's own code, or ours in capitals (TIMEOUT, NOT_JSON …) where it gave none. */
  readonly code: string
  readonly httpStatus: number | null
  /** Whole milliseconds to wait before the same call may be tried again, where known. */
  readonly retryAfterMs: number | null
  /** The platform's request id, for its support. */
  readonly platformRequestId: string | null

  constructor(
    kind: FailureKind,
    code: string,
    message: string,
    detail: {
      readonly httpStatus?: number | null
      readonly retryAfterMs?: number | null
      readonly platformRequestId?: string | null
      readonly cause?: unknown
    } = {},
  ) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.kind = kind
    this.code = code
    this.httpStatus = detail.httpStatus ?? null
    this.retryAfterMs = detail.retryAfterMs ?? null
    this.platformRequestId = detail.platformRequestId ?? null
  }
}
