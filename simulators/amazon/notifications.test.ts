import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
  type Message,
} from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connectGrantless, connectSeller, type Client, type Reply } from '#test/support/amazon-client.ts'
import { manualClock, type ManualClock } from '#test/support/manual-clock.ts'
import { startAmazonSimulator, type AmazonSimulator } from './index.ts'

const root = '/notifications/v1'
let sim: AmazonSimulator
let clock: ManualClock
let sqs: SQSClient
let seller: Client
let grantless: Client

beforeEach(async () => {
  clock = manualClock()
  sim = await startAmazonSimulator({ clock })
  sqs = new SQSClient({
    region: sim.queue.region,
    endpoint: sim.queue.endpoint,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  })
  seller = await connectSeller(sim, 'eu')
  grantless = await connectGrantless(sim, 'eu')
})
afterEach(async () => {
  sqs.destroy()
  await sim.stop()
})

const directive = (filter: object = {}) => ({ eventFilter: { eventFilterType: 'ORDER_CHANGE', ...filter } })

const makeDestination = (arn: string = sim.queue.arn): Promise<Reply> =>
  grantless.send('POST', `${root}/destinations`, { name: 'orders', resourceSpecification: { sqs: { arn } } })

async function subscribe(processingDirective: object = directive()): Promise<Reply> {
  const destination = await makeDestination()
  return seller.send('POST', `${root}/subscriptions/ORDER_CHANGE`, {
    payloadVersion: '1.0',
    destinationId: destination.at('payload.destinationId'),
    processingDirective,
  })
}

async function receive(options: { max?: number; waitSeconds?: number } = {}): Promise<Message[]> {
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: sim.queue.url,
      MaxNumberOfMessages: options.max ?? 10,
      WaitTimeSeconds: options.waitSeconds ?? 0,
      MessageSystemAttributeNames: ['All'],
    }),
  )
  return Messages ?? []
}

type Notice = {
  NotificationType: string
  EventTime: string
  Payload: {
    OrderChangeNotification: {
      AmazonOrderId: string
      OrderChangeType: string
      Summary: { OrderStatus: string }
    }
  }
  NotificationMetadata: { NotificationId: string }
}
const noticeOf = ({ Body }: Message): Notice => JSON.parse(Body!) as Notice
const statusesOf = (messages: readonly Message[]): string[] =>
  messages.map((message) => noticeOf(message).Payload.OrderChangeNotification.Summary.OrderStatus)

describe('subscribing', () => {
  test('one destination per queue; the second is a conflict that names the queue', async () => {
    expect((await makeDestination()).value).toMatchObject({
      payload: { name: 'orders', resource: { sqs: { arn: sim.queue.arn } } },
    })
    const again = await makeDestination()
    expect([again.status, again.at('errors.0.code')]).toEqual([409, 'Conflict'])
    expect(String(again.at('errors.0.details'))).toContain(sim.queue.arn)
    expect((await grantless.get(`${root}/destinations`)).list('payload')).toHaveLength(1)
  })

  test('a queue nobody has is refused, a FIFO one is taken and never gets anything', async () => {
    expect((await makeDestination('arn:aws:sqs:us-east-1:123456789012:absent')).status).toBe(400)
    expect((await makeDestination('no arn')).status).toBe(400)
    expect((await makeDestination('arn:aws:sqs:us-east-1:123456789012:orders.fifo')).status).toBe(200)
  })

  test('one subscription per type and version; it is found by type and by id, and deleted', async () => {
    const made = await subscribe()
    const id = String(made.at('payload.subscriptionId'))
    const again = await seller.send('POST', `${root}/subscriptions/ORDER_CHANGE`, {
      payloadVersion: '1.0',
      destinationId: made.at('payload.destinationId'),
      processingDirective: directive(),
    })
    expect(again.status).toBe(409)
    expect((await seller.get(`${root}/subscriptions/ORDER_CHANGE`)).at('payload.subscriptionId')).toBe(id)
    const list = await seller.get(`${root}/subscriptions`, { notificationTypes: 'ORDER_CHANGE' })
    expect(list.list('payload.subscriptions')).toHaveLength(1)
    expect((await seller.get(`${root}/subscriptions/ORDER_CHANGE/${id}`)).status).toBe(403)
    expect((await grantless.get(`${root}/subscriptions/ORDER_CHANGE/${id}`)).status).toBe(200)
    expect(
      (await grantless.send('DELETE', `${root}/subscriptions/ORDER_CHANGE/${id}`, undefined)).status,
    ).toBe(200)
    await clock.advance(5000)
    expect((await seller.get(`${root}/subscriptions/ORDER_CHANGE`)).status).toBe(404)
  })

  test.each([
    ['no type', { eventFilter: {} }],
    ['another type', { eventFilter: { eventFilterType: 'ANY_OFFER_CHANGED' } }],
    ['an unknown change', directive({ orderChangeTypes: ['Everything'] })],
    ['filter and expression', { ...directive(), filterExpression: 'true' }],
    ['nothing', {}],
    ['an unknown period', directive({ aggregationSettings: { aggregationTimePeriod: 'OneHour' } })],
  ])('a directive with %s cannot be parsed', async (_name, processingDirective) => {
    const refused = await subscribe(processingDirective)
    expect([refused.status, refused.at('errors.0.message')]).toEqual([
      400,
      'cannot parse processingDirective',
    ])
  })
})

