import { randomUUID } from 'node:crypto'
import type { HttpAnswer, HttpRequest } from '../http.ts'
import { readJsonBody } from './api-call.ts'
import type { Queue, QueueMessage } from './queues.ts'
import type { World } from './world.ts'

/** The queue service, AWS JSON 1.0 protocol, as its SDKs speak it. Source: Amazon SQS API reference. */
type Fields = Readonly<Record<string, unknown>>
type Ask = {
  readonly world: World
  readonly fields: Fields
  readonly url: string
  readonly signal: AbortSignal
}
type Action = (ask: Ask, queue: Queue) => object | Promise<object>

class QueueError extends Error {
  override readonly name = 'QueueError'
  readonly code: string
  readonly status: number
  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

const reply = (status: number, body: object, headers: Record<string, string> = {}): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID(), ...headers },
  body,
})

const queryCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
}

/** Newer SDKs read `__type`, older ones the query-compatible header. */
const refuse = ({ code, message, status }: QueueError): HttpAnswer =>
  reply(
    status,
    { __type: `com.amazonaws.sqs#${code}`, message },
    { 'x-amzn-query-error': `${queryCodes[code] ?? code};Sender` },
  )

function readWhole(fields: Fields, name: string, low: number, high: number, fallback: number): number {
  const value = fields[name] ?? fallback
  if (!Number.isInteger(value) || (value as number) < low || (value as number) > high)
    throw new QueueError(
      'InvalidParameterValue',
      `Value ${JSON.stringify(value)} for parameter ${name} is invalid.`,
    )
  return value as number
}

const textOf = (fields: Fields, name: string): string => {
  const value = fields[name]
  if (typeof value === 'string') return value
  throw new QueueError('MissingParameter', `The request must contain the parameter ${name}.`)
}

type Wanted = { readonly AttributeNames?: unknown; readonly MessageSystemAttributeNames?: unknown }
const namesOf = (fields: Fields): readonly unknown[] => {
  const { AttributeNames, MessageSystemAttributeNames } = fields as Wanted
  return [AttributeNames, MessageSystemAttributeNames].flatMap(
    (list) => (Array.isArray(list) ? list : []) as unknown[],
  )
}

const chosen = (all: Record<string, string>, names: readonly unknown[]): Record<string, string> =>
  names.includes('All')
    ? all
    : Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)))

function renderMessage(message: QueueMessage, names: readonly unknown[]): object {
  const attributes = chosen(
    {
      SenderId: 'AIDASIMULATEDSENDER00',
      SentTimestamp: String(message.sentMs),
      ApproximateReceiveCount: String(message.receives),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
    },
    names,
  )
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receipt,
    MD5OfBody: message.md5,
    Body: message.body,
    ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
  }
}

const receive: Action = async ({ fields, signal }, queue) => {
  const holdSeconds = readWhole(fields, 'VisibilityTimeout', 0, 43_200, queue.visibilityTimeoutMs / 1000)
  const messages = await queue.receive(
    {
      max: readWhole(fields, 'MaxNumberOfMessages', 1, 10, 1),
      waitMs: readWhole(fields, 'WaitTimeSeconds', 0, 20, 0) * 1000,
      holdMs: holdSeconds * 1000,
    },
    signal,
  )
  const names = namesOf(fields)
  return messages.length === 0 ? {} : { Messages: messages.map((message) => renderMessage(message, names)) }
}

const remove: Action = ({ fields }, queue) => {
  queue.remove(textOf(fields, 'ReceiptHandle'))
  return {}
}

type Entry = { readonly Id: string } & Fields

function entriesOf(fields: Fields): readonly Entry[] {
  const entries = fields['Entries']
  if (!Array.isArray(entries) || entries.length === 0)
    throw new QueueError('EmptyBatchRequest', 'There should be at least one entry in the request.')
  if (entries.length > 10)
    throw new QueueError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.')
  const list = entries as Entry[]
  if (new Set(list.map(({ Id }) => Id)).size < list.length)
    throw new QueueError('BatchEntryIdsNotDistinct', 'Two or more batch entries have the same Id.')
  return list
}

const removeBatch: Action = ({ fields }, queue) => {
  const entries = entriesOf(fields)
  for (const entry of entries) queue.remove(textOf(entry, 'ReceiptHandle'))
  return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] }
}

