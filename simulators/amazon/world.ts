import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { Grants } from './grants.ts'
import type { NoticeBoard } from './notice-board.ts'
import type { OrderBook, Seller } from './order-book.ts'
import type { Queues } from './queues.ts'

/** The developer's application as the platform has it on file. */
export type App = {
  readonly clientId: string
  readonly clientSecret: string
  readonly applicationId: string
  /** A draft app is authorised only with `version=beta`. */
  readonly draft: boolean
  /** `null`: any loopback address is good. */
  readonly redirectUris: readonly string[] | null
  readonly loginUri: string | null
  /** Without the role, personal fields are left out in silence. */
  readonly piiRole: boolean
  readonly taxRole: boolean
}

/** Everything the simulated platform knows: handed to each of its rooms. */
export type World = {
  readonly pace: Pace
  readonly faults: FaultSwitches
  readonly app: App
  readonly sellers: readonly Seller[]
  readonly book: OrderBook
  readonly grants: Grants
  readonly queues: Queues
  readonly notices: NoticeBoard
  /** Signs page tokens. */
  readonly secret: string
  /** Time until lists show a change; also the least distance of a window's end from now. Already scaled. */
  readonly visibilityMs: number
}
