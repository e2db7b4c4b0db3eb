import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

/** What surprises people about TikTok Shop; shown in the docs. */
export const quirks: readonly Text[] = [
  text(
    'There is no quantity: every unit is a row of its own. Units of one variation at one price become a line that keeps their ids.',
    '没有数量字段,逐件建行;同一 SKU、同一价格的单件合并为一行,并保留逐件 ID',
  ),
  text(
    'ON_HOLD is about an hour in which the buyer may cancel freely: no address, and it must not be shipped.',
    'ON_HOLD 约 1 小时犹豫期,买家可直接取消:没有地址,且不得发货',
  ),
  text(
    'Pushes spell the cancelled state CANCEL, the API CANCELLED.',
    '推送中取消状态写作 CANCEL,接口写作 CANCELLED',
  ),
  text(
    'Success is code 0 in the body, whatever the HTTP status; and a write with code 0 may still list errors.',
    '是否成功看响应体 code 是否为 0,与 HTTP 状态无关;写操作 code 为 0 时仍可能带 errors',
  ),
  text(
    'One consent may cover shops of several markets; each is named by its cipher in every call.',
    '一次授权可覆盖多个站点的店铺,每次调用用 shop_cipher 指定店铺',
  ),
  text(
    'Access tokens last seven days; the end of the authorisation is sent with them and is never assumed.',
    '访问令牌 7 天有效;授权到期时间以返回值为准,不做假设',
  ),
  text(
    'The app returns sellers to the address registered with it; a seller who starts in Seller Center comes without our state and has to start here again.',
    '授权后跳回应用登记的地址;从卖家后台发起的授权不带 state,需在本系统重新发起',
  ),
  text(
    'Addresses are masked for platform labels and FBT, and in the US after cancellation and 30 days after completion.',
    '平台面单与 FBT 订单地址脱敏;美国订单取消后、完成 30 天后也会脱敏',
  ),
  text(
    'Cash-on-delivery fees and shipping per line are only in the price detail, one call per order; the hub leaves them null.',
    '货到付款手续费与行运费仅在价格明细接口中,每单一次调用;系统默认留空',
  ),
  text(
    'The longest search window and the delay of the search are not documented (UNVERIFIED): a day at most, with an overlap of ten minutes.',
    '搜索的最大时间窗与延迟官方未说明(未经证实):单次不超过 1 天,并回看 10 分钟',
  ),
]
