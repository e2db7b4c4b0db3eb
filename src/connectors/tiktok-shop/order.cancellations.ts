import type { CancellationContent } from '#canonical/cancellation.ts'
import { text as note } from '#kernel/text.ts'
import { absent, deriveFrom, firstOf, identifier, optionalText } from '#mapping/index.ts'
import type { Rule, Shape } from '#mapping/index.ts'
import { fromLine } from './line.facts.ts'
import { requestedUnits } from './order.facts.ts'
import { idOf, isTrue, membersOf, textOf } from './raw-values.ts'
import { partyOf } from './status.ts'
import { linesOf } from './units.ts'
import type { Line } from './units.ts'

const isOfLine = fromLine(
  ({ isFirst, line, isCancelRequested }) => isFirst && (line.cancelled > 0 || isCancelRequested),
  note('Cancelled units, or a wish of the buyer.', '有已取消的单件,或买家申请取消'),
)

/** Lines of which units were cancelled, or of an order that the buyer wants cancelled. Most orders have none. */
export const isCancellation: Rule<boolean> = {
  ...isOfLine,
  make: () => {
    const read = isOfLine.make()
    return (element, reading) => {
      const { line_items: items, status, is_buyer_request_cancel: request } = membersOf(reading.root)
      return (isTrue(request) || linesOf(items, status).hasCancelled) && read(element, reading)
    }
  },
}

const fromCancelled = deriveFrom(
  [
    'id',
    '/line_items',
    '/status',
    '/cancellation_initiator',
    '/is_buyer_request_cancel',
    // Read from the cancelled unit; named so that the table shows them.
    '/line_items[].cancel_user',
    '/line_items[].cancel_reason',
  ],
  ([id, items, status, initiator, request]) => {
    const unitId = idOf(id)
    const line = linesOf(items, status).list.find((known) => known.id === unitId)
    const cancelled = line?.units.find((unit) => unit.status === 'cancelled')?.raw
    const party = partyOf(textOf(cancelled?.['cancel_user']) ?? initiator)
    return {
      party: party === 'unknown' && isTrue(request) ? ('buyer' as const) : party,
      reason: textOf(cancelled?.['cancel_reason']),
    }
  },
)

/** A wish that found nothing left to cancel was overtaken by the shipment. */
function stateOf(line: Line, isCancelRequested: boolean): CancellationContent['state'] {
  if (line.cancelled > 0) return 'completed'
  return requestedUnits(line, isCancelRequested) > 0 ? 'requested' : 'rejected'
}

/** The cancellation of one line. Cancellations have ids only in a search of their own. */
export const cancellationShape: Shape<CancellationContent> = {
  platform_cancellation_id: identifier(
    'id',
    note('The line’s: the cancellation id is not in orders.', '取子单 ID,订单接口不返回取消单号'),
  ),
  initiated_by: fromCancelled(
    ({ party }) => party,
    note(
      'cancel_user, else cancellation_initiator; a wish is the buyer’s.',
      '取 cancel_user,缺失取 cancellation_initiator;申请中为买家',
    ),
  ),
  reason_code: absent(note('One text, see reason_text.', '只有一个文本字段,见 reason_text')),
  reason_text: firstOf(
    [
      fromCancelled(({ reason }) => reason, note('Of the unit.', '单件的原因')),
      optionalText('/cancel_reason', note('Of the order.', '订单的原因')),
    ],
    note('The unit’s reason, else the order’s.', '优先取单件原因,缺失取订单原因'),
  ),
  state: fromLine(
    ({ line, isCancelRequested }) => stateOf(line, isCancelRequested),
    note(
      'completed when cancelled; rejected when everything went out despite the wish.',
      '已取消为 completed;申请后仍全部发出为 rejected',
    ),
  ),
  respond_by_at: absent(note('Only in the search of cancellations.', '仅取消单查询接口返回')),
  lines: fromLine(
    ({ line, isCancelRequested }) => [
      {
        platform_line_id: line.id,
        quantity: line.cancelled + requestedUnits(line, isCancelRequested),
      },
    ],
    note('Always one line.', '固定一行'),
  ),
}
