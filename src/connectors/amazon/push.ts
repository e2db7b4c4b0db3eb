import type { ReadHint } from '#connectors/connector.ts'
import { readJson } from '#kernel/json.ts'
import { isObject, membersOf, textOf, timeOf } from './raw-values.ts'
import type { Members } from './raw-values.ts'

const unreadable = (reason: string): ReadHint => ({ kind: 'unreadable', reason })

/**
 * Reads one message of the queue. Only ORDER_CHANGE says something about an order; its content is a hint
 * to read that order again, never data (docs: notifications-api-v1-use-case-guide). Some types are written
 * in camelCase, so the top levels are read whatever their case.
 */
export function readHint(body: unknown): ReadHint {
  const message = unwrapMessage(body)
  if (!isObject(message)) return unreadable('the message is not a JSON object')
  const read = anyCase(message)
  const type = textOf(read('notificationType'))
  if (type === null) return unreadable('the message has no NotificationType')
  if (type !== 'ORDER_CHANGE') return { kind: 'ignored', reason: `${type} is not about orders` }

  const change = anyCase(membersOf(anyCase(membersOf(read('payload')))('orderChangeNotification')))
  const platformOrderId = textOf(change('amazonOrderId'))
  const platformMerchantId = textOf(change('sellerId'))
  if (platformOrderId === null || platformMerchantId === null)
    return unreadable('ORDER_CHANGE without AmazonOrderId or SellerId')
  const eventTime = read('eventTime')
  const changedAt = anyCase(membersOf(change('orderChangeTrigger')))('timeOfOrderChange')
  const id = textOf(anyCase(membersOf(read('notificationMetadata')))('notificationId'))
  return {
    kind: 'order',
    hint: {
      platformOrderId,
      platformMerchantId,
      platformMarketId: textOf(anyCase(membersOf(change('summary')))('marketplaceId')),
      dedupeKey: id ?? `${platformOrderId}:${textOf(eventTime) ?? ''}`,
      occurredAtMs: timeOf(changedAt) ?? timeOf(eventTime),
    },
  }
}

/** The message itself, out of text, the `Message` of an SNS topic, or the `detail` of an EventBridge event. */
function unwrapMessage(body: unknown, depth = 0): unknown {
  if (depth > 4) return null
  if (typeof body === 'string') {
    const reading = readJson(body)
    return reading.ok ? unwrapMessage(reading.value, depth + 1) : null
  }
  if (!isObject(body)) return body
  const inner = body['detail'] ?? (typeof body['Message'] === 'string' ? body['Message'] : undefined)
  return inner === undefined ? body : unwrapMessage(inner, depth + 1)
}

const anyCase = (object: Members): ((name: string) => unknown) => {
  const byLowerName = new Map(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => byLowerName.get(name.toLowerCase())
}
