import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { text as note } from '#kernel/text.ts'
import {
  absent,
  absentList,
  choice,
  compile,
  constant,
  count,
  derive,
  deriveFrom,
  difference,
  discount,
  each,
  either,
  epoch,
  firstOf,
  flag,
  hasWord,
  identifier,
  join,
  list,
  money,
  optionalCount,
  optionalEpoch,
  optionalText,
  optionalTime,
  part,
  present,
  sum,
  text,
  time,
  word,
  words,
} from './index.ts'
import type { Rule } from './index.ts'
import { canonicalTime } from './scalar-rules.ts'

const why = note('why', '原因')

/** What one rule makes of one document: a value, or the faults. */
function read<T>(rule: Rule<T>, raw: unknown): unknown {
  const mapped = compile<{ it: T }>({
    platform: 'p',
    document: 'd',
    apiVersion: '1',
    source: 's',
    version: '1',
    shape: { it: rule },
    ignored: {},
  })(raw)
  return mapped.ok ? mapped.value.it : mapped.faults
}
const fault = (path: string, wanted: string, got: string) => [{ path, wanted, got }]

describe('text', () => {
  test('must be there and not be empty', () => {
    expect(read(text('a', why), { a: 'x' })).toBe('x')
    expect(read(text('a', why), { a: '' })).toEqual(fault('a', 'text', 'string'))
    expect(read(text('a', why), {})).toEqual(fault('a', 'text', 'nothing'))
  })

  test('optional: absent, null and empty are the same', () => {
    for (const raw of [{}, { a: null }, { a: '' }]) expect(read(optionalText('a', why), raw)).toBeNull()
    expect(read(optionalText('a', why), { a: 7 })).toEqual(fault('a', 'text', 'integer'))
  })

  test('identifiers keep the digits of whole numbers', () => {
    expect(read(identifier('a', why), { a: 42 })).toBe('42')
    expect(read(identifier('a', why), { a: '577012345678901234' })).toBe('577012345678901234')
    expect(read(identifier('a', why), { a: 1.5 })).toEqual(fault('a', 'identifier', 'number'))
  })
})

describe('numbers and flags', () => {
  test('counts are whole and not negative', () => {
    expect(read(count('a', why), { a: 0 })).toBe(0)
    for (const a of [-1, 1.5, '1', null, undefined])
      expect(read(count('a', why), { a })).toMatchObject([{ path: 'a', wanted: 'count' }])
    expect(read(optionalCount('a', null, why), {})).toBeNull()
    expect(read(optionalCount('a', 0, why), { a: null })).toBe(0)
  })

  test('flags also come as words', () => {
    for (const a of [true, 'true']) expect(read(flag('a', why), { a })).toBe(true)
    for (const a of [false, 'false', '', null, undefined]) expect(read(flag('a', why), { a })).toBe(false)
    for (const a of ['yes', 1, {}]) expect(read(flag('a', why), { a })).toMatchObject([{ path: 'a' }])
  })
})

describe('words', () => {
  test('choice knows its own words only, and keeps nothing else', () => {
    const rule = choice('a', { ON: 'on', '2': 'two' } as const, 'unknown', why)
    expect(read(rule, { a: 'ON' })).toBe('on')
    expect(read(rule, { a: 2 })).toBe('two')
    for (const a of ['on', 'constructor', '__proto__', '', null, undefined])
      expect(read(rule, { a })).toBe('unknown')
    expect(read(rule, { a: {} })).toEqual(fault('a', 'text', 'object'))
  })

  test.each([
    ['FreeEconomy', 'free_economy'],
    ['FREE_ECONOMY', 'free_economy'],
    ['Standard', 'standard'],
    ['Next Day-Air', 'next_day_air'],
    ['次日', '次日'],
  ])('%s is %s', (from, to) => {
    expect(read(word('a', why), { a: from })).toBe(to)
    expect(read(words('a', why), { a: [from, from] })).toEqual([to])
  })

  test('lists: texts of one or several places, each once', () => {
    const rule = list(['a', 'b[].c'], why)
    expect(read(rule, { a: ['x', 'y'], b: [{ c: 'y' }, {}, { c: 'z' }] })).toEqual(['x', 'y', 'z'])
    expect(read(rule, {})).toEqual([])
    expect(read(rule, { a: ['x', 7] })).toEqual(fault('a', 'list of text', 'integer'))
    expect(read(rule, { a: { x: 1 } })).toEqual(fault('a', 'list of text', 'object'))
  })

  test('has word: in a text or in a list', () => {
    const rule = hasWord('a', ['X', 'Y'], why)
    expect([['X'], ['Z'], 'Y', 'Z', null].map((a) => read(rule, { a }))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ])
    expect(read(rule, { a: [1] })).toMatchObject([{ path: 'a' }])
  })

  test('present and join', () => {
    expect(read(present(['a', 'b.c'], why), { b: { c: 0 } })).toBe(true)
    expect(read(present(['a', 'b.c'], why), { a: '', b: { c: null } })).toBe(false)
    expect(read(join(['a', 'b'], ' ', why), { a: 'x', b: 'y' })).toBe('x y')
    expect(read(join(['a', 'b'], ' ', why), { a: '' })).toBeNull()
    expect(read(join(['a', 'b'], ' ', why), { b: 3 })).toEqual(fault('b', 'text', 'integer'))
  })
})

