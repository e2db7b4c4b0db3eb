import type { HttpAnswer } from '../http.ts'
import { rollDice } from '../random.ts'

let asked = 0
export const newRequestId = (): string => rollDice(`request/${asked++}`).letters(32, '0123456789abcdef')

/** A refusal in the platform's envelope. Published ones come with HTTP 200; users report 403 and 429. */
export const refuse = (error: string, message: string, status = 200): HttpAnswer => ({
  status,
  body: { error, message, request_id: newRequestId() },
})

/** A success with its payload under `response`. */
export const succeed = (response: unknown): HttpAnswer => ({
  status: 200,
  body: { error: '', message: '', request_id: newRequestId(), response },
})

/** A success with its payload at the top, as token and shop answers have it. */
export const succeedAtTop = (payload: object): HttpAnswer => ({
  status: 200,
  body: { error: '', message: '', request_id: newRequestId(), ...payload },
})

/** What a gateway writes when nothing behind it answers. */
export const gatewayPage: HttpAnswer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>',
}