describe('ORDER_CHANGE through the queue, read with the AWS SDK', () => {
  test('every change of status is told once, with the wire’s checksum', async () => {
    await subscribe()
    const orderId = sim.createOrder({ countryCode: 'DE', kind: 'merchant' })
    expect(await receive()).toEqual([])
    sim.advance(orderId)
    sim.advance(orderId)
    sim.advance(orderId)
    const messages = await receive()
    expect(statusesOf(messages)).toEqual(['Unshipped', 'Shipped'])
    expect(noticeOf(messages[0]!)).toMatchObject({
      NotificationType: 'ORDER_CHANGE',
      Payload: { OrderChangeNotification: { AmazonOrderId: orderId, OrderChangeType: 'OrderStatusChange' } },
    })
    expect(messages[0]!.Attributes).toMatchObject({ ApproximateReceiveCount: '1' })
  })

  test('a directive lets only what it names through', async () => {
    await subscribe(
      directive({ orderChangeTypes: ['BuyerRequestedChange'], marketplaceIds: ['A1PA6795UKMFR9'] }),
    )
    for (const countryCode of ['DE', 'FR']) {
      const orderId = sim.createOrder({ countryCode, kind: 'cancelled_by_buyer' })
      while (sim.advance(orderId) !== null);
    }
    const messages = await receive()
    expect(
      messages.map((message) => noticeOf(message).Payload.OrderChangeNotification.OrderChangeType),
    ).toEqual(['BuyerRequestedChange'])
  })

  test('a message is held while it is worked on, comes back, and is gone when deleted', async () => {
    await subscribe()
    sim.advance(sim.createOrder({ countryCode: 'DE' }))
    const [held] = await receive()
    expect(await receive()).toEqual([])
    await clock.advance(30_000)
    const [again] = await receive()
    expect(again!.MessageId).toBe(held!.MessageId)
    expect(again!.ReceiptHandle).not.toBe(held!.ReceiptHandle)
    const QueueUrl = sim.queue.url
    await sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl,
        ReceiptHandle: again!.ReceiptHandle!,
        VisibilityTimeout: 0,
      }),
    )
    const [third] = await receive()
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: third!.ReceiptHandle! }))
    await clock.advance(60_000)
    expect(await receive()).toEqual([])
  })

  test('deletes in batches, counts, finds and makes queues by name', async () => {
    await subscribe()
    for (let i = 0; i < 4; i++) sim.advance(sim.createOrder({ countryCode: 'DE', kind: 'merchant' }))
    const QueueUrl = sim.queue.url
    const messages = await receive({ max: 3 })
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    )
    expect(Attributes).toMatchObject({
      QueueArn: sim.queue.arn,
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '3',
    })
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    )
    expect(deleted.Successful).toHaveLength(3)
    const found = await sqs.send(new GetQueueUrlCommand({ QueueName: 'openclaw-order-changes' }))
    expect(found.QueueUrl).toBe(QueueUrl)
    const made = await sqs.send(new CreateQueueCommand({ QueueName: 'second' }))
    expect(made.QueueUrl).toMatch(/\/second$/)
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'absent' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    })
  })

  test('a long poll ends with the first message, or empty after its time', async () => {
    await subscribe()
    const waiting = receive({ waitSeconds: 20 })
    while (clock.sleepers() === 0) await new Promise((resolve) => setImmediate(resolve))
    sim.advance(sim.createOrder({ countryCode: 'DE' }))
    expect(await waiting).toHaveLength(1)
    const empty = receive({ waitSeconds: 20 })
    while (clock.sleepers() === 0) await new Promise((resolve) => setImmediate(resolve))
    await clock.advance(20_000)
    expect(await empty).toEqual([])
  })

  test('an unsigned call is refused', async () => {
    const answer = await fetch(sim.queue.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AmazonSQS.ReceiveMessage', 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ QueueUrl: sim.queue.url }),
    })
    expect(answer.status).toBe(403)
  })
})

describe('faults of notifications', () => {
  const tellTwice = (): void => {
    const orderId = sim.createOrder({ countryCode: 'DE', kind: 'merchant' })
    sim.advance(orderId)
    sim.advance(orderId)
  }

  test('duplicate_notification: one notification in two messages', async () => {
    await subscribe()
    sim.setFault('duplicate_notification', { count: 1 })
    sim.advance(sim.createOrder({ countryCode: 'DE' }))
    const messages = await receive()
    expect(new Set(messages.map(({ MessageId }) => MessageId)).size).toBe(2)
    expect(
      new Set(messages.map((message) => noticeOf(message).NotificationMetadata.NotificationId)).size,
    ).toBe(1)
  })

  test('out_of_order_notification: the later change arrives first', async () => {
    await subscribe()
    sim.setFault('out_of_order_notification', { count: 1 })
    tellTwice()
    expect(statusesOf(await receive())).toEqual(['Shipped'])
    await clock.advance(30_000)
    expect(statusesOf(await receive())).toContain('Unshipped')
  })

  test('lost_notification: it never arrives', async () => {
    await subscribe()
    sim.setFault('lost_notification', { count: 1 })
    tellTwice()
    expect(statusesOf(await receive())).toEqual(['Shipped'])
    await clock.advance(3_600_000)
    expect(statusesOf(await receive())).toEqual(['Shipped'])
  })
})
