import * as fc from 'fast-check'
import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { PlatformApp, PlatformRequest, ReceivedPush } from '#connectors/connector.ts'
import { classify, findErrorRule } from '#connectors/transport/classify.ts'
import { errors } from './errors.ts'
import { temu } from './index.ts'
import { readHint, webhook } from './push.ts'
import { sign } from './sign.ts'

const app: PlatformApp = {
  platform: 'temu',
  credentials: { app_key: 'key', app_secret: '0123456789abcdefrest' },
  hosts: {},
}
const request = (rest: Partial<PlatformRequest>): PlatformRequest => ({
  operation: 'orders.list',
  method: 'POST',
  host: 'api.us',
  path: '/openapi/router',
  auth: 'seller',
  repeatable: true,
  ...rest,
})
const nowMs = 1_767_225_600_999

describe('signature', () => {
  test('adds what is missing, replaces an old sign and sends the texts that were signed', () => {
    const bodyText =
      '{ "type": "bg.x", "sign":"OLD", "ids": [ 12345678901234567890, {"b": "\\u4e2d\\/", "a": 1.50} ], "on": true }'
    const signed = sign(request({ bodyText }), 'https://gateway/', app, 'token', nowMs)
    const { app_secret: secret } = app.credentials
    expect(signed.baseString).toBe(
      `${secret}access_tokentokenapp_keykeydata_typeJSONids[12345678901234567890,{"b":"中/","a":1.50}]ontruetimestamp1767225600typebg.x${secret}`,
    )
    expect(signed.signature).toBe(createHash('md5').update(signed.baseString!).digest('hex').toUpperCase())
    expect(signed.url).toBe('https://gateway/openapi/router')
    expect(signed.body).toBe(
      `{"type":"bg.x","ids":[12345678901234567890,{"b":"中/","a":1.50}],"on":true,"app_key":"key","access_token":"token","timestamp":1767225600,"data_type":"JSON","sign":"${signed.signature}"}`,
    )
  })

  test('parameters that are there are used as they stand; nothing is neither sent nor signed', () => {
    const body = { type: 'bg.x', timestamp: '1', access_token: 'code', app_key: 'other', gone: null }
    const signed = sign(request({ body }), 'https://gateway', app, null, nowMs)
    expect(signed.baseString).toContain('access_tokencodeapp_keyotherdata_typeJSONtimestamp1typebg.x')
    expect(JSON.parse(signed.body!)).not.toHaveProperty('gone')
    expect(() => sign(request({ bodyText: '[1]' }), 'https://gateway', app, null, nowMs)).toThrow(SyntaxError)
  })

  test('whatever is sent stays what it was, and the signed texts are in the body', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 })), (given) => {
        const body = Object.fromEntries(
          Object.entries(given).filter(([name, value]) => value !== null && name !== 'sign'),
        )
        const signed = sign(
          request({ bodyText: JSON.stringify(body, null, 2) }),
          'https://gateway',
          app,
          null,
          nowMs,
        )
        const sent = JSON.parse(signed.body!) as Record<string, unknown>
        for (const [name, value] of Object.entries(JSON.parse(JSON.stringify(body)) as object)) {
          expect(sent[name]).toEqual(value)
          const text = typeof value === 'string' ? value : JSON.stringify(value)
          expect(signed.baseString).toContain(name + text)
        }
      }),
      { numRuns: 200 },
    )
  })
})

function makePush(data: string, headers: Record<string, string> = {}, withExtension = true): ReceivedPush {
  const secret = app.credentials['app_secret']!
  const key = Buffer.from(secret).subarray(0, 16)
  const cipher = createCipheriv('aes-128-cbc', key, key)
  const eventData = Buffer.concat([cipher.update(data, 'utf8'), cipher.final()]).toString('base64')
  const own: Record<string, string> = {
    'x-tm-app-key': 'key',
    'x-tm-event-code': 'bg_order_status_change_event',
    'x-tm-timestamp': '1767225600123',
    ...(withExtension ? { 'x-tm-ext-param': '{}' } : {}),
    ...headers,
  }
  const text = `eventData${data}${Object.keys(own)
    .toSorted()
    .map((name) => name + own[name]!)
    .join('')}`
  const signature = createHmac('sha256', secret).update(text).digest('hex')
  return {
    method: 'POST',
    url: '',
    headers: { ...own, 'x-tm-signature': signature },
    rawBody: Buffer.from(JSON.stringify({ eventData })),
  }
}

