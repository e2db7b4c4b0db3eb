import { randomUUID } from 'node:crypto'
import type { HttpAnswer } from '../http.ts'

/** What Temu says beside each code it refuses with (docs: common error codes, error SOPs). */
const messages = {
  2000000: 'Business service error',
  3000000: 'Parameter error',
  3000001: 'SIGN_UNVALID',
  3000002: 'type is required.',
  3000003: 'type not exists.',
  3000010: 'timestamp is required.',
  3000011: 'timestamp is ahead of the server time.',
  3000012: 'timestamp is expired.',
  3000013: 'data_type is required.',
  3000014: 'data_type must be JSON.',
  3000019: 'app_key is required.',
  3000020: 'app_key is invalid.',
  3000030: 'access_token is required.',
  3000031: 'access_token is invalid.',
  3000032:
    "access_token don't have this api access, please ask for seller to authorize this api in seller center first, and share the new access_token with you.",
  3000034:
    'access_token is expired or have been refreshed, please contact seller to share the new access_token with you.',
  3000040: 'sign is required.',
  4000000: 'SYSTEM_EXCEPTION',
  4000004: 'RATE_LIMIT_EXCEED_EXCEPTION',
  110020002: 'Invalid code, please check and try again.',
  110020005: 'Event code is invalid.',
  110020006: 'At most 20 event codes.',
  110020007: 'An event code is both permitted and cancelled.',
  110020008: 'The seller has not authorized this event.',
  120011072: 'The request area is incorrect.',
  140020002: 'Invalid parameter.',
  140020003: 'The order does not exist.',
  140020009: 'The order is being synchronized, please try later.',
  140020015: 'This site is not supported by this api.',
} as const
export type RefusalCode = keyof typeof messages

/** A refusal: HTTP 200 like everything that the platform itself answers. */
export type Refusal = { readonly refused: RefusalCode }
export const refuse = (refused: RefusalCode): Refusal => ({ refused })
export const isRefusal = (value: unknown): value is Refusal =>
  typeof value === 'object' && value !== null && 'refused' in value

const envelope = (success: boolean, errorCode: number, errorMsg: string, result: unknown): HttpAnswer => ({
  status: 200,
  body: { success, requestId: `us-${randomUUID()}`, errorCode, errorMsg, result },
})

export const answerWith = (result: unknown): HttpAnswer => envelope(true, 1000000, '', result)
export const answerRefusal = ({ refused }: Refusal): HttpAnswer =>
  envelope(false, refused, messages[refused], null)
/** The failure that calls itself a success. */
export const answerHiddenFailure = (): HttpAnswer => envelope(true, 2000000, messages[2000000], null)

export const gatewayPage: HttpAnswer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>',
}
