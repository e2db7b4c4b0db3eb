import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

/** What surprises people about Lazada; shown in the docs. */
export const quirks: readonly Text[] = [
  text(
    'There is a row for each unit and no quantity: rows alike in SKU, prices, status and parcel become one line that keeps every unit id. When the state of some units changes, their line splits.',
    '接口逐件成行、没有数量字段:SKU、价格、状态、包裹都相同的行合并为一行,并保留每件 ID;部分商品状态变化时该行会拆开',
  ),
  text(
    'A refresh does not lengthen the authorisation: every 50 days at most the seller must agree again.',
    '刷新令牌不会延长授权期,最长 50 天卖家须重新授权',
  ),
  text(
    'A cross-border account gets one token for all its countries, but each country has its own host; a token on the wrong host is answered as expired.',
    '跨境账号一个令牌通用多国,但各国主机不同;请求到错误国家的主机会返回令牌失效',
  ),
  text(
    'Order ids are unique within a store only: a cart over two stores gives both the same id.',
    '订单号仅在店铺内唯一,跨店购物车会产生相同单号',
  ),
  text(
    'price is before vouchers and shipping; the buyer pays price − voucher + shipping_fee.',
    'price 不含优惠券与运费,买家实付为 price − voucher + shipping_fee',
  ),
  text(
    'Orders name neither marketplace nor currency; the items carry the currency, and the currency tells the country.',
    '订单本身不含站点与币种,币种在商品行,据此判断国家',
  ),
  text(
    'Personal data is masked until the app passes Lazada’s security review; labels carry it.',
    '应用通过 Lazada 安全评审前个人信息为脱敏数据,完整信息在面单上',
  ),
  text(
    'Carrier and tracking number are given by Lazada when a parcel is packed; only the seller’s own fleet is different.',
    '承运商与运单号由 Lazada 在打包时分配,自配送除外',
  ),
  text(
    'Errors come with HTTP 200, and some services put a failure inside a success.',
    '错误同样以 HTTP 200 返回,部分接口在外层成功中包含内层失败',
  ),
  text(
    'Pushes come once per order line, unordered, and must be answered within 500 ms; more than half failing stops them.',
    '推送逐行发送、不保证顺序,须在 500 毫秒内应答;失败率超过一半将停止推送',
  ),
  text(
    'Not confirmed by a public page: HTTP status of errors, local offsets of stamps, the longest time span of a search, currencies other than SGD.',
    '无公开文档确认:错误的 HTTP 状态码、时间戳的当地时区、查询时间跨度上限、SGD 以外的币种',
  ),
]
