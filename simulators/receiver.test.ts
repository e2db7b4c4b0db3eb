import { afterEach, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import type { Log } from '#kernel/log.ts'
import { silentLog } from '#kernel/log.ts'
import { startReceiver } from './receiver.ts'
import type { Receiver } from './receiver.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const timestamp = 1_614_265_330
const body = '{"test": 2432232314}'
/** Known answers: the standard one is published, ours was computed with openssl. */
const headers = {
  'x-openclaw-event-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'x-openclaw-event-type': 'order.paid',
  'x-openclaw-timestamp': String(timestamp),
  'x-openclaw-signature': 'v1=2e37df5d4a028c51a7f3133d64ae1e300d2c2c900f1b1d49d4369ad2530f8964',
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': String(timestamp),
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
}

let receiver: Receiver
afterEach(() => receiver.close())

async function start(log: Log = silentLog, nowMs = timestamp * 1000) {
  receiver = await startReceiver({ clock: { ...systemClock, nowMs: () => nowMs }, log })
  receiver.addSecret(secret)
}
const send = async (given: Record<string, string> = {}, text = body) =>
  (await fetch(receiver.url, { method: 'POST', headers: { ...headers, ...given }, body: text })).status
const page = (path: string, init: RequestInit = {}) => fetch(new URL(path, receiver.url), init)

test('a genuine webhook is accepted, its repeat recognised, each with a line in the log', async () => {
  const lines: object[] = []
  await start({ ...silentLog, info: (fields) => lines.push(fields) })
  expect([await send(), await send()]).toEqual([200, 200])
  expect(receiver.received()).toMatchObject([
    { number: 1, type: 'order.paid', valid: true, is_repeat: false },
    { number: 2, type: 'order.paid', valid: true, is_repeat: true },
  ])
  expect(lines).toMatchObject([{ type: 'order.paid', valid: true }, { is_repeat: true }])
  const { received } = (await (await page('/received?after=1')).json()) as { received: { number: number }[] }
  expect(received.map(({ number }) => number)).toEqual([2])
})

test.each([
  ['a changed body', {}, '{"test": 2432232315}', ['x-openclaw-signature', 'webhook-signature']],
  ['our signature missing', { 'x-openclaw-signature': '' }, body, ['x-openclaw-signature']],
  ['the standard one wrong', { 'webhook-signature': 'v1,AAAA' }, body, ['webhook-signature']],
  ['ids that differ', { 'x-openclaw-event-id': 'evt_other' }, body, ['webhook-id']],
])('%s is refused', async (_name, given, text, faults) => {
  await start()
  expect(await send(given, text)).toBe(401)
  expect(receiver.received()).toMatchObject([{ valid: false, faults, is_repeat: false }])
})

test('an old one is refused', async () => {
  await start(silentLog, (timestamp + 301) * 1000)
  expect(await send()).toBe(401)
  expect(receiver.received()[0]?.faults).toEqual(['clock'])
})

test('it misbehaves on request, and says how it can', async () => {
  await start()
  const behave = (mode: unknown) => page('/behaviour', { method: 'PUT', body: JSON.stringify({ mode }) })
  expect((await behave('fail')).status).toBe(200)
  expect(await send()).toBe(500)
  expect((await behave('gone')).status).toBe(200)
  expect(await send()).toBe(410)
  expect((await behave('ok')).status).toBe(200)
  expect(await send()).toBe(200)
  expect(receiver.received().at(-1)).toMatchObject({ is_repeat: false })
  for (const mode of ['dance', 'constructor', 1, null]) expect((await behave(mode)).status).toBe(422)
  expect((await page('/nothing')).status).toBe(404)
})
