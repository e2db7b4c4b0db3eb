import { rollDice } from '../random.ts'
import { regions } from './regions.ts'

export type Shop = {
  readonly shopId: number
  readonly region: string
  readonly name: string
  /** The main account above it, for shops that have one. */
  readonly mainAccountId: number | null
}

/** Who can give consent: a shop's own account, or a main account with all of its shops and merchants. */
export type Account = {
  readonly kind: 'shop' | 'main'
  readonly id: number
  readonly name: string
  readonly shopIds: readonly number[]
  readonly merchantIds: readonly number[]
}

/** Markets whose shops hang under one cross-border main account as well. */
const mainRegions: ReadonlySet<string> = new Set(['MY', 'PH', 'TH'])

export function foundShops(seed: string): readonly Shop[] {
  const dice = rollDice(`${seed}/shops`)
  const mainAccountId = 60_000 + dice.whole(1, 9999)
  return regions.map((region) => ({
    shopId: Number(`${dice.whole(2, 9)}${dice.letters(8)}`),
    region: region.code,
    name: region.shopName,
    mainAccountId: mainRegions.has(region.code) ? mainAccountId : null,
  }))
}

export function accountsOf(shops: readonly Shop[]): readonly Account[] {
  const own = shops.map(({ shopId, name, region }): Account => ({
    kind: 'shop',
    id: shopId,
    name: `${name} (${region})`,
    shopIds: [shopId],
    merchantIds: [],
  }))
  const mains = [...new Set(shops.flatMap(({ mainAccountId }) => mainAccountId ?? []))].map(
    (id): Account => ({
      kind: 'main',
      id,
      name: 'Kestrel Cross-Border',
      shopIds: shops.filter((shop) => shop.mainAccountId === id).map(({ shopId }) => shopId),
      merchantIds: [1_000_000 + id],
    }),
  )
  return [...own, ...mains]
}
