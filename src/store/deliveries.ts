export type DeliveryTables = Record<never, never>
