import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import type { RuleName } from '#mapping/rule.ts'

/** What each rule of the field tables does; a rule without a line here does not compile. */
export const ruleTexts: Readonly<Record<RuleName, Text>> = {
  text: text('Taken as it is; faulty when missing.', '原样取值，缺失即异常'),
  'optional text': text('Taken as it is; null when missing.', '原样取值，缺失为 null'),
  identifier: text('An id, kept as text with every digit.', '标识符，按文本保留全部数字'),
  count: text('A whole number, not negative.', '非负整数'),
  'optional count': text('A whole number, not negative; null when missing.', '非负整数，缺失为 null'),
  flag: text('True or false.', '布尔值'),
  word: text('The platform’s own word.', '平台原始取值'),
  words: text('The platform’s own words, as a list.', '平台原始取值列表'),
  'has word': text('Whether a list contains a word.', '列表是否包含某个取值'),
  present: text('Whether there is a value.', '是否有值'),
  money: text('Amount and currency, in whole minor units.', '金额与币种，按最小货币单位精确换算'),
  discount: text('Money, given as a positive number.', '优惠金额，统一为正数'),
  sum: text('Sum of several amounts of one currency.', '同币种金额求和'),
  difference: text('One amount less another.', '两项金额之差'),
  time: text('A point in time, converted to UTC; faulty when missing.', '时间，转换为 UTC，缺失即异常'),
  'optional time': text(
    'A point in time, converted to UTC; null when missing.',
    '时间，转换为 UTC，缺失为 null',
  ),
  epoch: text('Unix time, converted to UTC; faulty when missing.', 'Unix 时间戳，转换为 UTC，缺失即异常'),
  'optional epoch': text(
    'Unix time, converted to UTC; null when missing.',
    'Unix 时间戳，转换为 UTC，缺失为 null',
  ),
  choice: text('Known words become ours; the table lists them.', '按取值对照表转换'),
  list: text('A list of plain values.', '简单值列表'),
  each: text('A list; each element has the rows below.', '列表，每个元素按下列各行转换'),
  part: text('An object; it has the rows below.', '对象，按下列各行转换'),
  constant: text('Always the same on this platform.', '该平台下为固定值'),
  absent: text('The platform does not have it.', '平台不提供'),
  either: text('One of two fields, as the note says.', '二选一，规则见说明'),
  'first of': text('The first of several places that has a value.', '按顺序取第一个有值的字段'),
  join: text('Several texts, joined.', '多段文本拼接'),
  derive: text('Worked out from several fields, see the note.', '由多个字段推导，见说明'),
}
