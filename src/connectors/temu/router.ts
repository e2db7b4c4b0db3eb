import type { Call, PlatformAnswer } from '#connectors/connector.ts'
import { membersOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

/** The one path of every gateway. */
const routerPath = '/openapi/router'

type RouterCall = {
  readonly operation: string
  /** Name of the API. */
  readonly type: string
  readonly region: string
  readonly parameters: Members
  /** A token that is not the grant's: sent as it is, without asking for one. */
  readonly token?: string
  readonly repeatable?: boolean
}

/** Calls one API of a gateway. Throws `PlatformFailure`. */
export function callRouter(call: Call, request: RouterCall, signal?: AbortSignal): Promise<PlatformAnswer> {
  const { operation, type, region, parameters, token, repeatable = true } = request
  return call(
    {
      operation,
      method: 'POST',
      host: `api.${region}`,
      path: routerPath,
      body: { type, ...(token === undefined ? {} : { access_token: token }), ...parameters },
      auth: token === undefined ? 'seller' : 'none',
      repeatable,
    },
    signal,
  )
}

/** The members of an answer's result; none when the result is no object. */
export const resultOf = (answer: PlatformAnswer): Members => membersOf(membersOf(answer.body)['result'])
