export type EndpointTables = Record<never, never>
