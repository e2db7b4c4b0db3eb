/**
 * The headers of a webhook except its two signatures. Sender and log build them with this one function, so
 * the log keeps only the signatures and still shows the request as it was. All values are ours (ids, names
 * of our tables, digits): none can hold a line break.
 */
export const webhookHeaders = (webhook: {
  readonly environment: string
  readonly deliveryId: string
  readonly eventId: string
  readonly eventType: string
  /** Unix seconds at the start of the attempt. */
  readonly timestampS: number
}): Record<string, string> => ({
  'Content-Type': 'application/json',
  'User-Agent': 'OpenClaw-Webhooks/1',
  // An answer that is never decompressed cannot explode.
  'Accept-Encoding': 'identity',
  'X-OpenClaw-Environment': webhook.environment,
  'X-OpenClaw-Delivery-Id': webhook.deliveryId,
  'X-OpenClaw-Event-Id': webhook.eventId,
  'X-OpenClaw-Event-Type': webhook.eventType,
  'X-OpenClaw-Timestamp': String(webhook.timestampS),
  'webhook-id': webhook.eventId,
  'webhook-timestamp': String(webhook.timestampS),
})
