import type { PlatformAnswer } from '#connectors/connector.ts'
import { flagOf, isObject, listOf, membersOf, wordOf } from './raw-values.ts'

/** What Lazada sent when an answer is not a success; `null` when it is one. */
export type ReadError = {
  readonly code: string
  readonly message: string
  readonly requestId: string | null
  /** How long a ban lasts, where the text tells it, ms. */
  readonly retryAfterMs?: number
}

/**
 * Reads an error: HTTP says 200 either way, `code` is "0" for success and a word or a number otherwise
 * (docs: 108069). Some services put a second result inside a success: `result.success` false, with
 * `error_code` or `errorCode`. Rows of a batch (`item_err_code`) are for the caller to read.
 */
export function readError(answer: PlatformAnswer): ReadError | null {
  const body = membersOf(answer.body)
  const code = wordOf(body['code'])
  const requestId = wordOf(body['request_id'])
  if (code !== null && code !== '0') return failed(code, messageOf(body), requestId)
  if (answer.status < 200 || answer.status > 299)
    return failed(nonDocument(answer), 'no error document', requestId)
  if (answer.text.trim() === '') return failed('EMPTY_ANSWER', 'the answer is empty', requestId)
  if (answer.body === null) return null
  const inner = innerFailure(body['result'])
  if (inner) return failed(inner.code, inner.message, requestId)
  const isEnvelope =
    code !== null || ['data', 'result', 'access_token'].some((name) => body[name] !== undefined)
  return isEnvelope ? null : failed('NO_CODE', 'the answer has neither code nor content', requestId)
}

function failed(rawCode: string, message: string, requestId: string | null): ReadError {
  const retryAfterMs = banMs(message)
  return {
    code: plainCode(rawCode),
    message,
    requestId,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
}

/** `E0102`, `E102` and `102` are one code. */
const plainCode = (code: string): string => /^E?0*(\d+)$/.exec(code)?.[1] ?? code

/** "this ban will last 3 seconds". */
function banMs(message: string): number | null {
  const seconds = /ban will last (\d{1,6}) second/.exec(message)?.[1]
  return seconds === undefined ? null : Number(seconds) * 1000
}

function messageOf(body: Readonly<Record<string, unknown>>): string {
  const details = listOf(body['detail']).map((entry) => {
    const { field, seller_sku: sku, message } = membersOf(entry)
    return [field, sku, message].map(wordOf).filter(Boolean).join(' ')
  })
  return [wordOf(body['message']), ...details].filter(Boolean).join('; ')
}

const nonDocument = ({ status, text }: PlatformAnswer): string =>
  text.trimStart().startsWith('<') ? 'HTML' : `HTTP_${status}`

function innerFailure(result: unknown): { readonly code: string; readonly message: string } | null {
  if (!isObject(result)) return null
  const isFailed =
    result['success'] !== undefined ? flagOf(result['success']) === false : flagOf(result['not_success'])
  if (!isFailed) return null
  const error = result['error_code'] ?? result['errorCode']
  const message = result['error_msg'] ?? result['errorMsg'] ?? membersOf(error)['displayMessage']
  return {
    code: wordOf(error) ?? 'INNER_FAILURE',
    message: wordOf(message) ?? 'the inner result is a failure',
  }
}
