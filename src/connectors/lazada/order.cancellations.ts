import type { CancellationContent } from '#canonical/cancellation.ts'
import { text as note } from '#kernel/text.ts'
import { absent, choice, firstOf } from '#mapping/index.ts'
import type { Shape } from '#mapping/index.ts'
import { fromLine, isLineThat } from './order.facts.ts'
import type { Line } from './order.units.ts'
import { fromMembers, looseText, looseTime } from './order.values.ts'
import { wordOf } from './raw-values.ts'
import { hasOpenRequest } from './status.ts'

/** Who ends an order, in Lazada's open list (docs: api /order/items/get). */
const initiators = {
  'cancellation-customer': 'buyer',
  'buyer-cancel': 'buyer',
  'return-customer': 'buyer',
  'cancellation-seller': 'seller',
  'cancellation-internal': 'platform',
  'customer service-cancel': 'platform',
  'refund-internal': 'platform',
  'cancellation-failed Delivery': 'platform',
  'system-cancel': 'system',
} as const

const isCancelled = ({ units }: Line): boolean => units.some(({ status }) => status === 'cancelled')

/** The cancellation of one line, wished or done. */
export const cancellationShape: Shape<CancellationContent> = {
  platform_cancellation_id: firstOf(
    [
      looseText('reverse_order_id', note('Reverse order.', '逆向单号')),
      fromLine(['order_item_id'], ({ id }) => id, note('The line’s id.', '取子单 ID')),
    ],
    note('The reverse order; without one the line’s id.', '逆向单号,没有时取子单 ID'),
  ),
  initiated_by: firstOf<CancellationContent['initiated_by']>(
    [
      choice<CancellationContent['initiated_by'] | null>(
        'cancel_return_initiator',
        initiators,
        null,
        note('Lazada’s open list.', '平台的开放取值'),
      ),
      fromLine(
        ['status'],
        (line) => (isCancelled(line) ? 'unknown' : 'buyer'),
        note('Only buyers ask.', '只有买家会申请'),
      ),
    ],
    note('As Lazada says; a request is always the buyer’s.', '平台给出的发起方;取消申请均由买家发起'),
  ),
  reason_code: absent(note('Lazada sends words.', '平台只返回文字')),
  reason_text: fromMembers(
    ['reason', 'reason_detail'],
    ({ reason, reason_detail }) => [reason, reason_detail].map(wordOf).filter(Boolean).join('; ') || null,
    note('Reason and its detail.', '原因与补充说明'),
  ),
  state: fromLine(
    ['status', 'need_cancel_confirm', 'is_cancel_pending'],
    (line) =>
      isCancelled(line)
        ? 'completed'
        : line.units.some(({ asksToCancel }) => asksToCancel)
          ? 'requested'
          : 'accepted',
    note(
      'completed when canceled; requested while the seller must answer; accepted while the carrier holds it.',
      '已取消为 completed;待卖家答复为 requested;已同意、待物流确认为 accepted',
    ),
  ),
  respond_by_at: looseTime(
    'cancel_trigger_time',
    note('Lazada cancels by itself then.', '逾期由平台自动取消'),
  ),
  lines: fromLine(
    ['order_item_id', 'status', 'need_cancel_confirm', 'is_cancel_pending'],
    ({ id, units }) => [
      {
        platform_line_id: id,
        quantity: units.filter((unit) => unit.status === 'cancelled' || hasOpenRequest(unit)).length,
      },
    ],
    note('The units concerned.', '涉及的件数'),
  ),
}

/** Lines that are cancelled, or that the buyer wants cancelled. */
export const isCancellation = isLineThat(
  ['status', 'need_cancel_confirm', 'is_cancel_pending'],
  (line) => isCancelled(line) || line.units.some(hasOpenRequest),
  note(
    'Status canceled, need_cancel_confirm or is_cancel_pending.',
    'canceled、need_cancel_confirm 或 is_cancel_pending',
  ),
)
