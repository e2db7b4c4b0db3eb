import type { MessageQueue, PlatformApp } from '#connectors/connector.ts'
import type * as Sqs from '@aws-sdk/client-sqs'

export type QueueSettings = {
  readonly queueUrl: string
  /** AWS region of the queue; need not be that of the API. */
  readonly region: string
  /** Another address of the queue service, for stand-ins. */
  readonly endpoint?: string
  /** Without these the SDK looks where AWS keeps credentials. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** The longest that SQS waits for a message, s. */
const longPollSeconds = 20
/** SQS takes no more in one batch. */
const batchSize = 10

/** The app's queue settings `url`, `region`, `endpoint`, `access_key_id`, `secret_access_key`; `null` without a url. */
export function queueSettingsOf({ queue = {} }: PlatformApp): QueueSettings | null {
  const { url, region, endpoint, access_key_id: accessKeyId, secret_access_key: secretAccessKey } = queue
  if (!url) return null
  const credentials =
    accessKeyId && secretAccessKey
      ? { accessKeyId, secretAccessKey }
      : endpoint
        ? { accessKeyId: 'none', secretAccessKey: 'none' }
        : undefined
  return {
    queueUrl: url,
    region: region ?? 'us-east-1',
    ...(endpoint ? { endpoint } : {}),
    ...(credentials ? { credentials } : {}),
  }
}

/**
 * The standard queue to which Amazon sends notifications (a FIFO queue never receives any). Delivery is at
 * least once, late and out of order. Errors of the SDK are thrown as they are.
 */
export function openNotificationQueue(settings: QueueSettings): MessageQueue {
  const { queueUrl, ...options } = settings
  let opening: ReturnType<typeof openClient> | undefined
  const sdk = (): ReturnType<typeof openClient> => (opening ??= openClient(options))

  async function receive(signal: AbortSignal): ReturnType<MessageQueue['receive']> {
    const { client, commands } = await sdk()
    if (signal.aborted) return []
    const command = new commands.ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: batchSize,
      WaitTimeSeconds: longPollSeconds,
    })
    try {
      const { Messages } = await client.send(command, { abortSignal: signal })
      return (Messages ?? []).flatMap(({ ReceiptHandle, Body }) =>
        ReceiptHandle === undefined ? [] : [{ receipt: ReceiptHandle, body: Body }],
      )
    } catch (error) {
      if (signal.aborted) return []
      throw error
    }
  }

  /** A receipt that cannot be deleted comes again and is then a repetition. */
  async function acknowledge(receipts: readonly string[]): Promise<void> {
    if (receipts.length === 0) return
    const { client, commands } = await sdk()
    for (let start = 0; start < receipts.length; start += batchSize) {
      const Entries = receipts
        .slice(start, start + batchSize)
        .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }))
      await client.send(new commands.DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }))
    }
  }

  function close(): void {
    void opening?.then(({ client }) => client.destroy())
  }

  return { receive, acknowledge, close }
}

/** The SDK is loaded when a queue is first read: most of its weight is not ours to carry at every start. */
async function openClient(
  options: Omit<QueueSettings, 'queueUrl'>,
): Promise<{ readonly client: Sqs.SQSClient; readonly commands: typeof Sqs }> {
  const commands = await import('@aws-sdk/client-sqs')
  return { client: new commands.SQSClient(options), commands }
}
