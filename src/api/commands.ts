import type { Endpoints } from '#delivery/endpoints.ts'
import type { Platform } from '#canonical/platform.ts'
import type { Scope } from '#kernel/environment.ts'
import type { Text } from '#kernel/text.ts'

/** What the API sets in motion elsewhere. The composition root hands these in; refusals are values. */
export type Commands = {
  /** Begins a seller's consent: where to send the seller, and until when. */
  readonly startAuthorization: (
    scope: Scope,
    wish: {
      readonly platform: string
      readonly marketplaceCode: string
      readonly returnUrl: string | null
      /** Id of the application that asked. */
      readonly startedBy: string
    },
  ) => Promise<
    | { readonly ok: true; readonly authorizationUrl: string; readonly expiresAtMs: number }
    | {
        readonly ok: false
        readonly code: 'MARKETPLACE_UNKNOWN' | 'PLATFORM_NOT_CONFIGURED'
        readonly detail: Text
      }
  >
  /** Ends the hub's access to a shop. False when there is no such shop. */
  readonly disconnect: (scope: Scope, shopId: string) => Promise<boolean>
  /** The seller came back with this query. */
  readonly finishAuthorization: (
    platform: string,
    query: Readonly<Record<string, string>>,
  ) => Promise<
    | {
        readonly ok: true
        readonly shops: readonly {
          readonly id: string
          readonly displayName: string
          readonly marketplaceCode: string
        }[]
        readonly returnUrl: string | null
      }
    | { readonly ok: false; readonly code: string; readonly detail: Text; readonly returnUrl: string | null }
  >
  /** Webhook endpoints: what needs the address wall or a secret. */
  readonly endpoints: Endpoints
  /** Reads the orders created in a span again; gives the id of the backfill. */
  readonly startBackfill: (
    scope: Scope,
    grantId: string,
    span: { readonly fromMs: number; readonly toMs: number },
  ) => Promise<string>
  /** A marketplace pushed something; `appName` is the last part of the address. */
  readonly takePush: (
    platform: Platform,
    appName: string,
    push: {
      readonly method: string
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly rawBody: Uint8Array
    },
  ) => Promise<
    | { readonly ok: true; readonly status: number; readonly body: string; readonly type: string }
    | { readonly ok: false; readonly code: 'ROUTE_NOT_FOUND' | 'PUSH_REFUSED' | 'BODY_INVALID' }
  >
  /** Deliveries were queued: look now rather than at the next poll. */
  readonly wakeDelivery: () => void
}
