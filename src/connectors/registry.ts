import type { Platform } from '#canonical/platform.ts'
import { amazon } from './amazon/index.ts'
import type { Connector } from './connector.ts'
import { lazada } from './lazada/index.ts'
import { shopee } from './shopee/index.ts'
import { temu } from './temu/index.ts'
import { tiktokShop } from './tiktok-shop/index.ts'

/** The connectors this build has, by platform. */
export const connectors: Readonly<Partial<Record<Platform, Connector>>> = {
  amazon,
  tiktok_shop: tiktokShop,
  shopee,
  lazada,
  temu,
}
