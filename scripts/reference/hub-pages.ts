import { scopeTexts } from '#access/scopes.ts'
import { errorCodes } from '#api/error-codes.ts'
import type { ErrorEntry } from '#api/error-codes.ts'
import { eventTypes } from '#canonical/event.ts'
import { orderStatusTexts } from '#canonical/status.ts'
import { retryPausesMs } from '#delivery/schedule.ts'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { blocks, code } from './page.ts'
import type { Page, Writer } from './page.ts'

/** The hub's own words: what its API answers and its webhooks carry. */
export const hubPages: readonly Page[] = [
  {
    path: 'error-codes.md',
    title: text('Error codes of the API', 'API 错误码'),
    body: ({ say, table }) =>
      table(
        [
          text('Code', '错误码'),
          text('HTTP', 'HTTP 状态'),
          text('Category', '分类'),
          text('Retry', '可重试'),
          text('Cause', '原因'),
          text('Remedy', '处理办法'),
        ],
        Object.entries<ErrorEntry>(errorCodes).map(([name, entry]) => [
          code(name),
          String(entry.status),
          code(entry.category),
          say(entry.retryable ? text('yes', '是') : text('no', '否')),
          `**${say(entry.title)}**\n${say(entry.cause)}`,
          say(entry.remedy),
        ]),
      ),
  },
  {
    path: 'scopes.md',
    title: text('Scopes', '权限范围'),
    body: meanings(text('Scope', '权限'), scopeTexts),
  },
  {
    path: 'order-statuses.md',
    title: text('Order statuses', '订单状态'),
    body: meanings(text('Status', '状态'), orderStatusTexts),
  },
  {
    path: 'events.md',
    title: text('Events and webhook retries', '事件与 webhook 重试'),
    body: (write) =>
      blocks(
        meanings(text('Event', '事件'), eventTypes)(write),
        `## ${write.say(text('Retries', '重试'))}`,
        write.say(
          text(
            'Pauses before jitter; a Retry-After of the receiver can only lengthen them.',
            '以下为加入随机抖动前的间隔；接收方返回的 Retry-After 只会延长间隔。',
          ),
        ),
        write.table(
          [text('Try', '次数'), text('After the one before', '距上次'), text('After the first', '距首次')],
          retries(),
        ),
      ),
  },
]

function meanings(head: Text, texts: Readonly<Record<string, Text>>): (write: Writer) => string {
  return ({ say, table }) =>
    table(
      [head, text('Meaning', '含义')],
      Object.entries(texts).map(([name, meaning]) => [code(name), say(meaning)]),
    )
}

function retries(): readonly (readonly string[])[] {
  let sumMs = 0
  return [0, ...retryPausesMs].map((pauseMs, index) => {
    sumMs += pauseMs
    return [String(index + 1), span(pauseMs), span(sumMs)]
  })
}

function span(ms: number): string {
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60].map(Math.floor)
  return [hours ? `${hours} h` : '', minutes ? `${minutes} min` : '', seconds ? `${seconds} s` : '']
    .filter(Boolean)
    .join(' ')
}
