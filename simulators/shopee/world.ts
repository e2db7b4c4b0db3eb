import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { OrderBook } from './order-book.ts'
import type { Pushes } from './pushes.ts'
import type { Account, Shop } from './shops.ts'
import type { Tokens } from './tokens.ts'

/** The developer's application as the platform has it on file. */
export type App = {
  readonly partnerId: number
  /** Signs calls. Text, also where it looks like hex. */
  readonly partnerKey: string
  /** Signs pushes. */
  readonly pushKey: string
  /** `null`: any loopback address is good. */
  readonly redirectUris: readonly string[] | null
}

/** Everything the simulated platform knows: handed to each of its rooms. */
export type World = {
  readonly pace: Pace
  readonly faults: FaultSwitches
  readonly app: App
  readonly shops: readonly Shop[]
  readonly accounts: readonly Account[]
  readonly book: OrderBook
  readonly tokens: Tokens
  readonly pushes: Pushes
}
