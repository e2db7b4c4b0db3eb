import type { ErrorRule } from '#connectors/connector.ts'
import type { FailureKind } from '#kernel/failure.ts'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

const none = text('Nothing to do: the hub acts by itself.', '无需处理,系统自动应对')
const reportIt = text('Report it with the request id.', '请附 request id 反馈给我们')
const authoriseAgain = text('Let the seller authorise again.', '请卖家重新授权')
const checkApp = text(
  'Check the app in the Lazada console: key, secret, permissions, IP white list.',
  '请在 Lazada 控制台检查应用的 key、secret、权限与 IP 白名单',
)

type Row = readonly [codes: string, meaning: Text, remedy?: Text]

/** Rows of one kind; several codes of one meaning are written with blanks between. */
const rowsOf = (kind: FailureKind, remedy: Text, rows: readonly Row[], status = '*'): ErrorRule[] =>
  rows.flatMap(([codes, meaning, own]) =>
    codes.split(' ').map((code) => ({ status, code, kind, meaning, remedy: own ?? remedy })),
  )

/** Who calls (docs: 108069, 108260). Names after the first of a group are not confirmed by the platform. */
const accessErrors: readonly ErrorRule[] = [
  ...rowsOf('auth_expired', none, [
    [
      'IllegalAccessToken InvalidAccessToken AccessTokenExpired',
      text(
        'The access token has ended, or belongs to another country or app.',
        'access_token 已过期,或属于其他国家、其他应用',
      ),
    ],
    [
      'AUTH_TYPE_UNSUPPORTED',
      text('The subscription of the app has ended: tokens are not renewed.', '应用订购已到期,令牌无法刷新'),
      text('Let the seller renew the subscription and authorise again.', '请卖家续订应用后重新授权'),
    ],
  ]),
  ...rowsOf('auth_revoked', authoriseAgain, [
    [
      'IllegalRefreshToken',
      text(
        'The refresh token is refused: consent was withdrawn or has ended.',
        'refresh_token 被拒绝:授权已撤销或已到期',
      ),
    ],
  ]),
  ...rowsOf('rejected', checkApp, [
    [
      'InvalidCode',
      text('The code is older than thirty minutes or was used.', '授权码已超过 30 分钟或已使用'),
      text('Start the authorisation again.', '请重新发起授权'),
    ],
    ['IncompleteSignature', text('The signature does not fit the request.', '签名与请求不符')],
    [
      'IllegalTimestamp',
      text('The timestamp is more than two hours off.', '时间戳偏差超过两小时'),
      text('Set the clock of this machine.', '请校准本机时间'),
    ],
    [
      'InvalidApiPath InsufficientPermission AppWhiteIpLimit',
      text('The app may not make this call.', '应用无权调用该接口'),
    ],
    [
      'SellerNotVerified',
      text('Lazada has not verified the seller yet.', '卖家尚未通过 Lazada 认证'),
      text('Let the seller finish the registration in Seller Center.', '请卖家在 Seller Center 完成入驻认证'),
    ],
    [
      'Mp3SellerApiLimit',
      text('The call is closed to sellers of this model.', '该经营模式的卖家不可调用此接口'),
    ],
  ]),
]

const flowErrors: readonly ErrorRule[] = [
  ...rowsOf('throttled', none, [
    [
      'ApiCallLimit SellerCallLimit AppCallLimit 901',
      text('Too many calls for this API, seller or app.', '接口、卖家或应用的调用过于频繁'),
    ],
  ]),
  ...rowsOf('throttled', none, [['*', text('Too many calls.', '调用过于频繁')]], '429'),
  ...rowsOf('platform_down', none, [
    ['998', text('The function is shut during a campaign.', '大促期间该功能已降级关闭')],
    [
      '6 15 513 1000 1002 40011 ServiceTimeout EMPTY_ANSWER',
      text('Lazada or a service behind it does not answer.', 'Lazada 或其下游服务无响应'),
    ],
    ['700024', text('The order is locked by another operation.', '订单正被其他操作锁定')],
    ['LD_INVOKE_DOWNSTREAM_RESPONSE_BLANK', text('The logistics service does not answer.', '物流服务无响应')],
  ]),
]

