import { describe, expect, test } from 'vitest'
import { readHint } from './push.ts'
import { unwrap } from './unwrap.ts'

const message = {
  NotificationType: 'ORDER_CHANGE',
  EventTime: '2026-09-14T03:25:00.000Z',
  Payload: {
    OrderChangeNotification: {
      SellerId: 'S1',
      AmazonOrderId: '113-1',
      OrderChangeTrigger: { TimeOfOrderChange: '2026-09-14T03:24:58.000Z' },
      Summary: { MarketplaceId: 'ATVPDKIKX0DER' },
    },
  },
  NotificationMetadata: { NotificationId: 'n1' },
}
const hint = {
  kind: 'order',
  hint: {
    platformOrderId: '113-1',
    platformMerchantId: 'S1',
    platformMarketId: 'ATVPDKIKX0DER',
    dedupeKey: 'n1',
    occurredAtMs: Date.parse('2026-09-14T03:24:58.000Z'),
  },
}

describe('readHint', () => {
  test.each([
    ['an object', message],
    ['text', JSON.stringify(message)],
    ['an SNS message', { Type: 'Notification', Message: JSON.stringify(message) }],
    ['an SNS message as text', JSON.stringify({ Type: 'Notification', Message: JSON.stringify(message) })],
    ['an EventBridge event', { 'detail-type': 'ORDER_CHANGE', detail: message }],
    [
      'camelCase at the top',
      {
        notificationType: 'ORDER_CHANGE',
        eventTime: message.EventTime,
        payload: { orderChangeNotification: message.Payload.OrderChangeNotification },
        notificationMetadata: { notificationId: 'n1' },
      },
    ],
  ])('reads %s', (_name, body) => {
    expect(readHint(body)).toEqual(hint)
  })

  test('a missing trigger time gives way to the event’s', () => {
    const { OrderChangeTrigger: _trigger, ...change } = message.Payload.OrderChangeNotification
    const without = { ...message, Payload: { OrderChangeNotification: change } }
    expect(readHint(without)).toMatchObject({ hint: { occurredAtMs: Date.parse(message.EventTime) } })
  })

  test('without an id of its own the order and the time tell repetitions', () => {
    const { NotificationMetadata: _metadata, ...without } = message
    expect(readHint(without)).toMatchObject({ hint: { dedupeKey: `113-1:${message.EventTime}` } })
  })

  test('other types are ignored with the reason', () => {
    expect(readHint({ ...message, NotificationType: 'PRICING_HEALTH' })).toEqual({
      kind: 'ignored',
      reason: 'PRICING_HEALTH is not about orders',
    })
  })

  test.each([
    null,
    7,
    'no json',
    '{"detail":{"detail":{"detail":{"detail":{"detail":{"detail":1}}}}}}',
    [],
    {},
    { NotificationType: 7 },
    { ...message, Payload: null },
    { ...message, Payload: { OrderChangeNotification: { SellerId: 'S1' } } },
  ])('says what it cannot read: %j', (body) => {
    expect(readHint(body).kind).toBe('unreadable')
  })
})

describe('unwrap', () => {
  const order = { orderId: '1' }
  const v0 = { AmazonOrderId: '1', OrderItems: [{ OrderItemId: 'a' }] }

  test.each([
    [order, [order]],
    [{ order }, [order]],
    [{ payload: { order } }, [order]],
    [{ orders: [order, order], pagination: {} }, [order, order]],
    [
      [order, { order }],
      [order, order],
    ],
    [{ orders: [] }, []],
    [{ other: 1 }, [{ other: 1 }]],
    ['text', ['text']],
    [null, [null]],
  ])('2026: %j', (input, documents) => {
    expect(unwrap(input, 'order')).toEqual(documents)
  })

  test.each([
    [v0, [v0]],
    [{ payload: v0 }, [v0]],
    [{ payload: { Orders: [v0, v0] } }, [v0, v0]],
    [{ Orders: [v0] }, [v0]],
    [{ order: v0 }, [v0]],
    [{ order: { payload: { Orders: [v0] } } }, [v0]],
    [{ order: { payload: { Orders: [v0, v0] } } }, [{ order: { payload: { Orders: [v0, v0] } } }]],
    [
      [v0, v0],
      [v0, v0],
    ],
  ])('v0: %j', (input, documents) => {
    expect(unwrap(input, 'order_v0')).toEqual(documents)
  })

  test('v0: parts are laid into the order, the fuller one wins', () => {
    const input = {
      order: { payload: { AmazonOrderId: '1', BuyerInfo: { BuyerEmail: 'e', BuyerName: 'old' } } },
      items: {
        payload: {
          AmazonOrderId: '1',
          NextToken: 't',
          OrderItems: [{ OrderItemId: 'a' }, { OrderItemId: 'b' }],
        },
      },
      address: { AmazonOrderId: '1', BuyerCompanyName: 'C', ShippingAddress: { City: 'X' } },
      buyer_info: { AmazonOrderId: '1', BuyerName: 'new' },
      items_buyer_info: { payload: { OrderItems: [{ OrderItemId: 'b', GiftWrapLevel: 'Classic' }] } },
    }
    expect(unwrap(input, 'order_v0')).toEqual([
      {
        AmazonOrderId: '1',
        NextToken: 't',
        BuyerCompanyName: 'C',
        ShippingAddress: { City: 'X' },
        BuyerInfo: { AmazonOrderId: '1', BuyerEmail: 'e', BuyerName: 'new' },
        OrderItems: [
          { OrderItemId: 'a' },
          { OrderItemId: 'b', BuyerInfo: { OrderItemId: 'b', GiftWrapLevel: 'Classic' } },
        ],
      },
    ])
    expect(
      unwrap(
        { order: { AmazonOrderId: '1' }, items: [{ OrderItemId: 'a' }], address: { City: 'X' } },
        'order_v0',
      ),
    ).toEqual([{ AmazonOrderId: '1', OrderItems: [{ OrderItemId: 'a' }], ShippingAddress: { City: 'X' } }])
  })

  test('v0: parts of another order are not taken for this one', () => {
    const [joined] = unwrap(
      { order: { AmazonOrderId: '1' }, items: { AmazonOrderId: '2', OrderItems: [] } },
      'order_v0',
    )
    expect(joined).toMatchObject({ AmazonOrderId: ['1', '2'] })
  })
})
