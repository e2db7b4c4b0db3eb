import { createHash } from 'node:crypto'
import type { Order, OrderContent } from '#canonical/order.ts'
import { idOf, ulid } from '#kernel/ids.ts'
import type { IdPrefix } from '#kernel/ids.ts'

/** The id an order always gets: sortable by when it was placed, the same on every node and replay. */
export const orderIdOf = (shopId: string, content: OrderContent): string =>
  idOf('ord', Date.parse(content.platform_created_at), shopId, content.platform_order_id)

/** The id of something inside an order: carries the order's time, fixed by the platform's own id. */
export function partIdOf(prefix: IdPrefix, orderId: string, platformId: string): string {
  const time = orderId.slice(4, 14)
  const entropy = createHash('sha256').update(`${orderId}\u001f${platformId}`).digest()
  return `${prefix}_${time}${ulid(0, entropy).slice(10)}`
}

/** Everything of an order that its platform decides, with our ids on the parts. */
export type NamedContent = Pick<Order, keyof OrderContent>

/** The platform's content with our ids on everything that has one. */
export const withPartIds = (orderId: string, content: OrderContent): NamedContent => ({
  ...content,
  lines: content.lines.map((line) => ({ id: partIdOf('oln', orderId, line.platform_line_id), ...line })),
  packages: content.packages.map((parcel) => ({
    id: partIdOf('pkg', orderId, parcel.platform_package_id),
    ...parcel,
  })),
  cancellations: content.cancellations.map((wish) => ({
    id: partIdOf('cnl', orderId, wish.platform_cancellation_id),
    ...wish,
  })),
})

/** An id that can be a key in the database and a line in a log: short, and without control characters. */
export const isPlainId = (id: string): boolean => id.length <= 200 && /^[^\p{Cc}\p{Cs}]+$/u.test(id)

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
