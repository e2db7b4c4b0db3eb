import type { HttpAnswer } from '../http.ts'

/** One error of the platform's envelope; source: docs: sp-api error format, and reports of what is really sent. */
type Problem = { readonly code: string; readonly message: string | null; readonly details?: string }

const problem = (status: number, errorType: string, body: Problem): HttpAnswer => ({
  status,
  headers: { 'x-amzn-errortype': errorType },
  body: { errors: [body] },
})

export const invalidInput = (message: string, details = ''): HttpAnswer =>
  problem(400, 'InvalidParameterException', { code: 'InvalidInput', message, details })

export const invalidRequest = (details: string): HttpAnswer =>
  problem(400, 'InvalidRequestException', {
    code: 'InvalidRequest',
    message: 'Request is missing or has invalid parameters',
    details,
  })

/** A page token that cannot be read is refused without a message. */
export const undecodableToken = (): HttpAnswer =>
  problem(400, 'InvalidQueryStringException', { code: 'InvalidInput', message: null })

export const unauthorized = (details: string): HttpAnswer =>
  problem(403, 'AccessDeniedException', {
    code: 'Unauthorized',
    message: 'Access to requested resource is denied.',
    details,
  })

export const unknownPath = (): HttpAnswer =>
  problem(403, 'MissingAuthenticationTokenException', {
    code: 'MissingAuthenticationToken',
    message: 'Missing Authentication Token',
  })

export const notFound = (message: string): HttpAnswer =>
  problem(404, 'ResourceNotFoundException', { code: 'NotFound', message, details: '' })

export const conflict = (details: string): HttpAnswer =>
  problem(409, 'ConflictException', {
    code: 'Conflict',
    message: 'The requested resource conflict with a resource in the server.',
    details,
  })

export const unsupportedMedia = (): HttpAnswer =>
  problem(415, 'UnsupportedMediaTypeException', {
    code: 'UnsupportedMediaType',
    message: 'The media type of the request body must be application/json.',
  })

export const quotaExceeded = (): HttpAnswer =>
  problem(429, 'TooManyRequestsException', {
    code: 'QuotaExceeded',
    message: 'You exceeded your quota for the requested resource.',
    details: '',
  })

export const internalFailure = (): HttpAnswer =>
  problem(500, 'InternalFailure', {
    code: 'InternalFailure',
    message: 'We encountered an internal error. Please try again.',
    details: '',
  })

/** A failure inside an answer that says success. */
export const hiddenFailure = (): HttpAnswer => ({ ...internalFailure(), status: 200, headers: {} })

export const gatewayPage = (): HttpAnswer => ({
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>503 Service Temporarily Unavailable</title></head><body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>',
})
