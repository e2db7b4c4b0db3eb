import type { HttpAnswer } from '../http.ts'

let requests = 0
/** Request ids only have to differ. */
const requestId = (): string => `2ff${(++requests).toString(16).padStart(21, '0')}`

/** HTTP 200 with code "0"; what the call gives lies beside it. */
export const ok = (content: object): HttpAnswer => ({
  status: 200,
  body: { ...content, code: '0', request_id: requestId() },
})

/** Errors are HTTP 200, too. `type`: ISV the caller's fault, ISP the service's, SYSTEM the gateway's. */
export const fail = (code: string, message: string, type: 'ISV' | 'ISP' | 'SYSTEM' = 'ISV'): HttpAnswer => ({
  status: 200,
  body: { code, type, message, request_id: requestId() },
})

export const illegalToken = (): HttpAnswer =>
  fail('IllegalAccessToken', 'The specified access token is invalid or expired')
export const apiCallLimit = (seconds: number): HttpAnswer =>
  fail('ApiCallLimit', `Api access frequency exceeds the limit. this ban will last ${seconds} seconds`)
export const remoteError = (): HttpAnswer => fail('15', 'Remote service error', 'ISP')

export const gatewayPage: HttpAnswer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
}

/** A success outside, a failure inside. */
export const hiddenFailure = (): HttpAnswer =>
  ok({ result: { success: false, error_code: 'ServiceTimeout', error_msg: 'HSF service timeout' } })
