import type { Platform } from '#canonical/platform.ts'
import { amazon } from './amazon/index.ts'
import type { Connector } from './connector.ts'

/** The connectors this build has, by platform. */
export const connectors: Readonly<Partial<Record<Platform, Connector>>> = { amazon }
