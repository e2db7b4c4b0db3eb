import { createHmac } from 'node:crypto'
import * as fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { newWebhookSecret, readSecret, signWebhook, standardDigest } from './sign.ts'

const keyOf = (secret: string) => readSecret(secret)!

describe('the Standard Webhooks signature', () => {
  test.each([
    [
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      '1614265330',
      '{"test": 2432232314}',
      'g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ],
    [
      'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
      'msg_27UH4WbU6Z5A5EzD8u03UvzRbpk',
      '1649367553',
      '{"email":"test@example.com","username":"test_user"}',
      'tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=',
    ],
  ])('is the published answer for %s', (secret, id, timestamp, body, expected) => {
    expect(standardDigest(keyOf(secret), id, timestamp, Buffer.from(body))).toBe(expected)
  })

  test('is what the official library makes and accepts', () => {
    fc.assert(
      fc.property(fc.json(), fc.stringMatching(/^evt_[0-9A-Z]{26}$/), (body, eventId) => {
        const secret = newWebhookSecret()
        const now = new Date()
        const timestampS = Math.floor(now.getTime() / 1000)
        const headers = signWebhook({ keys: [keyOf(secret)], eventId, timestampS, body: Buffer.from(body) })
        const library = new Webhook(secret)
        expect(headers['webhook-signature']).toBe(library.sign(eventId, now, body))
        expect(() => library.verify(body, { ...headers })).not.toThrow()
        expect(() => library.verify(`${body} `, { ...headers })).toThrow('No matching signature found')
      }),
    )
  })
})

describe('the headers', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const body = Buffer.from('{"id":"evt_1"}')

  test('are keyed with the secret as it is written, over timestamp and raw body', () => {
    const headers = signWebhook({ keys: [keyOf(secret)], eventId: 'evt_1', timestampS: 1_700_000_000, body })
    const expected = createHmac('sha256', secret).update(`1700000000.${body.toString()}`).digest('hex')
    expect(headers).toMatchObject({
      'X-OpenClaw-Event-Id': 'evt_1',
      'X-OpenClaw-Timestamp': '1700000000',
      'X-OpenClaw-Signature': `v1=${expected}`,
      'webhook-id': 'evt_1',
      'webhook-timestamp': '1700000000',
    })
  })

  test('carry one signature per secret while one is replaced', () => {
    const [old, next] = [newWebhookSecret(), newWebhookSecret()]
    const sign = (...secrets: string[]) =>
      signWebhook({ keys: secrets.map(keyOf), eventId: 'evt_1', timestampS: 1, body })
    const both = sign(next, old)
    expect(both['X-OpenClaw-Signature']).toBe(
      `${sign(next)['X-OpenClaw-Signature']},${sign(old)['X-OpenClaw-Signature']}`,
    )
    expect(both['webhook-signature']).toBe(
      `${sign(next)['webhook-signature']} ${sign(old)['webhook-signature']}`,
    )
  })

  test('are refused for an id that could shift the signed parts', () => {
    expect(() => signWebhook({ keys: [keyOf(secret)], eventId: 'a.b', timestampS: 1, body })).toThrow(
      RangeError,
    )
  })
})

describe('a secret', () => {
  test('is new each time, 32 bytes, and readable', () => {
    const secrets = Array.from({ length: 50 }, newWebhookSecret)
    expect(new Set(secrets).size).toBe(50)
    for (const secret of secrets) expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  })

  test.each([
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['whsec_YWI'],
    ['a secret of another sender!'],
  ])('may lack prefix or padding, or be no base64: %s', (secret) => expect(readSecret(secret)).not.toBeNull())

  test.each([[''], ['whsec_'], ['whsec_=='], ['whsec_ä'], ['whsec_a b'], ['whsec_A']])(
    'that is empty or broken is none: %j',
    (secret) => expect(readSecret(secret)).toBeNull(),
  )
})