describe('time', () => {
  test.each([
    ['2026-01-31T23:59:59Z', '2026-01-31T23:59:59Z'],
    ['2026-01-31T23:59:59.123Z', '2026-01-31T23:59:59.123Z'],
    ['2026-01-31T23:59:59.123456Z', '2026-01-31T23:59:59.123Z'],
    ['2026-03-29T02:30:00+08:00', '2026-03-28T18:30:00.000Z'],
    ['2026-03-29T02:30:00+0800', '2026-03-28T18:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2024-02-29T23:00:00-02:00', '2024-03-01T01:00:00.000Z'],
  ])('%s is %s', (from, to) => {
    expect(read(time('a', why), { a: from })).toBe(to)
  })

  test.each([
    '2026-02-29T00:00:00Z',
    '2026-02-30T00:00:00+08:00',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-01T24:30:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '2026-01-01 00:00:00Z',
    '1.569521782042E9',
    '2026-01-01T00:00:00.1234Zx',
    '',
  ])('"%s" is no instant', (a) => {
    expect(read(time('a', why), { a })).toMatchObject([{ path: 'a', wanted: 'time with offset (RFC 3339)' }])
  })

  test('what is kept as it came is what the clock would write', () => {
    const dates = fc.date({
      min: new Date('1900-01-01T00:00:00Z'),
      max: new Date('2199-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(dates, (date) => {
        expect(canonicalTime(date.toISOString())).toBe(date.toISOString())
      }),
    )
  })

  test('unix time in the wrong unit is a fault, never a guess', () => {
    expect(read(epoch('a', 'seconds', why), { a: 1769903999 })).toBe('2026-01-31T23:59:59.000Z')
    expect(read(epoch('a', 'milliseconds', why), { a: '1769903999000' })).toBe('2026-01-31T23:59:59.000Z')
    expect(read(epoch('a', 'seconds', why), { a: 1769903999000 })).toMatchObject([
      { wanted: 'unix time in seconds' },
    ])
    expect(read(epoch('a', 'milliseconds', why), { a: 1769903999 })).toMatchObject([{ path: 'a' }])
    for (const a of [0, '0', '', null, undefined])
      expect(read(optionalEpoch('a', 'seconds', why), { a })).toBeNull()
    for (const a of ['', null, undefined]) expect(read(optionalTime('a', why), { a })).toBeNull()
  })
})

