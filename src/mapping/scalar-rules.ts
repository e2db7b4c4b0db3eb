import type { Text } from '#kernel/text.ts'
import { getterOf, isEmpty, member, parsePath } from './path.ts'
import { fault } from './rule.ts'
import type { Decode, Reading, Rule, RuleName } from './rule.ts'

type Scalar<T> = (value: unknown, reading: Reading, path: string) => T

/** A rule over one path. */
function scalar<T>(
  rule: RuleName,
  path: string,
  note: Text,
  read: Scalar<T>,
  extra: Partial<Rule<T>> = {},
): Rule<T> {
  return {
    rule,
    paths: [path],
    note,
    ...extra,
    make: () => {
      const parsed = parsePath(path)
      const [step] = parsed.steps
      if (!parsed.fromRoot && parsed.steps.length === 1 && step?.kind === 'member')
        return (element, reading) => read(member(element, step.name), reading, path)
      const get = getterOf(parsed)
      return (element, reading) => read(get(element, reading.root), reading, path)
    },
  }
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === ''

/** Text that must be there and not be empty. */
export const text = (path: string, note: Text): Rule<string> =>
  scalar(
    'text',
    path,
    note,
    (value, reading) => {
      if (typeof value === 'string' && value !== '') return value
      fault(reading, path, 'text', value)
      return ''
    },
    { required: true },
  )

/** Text or `null`; an empty text counts as absent. */
export const optionalText = (path: string, note: Text): Rule<string | null> =>
  scalar('optional text', path, note, (value, reading) => {
    if (typeof value === 'string') return value === '' ? null : value
    if (value !== undefined && value !== null) fault(reading, path, 'text', value)
    return null
  })

/** An id as text; a bare whole number is accepted, its digits kept. */
export const identifier = (path: string, note: Text): Rule<string> =>
  scalar(
    'identifier',
    path,
    note,
    (value, reading) => {
      if (typeof value === 'string' && value !== '') return value
      if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
      fault(reading, path, 'identifier', value)
      return ''
    },
    { required: true },
  )

function readCount(value: unknown, reading: Reading, path: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  fault(reading, path, 'count', value)
  return 0
}

/** A whole number, zero or more. */
export const count = (path: string, note: Text): Rule<number> =>
  scalar('count', path, note, readCount, { required: true })

/** A whole number, zero or more; `otherwise` when the platform leaves it out. */
export const optionalCount = <T extends number | null>(
  path: string,
  otherwise: T,
  note: Text,
): Rule<number | T> =>
  scalar<number | T>('optional count', path, note, (value, reading) =>
    value === undefined || value === null ? otherwise : readCount(value, reading, path),
  )

const flagWords: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  ['true', true],
  ['false', false],
])

/** True or false, also as the words "true" and "false"; absent is false. */
export const flag = (path: string, note: Text): Rule<boolean> =>
  scalar('flag', path, note, (value, reading) => {
    if (isNothing(value)) return false
    const word = flagWords.get(value)
    if (word === undefined) fault(reading, path, 'true or false', value)
    return word ?? false
  })

const utcTime = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/

/** RFC 3339 with an offset as canonical UTC text; `null` when it is not one. Text already canonical is kept. */
export function canonicalTime(value: string): string | null {
  if (isPlainUtc(value)) return value
  const match = utcTime.exec(value)
  if (!match) return null
  const ms = Date.parse(value)
  if (Number.isNaN(ms) || rollsOver(match, ms)) return null
  const fraction = match[7]
  return match[8] === 'Z' && (fraction === undefined || fraction.length === 4)
    ? value
    : new Date(ms).toISOString()
}

const plainUtc = '0000-00-00T00:00:00'

/**
 * The common case without a regular expression: `2026-01-31T23:59:59Z`, with or without milliseconds,
 * surely a real date (no day after the 28th). Says no to everything doubtful.
 */
function isPlainUtc(value: string): boolean {
  const { length } = value
  if (value.charCodeAt(length - 1) !== 90 || !(length === 20 || (length === 24 && isFraction(value))))
    return false
  for (let i = 0; i < plainUtc.length; i++) {
    const wanted = plainUtc.charCodeAt(i)
    const code = value.charCodeAt(i)
    if (wanted === 48 ? !isDigit(code) : code !== wanted) return false
  }
  return isWithin(value, 5, 1, 12) && isWithin(value, 8, 1, 28) && isClock(value)
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57

/** The two digits at a place lie between two bounds. */
function isWithin(value: string, at: number, least: number, most: number): boolean {
  const number = (value.charCodeAt(at) - 48) * 10 + value.charCodeAt(at + 1) - 48
  return number >= least && number <= most
}

const isClock = (value: string): boolean =>
  isWithin(value, 11, 0, 23) && isWithin(value, 14, 0, 59) && isWithin(value, 17, 0, 59)

const isFraction = (value: string): boolean =>
  value.charCodeAt(19) === 46 &&
  isDigit(value.charCodeAt(20)) &&
  isDigit(value.charCodeAt(21)) &&
  isDigit(value.charCodeAt(22))

/** Date.parse turns 30 February into 2 March; a platform that sends it is wrong, not early. */
function rollsOver(match: RegExpExecArray, ms: number): boolean {
  const day = Number(match[3])
  if (day <= 28) return false
  if (match[8] === 'Z') return new Date(ms).getUTCDate() !== day
  return day > new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate()
}

function readTime(value: unknown, reading: Reading, path: string): string | null {
  const time = typeof value === 'string' ? canonicalTime(value) : null
  if (time === null) fault(reading, path, 'time with offset (RFC 3339)', value)
  return time
}

/** An instant that must be there. */
export const time = (path: string, note: Text): Rule<string> =>
  scalar('time', path, note, (value, reading) => readTime(value, reading, path) ?? '1970-01-01T00:00:00Z', {
    required: true,
  })

export const optionalTime = (path: string, note: Text): Rule<string | null> =>
  scalar('optional time', path, note, (value, reading) =>
    isNothing(value) ? null : readTime(value, reading, path),
  )

export type EpochUnit = 'seconds' | 'milliseconds'
const msOf: Readonly<Record<EpochUnit, number>> = { seconds: 1000, milliseconds: 1 }
const yearMs = 365 * 24 * 3600 * 1000

/** Unix time as a number or digits. A value of the other unit (wrong by 1000) is a fault, never a guess. */
function readEpoch(value: unknown, unit: EpochUnit, reading: Reading, path: string): string | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  const ms = typeof number === 'number' && Number.isSafeInteger(number) ? number * msOf[unit] : Number.NaN
  if (ms > 10 * yearMs && ms < 200 * yearMs) return new Date(ms).toISOString()
  fault(reading, path, `unix time in ${unit}`, value)
  return null
}