const missingErrors: readonly ErrorRule[] = rowsOf('missing', none, [
  ['16', text('No such order in this store.', '该店铺下没有此订单')],
  ['39', text('None of the orders is in this store.', '所查订单均不在该店铺下')],
  ['207 208', text('No such SKU or item.', 'SKU 或商品不存在')],
  ['600001', text('No such package.', '包裹不存在')],
  ['700021', text('No such order.', '订单不存在')],
  ['700025', text('No such order item.', '订单商品不存在')],
])

/** What is asked is not possible (docs: api pages of orders; 121328, 121329, 120206). */
const requestErrors: readonly ErrorRule[] = rowsOf('rejected', reportIt, [
  [
    'MissingParameter InvalidParameter INPUT_PARAM_VALID LD_INPUT_PARAM_VALID',
    text('A parameter is missing or wrong.', '参数缺失或有误'),
  ],
  ['5 30', text('The request or its payload is not complete.', '请求或 payload 不完整')],
  ['14', text('The offset is not accepted.', 'offset 无效')],
  ['17', text('A date is not accepted.', '日期格式无效')],
  ['19', text('The limit is not accepted.', 'limit 无效')],
  ['20', text('An order item id is not accepted.', 'order_item_id 无效')],
  ['34', text('The invoice number is not accepted.', '发票号无效')],
  ['36', text('The status filter is not accepted.', 'status 筛选值无效')],
  ['37', text('One of the order ids is not accepted.', '订单号列表中有无效单号')],
  ['38', text('Too many order ids in one call.', '单次查询的订单号过多')],
  ['56', text('The list of order ids has the wrong form.', '订单号列表格式有误')],
  ['74 75', text('The sort field or direction is not accepted.', '排序字段或方向无效')],
  [
    '102 104 105 106 115 116 117 118 122 123 124 131',
    text('The cancellation or return is not possible.', '无法执行该取消或退货操作'),
  ],
  ['204 4171', text('Too many SKUs in one call.', '单次提交的 SKU 过多')],
  ['212', text('The stock would become negative.', '库存将变为负数')],
  [
    '501',
    text('The product was not updated; the detail tells which SKU.', '商品更新失败,detail 中有具体 SKU'),
  ],
  ['4170', text('In a campaign the stock may be raised, not lowered.', '大促期间库存只增不减')],
  ['4225', text('The item is semi-managed: only sellable stock may be set.', '半托管商品只能设置可售库存')],
  ['600002', text('The package is cancelled.', '包裹已取消')],
  ['700000 700026 700031', text('The state of the order does not allow it.', '订单当前状态不允许该操作')],
  ['1003 700001 700016 700033', text('No such carrier for this parcel.', '该包裹没有可用的承运商')],
  [
    '700004 700013 700017 700018 700019 700022 700023',
    text('The fulfilment request is not accepted.', '履约请求参数无效'),
  ],
  ['700009', text('Not an order of the seller’s own fleet.', '不是自配送订单')],
  ['700020 700030', text('Only for digital goods, or not for them.', '虚拟商品与实物商品不可混用该操作')],
  ['700027', text('Lazada packs this order itself.', '该订单由 Lazada 仓发货(FBL)')],
  ['700028', text('The buyer picks this order up.', '门店自提订单')],
  ['700029', text('Units of different warehouses must be packed apart.', '不同仓库的商品须分开打包')],
  ['700032', text('The order belongs to another seller.', '订单不属于该卖家')],
  ['700040', text('There is no label to print.', '没有可打印面单的包裹')],
])

/** First match wins. What no row knows is `contract_broken`. */
export const errors: readonly ErrorRule[] = [
  ...accessErrors,
  ...flowErrors,
  ...missingErrors,
  ...requestErrors,
  ...rowsOf('platform_down', none, [['*', text('Lazada is not available.', 'Lazada 服务不可用')]], '5xx'),
]
