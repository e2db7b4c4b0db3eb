import type { ErrorRule, PlatformAnswer } from '#connectors/connector.ts'
import type { FailureKind } from '#kernel/failure.ts'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { idOf, isObject, listOf, membersOf, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/** `errorCode` of every success. */
const successCode = '1000000'

export type ReadError = { readonly code: string; readonly message: string; readonly requestId: string | null }

/**
 * Reads what Temu says when a call failed: `success` is not `true`, or `errorCode` is not 1000000, or the
 * result itself reports a failure. The HTTP status is 200 in all cases seen. `null` for a success.
 */
export function readError(answer: PlatformAnswer): ReadError | null {
  const { body, status } = answer
  const isOk = status >= 200 && status < 300
  if (isOk && body === null) return null
  const { success, errorCode, errorMsg, requestId: id, result } = membersOf(body)
  const code = idOf(errorCode)
  const requestId = textOf(id)
  if (isOk && success === true && code === successCode) {
    const inner = readInnerFailure(membersOf(result), result)
    return inner && { ...inner, requestId }
  }
  if (code !== null) return { code, message: textOf(errorMsg) ?? '', requestId }
  if (isOk) return { code: 'NO_ENVELOPE', message: 'the answer has no errorCode', requestId }
  const isPage = answer.text.trimStart().startsWith('<')
  return { code: isPage ? 'HTML' : `HTTP_${status}`, message: `HTTP ${status}`, requestId }
}

/**
 * A failure inside a success: `operateResult` (stock), `applyResult` (cancellation), or `false` as the
 * whole result (docs: bg.local.goods.stock.edit, temu.order.cancel.outofstock.apply, bg.tmc.message.update).
 */
function readInnerFailure(result: Members, whole: unknown): Pick<ReadError, 'code' | 'message'> | null {
  if (whole === false) return { code: 'RESULT_FALSE', message: 'the result is false' }
  if (result['applyResult'] === false) {
    const { reasonList } = membersOf(listOf(result['failReasonList'])[0])
    return { code: 'APPLY_FAILED', message: listOf(reasonList).map(String).join(' ') }
  }
  const parts = listOf(result['skuStockEditStatusInfoList']).filter(isObject)
  const failed = parts.find(({ stockEditStatus }) => stockEditStatus === false)
  if (result['operateResult'] !== false && !failed) return null
  return {
    code: idOf(failed?.['errorCode']) ?? 'OPERATE_FAILED',
    message: textOf(failed?.['errorMsg']) ?? textOf(result['msg']) ?? '',
  }
}

/** One row for each code; `a-b` stands for all codes between. A fragment must be in Temu's text. */
function rows(
  codes: string,
  kind: FailureKind,
  meaning: Text,
  remedy: Text,
  fragment?: string,
): readonly ErrorRule[] {
  return codes.split(' ').flatMap((entry) => {
    const [first = '', last = first] = entry.split('-')
    const count = /^\d+$/.test(first) ? Number(last) - Number(first) + 1 : 1
    return Array.from({ length: count }, (_, index) => ({
      status: '*',
      code: count === 1 ? first : String(Number(first) + index),
      kind,
      meaning,
      remedy,
      ...(fragment === undefined ? {} : { text: fragment }),
    }))
  })
}

const none = text('Nothing to do: the hub acts by itself.', '无需处理,系统自动应对')
const reportIt = text('Report it with the request id.', '请附 requestId 反馈给我们')
const authoriseAgain = text(
  'Let the seller authorise again: Temu has no refresh token.',
  '请卖家重新授权:Temu 没有 refresh_token',
)
const checkApp = text(
  'Check app_key, app_secret and the state of the app in the Partner Platform.',
  '检查 app_key、app_secret 及合作伙伴平台中的应用状态',
)
const checkRegion = text(
  'Connect the mall again and choose the market it belongs to.',
  '请选择店铺所属站点后重新授权',
)
const askSeller = text('The order must be looked at in Seller Center.', '请在卖家中心处理该订单')
const correctIt = text('Correct the value and send it again.', '修正后重新提交')

/** Calls and tokens (docs: common error codes, error SOPs). */
const callErrors: readonly ErrorRule[] = [
  ...rows('2000000 7000000', 'platform_down', text('Temu has an internal error.', 'Temu 内部错误'), none),
  ...rows('3000000', 'rejected', text('A parameter is missing or wrong.', '参数缺失或错误'), reportIt),
  ...rows(
    '3000001 3000040',
    'rejected',
    text('The signature is wrong or missing.', '签名错误或缺失'),
    text('Check app_secret; if it is right, report it.', '检查 app_secret;若无误请反馈给我们'),
  ),
  ...rows(
    '3000002 3000003 3000004',
    'rejected',
    text('The API is not named, unknown or retired.', '接口名缺失、不存在或已下线'),
    reportIt,
  ),
  ...rows(
    '3000010 3000011 3000012',
    'rejected',
    text('The timestamp is missing or five minutes off.', '时间戳缺失或偏差超过 5 分钟'),
    text('Set the clock of this machine.', '校准本机时钟'),
  ),
  ...rows(
    '3000013 3000014',
    'rejected',
    text('data_type is missing or wrong.', 'data_type 缺失或错误'),
    reportIt,
  ),
  ...rows(
    '3000019-3000022 3000025-3000028',
    'rejected',
    text('The app is unknown, suspended or lacks a permission.', '应用不存在、已停用或缺少权限'),
    checkApp,
  ),
  ...rows(
    '3000031',
    'auth_revoked',
    text('The token is unknown: the seller has withdrawn it.', '令牌不存在:卖家已取消授权'),
    authoriseAgain,
  ),
  ...rows(
    '3000030 3000033',
    'auth_expired',
    text('The token is missing or of another app.', '令牌缺失或属于其他应用'),
    authoriseAgain,
  ),
  ...rows(
    '3000034',
    'auth_expired',
    text('The token has expired or was replaced by a newer grant.', '令牌已过期,或已被新的授权替换'),
    authoriseAgain,
  ),
  ...rows(
    '3000032',
    'rejected',
    text('The API is not part of the grant.', '授权范围不含该接口'),
    text(
      'Add the API to the app and let the seller authorise again; amounts and clear addresses also need Temu’s approval.',
      '为应用添加该接口后请卖家重新授权;金额与明文地址还需 Temu 单独审批',
    ),
  ),
  ...rows(
    '3000037',
    'rejected',
    text('Temu wants a newer version of the API.', '该接口已有新版本'),
    reportIt,
  ),
  ...rows(
    '4000000',
    'rejected',
    text('The app is not known on this gateway.', '该区域网关不认识此应用'),
    checkApp,
    'application information',
  ),
  ...rows('4000000', 'platform_down', text('Temu has a system error.', 'Temu 系统错误'), none),
  ...rows('4000004', 'throttled', text('Too many requests of this app.', '应用请求过于频繁'), none),
  ...rows(
    '5000000 5000003',
    'rejected',
    text('Not authorised, or the address is not on the app’s list.', '未授权,或出口 IP 不在白名单'),
    text('Add the IP address of this machine to the app.', '将本机出口 IP 加入应用白名单'),
  ),
  ...rows(
    '5000001 5000002 6000001',
    'rejected',
    text('Temu cannot route the call.', 'Temu 无法路由该请求'),
    reportIt,
  ),
  ...rows(
    '120011072',
    'rejected',
    text('The mall belongs to another region.', '店铺属于其他区域,网关错误'),
    checkRegion,
  ),
  ...rows('110020001', 'platform_down', text('Temu could not make the token.', 'Temu 生成令牌失败'), none),
  ...rows(
    '110020002 110020003',
    'rejected',
    text('The code was used or is older than ten minutes.', '授权码已使用或超过 10 分钟'),
    text('Start the authorisation again.', '请重新发起授权'),
  ),
  ...rows(
    '110020005-110020009',
    'rejected',
    text('The list of events is not accepted.', '事件列表不被接受'),
    text('Let the seller authorise the events in Seller Center.', '请卖家在卖家中心授权所需事件'),
  ),
]

/** Orders and addresses (docs: error tables of the order APIs). Only the codes are published for some. */
const orderErrors: readonly ErrorRule[] = [
  ...rows('140020001', 'platform_down', text('The order service has an error.', '订单服务异常'), none),
  ...rows(
    '140020003 140020008 140020009',
    'missing',
    text('The order is not there, or not yet: the detail lags behind.', '订单不存在,或详情尚未同步'),
    none,
  ),
  ...rows(
    '140020002 140020012-140020014',
    'rejected',
    text('The order call is not accepted.', '订单请求不被接受'),
    reportIt,
  ),
  ...rows(
    '140020015',
    'rejected',
    text('Amounts of this site come from another API.', '该站点金额需使用其他接口'),
    none,
  ),
  ...rows(
    '180020001 180020003 180020004 180020008 180020030',
    'rejected',
    text('The clear address is not given out.', '不提供明文地址'),
    text('Ask Temu to approve the app for clear addresses.', '向 Temu 申请明文地址权限'),
  ),
]

/** Parcels, stock and compliance papers. */
const writeErrors: readonly ErrorRule[] = [
  ...rows('120014006', 'platform_down', text('The shipping service has an error.', '物流服务异常'), none),
  ...rows('120012004', 'rejected', text('The order is shipped already.', '订单已发货'), none),
  ...rows('120012007 120012016', 'rejected', text('The order numbers are wrong.', '订单号错误'), reportIt),
  ...rows(
    '120014001 120014005 120014008 120014020 120014022 120014023',
    'rejected',
    text('The tracking number is not accepted.', '运单号不被接受'),
    correctIt,
  ),
  ...rows(
    '120014003 120014004 120014019',
    'rejected',
    text('The tracking number was used before.', '运单号重复或已被使用'),
    correctIt,
  ),
  ...rows(
    '120011085 120015527 120012063 120012064 120011086',
    'rejected',
    text('The warehouse is missing or not good for the order.', '仓库缺失或不适用于该订单'),
    correctIt,
  ),
  ...rows(
    '120012023 120012030 120012031 120017007',
    'rejected',
    text('A change of address, a cancellation or a review is open.', '存在改址、取消申请或待审核风险'),
    askSeller,
  ),
  ...rows(
    '120011059 120011092 120012034 120015528 120015537',
    'rejected',
    text('Own shipping is restricted for this order.', '该订单限制自发货'),
    text('Buy the label from Temu.', '请通过 Temu 购买面单'),
  ),
  ...rows(
    '120012015 120015539 120015543 120015518',
    'rejected',
    text('These orders cannot share a parcel.', '订单不能合并发货'),
    correctIt,
  ),
  ...rows('120011030', 'rejected', text('A cooperative warehouse ships it.', '由合作仓发货'), askSeller),
  ...rows('150010005', 'platform_down', text('Try later.', '稍后重试'), none),
  ...rows(
    '150010003 150013001 150013002 150013003',
    'rejected',
    text('The stock change is not accepted.', '库存修改不被接受'),
    correctIt,
  ),
  ...rows(
    '150011048-150011120',
    'rejected',
    text('The compliance papers are not accepted.', '合规资料不被接受'),
    correctIt,
  ),
  ...rows(
    'RESULT_FALSE APPLY_FAILED OPERATE_FAILED',
    'rejected',
    text('The answer says success, its result says failure.', '外层成功,结果内部失败'),
    askSeller,
  ),
]

const gatewayErrors: readonly ErrorRule[] = [
  { status: '429', kind: 'throttled', meaning: text('Too many requests.', '请求过于频繁') },
  { status: '5xx', kind: 'platform_down', meaning: text('Temu is not available.', 'Temu 服务不可用') },
  { status: '4xx', kind: 'rejected', meaning: text('The gateway refuses the call.', '网关拒绝请求') },
].map((row) => ({ ...row, code: '*', remedy: none }) as ErrorRule)

/** First match wins. What no row knows is `contract_broken`. */
export const errors: readonly ErrorRule[] = [...callErrors, ...orderErrors, ...writeErrors, ...gatewayErrors]