export const epoch = (path: string, unit: EpochUnit, note: Text): Rule<string> =>
  scalar(
    'epoch',
    path,
    note,
    (value, reading) => readEpoch(value, unit, reading, path) ?? '1970-01-01T00:00:00Z',
    { required: true },
  )

/** Absent, empty and 0 are `null`: platforms write 0 for "not yet". */
export const optionalEpoch = (path: string, unit: EpochUnit, note: Text): Rule<string | null> =>
  scalar('optional epoch', path, note, (value, reading) =>
    isNothing(value) || value === 0 || value === '0' ? null : readEpoch(value, unit, reading, path),
  )

/**
 * A platform word turned into ours. Unknown words become `otherwise` (the original is kept by another
 * field); the table is a Map, so that "constructor" is unknown too.
 */
export function choice<T extends string | null>(
  path: string,
  values: Readonly<Record<string, T>>,
  otherwise: T,
  note: Text,
): Rule<T> {
  const known = new Map<unknown, T>(Object.entries(values))
  return scalar<T>(
    'choice',
    path,
    note,
    (value, reading) => {
      if (value !== undefined && value !== null && typeof value !== 'string' && typeof value !== 'number')
        fault(reading, path, 'text', value)
      return known.get(typeof value === 'number' ? String(value) : value) ?? otherwise
    },
    { values },
  )
}

/** Text of a list or several lists, in order, each once; absent is empty. Elements that are not text are faults. */
export const list = (path: string | readonly string[], note: Text): Rule<string[]> => {
  const paths = typeof path === 'string' ? [path] : path
  return { rule: 'list', paths, note, make: () => readTexts(paths) }
}

function readTexts(paths: readonly string[]): Decode<string[]> {
  const getters = paths.map((path) => getterOf(parsePath(path)))
  return (element, reading) => {
    const texts: string[] = []
    for (let i = 0; i < getters.length; i++) {
      const value = getters[i]!(element, reading.root)
      if (isNothing(value)) continue
      for (const entry of Array.isArray(value) ? (value as unknown[]) : [value])
        if (typeof entry !== 'string') fault(reading, paths[i]!, 'list of text', entry)
        else if (entry !== '' && !texts.includes(entry)) texts.push(entry)
    }
    return texts
  }
}

/** Words seen before: platforms use few, and texts that come instead must not fill the memory. */
const knownWords = new Map<string, string>()
const maxKnownWords = 1000

/** A platform's word as ours: `FreeEconomy` and `FREE_ECONOMY` are `free_economy`. */
export function lowerSnake(word: string): string {
  const known = knownWords.get(word)
  if (known !== undefined) return known
  const split = /^[A-Z0-9_]+$/.test(word) ? word : word.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
  const made = split.replaceAll(/[^\p{L}\p{N}]+/gu, '_').toLowerCase()
  if (knownWords.size < maxKnownWords) knownWords.set(word, made)
  return made
}

/** One word of an open list, in lower snake case; `null` when absent. */
export const word = (path: string, note: Text): Rule<string | null> =>
  scalar('word', path, note, (value, reading) => {
    if (isNothing(value)) return null
    if (typeof value === 'string') return lowerSnake(value)
    fault(reading, path, 'word', value)
    return null
  })

/** As `list`, every text in lower snake case. */
export const words = (path: string, note: Text): Rule<string[]> => ({
  rule: 'words',
  paths: [path],
  note,
  make: () => {
    const read = readTexts([path])
    return (element, reading) => read(element, reading).map(lowerSnake)
  },
})

/** True when the text is one of the words, or the list holds one of them. */
export const hasWord = (path: string, wanted: readonly string[], note: Text): Rule<boolean> =>
  scalar('has word', path, note, (value, reading) => {
    if (isNothing(value)) return false
    if (typeof value === 'string') return wanted.includes(value)
    if (Array.isArray(value) && value.every((entry) => typeof entry === 'string'))
      return value.some((entry) => wanted.includes(entry))
    fault(reading, path, 'word or list of words', value)
    return false
  })

/** True when there is something at one of the paths; an empty list or text is nothing. */
export const present = (paths: readonly string[], note: Text): Rule<boolean> => ({
  rule: 'present',
  paths,
  note,
  make: () => {
    const getters = paths.map((path) => getterOf(parsePath(path)))
    return (element, reading) => {
      for (const get of getters) if (!isEmpty(get(element, reading.root))) return true
      return false
    }
  },
})
