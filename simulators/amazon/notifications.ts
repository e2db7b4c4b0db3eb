import type { HttpAnswer } from '../http.ts'
import { isAnswer, ok, readJsonBody, type ApiCall, type Operation } from './api-call.ts'
import { conflict, invalidInput, notFound } from './errors.ts'
import { isFifo, type Destination, type Subscription } from './notice-board.ts'

/** Notifications API v1. Source: docs: notifications-api-v1-use-case-guide, notification-type-values. */
const onQueues = new Set([
  'ORDER_CHANGE',
  'ANY_OFFER_CHANGED',
  'B2B_ANY_OFFER_CHANGED',
  'FBA_INVENTORY_AVAILABILITY_CHANGES',
  'FBA_OUTBOUND_SHIPMENT_STATUS',
  'FULFILLMENT_ORDER_STATUS',
  'FEED_PROCESSING_FINISHED',
  'REPORT_PROCESSING_FINISHED',
  'PRICING_HEALTH',
  'TRANSACTION_UPDATE',
  'FEE_PROMOTION',
  'ACCOUNT_STATUS_CHANGED',
])
const arnShape = /^arn:aws:sqs:\S+:\S+:\S+$/

type Fields = Readonly<Record<string, unknown>>
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}

function readResource(call: ApiCall, specification: Fields): Destination['resource'] | HttpAnswer {
  const { sqs, eventBridge } = specification as { sqs?: unknown; eventBridge?: unknown }
  if ((sqs === undefined) === (eventBridge === undefined))
    return invalidInput('resourceSpecification must contain exactly one of sqs and eventBridge.')
  if (eventBridge !== undefined) {
    const { region, accountId } = fieldsOf(eventBridge) as { region?: unknown; accountId?: unknown }
    if (typeof region !== 'string' || typeof accountId !== 'string')
      return invalidInput('eventBridge must contain region and accountId.')
    return {
      eventBridge: {
        name: `aws.partner/sellingpartnerapi.amazon.com/${accountId}/${call.world.app.applicationId}`,
        region,
        accountId,
      },
    }
  }
  const { arn } = fieldsOf(sqs) as { arn?: unknown }
  if (typeof arn !== 'string' || !arnShape.test(arn)) return invalidInput('The sqs arn is invalid.')
  if (!isFifo(arn) && !call.world.queues.findByArn(arn))
    return invalidInput(`The queue ${arn} does not exist or does not let the platform send to it.`)
  for (const { resource } of call.world.notices.destinations.values())
    if ('sqs' in resource && resource.sqs.arn === arn)
      return conflict(
        `A destination with arn ${arn} already exists for the application ${call.world.app.applicationId}`,
      )
  return { sqs: { arn } }
}

function createDestination(call: ApiCall): HttpAnswer {
  const body = readJsonBody(call.request)
  const { name, resourceSpecification } = (body ?? {}) as { name?: unknown; resourceSpecification?: unknown }
  if (typeof name !== 'string' || name === '' || name.length > 256)
    return invalidInput('name must have between 1 and 256 characters.')
  const resource = readResource(call, fieldsOf(resourceSpecification))
  if (isAnswer(resource)) return resource
  const destination: Destination = { destinationId: call.world.notices.newId(), name, resource }
  call.world.notices.destinations.set(destination.destinationId, destination)
  return ok({ payload: destination })
}

const getDestinations = (call: ApiCall): HttpAnswer =>
  ok({ payload: [...call.world.notices.destinations.values()] })

const findDestination = (call: ApiCall): Destination | HttpAnswer =>
  call.world.notices.destinations.get(call.params['destinationId'] ?? '') ??
  notFound('The destination was not found.')

function getDestination(call: ApiCall): HttpAnswer {
  const destination = findDestination(call)
  return isAnswer(destination) ? destination : ok({ payload: destination })
}

function deleteDestination(call: ApiCall): HttpAnswer {
  const destination = findDestination(call)
  if (isAnswer(destination)) return destination
  call.world.notices.destinations.delete(destination.destinationId)
  return ok({})
}

type Filter = Pick<Subscription, 'changeTypes' | 'marketplaceIds'>

const textList = (value: unknown, known?: readonly string[]): readonly string[] | null => {
  if (value === undefined) return []
  if (!Array.isArray(value)) return null
  return value.every((entry) => typeof entry === 'string' && (known?.includes(entry) ?? true))
    ? (value as string[])
    : null
}

const periods: ReadonlySet<unknown> = new Set(['FiveMinutes', 'TenMinutes'])
const changeTypeNames = ['OrderStatusChange', 'BuyerRequestedChange', 'DeliveryTipChange']

/** The directive in exactly the shape of the model; `null` when it is not. */
function readDirective(directive: unknown, notificationType: string): Filter | null {
  if (directive === undefined) return { changeTypes: [], marketplaceIds: [] }
  const { eventFilter, filterExpression } = fieldsOf(directive) as {
    eventFilter?: unknown
    filterExpression?: unknown
  }
  if ((eventFilter === undefined) === (filterExpression === undefined)) return null
  if (filterExpression !== undefined)
    return typeof filterExpression === 'string' && /^.{1,256}$/s.test(filterExpression)
      ? { changeTypes: [], marketplaceIds: [] }
      : null
  const filter = fieldsOf(eventFilter) as {
    eventFilterType?: unknown
    orderChangeTypes?: unknown
    marketplaceIds?: unknown
    aggregationSettings?: unknown
  }
  if (filter.eventFilterType !== notificationType) return null
  const settings = filter.aggregationSettings
  if (settings !== undefined && !periods.has(fieldsOf(settings)['aggregationTimePeriod'])) return null
  const changeTypes = textList(filter.orderChangeTypes, changeTypeNames)
  const marketplaceIds = textList(filter.marketplaceIds)
  return changeTypes && marketplaceIds && { changeTypes, marketplaceIds }
}

