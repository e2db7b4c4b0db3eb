import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '#kernel/clock.ts'
import { startAmazonSimulator, type AmazonSimulator } from '#simulators/amazon/index.ts'
import {
  allData,
  connectGrantless,
  connectRestricted,
  connectSeller,
  walkOrders,
  type Client,
  type Reply,
} from '#test/support/amazon-client.ts'
import { openModel, openSchema, type Check } from '#test/support/official-schema.ts'
import { describeWithReference, readReference } from '#test/support/reference-files.ts'

const regions = ['na', 'eu', 'fe'] as const
const since = '2020-01-01T00:00:00Z'
const v0 = '/orders/v0/orders'

const model = (file: string) => openModel(readReference(`amazon/models/${file}`))

/** Nothing wrong; else the first few places, so that a failure can be read. */
const expectValid = (check: Check, reply: Reply, what: string): void => {
  expect(check(reply.value).slice(0, 5), what).toEqual([])
}

describeWithReference('the Amazon simulator against the official models', () => {
  let sim: AmazonSimulator
  let clients: Client[]
  beforeAll(async () => {
    // Fast enough that no usage plan runs out.
    sim = await startAmazonSimulator({ clock: systemClock, orders: 900, timeScale: 1e6 })
    clients = await Promise.all(regions.map((region) => connectSeller(sim, region)))
  })
  afterAll(() => sim.stop())

  test('searchOrders: hundreds of orders in every state, with all data sets and with few', async () => {
    const check = model('orders_2026-01-01.json')('SearchOrdersResponse')
    const states = new Set<unknown>()
    let orders = 0
    for (const client of clients)
      for (const includedData of [allData, 'FULFILLMENT', ''])
        for (const page of await walkOrders(client, { lastUpdatedAfter: since, includedData })) {
          expect(page.status).toBe(200)
          expectValid(check, page, `${client.region} ${includedData}`)
          for (const order of page.list('orders')) states.add(order.at('fulfillment.fulfillmentStatus'))
          orders += page.list('orders').length
        }
    expect(orders).toBeGreaterThan(2500)
    expect(states.size).toBeGreaterThanOrEqual(6)
  })

  test('getOrder at every step of every kind', async () => {
    const check = model('orders_2026-01-01.json')('GetOrderResponse')
    const client = clients[0]!
    for (const kind of new Set(sim.truth().map((row) => row.kind))) {
      const orderId = sim.createOrder({ kind, accountId: client.sellerId })
      do {
        const reply = await client.get(`/orders/2026-01-01/orders/${orderId}`, { includedData: allData })
        expectValid(check, reply, kind)
      } while (sim.advance(orderId) !== null)
    }
  })

  test('the check sees what must not be there', async () => {
    const check = model('orders_2026-01-01.json')('GetOrderResponse')
    const { orderId } = sim.truth().find(({ region, status }) => region === 'na' && status === 'SHIPPED')!
    for (const name of ['unknown_field', 'unknown_status', 'missing_currency'] as const) {
      sim.setFault(name, true)
      const reply = await clients[0]!.get(`/orders/2026-01-01/orders/${orderId}`, { includedData: allData })
      sim.setFault(name, false)
      expect(check(reply.value).length, name).toBeGreaterThan(0)
    }
  })

  test('orders v0: lists, orders, items, addresses and buyers', async () => {
    const definition = model('ordersV0.json')
    const parts = [
      ['', definition('GetOrderResponse')],
      ['/orderItems', definition('GetOrderItemsResponse')],
      ['/address', definition('GetOrderAddressResponse')],
      ['/buyerInfo', definition('GetOrderBuyerInfoResponse')],
      ['/orderItems/buyerInfo', definition('GetOrderItemsBuyerInfoResponse')],
    ] as const
    const dataElements = ['buyerInfo', 'shippingAddress', 'buyerTaxInformation']
    for (const client of clients) {
      const restricted = await connectRestricted(sim, client, [
        { method: 'GET', path: v0, dataElements },
        { method: 'GET', path: `${v0}/{orderId}`, dataElements },
        { method: 'GET', path: `${v0}/{orderId}/orderItems`, dataElements },
        { method: 'GET', path: `${v0}/{orderId}/address` },
        { method: 'GET', path: `${v0}/{orderId}/buyerInfo` },
        { method: 'GET', path: `${v0}/{orderId}/orderItems/buyerInfo` },
      ])
      const marketIds = new Set(
        sim.shops.filter(({ region }) => region === client.region).map(({ marketId }) => marketId),
      )
      const list = await restricted.get(v0, { CreatedAfter: since, MarketplaceIds: [...marketIds].join(',') })
      expect(list.list('payload.Orders')).toHaveLength(100)
      expectValid(definition('GetOrdersResponse'), list, client.region)
      for (const order of list.list('payload.Orders').slice(0, 40))
        for (const [path, check] of parts) {
          const reply = await restricted.get(`${v0}/${String(order.at('AmazonOrderId'))}${path}`)
          expectValid(check, reply, path)
        }
    }
  })

  test('errors: 400, 403, 404, 409, 429 and 500', async () => {
    const check = model('orders_2026-01-01.json')('ErrorList')
    const client = clients[1]!
    const search = '/orders/2026-01-01/orders'
    const expectError = (reply: Reply, status: number): void => {
      expect(reply.status).toBe(status)
      expectValid(check, reply, String(status))
    }
    expectError(await client.get(search), 400)
    expectError(await client.get(`${search}/999-0000000-0000000`), 404)
    expectError(await client.get(search, { createdAfter: since, marketplaceIds: 'ATVPDKIKX0DER' }), 403)
    expectError(await client.get('/nowhere'), 403)
    sim.setFault('throttle_storm', { count: 1 })
    expectError(await client.get(search), 429)
    sim.setFault('server_error', { count: 1 })
    expectError(await client.get(search), 500)
    // Known to differ from the model: the live platform sends no text for a token it cannot read.
    const undecodable = await client.get(search, { createdAfter: since, paginationToken: 'x' })
    expect([undecodable.status, undecodable.value]).toEqual([
      400,
      { errors: [{ code: 'InvalidInput', message: null }] },
    ])
  })

  test('sellers, tokens, destinations and subscriptions', async () => {
    const client = clients[1]!
    const sellers = model('sellers.json')
    expectValid(
      sellers('GetMarketplaceParticipationsResponse'),
      await client.get('/sellers/v1/marketplaceParticipations'),
      'participations',
    )
    const tokens = model('tokens_2021-03-01.json')
    const resource = { method: 'GET', path: v0, dataElements: ['buyerInfo'] }
    expectValid(
      tokens('CreateRestrictedDataTokenResponse'),
      await client.send('POST', '/tokens/2021-03-01/restrictedDataToken', {
        restrictedResources: [resource],
      }),
      'restricted token',
    )
    expectValid(
      tokens('ErrorList'),
      await client.send('POST', '/tokens/2021-03-01/restrictedDataToken', { restrictedResources: [] }),
      'restricted token refused',
    )

    const definition = model('notifications.json')
    const root = '/notifications/v1'
    const grantless = await connectGrantless(sim, 'eu')
    const body = { name: 'orders', resourceSpecification: { sqs: { arn: sim.queue.arn } } }
    const made = await grantless.send('POST', `${root}/destinations`, body)
    expectValid(definition('CreateDestinationResponse'), made, 'createDestination')
    const again = await grantless.send('POST', `${root}/destinations`, body)
    expect(again.status).toBe(409)
    expectValid(definition('CreateDestinationResponse'), again, 'createDestination twice')
    const bus = {
      name: 'bus',
      resourceSpecification: { eventBridge: { region: 'eu-west-1', accountId: '123456789012' } },
    }
    expectValid(
      definition('CreateDestinationResponse'),
      await grantless.send('POST', `${root}/destinations`, bus),
      'bus',
    )
    expectValid(
      definition('GetDestinationsResponse'),
      await grantless.get(`${root}/destinations`),
      'getDestinations',
    )
    const destinationId = String(made.at('payload.destinationId'))
    expectValid(
      definition('GetDestinationResponse'),
      await grantless.get(`${root}/destinations/${destinationId}`),
      'one',
    )

    const subscribed = await client.send('POST', `${root}/subscriptions/ORDER_CHANGE`, {
      payloadVersion: '1.0',
      destinationId,
      processingDirective: { eventFilter: { eventFilterType: 'ORDER_CHANGE' } },
    })
    expectValid(definition('CreateSubscriptionResponse'), subscribed, 'createSubscription')
    const one = await client.get(`${root}/subscriptions/ORDER_CHANGE`, { payloadVersion: '1.0' })
    expectValid(definition('GetSubscriptionResponse'), one, 'getSubscription')
    const many = await client.get(`${root}/subscriptions`, { notificationTypes: 'ORDER_CHANGE' })
    expectValid(definition('GetSubscriptionsResponse'), many, 'getSubscriptions')
    const byId = `${root}/subscriptions/ORDER_CHANGE/${String(one.at('payload.subscriptionId'))}`
    expectValid(definition('GetSubscriptionByIdResponse'), await grantless.get(byId), 'getSubscriptionById')
    expectValid(
      definition('DeleteSubscriptionByIdResponse'),
      await grantless.send('DELETE', byId, undefined),
      'deleteSubscriptionById',
    )
  })
})

