import type { ClaimedDelivery } from '#store/deliveries.ts'

/** A claimed delivery in this process's hands. */
export type HeldDelivery = { readonly delivery: ClaimedDelivery; readonly leaseUntilMs: number }

/** Limits of an endpoint, as last read. */
export type LaneLimits = { readonly maxConcurrency: number; readonly perSecond: number | null }

/** What this process has in hand for one endpoint. */
export type Lane = {
  limits: LaneLimits
  readonly waiting: HeldDelivery[]
  inFlight: number
  /** The last claim gave all it was asked for, so there is probably more. */
  hasMore: boolean
  /** Recent duration of an attempt, ms, smoothed. */
  usualMs: number
  /** Attempts in a row that ran into the deadline or found nobody. */
  stalls: number
  /** Theoretical arrival time of the rate limit (GCRA), unix ms. */
  paceMs: number
  lastUsedMs: number
}

/** A receiver that only ever costs time gets one slot, so that many of them cannot hold all. */
const stallsBeforeProbing = 5
/** Fast receivers are given work ahead, so that they need not wait for the next claim. */
const fastMs = 100
const aheadFactor = 3
const smoothing = 0.2
const idleMs = 60_000
/** A rate limit may be used up in one go, once a second. */
const burstMs = 1000

export type Lanes = {
  readonly of: (endpointId: string, limits: LaneLimits) => Lane
  /** Room per known endpoint, for the next claim. */
  readonly room: (nowMs: number) => ReadonlyMap<string, number>
  /** After a claim that offered `room`: who got all that fitted probably has more. */
  readonly noteTaken: (taken: ReadonlyMap<string, number>, room: ReadonlyMap<string, number>) => void
  /** Deliveries in hand, waiting or in flight. */
  readonly held: () => number
  readonly all: () => Iterable<Lane>
}

export function openLanes(): Lanes {
  const lanes = new Map<string, Lane>()
  return {
    of: (endpointId, limits) => {
      const known = lanes.get(endpointId)
      if (known) {
        known.limits = limits
        return known
      }
      const lane = newLane(limits)
      lanes.set(endpointId, lane)
      return lane
    },
    room: (nowMs) => {
      const room = new Map<string, number>()
      for (const [endpointId, lane] of lanes) {
        const isIdle = lane.inFlight === 0 && lane.waiting.length === 0 && lane.lastUsedMs < nowMs - idleMs
        if (isIdle) lanes.delete(endpointId)
        else room.set(endpointId, roomOf(lane, nowMs))
      }
      return room
    },
    noteTaken: (taken, room) => {
      for (const [endpointId, lane] of lanes) {
        const offered = room.get(endpointId) ?? lane.limits.maxConcurrency
        if (offered > 0) lane.hasMore = (taken.get(endpointId) ?? 0) >= offered
      }
    },
    held: () => {
      let held = 0
      for (const lane of lanes.values()) held += lane.inFlight + lane.waiting.length
      return held
    },
    all: () => lanes.values(),
  }
}

const newLane = (limits: LaneLimits): Lane => ({
  limits,
  waiting: [],
  inFlight: 0,
  hasMore: false,
  usualMs: fastMs,
  stalls: 0,
  paceMs: 0,
  lastUsedMs: 0,
})

const slotsOf = (lane: Lane): number => (lane.stalls >= stallsBeforeProbing ? 1 : lane.limits.maxConcurrency)

/** Deliveries that may be claimed for it now. */
function roomOf(lane: Lane, nowMs: number): number {
  const slots = slotsOf(lane)
  const ahead = lane.usualMs < fastMs && lane.stalls === 0 ? slots * aheadFactor : 0
  const room = slots + ahead - lane.inFlight - lane.waiting.length
  return Math.max(0, Math.min(room, paceOf(lane, nowMs) - lane.waiting.length))
}

/** Attempts that the rate limit allows at this moment. */
function paceOf(lane: Lane, nowMs: number): number {
  const { perSecond } = lane.limits
  if (perSecond === null) return Number.MAX_SAFE_INTEGER
  const interval = 1000 / perSecond
  return Math.floor((nowMs + Math.max(burstMs, interval) - Math.max(lane.paceMs, nowMs)) / interval)
}

/** Removes waiting deliveries whose lease would end before `byMs`. */
export function dropStale(lane: Lane, byMs: number): readonly ClaimedDelivery[] {
  const stale: ClaimedDelivery[] = []
  while ((lane.waiting[0]?.leaseUntilMs ?? byMs) < byMs) stale.push(lane.waiting.shift()!.delivery)
  return stale
}

/** The next delivery that may start, or undefined when all slots are taken or the rate is used up. */
export function takeNext(lane: Lane, nowMs: number): HeldDelivery | undefined {
  if (lane.inFlight >= slotsOf(lane) || paceOf(lane, nowMs) < 1) return undefined
  const next = lane.waiting.shift()
  if (!next) return undefined
  lane.inFlight++
  lane.lastUsedMs = nowMs
  if (lane.limits.perSecond !== null)
    lane.paceMs = Math.max(lane.paceMs, nowMs) + 1000 / lane.limits.perSecond
  return next
}

export function giveBack(
  lane: Lane,
  attempt: { readonly durationMs: number; readonly isStall: boolean },
): void {
  lane.inFlight--
  lane.usualMs += (attempt.durationMs - lane.usualMs) * smoothing
  lane.stalls = attempt.isStall ? lane.stalls + 1 : 0
}
