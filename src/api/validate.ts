import { Compile } from 'typebox/compile'
import type { TSchema } from 'typebox'
import { text } from '#kernel/text.ts'
import type { Text } from '#kernel/text.ts'
import { ClientFailure } from './problem.ts'
import type { Issue } from './problem.ts'

type Part = Issue['in']
type Fault = { keyword: string; instancePath: string; params: object; message: string }

const most = 20

/**
 * A check for one part of a request. Text from the URL becomes what the schema asks for only when it is
 * written exactly so: `limit=1.5` and `limit=` are refused, not rounded. Throws `ClientFailure` naming every
 * value that is wrong.
 */
export function checkerOf(schema: TSchema, part: Part): (value: unknown) => unknown {
  const compiled = Compile(schema)
  const read = part === 'body' ? (value: unknown) => value : readerOf(schema)
  return (value) => {
    const candidate = read(value === undefined ? {} : value)
    if (compiled.Check(candidate)) return candidate
    throw refusal(compiled.Errors(candidate), part)
  }
}

function refusal(faults: readonly Fault[], part: Part): ClientFailure {
  const issues = faults.flatMap((fault) => issuesOf(fault, part)).slice(0, most)
  const isUnknown = issues.every(({ code }) => code === 'PARAMETER_UNKNOWN')
  return new ClientFailure(isUnknown ? 'PARAMETER_UNKNOWN' : 'PARAMETER_INVALID', { issues })
}

function issuesOf({ keyword, instancePath, params, message }: Fault, part: Part): Issue[] {
  const at = (pointer: string): string => (part === 'body' ? pointer : pointer.slice(1))
  // `additionalProperties: false` also reports each name as a schema of its own.
  if (keyword === 'boolean') return []
  if (keyword === 'additionalProperties')
    return (params as { additionalProperties: string[] }).additionalProperties.map((name) => ({
      in: part,
      pointer: at(`${instancePath}/${escapePointer(name)}`),
      code: 'PARAMETER_UNKNOWN',
      detail: text('There is no parameter or field of this name.', '没有此参数或字段。'),
    }))
  if (keyword === 'required')
    return (params as { requiredProperties: string[] }).requiredProperties.map((name) => ({
      in: part,
      pointer: at(`${instancePath}/${escapePointer(name)}`),
      code: 'PARAMETER_INVALID',
      detail: text('Required.', '必填。'),
    }))
  return [
    {
      in: part,
      pointer: at(instancePath),
      code: 'PARAMETER_INVALID',
      detail: wanted(keyword, params, message),
    },
  ]
}

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1')

/** What the schema asks for, by keyword. Never the value that was sent. */
const wishes: Readonly<Record<string, (params: Record<string, unknown>) => Text>> = {
  type: ({ type }) => text(`Must be of type ${list(type)}.`, `类型应为 ${list(type)}。`),
  enum: ({ allowedValues }) => text(`One of: ${list(allowedValues)}.`, `可选值：${list(allowedValues)}。`),
  const: ({ allowedValue }) => text(`Must be ${list(allowedValue)}.`, `只能是 ${list(allowedValue)}。`),
  minimum: ({ limit }) => text(`At least ${list(limit)}.`, `不得小于 ${list(limit)}。`),
  maximum: ({ limit }) => text(`At most ${list(limit)}.`, `不得大于 ${list(limit)}。`),
  minLength: ({ limit }) => text(`At least ${list(limit)} characters.`, `至少 ${list(limit)} 个字符。`),
  maxLength: ({ limit }) => text(`At most ${list(limit)} characters.`, `最多 ${list(limit)} 个字符。`),
  minItems: ({ limit }) => text(`At least ${list(limit)} entries.`, `至少 ${list(limit)} 项。`),
  maxItems: ({ limit }) => text(`At most ${list(limit)} entries.`, `最多 ${list(limit)} 项。`),
  minProperties: () => text('At least one field is needed.', '至少提交一个字段。'),
  anyOf: () => text('Not one of the allowed forms.', '不符合允许的任何一种形式。'),
  uniqueItems: () => text('Entries must differ.', '不得有重复项。'),
  pattern: ({ pattern }) => text(`Must match ${list(pattern)}.`, `格式应匹配 ${list(pattern)}。`),
  format: ({ format }) =>
    format === 'date-time'
      ? text(
          'RFC 3339 with seconds and an offset, e.g. 2026-06-15T08:30:00Z.',
          '须为带秒和时区的 RFC 3339 时间，例如 2026-06-15T08:30:00Z。',
        )
      : text(`Must be a valid ${list(format)}.`, `须为合法的 ${list(format)}。`),
}

const list = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value))

const wanted = (keyword: string, params: object, message: string): Text =>
  wishes[keyword]?.(params as Record<string, unknown>) ?? text(message, message)

/** Turns the texts of a URL into numbers, booleans and lists where the schema has such. */
function readerOf(schema: TSchema): (value: unknown) => unknown {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> }
  const readers = Object.entries(properties).flatMap(([name, { type }]) => {
    const read = type === undefined ? undefined : readText[type]
    return read ? [[name, read] as const] : []
  })
  if (readers.length === 0) return (value) => value
  return (value) => {
    const result = { ...(value as Record<string, unknown>) }
    for (const [name, read] of readers) if (result[name] !== undefined) result[name] = read(result[name])
    return result
  }
}

const readText: Readonly<Record<string, (value: unknown) => unknown>> = {
  integer: (value) => (typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value),
  boolean: (value) => (value === 'true' ? true : value === 'false' ? false : value),
  array: (value) => (Array.isArray(value) ? (value as unknown[]) : [value]),
}
