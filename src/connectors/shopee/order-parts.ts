import type { Call, PlatformAnswer } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { isObject, listOf, membersOf, textOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/** What further calls add to orders, by order id. `leftOut`: calls that Shopee refused. */
export type Parts = {
  readonly escrow: ReadonlyMap<string, Members>
  readonly packages: ReadonlyMap<string, readonly Members[]>
  readonly leftOut: readonly string[]
}

/** Most parcels of one call, and the number of orders that docs: v2.payment.get_escrow_detail_batch recommends. */
const mostPackages = 50
const mostEscrows = 20

/** Orders without payment have no escrow. */
const withoutEscrow = new Set<unknown>(['UNPAID', 'PENDING'])

/**
 * Parcels (tracking numbers are only there) and escrow (the split of discounts is only there). An app may
 * lack the permission for either: then the orders come without, and say so. Throws `PlatformFailure` for
 * anything that may be better later.
 */
export async function readParts(call: Call, shopId: string, orders: readonly Members[]): Promise<Parts> {
  const numbers = orders.flatMap((order) =>
    listOf(order['package_list']).flatMap((parcel) => textOf(membersOf(parcel)['package_number']) ?? []),
  )
  const paid = orders
    .filter((order) => !withoutEscrow.has(order['order_status']))
    .flatMap((order) => textOf(order['order_sn']) ?? [])
  const packages = await inBatches(numbers, mostPackages, (batch) => packageDetails(call, shopId, batch))
  const escrows = await inBatches(paid, mostEscrows, (batch) => escrowDetails(call, shopId, batch))
  return {
    packages: groupByOrder(packages ?? []),
    escrow: new Map((escrows ?? []).flatMap((entry) => keyed(entry))),
    leftOut: [
      ...(packages === null ? ['get_package_detail'] : []),
      ...(escrows === null ? ['get_escrow_detail'] : []),
    ],
  }
}

/** `null` as soon as one batch is refused. */
async function inBatches(
  ids: readonly string[],
  size: number,
  read: (batch: readonly string[]) => Promise<readonly Members[] | null>,
): Promise<readonly Members[] | null> {
  const all: Members[] = []
  for (let at = 0; at < ids.length; at += size) {
    const batch = await read(ids.slice(at, at + size))
    if (batch === null) return null
    all.push(...batch)
  }
  return all
}

async function packageDetails(
  call: Call,
  shopId: string,
  numbers: readonly string[],
): Promise<readonly Members[] | null> {
  const answer = await unlessRefused(
    call({
      operation: 'packages.detail',
      method: 'GET',
      host: 'api',
      path: '/api/v2/order/get_package_detail',
      query: { package_number_list: numbers.join(','), shop_id: shopId },
      auth: 'seller',
      repeatable: true,
    }),
  )
  if (answer === null) return null
  return listOf(membersOf(membersOf(answer.body)['response'])['package_list']).filter(isObject)
}

/** The batch call is a POST although it reads; one order alone is asked for by the call for one. */
async function escrowDetails(
  call: Call,
  shopId: string,
  ids: readonly string[],
): Promise<readonly Members[] | null> {
  const [only] = ids
  const isSingle = ids.length === 1
  const answer = await unlessRefused(
    call({
      operation: isSingle ? 'escrow.detail' : 'escrow.batch',
      method: isSingle ? 'GET' : 'POST',
      host: 'api',
      path: `/api/v2/payment/get_escrow_detail${isSingle ? '' : '_batch'}`,
      query: { shop_id: shopId, ...(isSingle ? { order_sn: only! } : {}) },
      ...(isSingle ? {} : { body: { order_sn_list: ids } }),
      auth: 'seller',
      repeatable: true,
    }),
  )
  if (answer === null) return null
  const { response } = membersOf(answer.body)
  return isSingle ? [membersOf(response)] : escrowsOf(response)
}

/** Rows of the batch answer, each with or without its `escrow_detail` wrapper. */
export const escrowsOf = (response: unknown): readonly Members[] =>
  listOf(response)
    .map((row) => membersOf(membersOf(row)['escrow_detail'] ?? row))
    .filter((row) => isObject(row['order_income']))

async function unlessRefused(answer: Promise<PlatformAnswer>): Promise<PlatformAnswer | null> {
  try {
    return await answer
  } catch (error) {
    const isRefusal =
      error instanceof PlatformFailure && (error.kind === 'rejected' || error.kind === 'missing')
    if (isRefusal) return null
    throw error
  }
}

const keyed = (escrow: Members): (readonly [string, Members])[] => {
  const id = textOf(escrow['order_sn'])
  return id === null ? [] : [[id, escrow]]
}

function groupByOrder(packages: readonly Members[]): ReadonlyMap<string, readonly Members[]> {
  const groups = new Map<string, Members[]>()
  for (const parcel of packages) {
    const id = textOf(parcel['order_sn'])
    if (id === null) continue
    const group = groups.get(id)
    if (group) group.push(parcel)
    else groups.set(id, [parcel])
  }
  return groups
}
