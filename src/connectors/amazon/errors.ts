import type { ErrorRule, PlatformAnswer } from '#connectors/connector.ts'
import type { FailureKind } from '#kernel/failure.ts'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { listOf, membersOf, textOf } from './raw-values.ts'

/** What Amazon sent when an answer is not a success; `null` when it is one. */
export type ReadError = { readonly code: string; readonly message: string; readonly requestId: string | null }

/**
 * Reads the three shapes of an error: `{errors:[{code, message, details}]}` of the API (message may be
 * null), `{error, error_description}` of Login with Amazon, and bodies that are no JSON at all (`HTML`
 * since June 2023 for requests that break HTTP, or anything a gateway writes).
 */
export function readError(answer: PlatformAnswer): ReadError | null {
  if (answer.status >= 200 && answer.status < 300) return null
  const { headers, body, status } = answer
  const requestId =
    textOf(headers['x-amzn-requestid']) ??
    textOf(headers['x-amz-rid']) ??
    textOf(membersOf(body)['request_id'])
  const errorType = textOf(headers['x-amzn-errortype'])?.split(':')[0] ?? null
  const found = readApiError(body) ?? readLoginError(body) ?? readBareError(body, errorType)
  if (found) return { ...found, message: withType(found.message, errorType), requestId }
  const code = answer.text.trimStart().startsWith('<') ? 'HTML' : `HTTP_${status}`
  return { code, message: withType(`HTTP ${status}, body is not an error document`, errorType), requestId }
}

type CodeAndMessage = Pick<ReadError, 'code' | 'message'>

const sentence = (...parts: readonly unknown[]): string =>
  [...new Set(parts.map(textOf))].filter((part) => part !== null).join(' ')

const withType = (message: string, errorType: string | null): string =>
  errorType === null ? message : sentence(message, `(${errorType})`)

function readApiError(body: unknown): CodeAndMessage | null {
  const { code, message, details } = membersOf(listOf(membersOf(body)['errors'])[0])
  return textOf(code) === null ? null : { code: String(code), message: sentence(message, details) }
}

function readLoginError(body: unknown): CodeAndMessage | null {
  const { error, error_description: description, error_index: index } = membersOf(body)
  return textOf(error) === null ? null : { code: String(error), message: sentence(description, index) }
}

/** `{"message": "…"}` of the gateway before the API, whose code is only in a header. */
function readBareError(body: unknown, errorType: string | null): CodeAndMessage | null {
  const { code, message, Message } = membersOf(body)
  const words = sentence(message, Message)
  const name = textOf(code) ?? errorType?.replace(/Exception$/, '')
  if (!name || (words === '' && !textOf(code))) return null
  return { code: name, message: words }
}

const row = (
  status: string,
  code: string,
  kind: FailureKind,
  meaning: Text,
  remedy: Text,
  fragment?: string,
): ErrorRule => ({
  status,
  code,
  kind,
  meaning,
  remedy,
  ...(fragment === undefined ? {} : { text: fragment }),
})

const authoriseAgain = text('Let the seller authorise again.', '请卖家重新授权')
const checkCredentials = text(
  'Check client id and secret in the configuration; LWA secrets must be rotated every 180 days.',
  '检查配置中的 client_id 与 client_secret;LWA 密钥需每 180 天轮换',
)
const reportIt = text('Report it with the request id.', '请附 request id 反馈给我们')
const none = text('Nothing to do: the hub acts by itself.', '无需处理，系统自动应对')
const checkRoles = text(
  'Check the roles of the app; after roles were added the seller must authorise again.',
  '检查应用的角色（roles）；新增角色后需卖家重新授权',
)

/** Login with Amazon (docs: website-authorization-workflow; "Connect to the SP-API"). */
const loginErrors: readonly ErrorRule[] = [
  row(
    '400',
    'invalid_grant',
    'rejected',
    text(
      'The authorisation code is older than five minutes, was used, or the redirect address differs.',
      '授权码超过 5 分钟、已使用，或回调地址不一致',
    ),
    text('Start the authorisation again.', '请重新发起授权'),
    ': code',
  ),
  row(
    '400',
    'invalid_grant',
    'auth_revoked',
    text(
      'The refresh token is revoked, expired or of another app.',
      'refresh_token 已撤销、过期或属于其他应用',
    ),
    authoriseAgain,
  ),
  row(
    '*',
    'invalid_client',
    'rejected',
    text('Wrong client id or secret.', 'client_id 或 client_secret 错误'),
    checkCredentials,
  ),
  row(
    '*',
    'unauthorized_client',
    'rejected',
    text('The app may not use this grant.', '应用无权使用该授权方式'),
    checkCredentials,
  ),
  row(
    '400',
    'invalid_scope',
    'rejected',
    text('Unknown scope of a grantless call.', '无授权调用的 scope 未知'),
    reportIt,
  ),
  row(
    '400',
    'invalid_request',
    'rejected',
    text('A field of the token request is missing.', '令牌请求缺少字段'),
    reportIt,
  ),
  row(
    '400',
    'unsupported_grant_type',
    'rejected',
    text('Unknown grant type.', '不支持的 grant_type'),
    reportIt,
  ),
]

