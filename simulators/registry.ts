import { startAmazonSimulator } from './amazon/index.ts'
import type { Simulator, SimulatorOptions } from './simulator.ts'

/** The simulators this build has, by platform. */
export const simulators: Readonly<Record<string, (options: SimulatorOptions) => Promise<Simulator>>> = {
  amazon: startAmazonSimulator,
}
