import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { Grants } from './grants.ts'
import type { OrderBook } from './order-book.ts'
import type { Account } from './order.ts'
import type { Pushes } from './pushes.ts'

/** The developer's application as the platform has it on file. */
export type App = {
  readonly appKey: string
  readonly appSecret: string
  readonly serviceId: string
  /** Where sellers are sent back to; `null`: a loopback address that the consent link names. */
  readonly redirectUris: readonly string[] | null
  readonly scopes: readonly string[]
}

/** Everything the simulated platform knows: handed to each of its rooms. */
export type World = {
  readonly pace: Pace
  readonly faults: FaultSwitches
  readonly app: App
  readonly accounts: readonly Account[]
  readonly book: OrderBook
  readonly grants: Grants
  readonly pushes: Pushes
  /** Signs page tokens. */
  readonly secret: string
}
