import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

/** What surprises people about Temu; shown in the docs. */
export const quirks: readonly Text[] = [
  text(
    'There is no refresh token: a token lives about a year (365 days in the official example, unverified), then the seller authorises again.',
    '没有 refresh_token:令牌约一年有效(官方示例为 365 天,未经验证),到期需卖家重新授权',
  ),
  text(
    'Orders carry no prices. Amounts need bg.order.amount.query, which Temu approves for each app; without it they are null.',
    '订单不含价格,金额来自需单独审批的 bg.order.amount.query,未获批时为 null',
  ),
  text(
    'Addresses come from a second call and are masked unless Temu approves the app for clear ones.',
    '地址需另行查询,未获明文审批时为脱敏值',
  ),
  text(
    'The order list has no cursor and runs newest first; it is read from its last page to its first, so that no order is lost while orders change.',
    '订单列表无游标且按时间倒序,本系统从最后一页向前读取,翻页期间订单变更也不会漏单',
  ),
  text(
    'A token works only on the gateway of its mall: United States, Europe with the United Kingdom, or global.',
    '令牌只能用于店铺所属区域的网关:美国、欧洲(含英国)或全球',
  ),
  text(
    'Pushes are encrypted with the app secret; there is no message id, and the meaning of their status is not documented. Orders are always read again.',
    '推送用 app_secret 加密,没有消息 ID,状态含义未公开,收到后一律重新读取订单',
  ),
  text(
    'Pending (status 1) must not be shipped; how long it lasts is not documented.',
    '状态 1(待处理)不得发货,持续时间未见说明',
  ),
  text(
    'quantity is what is left after cancellations; units ordered are in originalOrderQuantity.',
    'quantity 是扣除取消后的数量,下单数量见 originalOrderQuantity',
  ),
  text(
    'All malls of an app share one rate: 20 requests a second, of which 15 are used.',
    '同一应用下所有店铺共用每秒 20 次的配额,本系统只使用 15 次',
  ),
  text(
    'Unverified and chosen with care: one day per walk, one minute until a change can be listed.',
    '未经验证、按保守值设定:单次拉取跨度 1 天,变更可见延迟 1 分钟',
  ),
]
