import type { OrderContent } from '#canonical/order.ts'
import type { Platform } from '#canonical/platform.ts'
import type { FailureKind } from '#kernel/failure.ts'
import type { Text } from '#kernel/text.ts'
import type { FieldMap } from '#mapping/rule.ts'

/** One market of a platform: the facts the hub shows and the connector routes by. */
export type Market = {
  /** e.g. `amazon_us`; unique over all platforms. */
  readonly code: string
  readonly countryCode: string
  readonly name: Text
  /** The platform's own id of the market, as it appears in payloads. */
  readonly platformMarketId: string
  /** Group of markets that one authorisation and one host cover (Amazon: na, eu, fe). */
  readonly region: string
  readonly currency: string
  /** IANA zone, for display and day buckets only. */
  readonly timeZone: string
  readonly languages: readonly string[]
  /** Host of the seller's own pages, where consent is given. */
  readonly sellerHost: string
  /** Facts above that no primary source confirms; shown as such in the docs. */
  readonly unverified?: readonly string[]
}

/** App credentials and host overrides of one platform in one environment, from configuration. */
export type PlatformApp = {
  readonly platform: Platform
  readonly credentials: Readonly<Record<string, string>>
  /** Base URL by host name of the connector's own table; an entry replaces the built-in host. */
  readonly hosts: Readonly<Record<string, string>>
  /** Where the platform's messages arrive, for platforms that push through a queue. */
  readonly queue?: Readonly<Record<string, string>>
}

/** A seller's consent as the platform gave it. Tokens are secrets: sealed at rest, never logged. */
export type Grant = {
  /** The account the grant is for, and with `region` the key under which it is kept. */
  readonly platformMerchantId: string
  readonly region: string
  readonly accessToken: string | null
  readonly accessExpiresAtMs: number | null
  readonly refreshToken: string | null
  readonly refreshExpiresAtMs: number | null
  readonly scopes: readonly string[]
  /** What else the platform wants to hear again with later calls. Not secret. */
  readonly facts?: Facts
}

/** Names and values of a platform's own, kept as they came. */
export type Facts = Readonly<Record<string, string>>

/** One shop that a grant gives access to. */
export type GrantedShop = {
  readonly market: Market
  readonly platformShopId: string
  readonly displayName: string
  readonly stockScopeKey: string
  readonly facts?: Facts
}

/** A connected account as calls need it: its region and its shops. */
export type Account = {
  readonly region: string
  readonly platformMerchantId: string
  readonly facts: Facts
  readonly shops: readonly {
    readonly platformShopId: string
    readonly market: Market
    readonly facts: Facts
  }[]
}

/** A request in the platform's terms. The transport adds host, token, signature, limits and retries. */
export type PlatformRequest = {
  /** Name in the limit table and in logs, e.g. `orders.search`. */
  readonly operation: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Key of the connector's host table, e.g. `api.na`. */
  readonly host: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Sent as JSON, or as a form when `form` is given. */
  readonly body?: unknown
  /** The exact body text, where it was written before; wins over `body`. Signatures cover these very bytes. */
  readonly bodyText?: string
  readonly form?: Readonly<Record<string, string>>
  /** `seller`: with the grant's access token. `none`: token endpoints and the like. */
  readonly auth: 'seller' | 'none'
  /** A token of the app's own, for calls that belong to no seller; wins over `auth`. Secret. */
  readonly bearer?: string
  /** Reads may be repeated after an unknown outcome; writes may not. */
  readonly repeatable: boolean
}

export type PlatformAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Parsed losslessly: long whole numbers are text. */
  readonly body: unknown
  /** The very bytes received, as text: what is stored as the raw document. */
  readonly text: string
  /** Unix ms at which the request was sent: orders two reads of one object. */
  readonly sentAtMs: number
}

/** The only door to the network. Throws `PlatformFailure`. */
export type Call = (request: PlatformRequest, signal?: AbortSignal) => Promise<PlatformAnswer>

export type SignedRequest = {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** The text that was signed and the bare signature, on platforms that sign. */
  readonly baseString?: string
  readonly signature?: string
}