describe('pushes', () => {
  const data =
    '{"mallId":634418210000001,"parentOrderSn":"PO-211-1","orderSn":"211-1","orderStatus":2,"updateTime":1767225600}'

  test.each([true, false])(
    'genuine ones pass, with and without the extension header (%s)',
    (withExtension) => {
      const push = makePush(data, {}, withExtension)
      expect(webhook.verify(push, app)).toEqual({ valid: true, reason: null })
      expect(readHint(webhook.open(push, app))).toMatchObject({
        kind: 'order',
        hint: {
          platformOrderId: 'PO-211-1',
          platformMerchantId: null,
          platformShopId: '634418210000001',
          occurredAtMs: 1_767_225_600_000,
        },
      })
    },
  )

  test('forged, altered, truncated, foreign and unsigned ones do not', () => {
    const push = makePush(data)
    const body = push.rawBody.toString()
    const refused: readonly (readonly [ReceivedPush, PlatformApp])[] = [
      [{ ...push, headers: { ...push.headers, 'x-tm-signature': '0'.repeat(64) } }, app],
      [
        {
          ...push,
          headers: { ...push.headers, 'x-tm-signature': push.headers['x-tm-signature']!.toUpperCase() },
        },
        app,
      ],
      [{ ...push, headers: { ...push.headers, 'x-tm-event-code': 'bg_open_event_test' } }, app],
      [{ ...push, headers: { ...push.headers, 'x-tm-timestamp': '1767225600124' } }, app],
      [{ ...push, headers: {} }, app],
      [{ ...push, rawBody: push.rawBody.subarray(0, 40) }, app],
      [{ ...push, rawBody: Buffer.from(body.replace('"}', 'AAAA"}')) }, app],
      [{ ...push, rawBody: Buffer.from(body.replace(':"', ':"=')) }, app],
      [{ ...push, rawBody: Buffer.alloc(0) }, app],
      [push, { ...app, credentials: { ...app.credentials, app_key: 'other' } }],
      [push, { ...app, credentials: { ...app.credentials, app_secret: 'another secret of it' } }],
      [push, { ...app, credentials: { app_key: 'key', app_secret: 'short' } }],
    ]
    for (const [forged, own] of refused) expect(webhook.verify(forged, own).valid).toBe(false)
  })

  test('a repeat has the same key, another change another one; other events are left', () => {
    const keyOf = (push: ReceivedPush): string | undefined => {
      const read = readHint(webhook.open(push, app))
      return read.kind === 'order' ? read.hint.dedupeKey : undefined
    }
    const later = { 'x-tm-timestamp': '1767225700000' }
    expect(keyOf(makePush(data, later))).toBe(keyOf(makePush(data)))
    const address = { 'x-tm-event-code': 'bg_trade_logistics_address_changed' }
    expect(keyOf(makePush(data, { ...address, ...later }))).not.toBe(keyOf(makePush(data, address)))
    const afterSales = '{"mallId":1,"parentOrderSn":"PO-1","updateAt":1767225600123}'
    expect(
      readHint(webhook.open(makePush(afterSales, { 'x-tm-event-code': 'bg_aftersales_status_change' }), app)),
    ).toMatchObject({ hint: { occurredAtMs: 1_767_225_600_123 } })
    const asEvent = (code: string, text: string): string =>
      readHint({ event_code: code, timestamp: '1', event_data: text }).kind
    expect(asEvent('bg_open_event_test', '{}')).toBe('ignored')
    expect(asEvent('bg_order_status_change_event', '{}')).toBe('unreadable')
    expect(readHint({ eventData: 'x' })).toMatchObject({ reason: 'the event is encrypted' })
  })
})

describe('errors', () => {
  const answer = (body: unknown, status = 200, text = JSON.stringify(body)) => ({
    status,
    headers: {},
    body,
    text,
    sentAtMs: 0,
  })
  const kindOf = (body: unknown, status = 200, text?: string): string | undefined =>
    classify(temu, answer(body, status, text), 0)?.kind

  test('a success needs both the flag and the code, and a result that does not fail', () => {
    const good = { success: true, errorCode: 1000000, result: { goodsId: 1 } }
    expect(kindOf(good)).toBeUndefined()
    expect(kindOf({ ...good, errorCode: 4000000 })).toBe('platform_down')
    expect(kindOf({ ...good, success: false })).toBe('contract_broken')
    expect(kindOf({ ...good, result: false })).toBe('rejected')
    expect(kindOf({ ...good, result: { applyResult: false, failReasonList: [] } })).toBe('rejected')
    const partly = {
      operateResult: false,
      skuStockEditStatusInfoList: [{ stockEditStatus: false, errorCode: 150010005 }],
    }
    expect(kindOf({ ...good, result: partly })).toBe('platform_down')
    expect(kindOf({})).toBe('contract_broken')
    expect(kindOf(null, 200, '<html>')).toBe('contract_broken')
    expect(kindOf(null, 502, '<html>')).toBe('platform_down')
  })

  test('what each documented code means', () => {
    const kind = (code: string, message = ''): string | undefined =>
      findErrorRule(errors, 200, code, message)?.kind
    expect(kind('3000034')).toBe('auth_expired')
    expect(kind('3000031')).toBe('auth_revoked')
    expect(kind('3000032')).toBe('rejected')
    expect(kind('4000004')).toBe('throttled')
    expect(kind('4000000')).toBe('platform_down')
    expect(kind('4000000', 'application information query is abnormal')).toBe('rejected')
    expect(kind('140020008')).toBe('missing')
    expect(kind('150011050')).toBe('rejected')
    expect(kind('999')).toBeUndefined()
    for (const rule of errors) expect(rule.remedy.zh).not.toBe('')
  })
})
