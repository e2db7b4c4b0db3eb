import { startAmazonSimulator } from './amazon/index.ts'
import { startLazadaSimulator } from './lazada/index.ts'
import { startShopeeSimulator } from './shopee/index.ts'
import type { Simulator, SimulatorOptions } from './simulator.ts'
import { startTemuSimulator } from './temu/index.ts'
import { startTiktokShopSimulator } from './tiktok-shop/index.ts'

/** The simulators this build has, by platform. */
export const simulators: Readonly<Record<string, (options: SimulatorOptions) => Promise<Simulator>>> = {
  amazon: startAmazonSimulator,
  tiktok_shop: startTiktokShopSimulator,
  shopee: startShopeeSimulator,
  lazada: startLazadaSimulator,
  temu: startTemuSimulator,
}