describeWithReference('the simulator’s ORDER_CHANGE against the official schema', () => {
  test('every message of every kind of order', async () => {
    const check = openSchema(readReference('amazon/models/notification-schemas/OrderChangeNotification.json'))
    const sim = await startAmazonSimulator({ clock: systemClock, timeScale: 1e6 })
    try {
      const grantless = await connectGrantless(sim)
      const made = await grantless.send('POST', '/notifications/v1/destinations', {
        name: 'orders',
        resourceSpecification: { sqs: { arn: sim.queue.arn } },
      })
      for (const region of regions) {
        const client = await connectSeller(sim, region)
        const subscribed = await client.send('POST', '/notifications/v1/subscriptions/ORDER_CHANGE', {
          payloadVersion: '1.0',
          destinationId: made.at('payload.destinationId'),
        })
        expect(subscribed.status).toBe(200)
      }
      for (let i = 0; i < 150; i++) {
        const orderId = sim.createOrder()
        while (sim.advance(orderId) !== null);
      }
      let messages = 0
      for (;;) {
        const batch = await receive(sim)
        if (batch.length === 0) break
        for (const body of batch) expect(check(JSON.parse(body)).slice(0, 5)).toEqual([])
        messages += batch.length
      }
      expect(messages).toBeGreaterThan(250)
    } finally {
      await sim.stop()
    }
  })
})

/** Ten messages, without an SDK: the shape of the header is all that is looked at. */
async function receive(sim: AmazonSimulator): Promise<readonly string[]> {
  const answer = await fetch(sim.queue.url, {
    method: 'POST',
    headers: {
      'x-amz-target': 'AmazonSQS.ReceiveMessage',
      'content-type': 'application/x-amz-json-1.0',
      authorization: `AWS4-HMAC-SHA256 Credential=any/20260914/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
    },
    body: JSON.stringify({ QueueUrl: sim.queue.url, MaxNumberOfMessages: 10 }),
  })
  const { Messages = [] } = (await answer.json()) as { Messages?: { Body: string }[] }
  return Messages.map(({ Body }) => Body)
}
