import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

/** What surprises people about Shopee; shown in the docs. */
export const quirks: readonly Text[] = [
  text(
    'A refresh token works once. The hub takes one lock per shop and stores the new pair before using it; a token copied elsewhere breaks the connection.',
    'refresh_token 只能使用一次:系统按店铺加锁刷新,先保存新令牌再使用;令牌若在别处被刷新,本系统的授权即失效',
  ),
  text(
    'A consent with a main account connects all of its shops, each with its own tokens; tick "Auth Merchant" for cross-border accounts.',
    '用主账号授权会一次接入其下所有店铺,每个店铺各有令牌;跨境主账号需勾选 Auth Merchant',
  ),
  text(
    'The seller chooses how long the consent lasts, 365 days at most; then it must be given again.',
    '授权期限由卖家选择,最长 365 天,到期需重新授权',
  ),
  text(
    'Order details hold no split of discounts: that comes from the payment API (escrow) and is null when the app may not call it.',
    '订单详情不含优惠拆分,需调用支付接口(escrow);应用无权限时相关字段为 null',
  ),
  text(
    'In bundle deals model_discounted_price is 0; the real price is in the escrow detail.',
    '套装优惠中 model_discounted_price 为 0,实际价格见 escrow 明细',
  ),
  text(
    'Tracking numbers are not in the order: they are read from the package detail and may come some minutes after PROCESSED.',
    '运单号不在订单详情中,取自包裹详情;状态变为 PROCESSED 后可能数分钟才有',
  ),
  text(
    'Names, phones and addresses are masked unless Shopee approves the app and its fixed IP addresses; print labels through Shopee’s documents.',
    '买家姓名、电话、地址默认脱敏,需申请解密权限并登记固定 IP;面单请通过 Shopee 面单接口打印',
  ),
  text(
    'IN_CANCEL and TO_RETURN replace the order status: the hub keeps the stage from the parcels and says requested or open beside it.',
    'IN_CANCEL、TO_RETURN 会覆盖订单状态:系统按包裹推断履约阶段,另以 requested / open 表示取消与售后',
  ),
  text(
    'The API host follows where the hub stands (Singapore, mainland China, Brazil), not the market; any host serves every shop.',
    '接口域名取决于服务器所在地(新加坡、中国大陆、巴西),与站点无关,任一域名均可访问全部店铺',
  ),
  text(
    'Not confirmed by any public page: which key signs pushes (both are accepted), whether window ends are inclusive (walks overlap), HTTP status of errors (the body decides).',
    '官方未明确:推送签名使用哪个密钥(两者都接受)、时间窗口是否含端点(查询时留有重叠)、错误的 HTTP 状态码(以报文为准)',
  ),
]
