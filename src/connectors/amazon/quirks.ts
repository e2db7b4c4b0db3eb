import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

/** What surprises people about Amazon; shown in the docs. */
export const quirks: readonly Text[] = [
  text(
    'Searching orders is allowed once in about three minutes per seller: new orders come through messages (ORDER_CHANGE) and are then read by id; the search is the safety net.',
    '订单搜索每个卖家约 3 分钟一次：新订单靠 ORDER_CHANGE 消息触发按单读取，搜索只作兜底',
  ),
  text(
    'Pending orders have no price, address or buyer, and must not be shipped.',
    'Pending 订单没有金额、地址与买家信息，且不得发货',
  ),
  text(
    'Without the role for personal data the fields are simply absent; that is not an error.',
    '没有个人信息角色时相关字段直接缺失，不会报错',
  ),
  text(
    'There is no payment time. Paid means: seen outside Pending for the first time.',
    '没有付款时间，首次离开 Pending 即视为已付款',
  ),
  text(
    'Amazon never says that an order was delivered; only the seller’s own parcels tell it.',
    '亚马逊不返回订单签收状态，仅自发货包裹可知',
  ),
  text(
    'A request to cancel stands in the lines, not in the status; such an order must not be shipped.',
    '取消申请只出现在订单行，不改变订单状态；有申请的订单不应发货',
  ),
  text(
    'A consent covers a region (North America, Europe, Far East), lasts 365 days, and gives one shop per marketplace.',
    '一次授权覆盖一个区域（北美、欧洲、远东），有效期 365 天，每个站点一个店铺',
  ),
  text('Codes use GB where Amazon’s lists write UK.', '站点代码使用 GB，亚马逊列表中写作 UK'),
]
