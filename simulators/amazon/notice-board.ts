import { isoTime } from '#kernel/clock.ts'
import type { Pace } from '../clock-scale.ts'
import type { FaultSwitches } from '../faults.ts'
import type { Dice } from '../random.ts'
import { present } from './amounts.ts'
import type { Change } from './order-life.ts'
import { windowsOf, type OrderStatus, type SimulatedOrder } from './order.ts'
import type { Queues } from './queues.ts'

export type Destination = {
  readonly destinationId: string
  readonly name: string
  readonly resource:
    | { readonly sqs: { readonly arn: string } }
    | { readonly eventBridge: { readonly name: string; readonly region: string; readonly accountId: string } }
}

export type OrderChangeType = NonNullable<Change>

export type Subscription = {
  readonly subscriptionId: string
  readonly notificationType: string
  readonly sellerId: string
  readonly payloadVersion: string
  readonly destinationId: string
  readonly processingDirective?: object
  /** What the directive lets through; empty lists let everything through. */
  readonly changeTypes: readonly string[]
  readonly marketplaceIds: readonly string[]
}

/** Who wants to be told what, and the telling itself. */
export type NoticeBoard = {
  readonly destinations: Map<string, Destination>
  readonly subscriptions: Map<string, Subscription>
  readonly newId: () => string
  readonly announce: (order: SimulatedOrder, change: OrderChangeType) => void
}

const v0Statuses: Readonly<Record<OrderStatus, string>> = {
  PENDING_AVAILABILITY: 'PendingAvailability',
  PENDING: 'Pending',
  UNSHIPPED: 'Unshipped',
  PARTIALLY_SHIPPED: 'PartiallyShipped',
  SHIPPED: 'Shipped',
  CANCELLED: 'Canceled',
  UNFULFILLABLE: 'Unfulfillable',
}
export const v0StatusOf = (order: SimulatedOrder): string => v0Statuses[order.status]

export const isFifo = (arn: string): boolean => arn.endsWith('.fifo')

/** How late a message is when later ones overtake it. */
const overtakenMs = 30_000

const orderPrograms: Readonly<Record<string, string>> = {
  AMAZON_BUSINESS: 'Business',
  PRIME: 'Prime',
  PREMIUM: 'Premium',
}

/** The Payload of ORDER_CHANGE 1.0. Source: docs: notification-type-values, ORDER_CHANGE schema. */
export function renderOrderChange(order: SimulatedOrder, change: OrderChangeType): object {
  const windows = windowsOf(order)
  const iso = isoTime
  return {
    OrderChangeNotification: {
      NotificationLevel: 'OrderLevel',
      SellerId: order.sellerId,
      AmazonOrderId: order.orderId,
      OrderChangeType: change,
      OrderChangeTrigger: {
        TimeOfOrderChange: iso(order.updatedMs),
        ChangeReason: change === 'BuyerRequestedChange' ? 'Buyer Requested Cancel' : 'OrderStatusChange',
      },
      Summary: present({
        MarketplaceId: order.marketplace.id,
        OrderStatus: v0StatusOf(order),
        PurchaseDate: iso(order.createdMs),
        DestinationPostalCode: order.address.postalCode,
        FulfillmentType: order.byAmazon ? 'AFN' : 'MFN',
        OrderType: order.kind === 'preorder' ? 'Preorder' : 'StandardOrder',
        NumberOfItemsShipped: order.items.reduce((sum, item) => sum + item.shipped, 0),
        NumberOfItemsUnshipped: order.cancelled
          ? 0
          : order.items.reduce((sum, item) => sum + item.quantity - item.shipped, 0),
        EarliestDeliveryDate: iso(windows.deliverFromMs),
        LatestDeliveryDate: iso(windows.deliverByMs),
        EarliestShipDate: iso(windows.shipFromMs),
        LatestShipDate: iso(windows.shipByMs),
        CancelNotifyDate: iso(windows.deliverByMs),
        OrderPrograms: [
          ...order.programs.flatMap((program) => orderPrograms[program] ?? []),
          ...(order.replacesOrderId ? ['Replacement'] : []),
        ],
        ShippingPrograms: order.kind === 'pickup' ? ['ISPU'] : [],
        OrderItems: order.items.map((item) => ({
          OrderItemId: item.orderItemId,
          SellerSKU: item.sku,
          SupplySourceId: null,
          OrderItemStatus: item.shipped === item.quantity ? 'Shipped' : 'Unshipped',
          Quantity: item.quantity,
          QuantityShipped: item.shipped,
          IsBuyerRequestedCancel: order.cancelRequest !== null,
          ItemEarliestDeliveryDate: iso(windows.deliverFromMs),
          ItemLatestDeliveryDate: iso(windows.deliverByMs),
        })),
      }),
    },
  }
}

export function openNoticeBoard(
  applicationId: string,
  pace: Pace,
  faults: FaultSwitches,
  queues: Queues,
  dice: Dice,
): NoticeBoard {
  const destinations = new Map<string, Destination>()
  const subscriptions = new Map<string, Subscription>()

  function tell(subscription: Subscription, order: SimulatedOrder, change: OrderChangeType): void {
    const resource = destinations.get(subscription.destinationId)?.resource
    const arn = resource && 'sqs' in resource ? resource.sqs.arn : ''
    const queue = queues.findByArn(arn)
    if (!queue || isFifo(arn) || faults.strikes('lost_notification', order.orderId)) return
    const published = isoTime(pace.clock.nowMs())
    const body = JSON.stringify({
      NotificationVersion: '1.0',
      NotificationType: subscription.notificationType,
      PayloadVersion: subscription.payloadVersion,
      EventTime: isoTime(order.updatedMs),
      Payload: renderOrderChange(order, change),
      NotificationMetadata: {
        ApplicationId: applicationId,
        SubscriptionId: subscription.subscriptionId,
        PublishTime: published,
        NotificationId: dice.uuid(),
      },
    })
    const late = faults.strikes('out_of_order_notification', order.orderId)
    queue.send(body, late ? pace.spanMs(overtakenMs) : 0)
    if (faults.strikes('duplicate_notification', order.orderId)) queue.send(body, 0)
  }

  const wants = (subscription: Subscription, order: SimulatedOrder, change: OrderChangeType): boolean =>
    subscription.notificationType === 'ORDER_CHANGE' &&
    subscription.sellerId === order.sellerId &&
    (subscription.changeTypes.length === 0 || subscription.changeTypes.includes(change)) &&
    (subscription.marketplaceIds.length === 0 || subscription.marketplaceIds.includes(order.marketplace.id))

  return {
    destinations,
    subscriptions,
    newId: dice.uuid,
    announce: (order, change) => {
      for (const subscription of subscriptions.values())
        if (wants(subscription, order, change)) tell(subscription, order, change)
    },
  }
}
