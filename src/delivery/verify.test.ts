import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newWebhookSecret, readSecret, signWebhook } from './sign.ts'
import { verifyWebhook } from './verify.ts'

const secret = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
const body = Buffer.from('{"id":"evt_1","n":1}')
const nowS = 1_764_000_000
const signed = (
  timestampS = nowS,
  secrets = [secret],
  signedBody: Buffer = body,
): Record<string, string> => ({
  ...signWebhook({
    keys: secrets.map((s) => readSecret(s)!),
    eventId: 'evt_1',
    timestampS,
    body: signedBody,
  }),
})
const ours = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('X-')))
const standard = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('webhook')))

const verify = (headers: Record<string, string>, given: Partial<Parameters<typeof verifyWebhook>[0]> = {}) =>
  verifyWebhook({ headers: Object.entries(headers), body, secrets: [secret], nowMs: nowS * 1000, ...given })

const other = newWebhookSecret()

describe('is accepted', () => {
  test.each<[string, Record<string, string>]>([
    ['with both schemes', signed()],
    ['with ours alone', ours(signed())],
    ['with the standard one alone', standard(signed())],
    [
      'in any letter case',
      Object.fromEntries(Object.entries(signed()).map(([k, v]) => [k.toUpperCase(), v])),
    ],
    ['signed with the new and the old secret', signed(nowS, [other, secret])],
    ['300 s old', signed(nowS - 300)],
    ['300 s ahead', signed(nowS + 300)],
    [
      'with one good signature among foreign and later ones',
      {
        ...signed(),
        'X-OpenClaw-Signature': `v2=abc,v1=${'0'.repeat(64)},${signed()['X-OpenClaw-Signature']}`,
        'webhook-signature': `v1a,xyz v1,${'A'.repeat(43)}= ${signed()['webhook-signature']}`,
      },
    ],
    [
      'with a broken signature beside a good one',
      { ...ours(signed()), 'X-OpenClaw-Signature': `v1=12,${signed()['X-OpenClaw-Signature']}` },
    ],
    ['with blanks around the values', { ...ours(signed()), 'X-OpenClaw-Timestamp': ` ${nowS} ` }],
  ])('%s', (_name, headers) => {
    expect(verify(headers)).toEqual({ valid: true, reason: null })
  })

  test('with an empty body', () => {
    const empty = Buffer.alloc(0)
    expect(verify(signed(nowS, [secret], empty), { body: empty })).toEqual({ valid: true, reason: null })
  })

  test('when any of the receiver’s secrets fits', () => {
    expect(verify(signed(), { secrets: [other, secret] }).valid).toBe(true)
  })
})