describe('money', () => {
  const members = { amount: 'n', currency: 'c' }
  const price = money('p.n', 'p.c', why)

  test('keeps the digits of text and reads plain numbers', () => {
    expect(read(price, { p: { n: '12.3', c: 'USD' } })).toEqual({ amount: '12.30', currency: 'USD' })
    expect(read(price, { p: { n: 12.3, c: 'USD' } })).toEqual({ amount: '12.30', currency: 'USD' })
    expect(read(price, { p: {} })).toBeNull()
    expect(read(price, { p: { n: null, c: null } })).toBeNull()
    expect(read(price, {})).toBeNull()
  })

  test('says which half is wrong', () => {
    expect(read(price, { p: { n: '1', c: 'usd' } })).toEqual(fault('p.c', 'ISO 4217 currency', 'string'))
    expect(read(price, { p: { n: '1' } })).toEqual(fault('p.c', 'ISO 4217 currency', 'nothing'))
    expect(read(price, { p: { n: '1,5', c: 'USD' } })).toEqual(fault('p.n', 'decimal amount', 'string'))
    expect(read(price, { p: { n: 1e21, c: 'USD' } })).toEqual(fault('p.n', 'decimal amount', 'integer'))
    expect(read(price, { p: 7 })).toMatchObject([{ path: 'p.c' }])
  })

  test('a currency may stand elsewhere', () => {
    const rule = each('lines', { price: money('n', '/currency', why) }, why)
    expect(read(rule, { currency: 'JPY', lines: [{ n: '5' }] })).toEqual([
      { price: { amount: '5', currency: 'JPY' } },
    ])
  })

  test('discounts lose their sign', () => {
    expect(read(discount('p.n', 'p.c', why), { p: { n: '-2', c: 'USD' } })).toEqual({
      amount: '2.00',
      currency: 'USD',
    })
  })

  test('sums and differences', () => {
    const all = sum(['lines[].p', 'extra'], members, why)
    const usd = (n: string) => ({ n, c: 'USD' })
    expect(read(all, { lines: [{ p: usd('1.10') }, {}, { p: usd('-0.20') }], extra: usd('3') })).toEqual({
      amount: '3.90',
      currency: 'USD',
    })
    expect(
      read(sum(['lines[].p'], members, why, 'positive'), { lines: [{ p: usd('-1') }, { p: usd('-2') }] }),
    ).toEqual({ amount: '3.00', currency: 'USD' })
    expect(read(all, { lines: [] })).toBeNull()
    expect(read(all, { lines: [{ p: usd('1') }], extra: { n: '1', c: 'EUR' } })).toBeNull()
    expect(read(all, { lines: [{ p: usd('x') }] })).toEqual(fault('lines[].p.n', 'decimal amount', 'string'))
    expect(read(all, { lines: 'none' })).toMatchObject([{ path: 'lines[].p.c' }])
    const net = difference(money('a.n', 'a.c', why), money('b.n', 'b.c', why), why)
    expect(read(net, { a: usd('5.00'), b: usd('2.50') })).toEqual({ amount: '2.50', currency: 'USD' })
    expect(read(net, { a: usd('5.00') })).toEqual({ amount: '5.00', currency: 'USD' })
    expect(read(net, { b: usd('2.50') })).toBeNull()
  })
})

