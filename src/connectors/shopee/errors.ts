import type { ErrorRule, PlatformAnswer } from '#connectors/connector.ts'
import type { FailureKind } from '#kernel/failure.ts'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { listOf, membersOf, textOf } from './raw-values.ts'

/** What Shopee sent when an answer is not a success; `null` when it is one. */
export type ReadError = { readonly code: string; readonly message: string; readonly requestId: string | null }

const nothing = text('Nothing to do: the hub acts by itself.', '无需处理,系统自动应对')
const authoriseAgain = text('Let the seller authorise again.', '请卖家重新授权')
const startAgain = text('Start the authorisation again.', '请重新发起授权')
const reportIt = text('Report it with the request id.', '请附 request_id 反馈给我们')
const checkApp = text(
  'Look at the app in the Shopee console: its state, permissions, key and declared IP addresses.',
  '检查 Shopee 控制台中的应用状态、接口权限、密钥与已登记 IP',
)
const checkProfile = text(
  'Check clock, host, partner id and key: live and sandbox have different ones.',
  '检查服务器时间、接口域名、partner_id 与密钥;正式与沙箱环境各不相同',
)
const askSeller = text('The seller must sort it out with Shopee.', '请卖家联系 Shopee 处理')

const rows = (
  kind: FailureKind,
  codes: string,
  meaning: Text,
  remedy: Text,
  fragment?: string,
): readonly ErrorRule[] =>
  codes.split(' ').map((code) => ({
    status: '*',
    code,
    kind,
    meaning,
    remedy,
    ...(fragment === undefined ? {} : { text: fragment }),
  }))

const wrongSignature = text('The signature is not accepted.', '签名校验未通过')
const wrongTime = text('The time of the request is not accepted.', '请求时间戳无效或已过期')
const tokenRefused = text('The access token is not accepted.', 'access_token 无效或已过期')
const consentEnded = text(
  'The consent has ended, was withdrawn, or the refresh token was used already.',
  '授权已到期、已取消,或 refresh_token 已被使用',
)
const codeRefused = text(
  'The authorisation code is older than ten minutes, was used, or belongs to another shop.',
  '授权码超过 10 分钟、已使用,或与店铺不符',
)
const unfit = text('The app may not make this call.', '应用无权调用该接口')
const badInput = text('Shopee does not accept the request.', 'Shopee 不接受该请求')
const down = text('Shopee has an internal error.', 'Shopee 内部错误')

/** Token, consent and signature (docs: developer-guide/20, developer-guide/16). Texts tell apart what shares a code. */
const accessErrors: readonly ErrorRule[] = [
  ...rows('rejected', 'error_auth', codeRefused, startAgain, 'Invalid code'),
  ...rows('auth_revoked', 'error_auth', consentEnded, authoriseAgain, 'refresh_token'),
  ...rows('rejected', 'error_auth', wrongSignature, checkProfile, 'sign'),
  ...rows(
    'rejected',
    'error_auth',
    text('Partner id and shop do not belong together.', 'partner_id 与 shop_id 不匹配'),
    checkProfile,
    'Invalid partner_id or shopid',
  ),
  ...rows(
    'auth_expired',
    'error_auth invalid_acceess_token invalid_access_token shop_access_expired merchant_access_expired supplier_access_expired',
    tokenRefused,
    nothing,
  ),
  ...rows(
    'auth_revoked',
    'shop_no_linked partner_shop_no_link merchant_no_linked supplier_no_linked refresh_token_expired error_shop_refresh_token error_merchant_refresh_token',
    consentEnded,
    authoriseAgain,
  ),
  ...rows(
    'rejected',
    'invalid_code invalid_main_acount_id invalid_main_account_id invalid_shop_id',
    codeRefused,
    startAgain,
  ),
  ...rows('rejected', 'error_sign', wrongSignature, checkProfile),
  ...rows('rejected', 'error_param', wrongTime, checkProfile, 'imestamp'),
  ...rows('rejected', 'error_param', badInput, reportIt, 'partner_id'),
]