describe('is refused', () => {
  const without = (name: string) => {
    const { [name]: _gone, ...rest } = signed()
    return rest
  }
  const change = (name: string, value: string) => ({ ...signed(), [name]: value })
  const good = signed()['X-OpenClaw-Signature']!
  const goodStandard = signed()['webhook-signature']!

  test.each<[string, Record<string, string>, string]>([
    ['no headers', {}, 'signature_headers_missing'],
    ['only an id', { 'webhook-id': 'evt_1' }, 'signature_headers_missing'],
    ['no timestamp', without('X-OpenClaw-Timestamp'), 'timestamp_missing'],
    ['no standard timestamp', without('webhook-timestamp'), 'timestamp_missing'],
    ['empty timestamp', change('X-OpenClaw-Timestamp', ''), 'timestamp_missing'],
    ['timestamp hello', change('X-OpenClaw-Timestamp', 'hello'), 'timestamp_malformed'],
    ['timestamp Infinity', change('X-OpenClaw-Timestamp', 'Infinity'), 'timestamp_malformed'],
    ['timestamp with fraction', change('webhook-timestamp', `${nowS}.0`), 'timestamp_malformed'],
    ['timestamp negative', change('webhook-timestamp', `-${nowS}`), 'timestamp_malformed'],
    ['timestamp hex', change('X-OpenClaw-Timestamp', '0x692'), 'timestamp_malformed'],
    ['timestamp in ms', change('X-OpenClaw-Timestamp', `${nowS}0000`), 'timestamp_malformed'],
    [
      'timestamp in ms of 13 digits',
      ours(change('X-OpenClaw-Timestamp', `${nowS}000`)),
      'timestamp_malformed',
    ],
    ['301 s old', signed(nowS - 301), 'timestamp_too_old'],
    ['301 s ahead', signed(nowS + 301), 'timestamp_too_new'],
    ['no signature', without('X-OpenClaw-Signature'), 'signature_missing'],
    ['no standard signature', without('webhook-signature'), 'signature_missing'],
    ['no id', without('webhook-id'), 'id_missing'],
    ['signature garbage', change('X-OpenClaw-Signature', 'garbage'), 'signature_malformed'],
    ['a bare v1', change('X-OpenClaw-Signature', 'v1='), 'signature_malformed'],
    ['a bare v1,', change('webhook-signature', 'v1,'), 'signature_malformed'],
    ['the version alone', change('webhook-signature', 'v1'), 'signature_malformed'],
    ['no version', change('X-OpenClaw-Signature', good.slice(3)), 'signature_malformed'],
    ['a short signature', change('X-OpenClaw-Signature', good.slice(0, 11)), 'signature_malformed'],
    [
      'a short standard signature',
      change('webhook-signature', goodStandard.slice(0, 11)),
      'signature_malformed',
    ],
    ['an upper-case signature', change('X-OpenClaw-Signature', good.toUpperCase()), 'signature_malformed'],
    ['a number', change('X-OpenClaw-Signature', 'v1=12345'), 'signature_malformed'],
    [
      'only a version we do not know',
      change('X-OpenClaw-Signature', 'v2=abcdef'),
      'signature_version_unknown',
    ],
    ['only v1a', change('webhook-signature', 'v1a,abcdef'), 'signature_version_unknown'],
    [
      'a signature of other bytes',
      change('X-OpenClaw-Signature', `v1=${'0'.repeat(64)}`),
      'signature_mismatch',
    ],
    ['another id', change('webhook-id', 'evt_2'), 'signature_mismatch'],
    [
      'a fresh timestamp on an old signature',
      {
        ...signed(nowS - 3600),
        ...ours(change('X-OpenClaw-Signature', signed(nowS - 3600)['X-OpenClaw-Signature']!)),
      },
      'signature_mismatch',
    ],
    ['an unsigned id that differs', change('X-OpenClaw-Event-Id', 'evt_2'), 'schemes_disagree'],
    ['schemes from two webhooks', { ...ours(signed()), ...standard(signed(nowS - 1)) }, 'schemes_disagree'],
    [
      'one scheme good, the other not',
      { ...ours(signed()), ...standard(signed(nowS, [other])) },
      'signature_mismatch',
    ],
  ])('%s', (_name, headers, reason) => {
    expect(verify(headers)).toEqual({ valid: false, reason })
  })

  test('a changed body, an added byte, a lost byte', () => {
    for (const changed of ['{"id":"evt_1","n":2}', `${body.toString()} `, body.toString().slice(1), '']) {
      expect(verify(signed(), { body: Buffer.from(changed) })).toEqual({
        valid: false,
        reason: 'signature_mismatch',
      })
    }
  })

  test('without a usable secret', () => {
    for (const secrets of [[], [''], ['whsec_'], [secret, 'whsec_']]) {
      expect(verify(signed(), { secrets })).toEqual({ valid: false, reason: 'secret_unreadable' })
    }
  })

  test('a header given twice', () => {
    const headers: [string, string][] = [...Object.entries(signed()), ['x-openclaw-signature', good]]
    expect(verifyWebhook({ headers, body, secrets: [secret], nowMs: nowS * 1000 })).toEqual({
      valid: false,
      reason: 'header_repeated',
    })
  })

  test('anything a stranger sends, without throwing', () => {
    const name = fc.constantFrom(...Object.keys(signed()))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.string()), { maxLength: 8 }),
        fc.uint8Array(),
        (headers, bytes) => {
          const verdict = verifyWebhook({ headers, body: bytes, secrets: [secret], nowMs: nowS * 1000 })
          expect(verdict.valid).toBe(false)
        },
      ),
    )
  })
})
