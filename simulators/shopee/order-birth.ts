import { products } from '../catalog-products.ts'
import { rollDice, type Dice } from '../random.ts'
import type { OrderItem, OrderKind, SimulatedOrder } from './order.ts'
import { regionOf, type Region } from './regions.ts'

/** How often a kind comes; some only where the market knows them. */
const weights: readonly (readonly [OrderKind, number, (region: Region) => boolean])[] = [
  ['standard', 30, always],
  ['cod', 16, (region) => region.cod !== null],
  ['fbs', 8, always],
  ['split', 6, always],
  ['bundle', 6, always],
  ['pending', 4, always],
  ['unpaid', 4, always],
  ['cancelled_by_buyer', 5, always],
  ['cancel_refused', 3, always],
  ['cancelled_by_seller', 4, always],
  ['retry', 3, always],
  ['returned', 4, always],
  ['preorder', 3, always],
  ['invoice', 8, (region) => region.code === 'BR'],
]
function always(): boolean {
  return true
}

export const orderKinds = weights.map(([kind]) => kind)

function drawKind(region: Region, dice: Dice): OrderKind {
  const known = weights.filter(([, , fits]) => fits(region))
  let left = dice.next() * known.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [kind, weight] of known) {
    left -= weight
    if (left < 0) return kind
  }
  return 'standard'
}

/** Price in the smallest unit, ending as shops let prices end. */
function priceOf(euroCents: number, { perEuro, decimals }: Region): number {
  const major = (euroCents / 100) * perEuro
  if (decimals === 2) return Math.ceil(major) * 100 - 10
  const step = 10 ** Math.max(0, Math.floor(Math.log10(major)) - 1)
  return Math.max(step, Math.round(major / step) * step)
}

const variations = ['Red,M', 'Blue,L', 'Sand', '2 pcs', 'Black']
const messages = ['', '', '', 'Please pack well, thank you', '請盡快出貨', 'Giao giờ hành chính giúp mình']
const snLetters = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'

/** Ids of an item are the same in every order of a shop. */
function idsOf(sku: string, region: Region): { readonly itemId: number; readonly modelId: number } {
  const dice = rollDice(`item/${region.code}/${sku}`)
  const itemId = Number(`${dice.whole(2, 9)}${dice.letters(9)}`)
  return { itemId, modelId: dice.chance(0.7) ? Number(`${dice.whole(1, 9)}${dice.letters(11)}`) : 0 }
}

function drawItems(kind: OrderKind, region: Region, idBase: number, dice: Dice): readonly OrderItem[] {
  const wanted = kind === 'bundle' ? 2 : dice.pick([1, 1, 1, 2, 3])
  const chosen = new Set(Array.from({ length: wanted }, () => dice.pick(products)))
  const isDeal = kind === 'bundle'
  const first = idsOf([...chosen][0]!.sku, region)
  return [...chosen].map((product, index) => {
    const { itemId, modelId } = idsOf(product.sku, region)
    const original = priceOf(product.euroCents, region)
    const cut = dice.chance(0.4) ? Math.round(original * 0.1) : 0
    const voucher = dice.chance(0.25) ? Math.round(original * 0.05) : 0
    return {
      lineItemId: idBase + index,
      orderItemId: isDeal ? first.itemId : itemId,
      itemId,
      modelId,
      name: product.titles.en,
      itemSku: product.sku,
      modelSku: modelId === 0 ? '' : `${product.sku}-V`,
      modelName: modelId === 0 ? '' : dice.pick(variations),
      quantity: kind === 'split' ? dice.whole(2, 4) : dice.whole(1, 3),
      original,
      discounted: original - cut,
      sellerVoucher: voucher,
      platformVoucher: dice.chance(0.2) ? Math.round(original * 0.03) : 0,
      promotionGroupId: isDeal ? 1 : 0,
    }
  })
}

export type Birth = {
  readonly seed: string
  readonly serial: number
  readonly shopId: number
  readonly region: string
  readonly kind?: OrderKind
  readonly createdMs: number
}

/** `YYMMDD` and eight letters, the serial among them so that no two are alike. */
function orderSnOf({ seed, serial, createdMs }: Birth, dice: Dice): string {
  const day = new Date(createdMs).toISOString().slice(2, 10).replaceAll('-', '')
  const offset = rollDice(`${seed}/sn`).whole(0, 1_679_615)
  const middle = ((serial * 7919 + offset) % 1_679_616).toString(36).toUpperCase().padStart(4, '0')
  return `${day}${middle}${dice.letters(4, snLetters)}`
}

/** One order, decided by seed and serial alone; only its times come from outside. */
export function bearOrder(birth: Birth): SimulatedOrder {
  const dice = rollDice(`${birth.seed}/order/${birth.serial}`)
  const region = regionOf(birth.region)
  const kind = birth.kind ?? drawKind(region, dice)
  const unit = region.decimals === 2 ? 100 : 1
  return {
    orderSn: orderSnOf(birth, dice),
    serial: birth.serial,
    shopId: birth.shopId,
    region: region.code,
    currency: region.currency,
    kind,
    cod: kind === 'cod',
    flag: kind === 'fbs' ? 'fulfilled_by_shopee' : 'fulfilled_by_local_seller',
    buyer: {
      id: Number(dice.whole(1, 9) + dice.letters(8)),
      name: dice.pick(region.people),
      userName: dice.letters(10, 'abcdefghijklmnopqrstuvwxyz0123456789'),
    },
    place: dice.pick(region.places),
    items: drawItems(kind, region, 6_000_000_000 + birth.serial * 10, dice),
    shipping: Math.round(1.5 * region.perEuro) * unit,
    message: dice.pick(messages),
    createdMs: birth.createdMs,
    updatedMs: birth.createdMs,
    status: kind === 'cod' ? 'READY_TO_SHIP' : 'UNPAID',
    payMs: null,
    shipByMs: null,
    pendingTerms: [],
    cancelBy: '',
    cancelReason: '',
    buyerCancelReason: '',
    parcels: [],
    nextStep: 0,
    dueMs: Number.POSITIVE_INFINITY,
  }
}
