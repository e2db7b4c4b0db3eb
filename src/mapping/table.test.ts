import { describe, expect, test } from 'vitest'
import { text as note } from '#kernel/text.ts'
import {
  absent,
  choice,
  each,
  findDrift,
  firstOf,
  flag,
  identifier,
  knownPaths,
  missingPaths,
  money,
  optionalText,
  part,
  provenance,
  rows,
  text,
} from './index.ts'
import type { FieldMap } from './index.ts'
import { parsePath } from './path.ts'

const why = note('why', '原因')
type Thing = {
  id: string
  status: string
  price: { amount: string; currency: string } | null
  nickname: string | null
  place: { city: string | null } | null
  more: { gap: null }
  lines: { id: string; currency: string | null }[]
}

const table: FieldMap<Thing> = {
  platform: 'p',
  document: 'd',
  apiVersion: '1',
  source: 's',
  version: '1',
  shape: {
    id: identifier('id', note('the id', '编号')),
    status: choice('status', { ON: 'on' }, 'unknown', why),
    price: money('sums[type=ALL].n', 'sums[type=ALL].c', why),
    nickname: firstOf([optionalText('alias', why), optionalText('name', why)], why),
    place: part('where.address', { city: optionalText('city', why) }, why),
    more: { gap: absent(note('never sent', '从不返回')) },
    lines: each(
      'lines',
      { id: text('id', why), currency: optionalText('/currency', why) },
      why,
      flag('on', why),
    ),
  },
  ignored: { internal: note('not ours', '无关'), 'lines[].junk': why, 'sums[].tax': why },
}
const known = knownPaths(table)

const raw = {
  id: 7,
  status: 'ON',
  sums: [
    { type: 'PART', n: '1', c: 'USD', tax: { deep: 1 } },
    { type: 'ALL', n: '2', c: 'USD' },
  ],
  name: 'n',
  where: { address: { city: 'X' } },
  currency: 'USD',
  lines: [{ id: 'a' }, { id: 'b', on: true, junk: { a: [1] } }],
  internal: { anything: [{ at: 'all' }] },
}

describe('drift', () => {
  test('a document the table knows has none', () => {
    expect(findDrift(known, raw)).toEqual([])
  })

  test('names what is new, once, by kind and without its value', () => {
    const changed = {
      ...raw,
      fresh: 1.5,
      where: { address: { city: 'X', zip: null }, unit: 'm' },
      lines: [
        { id: 'a', extra: 'secret' },
        { id: 'b', extra: { x: 1 } },
      ],
      sums: [{ type: 'ALL', n: '2', c: 'USD', more: true }],
    }
    const found = findDrift(known, changed)
    expect(found.map(({ path, type }) => `${path}: ${type}`).toSorted()).toEqual([
      'fresh: number',
      'lines[].extra: object',
      'sums[].more: boolean',
      'where.address.zip: null',
      'where.unit: string',
    ])
    expect(JSON.stringify(found)).not.toContain('secret')
  })

  test('names an object or list that became something else', () => {
    expect(findDrift(known, { ...raw, where: 7, lines: 'x' })).toEqual([
      { path: 'where', type: 'integer' },
      { path: 'lines', type: 'string' },
    ])
    expect(findDrift(known, { ...raw, where: null, lines: '' })).toEqual([])
  })

  test.each([null, 7, 'x', []])('%j has none', (value) => {
    expect(findDrift(known, value)).toEqual([])
  })

  test('a member called like one of Object’s is new', () => {
    expect(findDrift(known, JSON.parse('{"constructor":1,"__proto__":2}'))).toEqual([
      { path: 'constructor', type: 'integer' },
      { path: '__proto__', type: 'integer' },
    ])
  })
})

test('missing paths are those the document does not have', () => {
  expect(missingPaths(table, raw)).toEqual(['alias'])
  expect(missingPaths(table, {})).toContain('where.address.city')
})

test('rows are the table in the order of the model, then what is ignored', () => {
  const all = rows(table)
  expect(all.map(({ field, platform_path, rule }) => [field, platform_path, rule])).toEqual([
    ['id', 'id', 'identifier'],
    ['status', 'status', 'choice'],
    ['price', 'sums[type=ALL].n, sums[type=ALL].c', 'money'],
    ['nickname', 'alias, name', 'first of'],
    ['place', 'where.address', 'part'],
    ['place.city', 'where.address.city', 'optional text'],
    ['more.gap', '', 'absent'],
    ['lines', 'lines', 'each'],
    ['lines[].id', 'lines[].id', 'text'],
    ['lines[].currency', 'currency', 'optional text'],
    [null, 'internal', 'ignored'],
    [null, 'lines[].junk', 'ignored'],
    [null, 'sums[].tax', 'ignored'],
  ])
  expect(all[0]).toMatchObject({ required: true, note: { en: 'the id', zh: '编号' } })
  expect(all[1]).toMatchObject({ values: { ON: 'on' } })
})

describe('provenance', () => {
  test('points to the very place of every field', () => {
    const origins = Object.fromEntries(provenance(table, raw).map(({ field, sources }) => [field, sources]))
    expect(origins).toEqual({
      id: ['/id'],
      status: ['/status'],
      price: ['/sums/1/n', '/sums/1/c'],
      nickname: ['/name'],
      place: ['/where/address'],
      'place.city': ['/where/address/city'],
      'more.gap': [],
      lines: ['/lines'],
      'lines.0.id': ['/lines/1/id'],
      'lines.0.currency': ['/currency'],
    })
  })

  test('escapes pointers and survives documents of another shape', () => {
    const odd: FieldMap<{ a: string | null }> = {
      ...table,
      shape: { a: optionalText('x/y.~z', why) },
      ignored: {},
    }
    expect(provenance(odd, { 'x/y': { '~z': 1 } })[0]!.sources).toEqual(['/x~1y/~0z'])
    expect(provenance(table, { lines: 'x', where: 7 }).map(({ field }) => field)).toContain('lines')
  })
})

describe('paths', () => {
  test.each(['', 'a..b', 'a[', 'a[x]', 'a[x=]', '[]', 'a.[]', 'a]'])(
    '"%s" is refused at start-up',
    (path) => {
      expect(() => parsePath(path)).toThrow('cannot read the path')
    },
  )

  test('are members, every element, and the first that equals', () => {
    expect(parsePath('/a[].b[k=V].c')).toEqual({
      text: '/a[].b[k=V].c',
      fromRoot: true,
      steps: [
        { kind: 'member', name: 'a' },
        { kind: 'every' },
        { kind: 'member', name: 'b' },
        { kind: 'where', member: 'k', equals: 'V' },
        { kind: 'member', name: 'c' },
      ],
    })
  })
})
