import type { Platform } from '#canonical/platform.ts'
import type { PlatformApp } from '#connectors/connector.ts'
import type { Environment } from '#kernel/environment.ts'

/** The simulators' apps, known once they run. They exist in the sandbox only. */
export type DemoApps = {
  readonly get: (platform: Platform, environment: Environment) => PlatformApp | undefined
  readonly add: (app: PlatformApp) => void
}

export function openDemoApps(): DemoApps {
  const apps = new Map<Platform, PlatformApp>()
  return {
    get: (platform, environment) => (environment === 'sandbox' ? apps.get(platform) : undefined),
    add: (app) => apps.set(app.platform, app),
  }
}
