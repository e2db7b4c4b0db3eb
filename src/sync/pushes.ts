import type { Platform } from '#canonical/platform.ts'
import type { PlatformApp, ReceivedPush } from '#connectors/connector.ts'
import { environments } from '#kernel/environment.ts'
import type { Environment } from '#kernel/environment.ts'
import { readJson } from '#kernel/json.ts'
import type { FeedDeps } from './feeds.ts'
import { takeHints } from './hints.ts'

export type TakenPush =
  | { readonly ok: true; readonly status: number; readonly body: string; readonly type: string }
  | { readonly ok: false; readonly code: 'ROUTE_NOT_FOUND' | 'PUSH_REFUSED' | 'BODY_INVALID' }

/**
 * A push over HTTP: its signature is checked over the raw bytes before anything is parsed; then the hint
 * in it becomes one job, in the database, before the platform gets its answer. What the push claims is
 * never data: the order is read again. A replay finds its message id already seen.
 */
export function makeTakePush(
  deps: FeedDeps,
  appOf: (platform: Platform, environment: Environment) => PlatformApp | undefined,
): (platform: Platform, appName: string, push: ReceivedPush) => Promise<TakenPush> {
  return async (platform, appName, push) => {
    const connector = deps.connectors[platform]
    const webhook = connector?.push?.webhook
    const found = findApp(appOf, platform, appName, connector?.credentialNames[0])
    if (!connector || !webhook || !found) return { ok: false, code: 'ROUTE_NOT_FOUND' }
    const verdict = webhook.verify(push, found.app)
    if (!verdict.valid) {
      deps.log.warn({ platform, reason: verdict.reason }, 'a platform push was refused')
      return { ok: false, code: 'PUSH_REFUSED' }
    }
    const { status, body, type } = webhook.acknowledgement
    if (push.rawBody.byteLength === 0) return { ok: true, status, body, type }
    const reading = readJson(push.rawBody)
    const message = webhook.open ? webhook.open(push, found.app) : reading.ok ? reading.value : null
    if (message === null) return { ok: false, code: 'BODY_INVALID' }
    await takeHints(deps, connector, found.environment, [message])
    return { ok: true, status, body, type }
  }
}

/** The app a push is for: named by its key at the platform, or by the environment it serves. */
function findApp(
  appOf: (platform: Platform, environment: Environment) => PlatformApp | undefined,
  platform: Platform,
  name: string,
  keyName: string | undefined,
): { readonly app: PlatformApp; readonly environment: Environment } | null {
  for (const environment of environments) {
    const app = appOf(platform, environment)
    if (app && (name === environment || (keyName && app.credentials[keyName] === name)))
      return { app, environment }
  }
  return null
}