const changeVisibility: Action = ({ fields }, queue) => {
  const holdMs = readWhole(fields, 'VisibilityTimeout', 0, 43_200, 30) * 1000
  if (!queue.hold(textOf(fields, 'ReceiptHandle'), holdMs))
    throw new QueueError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.')
  return {}
}

const attributes: Action = ({ world, fields }, queue) => {
  const nowMs = world.pace.clock.nowMs()
  const free = [...queue.messages].filter((message) => message.visibleMs <= nowMs)
  const held = [...queue.messages].filter((message) => message.visibleMs > nowMs && message.receives > 0)
  return {
    Attributes: chosen(
      {
        QueueArn: queue.arn,
        ApproximateNumberOfMessages: String(free.length),
        ApproximateNumberOfMessagesNotVisible: String(held.length),
        ApproximateNumberOfMessagesDelayed: String(queue.messages.size - free.length - held.length),
        CreatedTimestamp: String(Math.floor(queue.createdMs / 1000)),
        LastModifiedTimestamp: String(Math.floor(queue.createdMs / 1000)),
        VisibilityTimeout: String(queue.visibilityTimeoutMs / 1000),
        ReceiveMessageWaitTimeSeconds: '0',
      },
      namesOf(fields),
    ),
  }
}

/** So that people can put a message of their own into a queue. */
const send: Action = ({ fields }, queue) => {
  const delayMs = readWhole(fields, 'DelaySeconds', 0, 900, 0) * 1000
  const { messageId, md5 } = queue.send(textOf(fields, 'MessageBody'), delayMs)
  return { MessageId: messageId, MD5OfMessageBody: md5 }
}

const actions: Readonly<Record<string, Action>> = {
  ReceiveMessage: receive,
  DeleteMessage: remove,
  DeleteMessageBatch: removeBatch,
  ChangeMessageVisibility: changeVisibility,
  GetQueueAttributes: attributes,
  SendMessage: send,
}

export const queueUrl = (url: string, queue: Queue): string =>
  `${url}/sqs/${queue.arn.split(':')[4] ?? ''}/${queue.name}`

const doesNotExist = (): QueueError =>
  new QueueError('QueueDoesNotExist', 'The specified queue does not exist.')

/** Actions that name a queue instead of giving its address. */
function openByName(action: string, { world, fields, url }: Ask): object | null {
  if (action !== 'GetQueueUrl' && action !== 'CreateQueue') return null
  const name = textOf(fields, 'QueueName')
  if (!/^[\w-]{1,80}$/.test(name)) throw new QueueError('InvalidParameterValue', 'The queue name is invalid.')
  const queue = action === 'CreateQueue' ? world.queues.open(name) : world.queues.find(name)
  if (!queue) throw doesNotExist()
  return { QueueUrl: queueUrl(url, queue) }
}

/** Any key signs well enough; the header must have the shape of signature version 4. */
const signed =
  /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[\w-]+\/sqs\/aws4_request, ?SignedHeaders=[\w;-]+, ?Signature=[0-9a-f]{64}$/

async function act(world: World, request: HttpRequest, url: string): Promise<object> {
  const action = /^AmazonSQS\.(\w+)$/.exec(String(request.headers['x-amz-target'] ?? ''))?.[1]
  if (!action) throw new QueueError('InvalidAction', 'The action or operation requested is invalid.')
  if (!signed.test(request.headers.authorization ?? ''))
    throw new QueueError(
      'MissingAuthenticationToken',
      'The request must be signed with signature version 4.',
      403,
    )
  const fields = readJsonBody(request)
  if (!fields) throw new QueueError('SerializationException', 'The request body is not a JSON object.')
  const ask: Ask = { world, fields, url, signal: request.signal }
  const named = openByName(action, ask)
  if (named) return named
  const run = actions[action]
  if (!run) throw new QueueError('InvalidAction', `The action ${action} is not simulated.`)
  const queue = world.queues.find(textOf(fields, 'QueueUrl').split('/').at(-1) ?? '')
  if (!queue) throw doesNotExist()
  return run(ask, queue)
}

export async function answerQueueCall(world: World, request: HttpRequest, url: string): Promise<HttpAnswer> {
  try {
    return reply(200, await act(world, request, url))
  } catch (error) {
    if (error instanceof QueueError) return refuse(error)
    throw error
  }
}
