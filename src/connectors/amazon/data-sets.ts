import type { Call, PlatformAnswer, PlatformRequest } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'

/** Every value of `includedData`; what is not asked for is absent from the answer, the status included. */
export const dataSets = [
  'BUYER',
  'RECIPIENT',
  'PROCEEDS',
  'EXPENSE',
  'PROMOTION',
  'CANCELLATION',
  'FULFILLMENT',
  'PACKAGES',
  'TAX',
  'PAYMENT',
  'FULFILLMENT_ORDERS',
] as const
export type DataSet = (typeof dataSets)[number]

/** Order in which they are suspected: FULFILLMENT once failed for a day, the next ones depend on roles. */
const suspects: readonly DataSet[] = [
  'FULFILLMENT',
  'TAX',
  'PAYMENT',
  'RECIPIENT',
  'BUYER',
  ...dataSets.filter((set) => !['FULFILLMENT', 'TAX', 'PAYMENT', 'RECIPIENT', 'BUYER'].includes(set)),
]

/** What a call had to leave out; carried from page to page. */
export type DataSets = { leftOut: readonly DataSet[] }

/**
 * Calls with every data set. One of them can be broken on Amazon's side for hours and then fails the whole
 * call with an unexplained 400: such a call is made again without one value at a time, and `sets` keeps
 * what was left out. When no single value is to blame the first refusal is thrown.
 */
export async function callWithDataSets(
  call: Call,
  request: PlatformRequest,
  sets: DataSets,
  tries: 'search' | 'these only' = 'search',
): Promise<PlatformAnswer> {
  try {
    return await call(including(request, sets.leftOut))
  } catch (error) {
    if (tries === 'these only' || !isUnexplained(error)) throw error
    for (const suspect of suspects) {
      const answer = await call(including(request, [suspect])).catch((again: unknown) => {
        if (isUnexplained(again)) return null
        throw again
      })
      if (answer) {
        sets.leftOut = [suspect]
        return answer
      }
    }
    throw error
  }
}

const including = (request: PlatformRequest, leftOut: readonly DataSet[]): PlatformRequest => ({
  ...request,
  query: { ...request.query, includedData: dataSets.filter((set) => !leftOut.includes(set)).join(',') },
})

const isUnexplained = (error: unknown): boolean =>
  error instanceof PlatformFailure && error.kind === 'rejected' && error.httpStatus === 400
