import type { Platform } from '#canonical/platform.ts'
import type { PlatformApp } from '#connectors/connector.ts'
import type { Environment } from '#kernel/environment.ts'
import type { Config } from './config.ts'

export type PlatformApps = (platform: Platform, environment: Environment) => PlatformApp | undefined

/** The apps that the configuration names. */
export const platformAppsOf =
  (config: Config): PlatformApps =>
  (platform, environment) => {
    const settings = config.platforms[platform]?.[environment]
    return settings && { platform, ...settings }
  }
