import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

export const errorCategories = ['auth', 'parameter', 'rate_limit', 'platform', 'internal'] as const
export type ErrorCategory = (typeof errorCategories)[number]

/** One published error. `retryable`: the same request may succeed later, unchanged. */
export type ErrorEntry = {
  readonly status: number
  readonly category: ErrorCategory
  readonly retryable: boolean
  readonly title: Text
  readonly cause: Text
  readonly remedy: Text
}

/** Every code the API can answer with. Nothing else may be thrown at a client. */
export const errorCodes = {
  AUTH_REQUIRED: {
    status: 401,
    category: 'auth',
    retryable: false,
    title: text('Access token missing', '缺少 access_token'),
    cause: text(
      'The request has no “Authorization: Bearer …” header.',
      '请求未携带 “Authorization: Bearer …” 请求头。',
    ),
    remedy: text(
      'Get a token from POST /oauth/token and send it as a bearer token.',
      '先调用 POST /oauth/token 获取 token，再以 Bearer 方式携带。',
    ),
  },
  AUTH_TOKEN_INVALID: {
    status: 401,
    category: 'auth',
    retryable: false,
    title: text('Access token not accepted', 'access_token 无效'),
    cause: text(
      'The token is unknown here: cut off, mistyped, revoked, or issued by another installation.',
      '系统不认识该 token：可能被截断、抄错、已吊销，或由其他部署签发。',
    ),
    remedy: text('Get a new token from POST /oauth/token.', '重新调用 POST /oauth/token 获取 token。'),
  },
  AUTH_TOKEN_EXPIRED: {
    status: 401,
    category: 'auth',
    retryable: false,
    title: text('Access token expired', 'access_token 已过期'),
    cause: text(
      'Tokens live 60 minutes in production and 15 minutes in the sandbox.',
      'token 有效期：生产环境 60 分钟，沙箱 15 分钟。',
    ),
    remedy: text(
      'Get a new token and repeat the request. Renew when expires_in runs out, not on every call.',
      '重新获取 token 后重试。请按 expires_in 到期前续取，不要每次调用都申请。',
    ),
  },
  APPLICATION_SUSPENDED: {
    status: 403,
    category: 'auth',
    retryable: false,
    title: text('Application suspended', '应用已停用'),
    cause: text('The application was suspended by its organisation.', '该应用已被所属组织停用。'),
    remedy: text('Ask an administrator of the organisation to resume it.', '请联系组织管理员恢复应用。'),
  },
  ENVIRONMENT_MISMATCH: {
    status: 401,
    category: 'auth',
    retryable: false,
    title: text('Token of the other environment', 'token 与环境不匹配'),
    cause: text(
      'A sandbox token was sent to a production path, or the other way round.',
      '用沙箱 token 访问了生产路径，或用生产 token 访问了沙箱路径。',
    ),
    remedy: text(
      'Sandbox: /sandbox/v1 with oct_test_ tokens. Production: /v1 with oct_live_ tokens.',
      '沙箱用 /sandbox/v1 配 oct_test_ 开头的 token；生产用 /v1 配 oct_live_ 开头的 token。',
    ),
  },
  INSUFFICIENT_SCOPE: {
    status: 403,
    category: 'auth',
    retryable: false,
    title: text('Scope missing', '权限不足'),
    cause: text('The token does not carry the scope of this operation.', 'token 不包含该接口所需的 scope。'),
    remedy: text(
      'Have the scope added to the application, then get a new token.',
      '为应用开通对应 scope 后，重新获取 token。',
    ),
  },
  PARAMETER_INVALID: {
    status: 400,
    category: 'parameter',
    retryable: false,
    title: text('Parameter invalid', '参数不合法'),
    cause: text(
      'A path, query or body value does not have the documented form; errors[] names each.',
      '路径、查询或请求体中的值不符合文档要求，errors[] 逐项列出。',
    ),
    remedy: text('Correct the values that errors[] names.', '按 errors[] 逐项修正。'),
  },
  PARAMETER_UNKNOWN: {
    status: 400,
    category: 'parameter',
    retryable: false,
    title: text('Parameter unknown', '存在未知参数'),
    cause: text(
      'The operation has no parameter or field of that name. Unknown ones are refused, so that a misspelt filter cannot silently return everything.',
      '该接口没有此参数或字段。未知参数一律拒绝，避免筛选条件拼错却返回全量数据。',
    ),
    remedy: text('Check the spelling against the documentation.', '请对照文档检查拼写。'),
  },
  CURSOR_INVALID: {
    status: 400,
    category: 'parameter',
    retryable: false,
    title: text('Cursor invalid', 'cursor 无效'),
    cause: text(
      'The cursor was altered, or belongs to another list or to other filters.',
      'cursor 被改动，或来自其他列表、其他筛选条件。',
    ),
    remedy: text(
      'Send next_cursor exactly as received, with the same filters; or start again without a cursor.',
      '原样传回 next_cursor 并保持筛选条件不变；或不带 cursor 从头拉取。',
    ),
  },
  URL_INVALID: {
    status: 400,
    category: 'parameter',
    retryable: false,
    title: text('URL invalid', 'URL 不合法'),
    cause: text(
      'The path or query is not valid percent-encoded UTF-8, or contains a NUL.',
      '路径或查询串不是合法的 UTF-8 百分号编码，或包含 NUL 字符。',
    ),
    remedy: text('Encode path and query as UTF-8.', '请以 UTF-8 编码路径与查询串。'),
  },
  BODY_INVALID: {
    status: 400,
    category: 'parameter',
    retryable: false,
    title: text('Body is not JSON', '请求体不是合法 JSON'),
    cause: text(
      'The body is empty, cut off, not JSON, not UTF-8, too deeply nested, or contains a NUL.',
      '请求体为空、被截断、不是 JSON、不是 UTF-8、嵌套过深，或包含 NUL 字符。',
    ),
    remedy: text('Send one JSON value in UTF-8.', '请发送 UTF-8 编码的 JSON。'),
  },
  BODY_TOO_LARGE: {
    status: 413,
    category: 'parameter',
    retryable: false,
    title: text('Body too large', '请求体过大'),
    cause: text('Bodies are limited to 1 MB.', '请求体上限为 1 MB。'),
    remedy: text('Send less per request.', '请拆分后分次提交。'),
  },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    category: 'parameter',
    retryable: false,
    title: text('Content type not supported', '不支持的 Content-Type'),
    cause: text('The body is not sent as application/json.', '请求体不是以 application/json 发送。'),
    remedy: text('Set Content-Type: application/json.', '请设置 Content-Type: application/json。'),
  },
  REQUEST_MALFORMED: {
    status: 400,
    category: 'parameter',
    retryable: false,
    title: text('Not a valid HTTP request', 'HTTP 请求不合法'),
    cause: text(
      'The bytes received are not HTTP, or the body does not match its Content-Length.',
      '收到的内容不是合法 HTTP，或请求体与 Content-Length 不一致。',
    ),
    remedy: text(
      'Use an HTTP/1.1 client and check proxies in between.',
      '请使用标准 HTTP/1.1 客户端，并检查中间代理。',
    ),
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    category: 'parameter',
    retryable: false,
    title: text('Headers too large', '请求头过大'),
    cause: text('All headers together are limited to 16 kB.', '请求头合计上限为 16 kB。'),
    remedy: text(
      'Remove headers that are not needed, cookies above all.',
      '请移除不必要的请求头，尤其是 Cookie。',
    ),
  },
  REQUEST_TIMEOUT: {
    status: 408,
    category: 'parameter',
    retryable: true,
    title: text('Request took too long to arrive', '请求接收超时'),
    cause: text('The request was not complete within 30 seconds.', '30 秒内未收到完整请求。'),
    remedy: text('Send the request without pauses.', '请一次性发送完整请求。'),
  },
  RESOURCE_NOT_FOUND: {
    status: 404,
    category: 'parameter',
    retryable: false,
    title: text('Not found', '资源不存在'),
    cause: text(
      'There is nothing with this id that this application may see in this environment.',
      '当前应用在当前环境下看不到该 ID 对应的资源。',
    ),
    remedy: text(
      'Check the id, the environment, and which shops the application may see.',
      '请检查 ID、环境，以及应用可访问的店铺范围。',
    ),
  },
  ROUTE_NOT_FOUND: {
    status: 404,
    category: 'parameter',
    retryable: false,
    title: text('No such operation', '接口不存在'),
    cause: text('The API has no such path.', 'API 中没有该路径。'),
    remedy: text('Check the path against /openapi.json.', '请对照 /openapi.json 检查路径。'),
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    category: 'parameter',
    retryable: false,
    title: text('Method not allowed', '不支持该请求方法'),
    cause: text('The path exists, but not with this method.', '路径存在，但不支持该请求方法。'),
    remedy: text('Use a method that the Allow header names.', '请使用 Allow 响应头列出的方法。'),
  },
  WEBHOOK_URL_REFUSED: {
    status: 422,
    category: 'parameter',
    retryable: false,
    title: text('Webhook URL refused', 'webhook 地址被拒绝'),
    cause: text(
      'Webhooks go only to HTTPS addresses on the public internet.',
      'webhook 只投递到公网 HTTPS 地址。',
    ),
    remedy: text('Register a public HTTPS URL.', '请登记公网可访问的 HTTPS 地址。'),
  },
  MARKETPLACE_UNKNOWN: {
    status: 422,
    category: 'parameter',
    retryable: false,
    title: text('Marketplace unknown', '站点不存在'),
    cause: text('The platform has no such marketplace here.', '该平台下没有此站点。'),
    remedy: text('Use a marketplace code from the documentation.', '请使用文档中的站点代码。'),
  },
  PUSH_REFUSED: {
    status: 401,
    category: 'auth',
    retryable: false,
    title: text('Push not genuine', '推送验签失败'),
    cause: text(
      'A message to /ingest does not carry the signature of its platform.',
      '发往 /ingest 的消息未携带对应平台的有效签名。',
    ),
    remedy: text(
      'If it is from the platform: check that the app secret (or push key) configured here is the one in its developer centre, and that no proxy rewrites the body or the address.',
      '若确为平台推送：请核对此处配置的 app secret（或推送密钥）与开放平台后台一致，并确认没有代理改写请求体或地址。',
    ),
  },
  RATE_LIMITED: {
    status: 429,
    category: 'rate_limit',
    retryable: true,
    title: text('Too many requests', '请求过于频繁'),
    cause: text(
      'The limit is 10 requests per second for each shop, or for the application where the path names no shop.',
      '限流为每店铺 10 次/秒；路径不含店铺时按应用计。',
    ),
    remedy: text(
      'Wait as long as Retry-After says. Refused requests do not count against the limit.',
      '按 Retry-After 等待后重试。被拒绝的请求不计入限额。',
    ),
  },
  PLATFORM_NOT_CONFIGURED: {
    status: 503,
    category: 'platform',
    retryable: false,
    title: text('Platform not set up', '平台未配置'),
    cause: text(
      'This installation has no app credentials for the platform in this environment.',
      '当前部署未配置该平台在此环境下的应用凭证。',
    ),
    remedy: text(
      'Its operator sets OPENCLAW_<PLATFORM>_… and restarts.',
      '请运维配置 OPENCLAW_<PLATFORM>_… 后重启。',
    ),
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    category: 'internal',
    retryable: true,
    title: text('Temporarily unavailable', '服务暂不可用'),
    cause: text(
      'The database cannot be reached, or the hub is restarting.',
      '数据库不可达，或服务正在重启。',
    ),
    remedy: text('Repeat the request after Retry-After.', '按 Retry-After 等待后重试。'),
  },
  INTERNAL: {
    status: 500,
    category: 'internal',
    retryable: true,
    title: text('Our fault', '系统内部错误'),
    cause: text('Something we did not foresee happened.', '发生了未预料的错误。'),
    remedy: text(
      'Repeat the request. If it stays, report the request_id.',
      '请重试；若持续出现，请提供 request_id 反馈。',
    ),
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCodes
export const errorCodeNames = Object.keys(errorCodes) as ErrorCode[]
