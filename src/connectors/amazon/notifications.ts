import type { PlatformRequest, Call, PlatformAnswer, PlatformApp } from '#connectors/connector.ts'
import { PlatformFailure } from '#kernel/failure.ts'
import { grantlessToken } from './auth.ts'
import { listOf, membersOf, textOf } from './raw-values.ts'

const notificationScope = 'sellingpartnerapi::notifications'
const subscriptionPath = '/notifications/v1/subscriptions/ORDER_CHANGE'
const destinationsPath = '/notifications/v1/destinations'
const payloadVersion = '1.0'

/**
 * Makes Amazon send the account's ORDER_CHANGE messages to the queue `queue.arn` of the app. Both steps
 * may be repeated: what exists already is found and used. Without an arn there is nothing to do.
 * Throws `PlatformFailure`.
 */
export async function subscribe(call: Call, app: PlatformApp, region: string): Promise<void> {
  const arn = app.queue?.['arn']
  if (!arn) return
  const destinationId = await ensureDestination(call, app, region, arn)
  await ensureSubscription(call, region, destinationId)
}

/** The destination of a queue, one for each queue and app. */
export async function ensureDestination(
  call: Call,
  app: PlatformApp,
  region: string,
  arn: string,
): Promise<string> {
  const bearer = await grantlessToken(call, app, notificationScope)
  const host = `api.${region}`
  const list: PlatformRequest = {
    operation: 'notifications.list_destinations',
    method: 'GET',
    host,
    path: destinationsPath,
    auth: 'none',
    repeatable: true,
    bearer,
  }
  const create: PlatformRequest = {
    operation: 'notifications.create_destination',
    method: 'POST',
    host,
    path: destinationsPath,
    body: { name: 'openclaw-orders', resourceSpecification: { sqs: { arn } } },
    auth: 'none',
    repeatable: false,
    bearer,
  }
  const created = await unlessItExists(call(create))
  const id = created
    ? textOf(membersOf(payloadOf(created))['destinationId'])
    : destinationOf(payloadOf(await call(list)), arn)
  if (id !== null) return id
  throw new PlatformFailure('contract_broken', 'NO_DESTINATION', 'Amazon names no destination for the queue')
}

function destinationOf(destinations: unknown, arn: string): string | null {
  const found = listOf(destinations)
    .map(membersOf)
    .find(({ resource }) => membersOf(membersOf(resource)['sqs'])['arn'] === arn)
  return textOf(found?.['destinationId'])
}

/** Existing subscriptions are kept: there is one for each type, app and account. */
async function ensureSubscription(call: Call, region: string, destinationId: string): Promise<void> {
  await unlessItExists(
    call({
      operation: 'notifications.create_subscription',
      method: 'POST',
      host: `api.${region}`,
      path: subscriptionPath,
      body: {
        payloadVersion,
        destinationId,
        // Amazon refuses the directive unless it is complete.
        processingDirective: {
          eventFilter: {
            eventFilterType: 'ORDER_CHANGE',
            orderChangeTypes: ['OrderStatusChange', 'BuyerRequestedChange'],
          },
        },
      },
      auth: 'seller',
      repeatable: false,
    }),
  )
}

const payloadOf = (answer: PlatformAnswer): unknown => membersOf(answer.body)['payload']

async function unlessItExists(answer: Promise<PlatformAnswer>): Promise<PlatformAnswer | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof PlatformFailure && error.httpStatus === 409) return null
    throw error
  }
}