const badInput = text('Amazon does not accept the request.', '亚马逊不接受该请求')

/** The API (docs: usage-plans-and-rate-limits; authorization-errors; models and their issue reports). */
const apiErrors: readonly ErrorRule[] = [
  row(
    '400',
    'HTML',
    'rejected',
    text(
      'The request breaks the rules of HTTP, for example by a space in the path.',
      '请求不符合 HTTP 规范，例如路径含空格',
    ),
    reportIt,
  ),
  row(
    '400',
    'InvalidInput',
    'rejected',
    text('The app lacks the role for some personal data it asked for.', '应用缺少所请求个人信息的角色'),
    checkRoles,
    'does not have access to one or more requested data elements',
  ),
  row(
    '400',
    'InvalidInput',
    'rejected',
    text('The page token is too old or its parameters changed.', '分页令牌过期，或参数与首页不一致'),
    none,
    'NextToken',
  ),
  row(
    '400',
    'InvalidInput',
    'rejected',
    text('The page token cannot be read.', '分页令牌无法解析'),
    none,
    'InvalidQueryString',
  ),
  row('400', 'InvalidInput', 'rejected', badInput, reportIt),
  row('400', 'Invalid Input', 'rejected', badInput, reportIt),
  row('400', 'BAD_REQUEST', 'rejected', badInput, reportIt),
  row('400', 'InvalidRequest', 'rejected', badInput, reportIt),
  row('400', '400', 'rejected', badInput, reportIt),
  row('400', '*', 'rejected', badInput, reportIt),
  row('401', '*', 'auth_expired', text('The access token is not accepted.', 'access_token 不被接受'), none),
  row(
    '403',
    'Unauthorized',
    'auth_expired',
    text('The access token has expired.', 'access_token 已过期'),
    none,
    'expired',
  ),
  row(
    '403',
    'Unauthorized',
    'auth_expired',
    text(
      'The access token is not valid: the consent may be withdrawn, which the next renewal will tell.',
      'access_token 无效：卖家可能已撤销授权，下次刷新时可确认',
    ),
    none,
    'revoked, malformed or invalid',
  ),
  row(
    '403',
    'Unauthorized',
    'rejected',
    text('The request carried no access token.', '请求未携带 access_token'),
    reportIt,
    'token is missing',
  ),
  row(
    '403',
    'Unauthorized',
    'rejected',
    text(
      'Not allowed: role missing, not authorised again after a role was added, or the wrong region.',
      '无权限：缺少角色、新增角色后未重新授权，或区域错误',
    ),
    checkRoles,
  ),
  row(
    '403',
    'MissingAuthenticationToken',
    'rejected',
    text('Path or host does not exist.', '路径或主机不存在'),
    text('Check the host overrides in the configuration.', '检查配置中的主机覆盖项'),
  ),
  row('403', '*', 'rejected', text('Not allowed.', '无权限'), checkRoles),
  row(
    '404',
    '*',
    'missing',
    text('Not there: too new, or of another region.', '不存在：可能太新，或属于其他区域'),
    none,
  ),
  row('409', 'Conflict', 'rejected', text('It exists already.', '资源已存在'), none),
  row('409', 'StateConflict', 'rejected', text('It exists already.', '资源已存在'), none),
  row('409', '*', 'rejected', text('It exists already.', '资源已存在'), none),
  row('413', '*', 'rejected', text('The request is too large.', '请求过大'), reportIt),
  row('415', '*', 'rejected', text('The content type is not accepted.', '请求的内容类型不被接受'), reportIt),
  row(
    '429',
    'QuotaExceeded',
    'throttled',
    text('The quota of this operation is used up for the account.', '该账号此接口的配额已用完'),
    none,
  ),
  row('429', '*', 'throttled', text('Too many requests.', '请求过于频繁'), none),
  row(
    '500',
    'InternalFailure',
    'platform_down',
    text('Amazon has an internal error.', '亚马逊内部错误'),
    none,
  ),
  row(
    '503',
    'ServiceUnavailable',
    'platform_down',
    text('Amazon is not available.', '亚马逊服务不可用'),
    none,
  ),
  row('5xx', '*', 'platform_down', text('Amazon is not available.', '亚马逊服务不可用'), none),
]

/** First match wins. What no row knows is `contract_broken`. */
export const errors: readonly ErrorRule[] = [...loginErrors, ...apiErrors]
