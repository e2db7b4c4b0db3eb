import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { PlatformApp } from '#connectors/connector.ts'
import { temu } from '#connectors/temu/index.ts'
import { connect, start, stopAll, stops } from './temu-rig.ts'

afterEach(stopAll)

test('the gate: clocks, forms, signatures over the raw text, and the rate', async () => {
  const rig = await start()
  const { sim, app, clock } = rig
  const send = async (bodyText: string): Promise<unknown> => {
    const answer = await fetch(`${sim.hosts['api.us']}/openapi/router`, { method: 'POST', body: bodyText })
    expect(answer.status).toBe(200)
    return ((await answer.json()) as { errorCode: unknown }).errorCode
  }
  const signed = (bodyText: string, nowMs = clock.nowMs()): string =>
    temu.sign(
      { operation: '', method: 'POST', host: '', path: '', bodyText, auth: 'none', repeatable: true },
      '',
      app,
      'token',
      nowMs,
    ).body!
  const nested = '{"type":"bg.order.list.v2.get","ids":[ {"b":1, "a":[1, 2]} ]}'
  expect(await send('[]')).toBe(3000000)
  expect(await send(signed('{}'))).toBe(3000002)
  expect(await send(signed(nested))).toBe(3000031)
  expect(await send(signed(nested).replace('"b":1,"a":[1,2]', '"a":[1,2],"b":1'))).toBe(3000001)
  expect(await send(signed(nested).replace('"b":1', '"b": 1'))).toBe(3000031)
  expect(await send(signed(nested).replace('{', '{"sign":"x",'))).toBe(3000001)
  expect(await send(signed(nested).replace(/,"sign":"\w+"/, ''))).toBe(3000040)
  expect(await send(signed(nested).replace(',"data_type":"JSON"', ''))).toBe(3000013)
  expect(await send(signed(nested, clock.nowMs() - 301_000))).toBe(3000012)
  expect(await send(signed(nested, clock.nowMs() + 301_000))).toBe(3000011)
  expect(await send(signed('{"type":"bg.nothing"}'))).toBe(3000003)
  await clock.advance(2000)
  const codes = await Promise.all(Array.from({ length: 25 }, () => send(signed(nested))))
  expect(codes.filter((code) => code === 4000004)).toHaveLength(5)
})

/** The app's callback: answers with what is next in the row, then 200. */
async function openCallback(statuses: number[]) {
  const received: { headers: Record<string, string>; rawBody: Buffer }[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      received.push({
        headers: request.headers as Record<string, string>,
        rawBody: Buffer.concat(parts),
      })
      response.writeHead(statuses.shift() ?? 200).end('{"result":{}}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received }
}

test.each([true, false])(
  'pushes are sent, verified and sent again until taken (extension: %s)',
  async (sendsExtension) => {
    const callback = await openCallback([500])
    const rig = await start({ pushUrl: callback.url, sendsExtension })
    const { call, account, grant } = await connect(rig)
    const silent = rig.sim.createOrder({ accountId: grant.platformMerchantId })
    await temu.push!.subscribe!(call, rig.app, account.region)
    const orderId = rig.sim.createOrder({ accountId: grant.platformMerchantId, kind: 'address_changed' })
    await rig.sim.pushesSettled()
    expect(callback.received).toHaveLength(1)
    await rig.clock.advance(2 * 60_000)
    rig.sim.tick()
    while (rig.sim.advance(orderId) !== null) await rig.sim.pushesSettled()
    await rig.sim.pushesSettled()
    expect(rig.sim.deliveries().map(({ status }) => status)).toEqual([500, 200, 200, 200, 200, 200])

    const webhook = temu.push!.webhook! as NonNullable<NonNullable<typeof temu.push>['webhook']> & {
      readonly open: (push: unknown, app: PlatformApp) => unknown
    }
    const keys = new Set<string>()
    for (const { headers, rawBody } of callback.received) {
      const push = { method: 'POST', url: '', headers, rawBody }
      expect(webhook.verify(push, rig.app)).toEqual({ valid: true, reason: null })
      const read = temu.push!.readHint(webhook.open(push, rig.app))
      if (read.kind !== 'order') throw new Error(read.reason)
      expect(read.hint).toMatchObject({ platformOrderId: orderId, platformShopId: grant.platformMerchantId })
      if (read.hint.occurredAtMs !== null)
        expect(Math.abs(read.hint.occurredAtMs - rig.clock.nowMs())).toBeLessThan(3_600_000)
      keys.add(read.hint.dedupeKey)
    }
    expect(keys.size).toBeLessThan(callback.received.length)
    expect(silent).not.toBe(orderId)
  },
)

test('lost, doubled and late pushes', async () => {
  const callback = await openCallback([])
  const rig = await start({ pushUrl: callback.url })
  const { call, account, grant } = await connect(rig)
  await temu.push!.subscribe!(call, rig.app, account.region)
  const make = async () => {
    rig.sim.createOrder({ accountId: grant.platformMerchantId })
    await rig.sim.pushesSettled()
    return callback.received.splice(0).length
  }
  rig.sim.setFault('lost_notification', { count: 1 })
  expect(await make()).toBe(0)
  rig.sim.setFault('duplicate_notification', { count: 1 })
  expect(await make()).toBe(2)
  rig.sim.setFault('out_of_order_notification', { count: 1 })
  expect(await make()).toBe(0)
  await rig.clock.advance(30_000)
  rig.sim.tick()
  await rig.sim.pushesSettled()
  expect(callback.received).toHaveLength(1)
  expect(() => rig.sim.setPushUrl('https://example.com/')).toThrow(RangeError)
})
