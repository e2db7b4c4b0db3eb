import { SendMessageCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { GrantRef } from '#store/shops.ts'
import { openTestDatabase } from '#test/support/database.ts'
import { openTestHub } from '#test/support/hub.ts'
import type { TestHub } from '#test/support/hub.ts'

const database = await openTestDatabase()

let hub: TestHub
let ref: GrantRef
let sqs: SQSClient
let stop: AbortController
let working: Promise<void>
beforeAll(async () => {
  // Slow enough that a message which others overtake is seen to be late: thirty seconds are three tenths.
  hub = await openTestHub(database.url, { simulator: { timeScale: 100 } })
  ref = await hub.connectAccount('amazon_us')
  const { endpoint, region } = hub.simulator.queue
  sqs = new SQSClient({ endpoint, region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } })
  await hub.doJobs('subscribe_orders')
  await hub.doJobs('walk_orders')
})
beforeEach(() => {
  stop = new AbortController()
  working = hub.work(stop.signal)
})
afterEach(async () => {
  for (const fault of ['duplicate_notification', 'out_of_order_notification', 'lost_notification'] as const)
    hub.simulator.setFault(fault, false)
  stop.abort()
  await working
})
afterAll(async () => {
  sqs.destroy()
  await hub.close()
})

const orderOf = async (platformOrderId: string) =>
  (await hub.orders()).find((row) => row.platform_order_id === platformOrderId)
const eventsOf = async (platformOrderId: string) => {
  const row = await orderOf(platformOrderId)
  return (await hub.events()).filter(({ entity_id }) => entity_id === row?.id)
}
const stored = (platformOrderId: string, status: string): Promise<void> =>
  vi.waitFor(async () => expect((await orderOf(platformOrderId))?.order.platform_status).toBe(status), {
    timeout: 8_000,
    interval: 25,
  })

/** Waits until the queue is empty: nothing in it and nothing in anyone's hands. */
const emptied = (): Promise<void> =>
  vi.waitFor(
    async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: hub.simulator.queue.url, AttributeNames: ['All'] }),
      )
      expect([
        Attributes?.ApproximateNumberOfMessages,
        Attributes?.ApproximateNumberOfMessagesNotVisible,
        Attributes?.ApproximateNumberOfMessagesDelayed,
      ]).toEqual(['0', '0', '0'])
    },
    { timeout: 8_000, interval: 25 },
  )

describe('a message of the platform', () => {
  it('brings the order itself, read again by its id', async () => {
    const id = hub.simulator.createOrder({ countryCode: 'US', kind: 'merchant' })
    hub.simulator.advance(id)
    await stored(id, 'UNSHIPPED')
    hub.simulator.advance(id)
    await stored(id, 'SHIPPED')
    await emptied()
    const told = await eventsOf(id)
    expect(told[0]).toMatchObject({ type: 'order.created', seq: 1, cause: { source: 'webhook' } })
    expect(told.map(({ seq }) => seq)).toEqual(told.map((_, index) => index + 1))
    expect(await orderOf(id)).toMatchObject({ status: 'shipped', version: 2 })
  })

  it('that comes twice is one reading', async () => {
    hub.simulator.setFault('duplicate_notification', true)
    const seenBefore = (await hub.db.selectFrom('seen_hints').selectAll().execute()).length
    const id = hub.simulator.createOrder({ countryCode: 'CA', kind: 'merchant' })
    hub.simulator.advance(id)
    await stored(id, 'UNSHIPPED')
    await emptied()
    expect(await hub.db.selectFrom('seen_hints').selectAll().execute()).toHaveLength(seenBefore + 1)
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual([
      'order.created',
      'order.paid',
      'order.ready',
    ])
  })

  it('that others overtook takes nothing back', async () => {
    const id = hub.simulator.createOrder({ countryCode: 'MX', kind: 'merchant' })
    hub.simulator.setFault('out_of_order_notification', { count: 1 })
    hub.simulator.advance(id)
    hub.simulator.advance(id)
    await stored(id, 'SHIPPED')
    const before = await orderOf(id)
    await emptied()
    await vi.waitFor(async () => expect(await hub.waitingJobs('refetch_order')).toEqual([]))
    expect(await orderOf(id)).toMatchObject({ status: 'shipped', version: before!.version })
  })

  it('about an account that nobody connected is acknowledged and ignored, like one that is not about orders', async () => {
    const before = (await hub.waitingJobs('refetch_order')).length
    const orderChange = (sellerId: string) => ({
      NotificationType: 'ORDER_CHANGE',
      EventTime: new Date().toISOString(),
      Payload: { OrderChangeNotification: { SellerId: sellerId, AmazonOrderId: '112-1234567-1234567' } },
      NotificationMetadata: { NotificationId: `n-${sellerId}` },
    })
    const bodies = [
      JSON.stringify(orderChange('A1STRANGER')),
      JSON.stringify({ ...orderChange('A1STRANGER'), NotificationType: 'ANY_OFFER_CHANGED' }),
      'not a message at all',
    ]
    for (const MessageBody of bodies)
      await sqs.send(new SendMessageCommand({ QueueUrl: hub.simulator.queue.url, MessageBody }))
    await emptied()
    expect(await hub.waitingJobs('refetch_order')).toHaveLength(before)
    expect(await orderOf('112-1234567-1234567')).toBeUndefined()
  })

  it('that never arrives is made up for by the next walk', async () => {
    hub.simulator.setFault('lost_notification', true)
    const id = hub.simulator.createOrder({ countryCode: 'BR', kind: 'merchant' })
    hub.simulator.advance(id)
    expect(hub.simulator.faults().find(({ name }) => name === 'lost_notification')!.struck).toBeGreaterThan(0)
    await emptied()
    expect(await orderOf(id)).toBeUndefined()
    stop.abort()
    await working
    hub.clock.pass(5 * 60_000)
    await hub.walk(ref)
    expect(await orderOf(id)).toMatchObject({ order: { platform_status: 'UNSHIPPED' } })
  })
})
