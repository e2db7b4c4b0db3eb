import { Type } from 'typebox'
import { Quantity, about, maybeInstant, maybeText, object, openEnum } from './schema.ts'
import type { Static } from './schema.ts'

export const cancellationInitiators = ['buyer', 'seller', 'platform', 'system', 'unknown'] as const
export const cancellationStates = [
  'requested',
  'accepted',
  'rejected',
  'auto_accepted',
  'completed',
  'withdrawn',
  'unknown',
] as const

/** A wish to cancel, or a cancellation that happened. */
export const CancellationContent = object(
  {
    platform_cancellation_id: Type.String(
      about('The platform id, or the line id where it has none.', '平台取消单 ID；平台没有时取子单 ID'),
    ),
    initiated_by: openEnum(cancellationInitiators, about('Who asked.', '发起方')),
    reason_code: maybeText('Reason as a code.', '原因代码'),
    reason_text: maybeText('Reason in words.', '原因描述'),
    state: openEnum(cancellationStates, about('State.', '取消状态')),
    respond_by_at: maybeInstant(
      'Answer before this, or the platform decides.',
      '最晚答复时间，逾期由平台处理',
    ),
    lines: Type.Array(object({ platform_line_id: Type.String(), quantity: Quantity }), {
      ...about('Which units.', '涉及的子单与数量'),
    }),
  },
  { title: 'CancellationContent' },
)
export type CancellationContent = Static<typeof CancellationContent>

export const Cancellation = object(
  {
    id: Type.String(about('Our id, stable over every re-read.', '系统取消单 ID')),
    ...CancellationContent.properties,
  },
  { title: 'Cancellation' },
)
export type Cancellation = Static<typeof Cancellation>