/** Groups of docs: developer-guide/16 and the error lists of the API pages. */
const callErrors: readonly ErrorRule[] = [
  ...rows(
    'rejected',
    'invalid_partner_id partner_frozen api_suspended error_api_permission error_api_call_restricted source_ip_undeclared error_partner_key_expired error_kyc_auth error_ashop_api_permission',
    unfit,
    checkApp,
  ),
  ...rows(
    'rejected',
    'shop_banned error_shop error_permission error_banned invalid_shop error_seller_under_penalty',
    text('Shopee has closed or restricted the shop.', '店铺被 Shopee 封禁或限制'),
    askSeller,
  ),
  ...rows('throttled', 'error_rate_limit', text('Too many requests.', '请求过于频繁'), nothing),
  ...rows(
    'throttled',
    'error_limit',
    text('The daily quota is used up; it is renewed at 00:00 UTC+8.', '当日调用额度已用完,北京时间零点恢复'),
    nothing,
  ),
  ...rows(
    'platform_down',
    'error_server error_network error_inner error_system_busy error_timeout',
    down,
    nothing,
  ),
  ...rows(
    'missing',
    'error_not_found order_not_found order_not_exist error_not_exist error_not_exists package_not_exist package_number_not_exist error_item_not_found',
    text('Shopee does not have it, or it belongs to another shop.', 'Shopee 中不存在,或属于其他店铺'),
    nothing,
  ),
  ...rows(
    'rejected',
    'order.order_list_invalid_time order_list_invalid_time',
    text('The window is longer than 15 days or ends before it begins.', '时间窗口超过 15 天或起止颠倒'),
    reportIt,
  ),
  ...rows(
    'missing',
    'invalid_error',
    text('There is no such order or parcel.', '订单或包裹不存在'),
    nothing,
    'not exist',
  ),
  ...rows(
    'rejected',
    'batch_api_all_failed',
    text('Every row of a batch failed; each row says why.', '批量请求全部失败,原因见各行'),
    reportIt,
  ),
  ...rows(
    'rejected',
    'error_not_in_whitelist',
    text('The shop has one warehouse only.', '店铺未开通多仓'),
    nothing,
  ),
  ...rows(
    'rejected',
    'error_param error_data error_busi error_status error_order_state error_param_format exceed_max_limit param',
    badInput,
    reportIt,
  ),
  ...rows(
    'rejected',
    'package_already_shipped ship_order_not_ready_to_ship order_status_error order_status_invalid cancel_order_invalid_status lack_of_invoice_data error_booking_order warehouse_stock_insufficient ship_order_need_pacakge_number ship_order_not_need_pacakge_number ship_order_need_sender_real_name order_cannot_split invalid_address_version',
    text('The state of the order or parcel does not allow it.', '订单或包裹当前状态不允许该操作'),
    nothing,
  ),
  ...rows(
    'rejected',
    'error_item_uneditable error_cannt_edit_stock_in_promotion error_promotion_cantnot_update_stock error_holiday_mode_change_stock error_busi_cannot_edit_vsku error_wms_shop_block_upate_stock error_busi_update_stock_failed error_edit_item_stock_for_item_has_model error_item_not_belong_shop error_unknown error_other',
    badInput,
    reportIt,
  ),
]

/** Answers without Shopee's envelope: the status decides. */
const bareErrors: readonly ErrorRule[] = [
  {
    status: '429',
    code: '*',
    kind: 'throttled',
    meaning: text('Too many requests.', '请求过于频繁'),
    remedy: nothing,
  },
  { status: '5xx', code: '*', kind: 'platform_down', meaning: down, remedy: nothing },
  { status: '403', code: 'HTTP_403', kind: 'rejected', meaning: unfit, remedy: checkApp },
  { status: '404', code: 'HTTP_404', kind: 'rejected', meaning: badInput, remedy: checkProfile },
]

/** First match wins. What no row knows is `contract_broken`. */
export const errors: readonly ErrorRule[] = [...accessErrors, ...callErrors, ...bareErrors]

const known = new Set(errors.map(({ code }) => code))

/**
 * Shopee answers failures with HTTP 200, so the body is read before the status. A success has an empty
 * `error`; some answers hide the failure one level deeper, or in every row of a batch. Codes come with a module
 * before a dot (`product.error_param`): where only the last part is in the table, that is the code, and the
 * whole stays in the message. `msg` and `mesage` are Shopee's own spellings.
 */
export function readError(answer: PlatformAnswer): ReadError | null {
  const body = membersOf(answer.body)
  const requestId = textOf(body['request_id'])
  const found = errorOf(body) ?? errorOf(membersOf(body['response'])) ?? errorOfRows(body['response'])
  if (found) return { ...found, requestId }
  if (answer.status >= 200 && answer.status < 300) return null
  return {
    code: `HTTP_${answer.status}`,
    message: `HTTP ${answer.status}, body is not an error document`,
    requestId,
  }
}

function errorOf(body: Readonly<Record<string, unknown>>): Omit<ReadError, 'requestId'> | null {
  const code = textOf(body['error'])?.trim()
  if (code === undefined) return null
  const words = textOf(body['message']) ?? textOf(body['msg']) ?? textOf(body['mesage']) ?? ''
  const last = code.slice(code.lastIndexOf('.') + 1).trim()
  if (known.has(code) || !known.has(last)) return { code, message: words }
  return { code: last, message: `${words} (${code})`.trimStart() }
}

/** A batch in which no row succeeded. */
function errorOfRows(response: unknown): Omit<ReadError, 'requestId'> | null {
  const results = listOf(membersOf(response)['result_list']).map(membersOf)
  if (results.length === 0 || !results.every(({ fail_error: code }) => textOf(code) !== null)) return null
  return errorOf({ error: results[0]!['fail_error'], message: results[0]!['fail_message'] })
}
