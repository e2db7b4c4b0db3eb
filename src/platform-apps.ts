import type { Platform } from '#canonical/platform.ts'
import type { Connector, PlatformApp } from '#connectors/connector.ts'
import type { Environment } from '#kernel/environment.ts'
import type { Config } from './config.ts'

export type PlatformApps = (platform: Platform, environment: Environment) => PlatformApp | undefined

/** The apps that the configuration names; those of the sandbox call the platform's own sandbox. */
export const platformAppsOf =
  (config: Config, connectors: Readonly<Partial<Record<Platform, Connector>>>): PlatformApps =>
  (platform, environment) => {
    const settings = config.platforms[platform]?.[environment]
    if (!settings) return undefined
    const sandboxHosts = environment === 'sandbox' ? connectors[platform]?.sandboxHosts : undefined
    return { platform, ...settings, hosts: { ...sandboxHosts, ...settings.hosts } }
  }
