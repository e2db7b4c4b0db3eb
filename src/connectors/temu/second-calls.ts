import type { Account, Call } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import type { Parts } from './document.ts'
import { idOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'
import { callRouter, resultOf } from './router.ts'

/** What the further calls about one order gave, and which APIs answered. */
export type Further = { readonly parts: Omit<Parts, 'order'>; readonly types: readonly string[] }

export type SecondCalls = { readonly ask: (parentOrderMap: Members) => Promise<Further> }

/** Sites without decimals: their amounts come from an API of their own (error 140020015 elsewhere). */
const sitesOfAmountV2: ReadonlySet<unknown> = new Set([118, 119, '118', '119'])

/** Orders with an address: from the end of the pending time on, and not cancelled. */
const statusesWithAddress: ReadonlySet<unknown> = new Set([2, 4, 41, 5, 51])

const apiNotGranted = '3000032'

/**
 * Amounts and address of an order, one call each. An API that the grant does not have is not asked again
 * in this walk; a refusal for one order costs that order the part, never the walk.
 */
export function openSecondCalls(call: Call, { region, facts }: Account): SecondCalls {
  const approved = facts['approved_apis']?.split(' ')
  const refused = new Set<string>()
  const mayAsk = (type: string, needsApproval: boolean): boolean =>
    !refused.has(type) && (!needsApproval || approved === undefined || approved.includes(type))

  async function ask(operation: string, type: string, parentOrderSn: unknown): Promise<Members | null> {
    try {
      return resultOf(await callRouter(call, { operation, type, region, parameters: { parentOrderSn } }))
    } catch (error) {
      if (!(error instanceof PlatformFailure)) throw error
      if (error.code === apiNotGranted) refused.add(type)
      else if (error.kind !== 'rejected' && error.kind !== 'missing') throw error
      return null
    }
  }

  async function askFirst(
    operation: string,
    types: readonly (readonly [type: string, needsApproval: boolean])[],
    parentOrderSn: unknown,
  ): Promise<readonly [type: string, part: Members] | null> {
    for (const [type, needsApproval] of types) {
      const part = mayAsk(type, needsApproval) ? await ask(operation, type, parentOrderSn) : null
      if (part) return [type, part]
    }
    return null
  }

  return {
    ask: async ({ parentOrderSn, siteId, parentOrderStatus }) => {
      const amountType = sitesOfAmountV2.has(siteId) ? 'temu.order.amount.v2.query' : 'bg.order.amount.query'
      const [amount, shipping] = await Promise.all([
        askFirst('orders.amount', [[amountType, true]], parentOrderSn),
        statusesWithAddress.has(Number(idOf(parentOrderStatus)))
          ? askFirst(
              'orders.shipping',
              [
                ['bg.order.decryptshippinginfo.get', true],
                ['bg.order.shippinginfo.v2.get', false],
              ],
              parentOrderSn,
            )
          : null,
      ])
      return {
        parts: {
          ...(amount ? { amount: amount[1] } : {}),
          ...(shipping ? { shipping: shipping[1] } : {}),
        },
        types: [amount, shipping].flatMap((found) => (found ? [found[0]] : [])),
      }
    },
  }
}
