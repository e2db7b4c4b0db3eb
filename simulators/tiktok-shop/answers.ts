import type { HttpAnswer } from '../http.ts'

let count = 0
/** Like the platform's: time of the call and a number. */
const requestId = (): string => `2026010100000001024509${String(count++).padStart(12, '0')}`

export const success = (data: object): HttpAnswer => ({
  status: 200,
  body: { code: 0, message: 'Success', data, request_id: requestId() },
})

/** A refusal. Of the statuses only 401 (105002) and 429 are attested; the code is what counts. */
export const refusal = (status: number, code: number, message: string): HttpAnswer => ({
  status,
  body: { code, message, data: null, request_id: requestId() },
})

export const gatewayPage = (): HttpAnswer => ({
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>',
})

/** Texts of the common errors (docs: common-errors). */
export const refusals = {
  internal: () => refusal(500, 36009003, 'Internal error.'),
  throttled: () => refusal(429, 36009002, 'Too many requests.'),
  unknownPath: () => refusal(404, 36009009, 'Invalid path. The path does not exist.'),
  wrongMethod: () => refusal(405, 36009010, 'Invalid method. The path does not take this method.'),
  appKey: () => refusal(400, 36009004, 'Invalid parameter. The app_key query parameter is unknown.'),
  tooEarly: () =>
    refusal(
      400,
      36009004,
      'Invalid timestamp. The value of the timestamp query parameter must not be earlier than 5 minutes before the current time.',
    ),
  tooLate: () =>
    refusal(
      400,
      36009004,
      'Invalid timestamp. The value of the timestamp query parameter must not be later than 30 seconds after the current time.',
    ),
  signature: () => refusal(401, 106001, 'Invalid credentials. The sign query parameter is invalid.'),
  noToken: () => refusal(401, 36009004, 'Invalid header. The x-tts-access-token header is missing.'),
  expiredToken: () =>
    refusal(401, 105002, 'Expired credentials. The access_token or x-tts-access-token header has expired.'),
  wrongToken: () => refusal(401, 101000, 'Invalid credentials. The access token or shop_cipher is invalid.'),
  noScope: () => refusal(403, 105005, 'Access denied. The app is not authorized to access the endpoint.'),
  noCipher: () => refusal(400, 106013, 'Missing identifier. The shop_cipher query parameter is missing.'),
  needlessCipher: () =>
    refusal(400, 36009004, 'Invalid parameter. The shop_cipher query parameter is not required.'),
  wrong: (what: string) => refusal(400, 36009004, `Invalid parameter. ${what}`),
  notYours: () => refusal(400, 21008111, 'The order does not belong to this shop.'),
} as const

export const isAnswer = (value: unknown): value is HttpAnswer =>
  typeof value === 'object' && value !== null && 'status' in value && typeof value.status === 'number'
