import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { Grants } from './grants.ts'
import type { Account } from './order.ts'
import type { OrderBook } from './order-book.ts'

/** The developer's application as the platform has it on file. */
export type App = {
  readonly appKey: string
  readonly appSecret: string
  /** `null`: any loopback address is good. */
  readonly redirectUris: readonly string[] | null
  /** The app passed the security review; without it personal data is masked. */
  readonly clearData: boolean
}

/** Everything the simulated platform knows: handed to each of its rooms. */
export type World = {
  readonly pace: Pace
  readonly faults: FaultSwitches
  readonly app: App
  readonly accounts: readonly Account[]
  readonly book: OrderBook
  readonly grants: Grants
}
