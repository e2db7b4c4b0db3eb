import type { ErrorCode } from './error-codes.ts'
import { ClientFailure } from './problem.ts'

/** Refusals of the framework, by its own code. */
const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'CONTENT_TYPE_UNSUPPORTED',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'REQUEST_MALFORMED',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'BODY_INVALID',
  FST_ERR_CTP_INVALID_JSON_BODY: 'BODY_INVALID',
  FST_ERR_BAD_URL: 'URL_INVALID',
  FST_ERR_MAX_PARAM_LENGTH: 'URL_INVALID',
}

/** Connections that failed, and what PostgreSQL says while it starts, stops or has no place left. */
const databaseAway = /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|57P0[1-3]|53[0-9]{3}|08[0-9A-Z]{3})$/
const databaseAwayText =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after calling end)/

const retryDatabaseAfterMs = 2000

/** What a client is told of anything that was thrown. Only a `ClientFailure` speaks for itself. */
export function failureOf(error: unknown): ClientFailure {
  if (error instanceof ClientFailure) return error
  const { code = '', message = '' } = error as { code?: string; message?: string }
  const known = frameworkCodes[code]
  if (known) return new ClientFailure(known, { cause: error })
  return databaseAway.test(code) || databaseAwayText.test(message)
    ? new ClientFailure('SERVICE_UNAVAILABLE', { cause: error, retryAfterMs: retryDatabaseAfterMs })
    : new ClientFailure('INTERNAL', { cause: error })
}
