import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'

/** What an application may be allowed to do. The names are part of the contract. */
export const scopeTexts = {
  'orders/read': text('Read orders and events.', '读取订单与事件'),
  'orders/write': text('Acknowledge orders.', '确认接单'),
  'inventory/read': text('Read stock.', '读取库存'),
  'inventory/write': text('Change stock.', '修改库存'),
  'shipments/write': text('Write back tracking numbers.', '回传物流单号'),
  'webhooks/manage': text('Manage webhook endpoints, read and resend deliveries.', '管理 webhook 与投递记录'),
  'shops/manage': text('Connect and disconnect shops.', '管理店铺授权'),
  'raw/read': text('Read the platforms’ original documents.', '读取平台原始报文'),
} as const satisfies Record<string, Text>

export type ScopeName = keyof typeof scopeTexts
export const scopeNames = Object.keys(scopeTexts) as ScopeName[]

const known: ReadonlySet<string> = new Set(scopeNames)
export const isScopeName = (name: string): name is ScopeName => known.has(name)