const view = (subscription: Subscription): object => ({
  subscriptionId: subscription.subscriptionId,
  payloadVersion: subscription.payloadVersion,
  destinationId: subscription.destinationId,
  ...(subscription.processingDirective && { processingDirective: subscription.processingDirective }),
})

const ofSeller = (call: ApiCall, type: string): readonly Subscription[] =>
  [...call.world.notices.subscriptions.values()].filter(
    (known) => known.sellerId === call.sellerId && known.notificationType === type,
  )

function createSubscription(call: ApiCall): HttpAnswer {
  const type = call.params['notificationType'] ?? ''
  const body = readJsonBody(call.request)
  const { payloadVersion, destinationId, processingDirective } = (body ?? {}) as Record<string, unknown>
  if (!onQueues.has(type)) return invalidInput(`The notification type ${type} is invalid.`)
  if (typeof payloadVersion !== 'string' || (type === 'ORDER_CHANGE' && payloadVersion !== '1.0'))
    return invalidInput(`The payloadVersion ${String(payloadVersion)} is not supported for ${type}.`)
  const filter = readDirective(processingDirective, type)
  if (!filter) return invalidInput('cannot parse processingDirective')
  const { notices } = call.world
  if (typeof destinationId !== 'string' || !notices.destinations.has(destinationId))
    return notFound('The destination was not found.')
  if (ofSeller(call, type).some((known) => known.payloadVersion === payloadVersion))
    return conflict(`A subscription for ${type} with payload version ${payloadVersion} already exists`)
  const subscription: Subscription = {
    subscriptionId: notices.newId(),
    notificationType: type,
    sellerId: call.sellerId,
    payloadVersion,
    destinationId,
    ...(processingDirective !== undefined && { processingDirective: processingDirective as object }),
    ...filter,
  }
  notices.subscriptions.set(subscription.subscriptionId, subscription)
  return ok({ payload: view(subscription) })
}

function getSubscription(call: ApiCall): HttpAnswer {
  const version = call.request.query.get('payloadVersion')
  const known = ofSeller(call, call.params['notificationType'] ?? '').find(
    ({ payloadVersion }) => version === null || payloadVersion === version,
  )
  return known ? ok({ payload: view(known) }) : notFound('The subscription was not found.')
}

function getSubscriptions(call: ApiCall): HttpAnswer {
  const types = (call.request.query.get('notificationTypes') ?? '').split(',').filter(Boolean)
  if (types.length !== 1) return invalidInput('notificationTypes must have exactly one value.')
  const size = Number(call.request.query.get('pageSize') ?? '30')
  if (!Number.isInteger(size) || size < 30 || size > 100)
    return invalidInput('pageSize must be between 30 and 100.')
  return ok({ payload: { subscriptions: ofSeller(call, types[0]!).slice(0, size).map(view) } })
}

function findById(call: ApiCall): Subscription | HttpAnswer {
  const known = call.world.notices.subscriptions.get(call.params['subscriptionId'] ?? '')
  return known && known.notificationType === call.params['notificationType']
    ? known
    : notFound('The subscription was not found.')
}

function getSubscriptionById(call: ApiCall): HttpAnswer {
  const known = findById(call)
  return isAnswer(known) ? known : ok({ payload: view(known) })
}

function deleteSubscriptionById(call: ApiCall): HttpAnswer {
  const known = findById(call)
  if (isAnswer(known)) return known
  call.world.notices.subscriptions.delete(known.subscriptionId)
  return ok({})
}

const root = '/notifications/v1'
type Row = [string, string, string, Operation['token'], (call: ApiCall) => HttpAnswer]
const rows: readonly Row[] = [
  ['createDestination', 'POST', '/destinations', 'grantless', createDestination],
  ['getDestinations', 'GET', '/destinations', 'grantless', getDestinations],
  ['getDestination', 'GET', '/destinations/{destinationId}', 'grantless', getDestination],
  ['deleteDestination', 'DELETE', '/destinations/{destinationId}', 'grantless', deleteDestination],
  ['getSubscriptions', 'GET', '/subscriptions', 'seller', getSubscriptions],
  ['createSubscription', 'POST', '/subscriptions/{notificationType}', 'seller', createSubscription],
  ['getSubscription', 'GET', '/subscriptions/{notificationType}', 'seller', getSubscription],
  [
    'getSubscriptionById',
    'GET',
    '/subscriptions/{notificationType}/{subscriptionId}',
    'grantless',
    getSubscriptionById,
  ],
  [
    'deleteSubscriptionById',
    'DELETE',
    '/subscriptions/{notificationType}/{subscriptionId}',
    'grantless',
    deleteSubscriptionById,
  ],
]

export const notificationsApi: readonly Operation[] = rows.map(
  ([operation, method, path, token, answer]) => ({
    operation,
    method,
    path: root + path,
    perSecond: 1,
    burst: 5,
    token,
    answer,
  }),
)
