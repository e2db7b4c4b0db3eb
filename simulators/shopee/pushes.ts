import { createHmac } from 'node:crypto'
import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { Dice } from '../random.ts'
import type { Change } from './order-life.ts'
import { secondsOf, type SimulatedOrder } from './order.ts'
import type { App } from './world.ts'

/** Waits before the second, third and fourth try, in seconds (docs: developer-guide/18). */
const retriesS = [300, 1800, 10_800]
/** A later answer counts as none; real time, because the receiver lives in it. */
const answerWithinMs = 3000
/** How late a push is when later ones overtake it. */
const overtakenMs = 30_000
const keptLostMs = 3 * 86_400_000
const mostLost = 100

type Push = { readonly code: number; readonly shopId: number | null; readonly body: string }
type Waiting = Push & { readonly tries: number; readonly dueMs: number }
type Lost = Push & { readonly id: number; readonly atMs: number }

export type PushConfig = {
  url: string | null
  readonly codes: Set<number>
  blockedShopIds: readonly number[]
}

/** What the app is told over HTTP, signed, until it says that it has understood. */
export type Pushes = {
  readonly config: PushConfig
  readonly tell: (order: SimulatedOrder, change: Change) => void
  /** Codes 1 and 2: consents given and withdrawn. */
  readonly tellAuthorisation: (code: 1 | 2, data: object) => void
  /** Sends code 0 to an address; whether it was answered as it must be. */
  readonly verifyUrl: (url: string) => Promise<boolean>
  /** Sends what is due; called by the simulator's heart. */
  readonly sendDue: () => void
  readonly nextDueMs: () => number
  /** Pushes given up, oldest first, up to three days back. */
  readonly lost: () => readonly Lost[]
  readonly confirmLost: (lastId: number) => void
  /** Resolves when nothing is on its way. */
  readonly idle: () => Promise<void>
  readonly stop: () => void
}

const orderCodes = [3, 4, 30]
const defaultCodes = [1, 2, 12, 15, 29, 47, ...orderCodes]

function renderChange(order: SimulatedOrder, { code, parcel }: Change): object {
  const updated = secondsOf(order.updatedMs)
  if (code === 3)
    return {
      items: [],
      ordersn: order.orderSn,
      status: order.status,
      completed_scenario: '',
      update_time: updated,
    }
  const ids = { ordersn: order.orderSn, package_number: parcel?.number ?? '' }
  if (code === 4)
    return { ...ids, forder_id: String(order.serial), tracking_no: parcel?.trackingNumber ?? '' }
  return { ...ids, fulfillment_status: parcel?.status ?? '', update_time: updated }
}

export function openPushes(app: App, pace: Pace, faults: FaultSwitches, dice: Dice): Pushes {
  const config: PushConfig = { url: null, codes: new Set(defaultCodes), blockedShopIds: [] }
  const stopping = new AbortController()
  const onTheWay = new Set<Promise<void>>()
  let waiting: Waiting[] = []
  let lost: Lost[] = []
  let lostCount = 0

  /** True for 2xx with an empty body in time; everything else is a failure. */
  async function post(url: string, body: string): Promise<boolean> {
    const authorization = createHmac('sha256', app.pushKey).update(`${url}|${body}`).digest('hex')
    try {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([AbortSignal.timeout(answerWithinMs), stopping.signal]),
      })
      return answer.ok && (await answer.text()) === ''
    } catch {
      return false
    }
  }

  async function deliver(push: Waiting): Promise<void> {
    if (config.url === null || (await post(config.url, push.body)) || stopping.signal.aborted) return
    const waitS = retriesS[push.tries]
    const nowMs = pace.clock.nowMs()
    if (waitS === undefined) lost.push({ ...push, id: ++lostCount, atMs: nowMs })
    else waiting.push({ ...push, tries: push.tries + 1, dueMs: nowMs + pace.spanMs(waitS * 1000) })
  }

  function start(push: Waiting): void {
    const delivery = deliver(push).finally(() => onTheWay.delete(delivery))
    onTheWay.add(delivery)
  }

  function sendDue(): void {
    const nowMs = pace.clock.nowMs()
    const due = waiting.filter(({ dueMs }) => dueMs <= nowMs)
    if (due.length === 0) return
    waiting = waiting.filter(({ dueMs }) => dueMs > nowMs)
    for (const push of due) start(push)
  }

  function enqueue(push: Push, delayMs = 0): void {
    waiting.push({ ...push, tries: 0, dueMs: pace.clock.nowMs() + delayMs })
    sendDue()
  }

  const wants = (code: number, shopId: number | null): boolean =>
    config.url !== null &&
    config.codes.has(code) &&
    (shopId === null || !config.blockedShopIds.includes(shopId))

  return {
    config,
    sendDue,
    tell: (order, change) => {
      const { shopId, orderSn } = order
      if (!wants(change.code, shopId) || faults.strikes('lost_notification', orderSn)) return
      const body = JSON.stringify({
        msg_id: dice.letters(32, '0123456789abcdef'),
        data: renderChange(order, change),
        shop_id: shopId,
        code: change.code,
        timestamp: secondsOf(pace.clock.nowMs()),
      })
      const push = { code: change.code, shopId, body }
      enqueue(push, faults.strikes('out_of_order_notification', orderSn) ? pace.spanMs(overtakenMs) : 0)
      if (faults.strikes('duplicate_notification', orderSn)) enqueue(push)
    },
    tellAuthorisation: (code, data) => {
      if (!wants(code, null)) return
      const timestamp = secondsOf(pace.clock.nowMs())
      const body = JSON.stringify({ data, partner_id: app.partnerId, code, timestamp })
      enqueue({ code, shopId: null, body })
    },
    verifyUrl: (url) =>
      post(
        url,
        JSON.stringify({
          code: 0,
          data: { verify_info: 'This is a Verification message.Please respond in the certain format.' },
        }),
      ),
    nextDueMs: () =>
      waiting.reduce((soonest, { dueMs }) => Math.min(soonest, dueMs), Number.POSITIVE_INFINITY),
    lost: () => {
      const since = pace.clock.nowMs() - keptLostMs
      lost = lost.filter(({ atMs }) => atMs >= since)
      return lost.slice(0, mostLost)
    },
    confirmLost: (lastId) => {
      lost = lost.filter(({ id }) => id > lastId)
    },
    idle: async () => {
      while (onTheWay.size > 0) await Promise.all(onTheWay)
    },
    stop: () => stopping.abort(),
  }
}