describe('structure', () => {
  const lines = each('lines', { id: text('id', why), at: optionalText('/at', why) }, why)

  test('lists of objects, faults with their index', () => {
    expect(read(lines, { at: 'x', lines: [{ id: 'a' }, { id: 'b' }] })).toEqual([
      { id: 'a', at: 'x' },
      { id: 'b', at: 'x' },
    ])
    expect(read(lines, {})).toEqual([])
    expect(read(lines, { lines: [{ id: 'a' }, {}, 7, null] })).toEqual([
      { path: 'lines.1.id', wanted: 'text', got: 'nothing' },
      { path: 'lines.2', wanted: 'object', got: 'integer' },
      { path: 'lines.3', wanted: 'object', got: 'null' },
    ])
    expect(read(lines, { at: 7, lines: [{ id: 'a' }] })).toEqual(fault('/at', 'text', 'integer'))
    expect(read(lines, { lines: { id: 'a' } })).toEqual(fault('lines', 'list', 'object'))
  })

  test('only some of a list', () => {
    const some = each('lines', { id: text('id', why) }, why, flag('on', why))
    expect(read(some, { lines: [{ on: true, id: 'a' }, { id: 7 }, { on: 'true', id: 'c' }] })).toEqual([
      { id: 'a' },
      { id: 'c' },
    ])
    expect(read(some, { lines: [{ on: 'maybe' }] })).toMatchObject([{ path: 'lines.0.on' }])
  })

  test('parts: an object or nothing', () => {
    const place = part('a.b', { city: text('city', why) }, why)
    expect(read(place, { a: { b: { city: 'X' } } })).toEqual({ city: 'X' })
    expect(read(place, { a: {} })).toBeNull()
    expect(read(place, { a: { b: {} } })).toEqual(fault('a.b.city', 'text', 'nothing'))
    expect(read(place, { a: { b: [1] } })).toEqual(fault('a.b', 'object', 'list'))
  })

  test('something where an object should be is a fault; empty text and lists are none', () => {
    for (const a of ['x', 7, true, [1]])
      expect(read(optionalText('a.b', why), { a })).toEqual(fault('a.b', 'text', 'no object above it'))
    for (const a of ['', [], null, undefined]) expect(read(optionalText('a.b', why), { a })).toBeNull()
    expect(read(optionalText('a[type=X].b', why), { a: 'x' })).toMatchObject([{ path: 'a[type=X].b' }])
    expect(read(optionalText('a[type=X].b', why), { a: [{ type: 7 }] })).toMatchObject([
      { path: 'a[type=X].b' },
    ])
    expect(read(optionalText('a.b.c.d', why), { a: { b: { c: 1 } } })).toMatchObject([{ path: 'a.b.c.d' }])
  })

  test('the first element whose member equals', () => {
    const rule = optionalText('a[type=X].b', why)
    expect(
      read(rule, {
        a: [
          { type: 'Y', b: '1' },
          { type: 'X', b: '2' },
          { type: 'X', b: '3' },
        ],
      }),
    ).toBe('2')
    expect(read(rule, { a: [{ b: '1' }] })).toBeNull()
  })

  test('the first rule that gives something', () => {
    const rule = firstOf([optionalText('a', why), optionalText('b', why), constant('c', why)], why)
    expect([{ a: 'x', b: 'y' }, { b: 'y' }, {}].map((raw) => read(rule, raw))).toEqual(['x', 'y', 'c'])
  })

  test('one rule or another, by a test of the document', () => {
    const rule = either(present(['own'], why), optionalText('a', why), optionalText('b', why), why)
    expect(read(rule, { own: {}, a: 'x', b: 'y' })).toBe('x')
    expect(read(rule, { own: {}, b: 'y' })).toBeNull()
    for (const own of [[], '', null]) expect(read(rule, { own, a: 'x', b: 'y' })).toBe('y')
  })

  test('constants and absence', () => {
    expect(read(constant('x', why), {})).toBe('x')
    expect(read(constant(false, why), {})).toBe(false)
    expect(read(absent(why), {})).toBeNull()
    expect(read(absentList(why), {})).toEqual([])
  })

  test('results are independent of each other', () => {
    const shape = { list: absentList(why), inner: { name: optionalText('name', why) } }
    const map = compile<{ list: string[]; inner: { name: string | null } }>({
      platform: 'p',
      document: 'd',
      apiVersion: '1',
      source: 's',
      version: '1',
      shape,
      ignored: {},
    })
    const [one, other] = [map({ name: 'a' }), map({})]
    expect(one).toEqual({ ok: true, value: { list: [], inner: { name: 'a' } } })
    expect(other).toEqual({ ok: true, value: { list: [], inner: { name: null } } })
    if (one.ok && other.ok) expect(one.value.list).not.toBe(other.value.list)
  })

  test.each([null, undefined, 7, 'x', []])('%j is no document', (raw) => {
    expect(read(optionalText('a', why), raw)).toMatchObject([{ path: '', wanted: 'object' }])
  })
})

describe('derive', () => {
  test('gets raw values, refuses by path, and never sees what is misplaced', () => {
    const rule = derive(
      ['a', 'b.c'],
      ([a, c], refuse) => {
        if (a !== undefined && typeof a !== 'number') refuse(0, 'number')
        return `${typeof a} ${typeof c}`
      },
      why,
    )
    expect(read(rule, { a: 1, b: { c: 'x' } })).toBe('number string')
    expect(read(rule, { a: 'x' })).toEqual(fault('a', 'number', 'string'))
    expect(read(rule, { b: 7 })).toEqual(fault('b.c', 'value', 'no object above it'))
  })

  test('facts are worked out once for each element and each reading', () => {
    let times = 0
    const fromLine = deriveFrom(['n'], ([n]) => {
      times++
      return n as number
    })
    const rule = each('lines', { one: fromLine((n) => n + 1, why), other: fromLine((n) => n * 2, why) }, why)
    const raw = { lines: [{ n: 1 }, { n: 5 }] }
    expect(read(rule, raw)).toEqual([
      { one: 2, other: 2 },
      { one: 6, other: 10 },
    ])
    expect(times).toBe(2)
    raw.lines[1]!.n = 7
    expect(read(rule, raw)).toMatchObject([{ one: 2 }, { one: 8 }])
    expect(times).toBe(4)
  })
})