/** An order as received: stored as it is, then mapped. */
export type RawOrder = {
  readonly platformOrderId: string
  /** Platform's market id where the payload has one: finds the shop among those of one grant. */
  readonly platformMarketId: string | null
  /** The shop it was read from, on platforms that are asked shop by shop; wins over the market. */
  readonly platformShopId?: string
  /** Last change as the platform states it, unix ms; `null` when it does not. */
  readonly changedAtMs: number | null
  readonly document: OrderDocument
  /** The document's JSON text, digits kept. */
  readonly payload: string
  /** What `payload` was written from, so that it need not be read again. */
  readonly value?: unknown
  readonly endpoint: string
  readonly fetchedAtMs: number
}

/** Names of order documents; the key into `maps`. */
export type OrderDocument = 'order' | 'order_v0'

/** Half-open span of platform update times, unix ms: `[fromMs, toMs)`. */
export type Window = { readonly fromMs: number; readonly toMs: number }

/** One page of a walk. `syncedUntilMs` (last page only): everything changed before it has been seen. */
export type OrderPage = {
  readonly orders: readonly RawOrder[]
  /** Entries that carried no usable order id: stored and quarantined, never dropped. */
  readonly unreadable: readonly { readonly payload: string; readonly reason: string }[]
  readonly syncedUntilMs: number | null
}

export type OrderWalk = { readonly by: 'updated' | 'created'; readonly window: Window }

/** A hint that something changed: never data. `dedupeKey` is the platform's message id. */
export type OrderHint = {
  readonly platformOrderId: string
  /** The account, or, where the message names only a shop, `null` and `platformShopId`. */
  readonly platformMerchantId: string | null
  readonly platformShopId?: string
  readonly platformMarketId: string | null
  readonly dedupeKey: string
  readonly occurredAtMs: number | null
}

export type ReadHint =
  | { readonly kind: 'order'; readonly hint: OrderHint }
  | { readonly kind: 'ignored'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** A push as it arrived. `headers` by lower-case name; `url` as the platform was given it. */
export type ReceivedPush = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly rawBody: Uint8Array
}
export type PushVerdict =
  { readonly valid: true; readonly reason: null } | { readonly valid: false; readonly reason: string }

/** A queue of platform messages. What is not acknowledged comes again. Failures are the queue library's own. */
export type MessageQueue = {
  /** Waits some seconds for messages; empty when none came or `signal` aborted. */
  readonly receive: (
    signal: AbortSignal,
  ) => Promise<readonly { readonly receipt: string; readonly body: unknown }[]>
  readonly acknowledge: (receipts: readonly string[]) => Promise<void>
  readonly close: () => void
}

/** Rate of one operation. Buckets are kept per app, account and operation. */
export type RateLimit = {
  readonly operation: string
  readonly perSecond: number
  readonly burst: number
  readonly scope: 'app' | 'account'
  /** Header that tells the account's real rate, where the platform sends one. */
  readonly learnFrom?: string
  readonly source: string
}

/** One row of the error table: how an answer is recognised and which kind it is. First match wins. */
export type ErrorRule = {
  /** HTTP status, or a class such as `5xx`. */
  readonly status: string
  /** Platform code; `*` for any. */
  readonly code: string
  /** Only when the message or the detail contains this. */
  readonly text?: string
  readonly kind: FailureKind
  readonly meaning: Text
  readonly remedy: Text
}

export type AboutPlatform = {
  readonly name: Text
  readonly apiVersion: string
  readonly quirks: readonly Text[]
  /** Longest span one walk may cover. */
  readonly maxWindowDays: number
  /** Distance from now within which changes may not be visible yet, ms. */
  readonly visibilityLagMs: number
  /** How far each walk goes back over what was already seen, ms. */
  readonly overlapMs: number
  /** Least time between two walks of one account, ms. */
  readonly pollEveryMs: number
  /** Consent must be renewed after this many days; `null` when it does not end. */
  readonly authorisationDays: number | null
}

