import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { Grants } from './grants.ts'
import type { OrderBook } from './order-book.ts'
import type { PushDesk } from './push-desk.ts'
import type { Mall } from './sites.ts'

/** The developer's application as the platform has it on file. */
export type App = {
  readonly appKey: string
  readonly appSecret: string
  /** `null`: any loopback address is good. */
  readonly redirectUris: readonly string[] | null
  /** Temu has approved the app for amounts; without it they are not in any grant. */
  readonly amountsApproved: boolean
  readonly clearAddressesApproved: boolean
}

/** Everything the simulated platform knows: handed to each of its rooms. */
export type World = {
  readonly pace: Pace
  readonly faults: FaultSwitches
  readonly app: App
  readonly malls: readonly Mall[]
  readonly book: OrderBook
  readonly grants: Grants
  readonly pushes: PushDesk
  /** Parameters that were sent and mean nothing, with how often: the platform ignores them in silence. */
  readonly unknownParameters: Map<string, number>
}

export const findMall = (world: World, mallId: number): Mall | undefined =>
  world.malls.find((mall) => mall.mallId === mallId)
