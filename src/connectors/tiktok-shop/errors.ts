import type { ErrorRule, PlatformAnswer } from '#connectors/connector.ts'
import type { FailureKind } from '#kernel/failure.ts'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { idOf, isObject, listOf, membersOf, textOf } from './raw-values.ts'

/** What the platform said when an answer is not a success; `null` when it is one. */
export type ReadError = { readonly code: string; readonly message: string; readonly requestId: string | null }

/**
 * Success is `code` 0 in the body, whatever the HTTP status; and a write may say 0 and still list what
 * failed in `data.errors` (docs: common-errors). Bodies that are no envelope are named after the status.
 */
export function readError({ status, body, text: received }: PlatformAnswer): ReadError | null {
  if (!isObject(body)) return notAnEnvelope(status, received)
  const requestId = textOf(body['request_id'])
  const code = idOf(body['code'])
  if (code === null) return { ...notAnEnvelope(status, received), requestId }
  if (code !== '0') return { code, message: textOf(body['message']) ?? '', requestId }
  const inner = membersOf(listOf(membersOf(body['data'])['errors'])[0])
  const innerCode = idOf(inner['code'])
  if (innerCode !== null && innerCode !== '0')
    return { code: innerCode, message: textOf(inner['message']) ?? '', requestId }
  return isSuccess(status)
    ? null
    : { code: `HTTP_${status}`, message: 'code 0 with an error status', requestId }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300

function notAnEnvelope(status: number, received: string): ReadError {
  const code = received.trimStart().startsWith('<')
    ? 'HTML'
    : isSuccess(status)
      ? 'NO_ENVELOPE'
      : `HTTP_${status}`
  return { code, message: `HTTP ${status}, the body is not an answer of the API`, requestId: null }
}

const renew = text('None: the token is renewed.', '无需处理,系统自动刷新令牌')
const reauthorise = text('Ask the seller to authorise again.', '请卖家重新授权')
const wait = text('None: tried again later.', '无需处理,稍后自动重试')
const reportIt = text('A fault of the hub: report it.', '系统缺陷,请反馈')
const checkApp = text('Check the app’s credentials and settings.', '检查应用凭证与应用配置')
const checkOrder = text('Look at the order in Seller Center.', '到卖家后台核对该订单')

type Row = readonly [codes: readonly string[], kind: FailureKind, meaning: Text, remedy: Text, text?: string]

const rowsOf = ([codes, kind, meaning, remedy, said]: Row): readonly ErrorRule[] =>
  codes.map((code) => ({
    status: '*',
    code,
    ...(said === undefined ? {} : { text: said }),
    kind,
    meaning,
    remedy,
  }))

/** Token, signature, scope and form of the call (docs: common-errors; statuses other than 401 and 429 are UNVERIFIED). */
const commonErrors: readonly Row[] = [
  [['105002'], 'auth_expired', text('The access token has expired.', '访问令牌已过期'), renew],
  [
    ['101000'],
    'auth_revoked',
    text('Token or shop cipher is invalid, or they do not match.', '令牌或店铺 cipher 无效或不匹配'),
    reauthorise,
  ],
  [
    ['105005'],
    'auth_revoked',
    text('App or token lacks the scope.', '应用或令牌缺少所需权限'),
    text(
      'Give the app the scope, then ask the seller to authorise again.',
      '为应用开通权限后,请卖家重新授权',
    ),
  ],
  [['36004001'], 'auth_expired', text('The refresh token has expired.', '刷新令牌已过期'), reauthorise],
  [
    ['36004004'],
    'auth_revoked',
    text('The authorisation code is invalid, used or expired.', '授权码无效、已使用或已过期'),
    reauthorise,
  ],
  [['36004005'], 'auth_revoked', text('There is no such authorisation.', '授权记录不存在'), reauthorise],
  [['106001'], 'rejected', text('The signature is wrong.', '签名错误'), checkApp],
  [['106013'], 'rejected', text('shop_cipher is missing.', '缺少 shop_cipher'), reportIt],
  [['36009002', '36009037'], 'throttled', text('Too many requests.', '请求过于频繁'), wait],
  [['36009003'], 'platform_down', text('The platform has an internal error.', '平台内部错误'), wait],
  [['36009007'], 'platform_down', text('The platform took too long.', '平台处理超时'), wait],
  [
    ['36009009', '36009010', '36009014'],
    'contract_broken',
    text('Path, method or version is unknown.', '路径、方法或版本不存在'),
    reportIt,
  ],
  [
    ['36009021', '36009022', '36009023'],
    'rejected',
    text('The body is too large or has the wrong form.', '请求体过大或格式错误'),
    reportIt,
  ],
  [
    ['36009033'],
    'rejected',
    text('The address of this server is not on the app’s allow list.', '本机 IP 不在应用白名单内'),
    text('Add the server’s address in Partner Center.', '在 Partner Center 添加本机 IP'),
  ],
]

/** One code with several meanings, told apart by its text; the order of the rows matters. */
const ambiguous: readonly Row[] = [
  [
    ['36009004'],
    'auth_expired',
    text('The token is missing or malformed.', '令牌缺失或格式错误'),
    renew,
    'access_token',
  ],
  [
    ['36009004'],
    'auth_expired',
    text('The token is missing or malformed.', '令牌缺失或格式错误'),
    renew,
    'x-tts-access-token',
  ],
  [['36009004'], 'rejected', text('The app key is wrong.', 'app_key 错误'), checkApp, 'app_key'],
  [['36009004'], 'rejected', text('The signature is wrong.', '签名错误'), checkApp, 'signature'],
  [
    ['36009004'],
    'rejected',
    text('The clock is off by more than five minutes.', '服务器时间偏差超过 5 分钟'),
    text('Set the server’s clock (NTP).', '校准服务器时间(NTP)'),
    'timestamp',
  ],
  [
    ['36009004'],
    'rejected',
    text('shop_cipher does not belong here.', '该接口不接受 shop_cipher'),
    reportIt,
    'shop_cipher',
  ],
  [['36009004'], 'rejected', text('A parameter is missing or wrong.', '参数缺失或错误'), reportIt],
]

/** Orders and shipping (docs: get-order-detail, ship-package). */
const businessErrors: readonly Row[] = [
  [['21008111'], 'missing', text('The order is not one of this shop.', '订单不属于该店铺'), checkOrder],
  [
    ['10002014', '10002015', '10037002', '10037003', '10037004', '10006402'],
    'platform_down',
    text('The order could not be read.', '订单读取失败'),
    wait,
  ],
  [
    ['12019022', '12052097', '12052530', '12052531', '12052532'],
    'rejected',
    text('The warehouse is unknown, disabled or not the seller’s.', '仓库不存在、已停用或不属于该卖家'),
    text('Read the warehouses again.', '重新拉取仓库列表'),
  ],
  [
    ['21011020', '21011006', '21011040', '21008099', '21042056'],
    'rejected',
    text('It was shipped already.', '已发货'),
    text('Read the package: it may have been this very call.', '读取包裹核对,可能正是本次调用已生效'),
  ],
  [
    ['21011022', '21004015', '21004012', '11028006'],
    'rejected',
    text('Tracking number or provider is wrong.', '运单号或物流商错误'),
    checkOrder,
  ],
  [
    ['21011025', '21034012'],
    'rejected',
    text('The tracking number was used before.', '运单号重复'),
    checkOrder,
  ],
  [['21011041', '21011042'], 'rejected', text('The order was cancelled.', '订单已取消'), checkOrder],
  [['21008025'], 'rejected', text('The platform ships this order.', '该订单由平台履约'), checkOrder],
  [['21008106'], 'rejected', text('Not offered in this market.', '该站点不支持此操作'), checkOrder],
  [
    ['21011007', '21008044'],
    'rejected',
    text('An after-sales case is open.', '存在进行中的售后'),
    checkOrder,
  ],
  [
    ['21004006', '21004019', '21004020'],
    'rejected',
    text('Brazil: the invoice is missing.', '巴西:缺少发票'),
    text('Upload the invoice, then ship.', '先上传发票再发货'),
  ],
  [
    ['21011033', '21011046'],
    'rejected',
    text('The order is combined with others.', '订单已合单'),
    checkOrder,
  ],
  [
    ['21011050', '21011051', '21011052'],
    'rejected',
    text('The tracking number can no longer be changed.', '运单号已不可修改'),
    checkOrder,
  ],
]

const status = (status: string, kind: FailureKind, meaning: Text, remedy: Text): ErrorRule => ({
  status,
  code: '*',
  kind,
  meaning,
  remedy,
})

/** First match wins. What no row knows is `contract_broken`. */
export const errors: readonly ErrorRule[] = [
  ...[...commonErrors, ...ambiguous, ...businessErrors].flatMap(rowsOf),
  status('429', 'throttled', text('Too many requests.', '请求过于频繁'), wait),
  status('503', 'platform_down', text('The platform protects itself.', '平台触发服务保护'), wait),
  status('5xx', 'platform_down', text('The platform is not available.', '平台服务不可用'), wait),
  status('401', 'auth_expired', text('The token is not accepted.', '令牌未被接受'), renew),
]