export type Consent =
  | {
      readonly ok: true
      readonly code: string
      readonly state: string
      /** The whole callback: some platforms name the account or the shop there. */
      readonly query: Facts
    }
  | { readonly ok: false; readonly code: string; readonly detail: string; readonly state: string | null }

/**
 * A marketplace, as tables and a few small functions. It never calls the network itself.
 * Optional groups: present means supported.
 */
export type Connector = {
  readonly platform: Platform
  readonly about: AboutPlatform
  readonly markets: readonly Market[]
  /** Built-in base URLs by host key. */
  readonly hosts: Readonly<Record<string, string>>
  /** Hosts of the platform's own sandbox, for apps of that environment; as `hosts` where there is none. */
  readonly sandboxHosts?: Readonly<Record<string, string>>
  /** Names of the app credentials that configuration must supply. */
  readonly credentialNames: readonly string[]
  readonly maps: { readonly order: FieldMap<OrderContent> } & Partial<
    Record<OrderDocument, FieldMap<OrderContent>>
  >
  readonly errors: readonly ErrorRule[]
  readonly limits: readonly RateLimit[]
  /**
   * The documents inside what a person has at hand: a bare object, the platform's whole answer, or an
   * object of parts. An input of another shape comes back as it is, for the table to refuse.
   */
  readonly unwrap: (input: unknown, document: OrderDocument) => readonly unknown[]
  /** Pure: the request as it goes on the wire. */
  readonly sign: (
    request: PlatformRequest,
    baseUrl: string,
    app: PlatformApp,
    accessToken: string | null,
    nowMs: number,
  ) => SignedRequest
  /** Reads the platform's code and text out of an answer that failed; `null` when the answer is a success. */
  readonly readError: (answer: PlatformAnswer) => {
    readonly code: string
    readonly message: string
    readonly requestId: string | null
    /** Where the body and not a header says how long to wait, ms. */
    readonly retryAfterMs?: number
  } | null
  readonly auth: {
    readonly authorizeUrl: (
      app: PlatformApp,
      market: Market,
      state: string,
      redirectUri: string,
      nowMs: number,
    ) => string
    readonly readCallback: (query: Readonly<Record<string, string>>) => Consent
    /** One consent may yield several grants (a main account with a token for each shop). */
    readonly exchange: (
      call: Call,
      app: PlatformApp,
      consent: Extract<Consent, { ok: true }>,
      context: { readonly market: Market; readonly redirectUri: string; readonly nowMs: number },
    ) => Promise<readonly Grant[]>
    readonly refresh: (call: Call, app: PlatformApp, grant: Grant, nowMs: number) => Promise<Grant>
    readonly shops: (call: Call, grant: Grant) => Promise<readonly GrantedShop[]>
  }
  readonly orders: {
    readonly walk: (call: Call, account: Account, walk: OrderWalk) => AsyncIterable<OrderPage>
    /** `platformShopId`: the shop a message named, where it did. Throws `missing` when there is no such order. */
    readonly one: (
      call: Call,
      account: Account,
      platformOrderId: string,
      platformShopId?: string,
    ) => Promise<RawOrder>
  }
  readonly push?: {
    /** Reads one message of the platform's queue or web hook. */
    readonly readHint: (body: unknown) => ReadHint
    /** Platforms that push over HTTP. */
    readonly webhook?: {
      /** Constant-time check over the raw bytes, before anything is parsed. */
      readonly verify: (push: ReceivedPush, app: PlatformApp) => PushVerdict
      /** What `readHint` gets, where the body is not plain JSON; `null` when a verified push cannot be opened. */
      readonly open?: (push: ReceivedPush, app: PlatformApp) => unknown
      /** What the platform expects as an answer to a push that was taken. */
      readonly acknowledgement: { readonly status: number; readonly body: string; readonly type: string }
      /** The platform counts a later answer as a failure, ms. */
      readonly answerWithinMs: number
    }
    /** Opens the app's message queue; `null` when none is configured. */
    readonly openQueue?: (app: PlatformApp) => MessageQueue | null
    /** Makes the platform send an account's order changes to the app's queue. Safe to repeat. */
    readonly subscribe?: (call: Call, app: PlatformApp, region: string) => Promise<void>
  }
}
