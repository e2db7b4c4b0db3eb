import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { Dice } from '../random.ts'
import type { Change } from './order-life.ts'
import type { Account, SimulatedOrder } from './order.ts'
import { secondsOf } from './render.ts'
import { signPush } from './signature.ts'

/** Waits after a push that was not taken; then it is dropped. */
const retryAfterMs = [2, 30, 180, 720].map((minutes) => minutes * 60_000)
/** The receiver has this long, in real time. */
const answerWithinMs = 3000
/** How late a push is when later ones overtake it. */
const overtakenMs = 30_000

type Subscription = { readonly type: string; readonly address: string }
type Waiting = {
  readonly address: string
  readonly body: string
  readonly subject: string
  tries: number
  dueMs: number
}

export type SentPush = {
  readonly subject: string
  readonly body: string
  readonly status: number | null
  readonly tries: number
}

/** Who wants to be told what, and the telling itself. */
export type Pushes = {
  /** False for an address or a type that the platform would not take. */
  readonly subscribe: (shopId: string, type: string, address: string) => boolean
  readonly unsubscribe: (shopId: string, type: string) => void
  readonly subscriptions: (shopId: string) => readonly Subscription[]
  readonly announce: (order: SimulatedOrder, change: NonNullable<Change>) => void
  readonly announceEnd: (account: Account) => void
  /** Sends what is due by now. */
  readonly deliverDue: () => void
  /** Every attempt so far, oldest first; the last thousand are kept. */
  readonly sent: () => readonly SentPush[]
  /** Resolves when nothing is on its way. */
  readonly idle: () => Promise<void>
}

const eventTypes = {
  ORDER_STATUS_CHANGE: 1,
  SELLER_DEAUTHORIZATION: 6,
  CANCELLATION_STATUS_CHANGE: 11,
} as const
type EventType = keyof typeof eventTypes

/** The real platform wants https and a domain; a simulator must never leave this machine. */
const isLoopback = (address: string): boolean =>
  address.length <= 255 &&
  URL.canParse(address) &&
  ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname)

const keptAttempts = 1000

export function openPushes(options: {
  readonly app: { readonly appKey: string; readonly appSecret: string }
  readonly pace: Pace
  readonly faults: FaultSwitches
  readonly dice: Dice
  /** For every event of every shop, as set in the app's own pages. */
  readonly pushUrl: string | null
}): Pushes {
  const { app, pace, faults, dice, pushUrl } = options
  if (pushUrl !== null && !isLoopback(pushUrl)) throw new RangeError(`not a loopback address: ${pushUrl}`)
  const byShop = new Map<string, Map<string, string>>()
  const waiting = new Set<Waiting>()
  const flying = new Set<Promise<void>>()
  let sent: SentPush[] = []

  const addressFor = (shopId: string, type: EventType): string | null =>
    byShop.get(shopId)?.get(type) ?? pushUrl

  function enqueue(shopId: string, type: EventType, subject: string, data: object): void {
    const address = addressFor(shopId, type)
    const id = `73800${dice.letters(14)}`
    if (address === null || faults.strikes('lost_notification', subject)) return
    const nowMs = pace.clock.nowMs()
    const body = JSON.stringify({
      type: eventTypes[type],
      tts_notification_id: id,
      shop_id: shopId,
      timestamp: secondsOf(nowMs),
      data,
    })
    const lateMs = faults.strikes('out_of_order_notification', subject) ? pace.spanMs(overtakenMs) : 0
    const push = { address, body, subject, tries: 0, dueMs: nowMs + lateMs }
    waiting.add(push)
    if (faults.strikes('duplicate_notification', subject)) waiting.add({ ...push, dueMs: nowMs })
  }

  async function attempt(push: Waiting): Promise<void> {
    const status = await fetch(push.address, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: signPush(app.appKey, app.appSecret, push.body),
      },
      body: push.body,
      redirect: 'manual',
      signal: AbortSignal.timeout(answerWithinMs),
    }).then(
      async (response) => {
        await response.body?.cancel()
        return response.status
      },
      () => null,
    )
    push.tries++
    sent = [
      ...sent.slice(1 - keptAttempts),
      { subject: push.subject, body: push.body, status, tries: push.tries },
    ]
    const waitMs = retryAfterMs[push.tries - 1]
    if (status === 200 || waitMs === undefined) return
    push.dueMs = pace.clock.nowMs() + pace.spanMs(waitMs)
    waiting.add(push)
  }

  function deliverDue(): void {
    const nowMs = pace.clock.nowMs()
    for (const push of waiting) {
      if (push.dueMs > nowMs) continue
      waiting.delete(push)
      const flight: Promise<void> = attempt(push).finally(() => flying.delete(flight))
      flying.add(flight)
    }
  }

  return {
    subscribe: (shopId, type, address) => {
      if (!isLoopback(address) || !Object.hasOwn(eventTypes, type)) return false
      byShop.set(shopId, (byShop.get(shopId) ?? new Map<string, string>()).set(type, address))
      return true
    },
    unsubscribe: (shopId, type) => byShop.get(shopId)?.delete(type),
    subscriptions: (shopId) => [...(byShop.get(shopId) ?? [])].map(([type, address]) => ({ type, address })),
    announce: (order, change) => {
      const { orderId, shop, status, updatedMs } = order
      if (change === 'status')
        enqueue(shop.shopId, 'ORDER_STATUS_CHANGE', orderId, {
          order_id: orderId,
          // Pushes spell this state without its last letters; the API does not.
          order_status: status === 'CANCELLED' ? 'CANCEL' : status,
          is_on_hold_order: order.wasOnHold,
          update_time: secondsOf(updatedMs),
        })
      else
        enqueue(shop.shopId, 'CANCELLATION_STATUS_CHANGE', orderId, {
          order_id: orderId,
          cancellations_role: 'BUYER',
          cancel_status: 'CANCELLATION_REQUEST_PENDING',
          cancel_id: `40353${orderId.slice(-14)}`,
          create_time: secondsOf(order.cancelRequestedMs ?? updatedMs),
        })
      deliverDue()
    },
    announceEnd: (account) => {
      for (const { shopId } of account.shops)
        enqueue(shopId, 'SELLER_DEAUTHORIZATION', account.openId, {
          message: `Shop_id ${shopId} is deauthorized from your APP by merchant.`,
        })
      deliverDue()
    },
    deliverDue,
    sent: () => sent,
    idle: async () => {
      while (flying.size > 0) await Promise.all(flying)
    },
  }
}
