import { describe, expect, test } from 'vitest'
import { faultTable, openFaults, parseFaults, readFaults } from './faults.ts'
import { rollDice } from './random.ts'

const names = faultTable.map(({ name }) => name)
const open = () => openFaults(rollDice('faults').next, names)

describe('a fault switch', () => {
  test('strikes always, for a count, for a share, or for named subjects', () => {
    const faults = open()
    expect(faults.strikes('server_error', 'getOrder')).toBe(false)
    faults.set('server_error', true)
    expect(faults.strikes('server_error', 'getOrder')).toBe(true)
    faults.set('server_error', { count: 2 })
    expect([1, 2, 3].map(() => faults.strikes('server_error', 'getOrder'))).toEqual([true, true, false])
    faults.set('server_error', { only: ['searchOrders'] })
    expect(faults.strikes('server_error', 'getOrder')).toBe(false)
    expect(faults.strikes('server_error', 'searchOrders')).toBe(true)
    faults.set('server_error', { share: 0.25 })
    const hits = Array.from({ length: 4000 }, () => faults.strikes('server_error', 'x')).filter(
      Boolean,
    ).length
    expect(hits / 4000).toBeCloseTo(0.25, 1)
  })

  test('a mark stays with its subject until the switch is moved', () => {
    const faults = open()
    faults.set('hidden_order', { count: 1 })
    expect(faults.marks('hidden_order', 'a')).toBe(true)
    expect(faults.marks('hidden_order', 'b')).toBe(false)
    expect(faults.marks('hidden_order', 'a')).toBe(true)
    faults.set('hidden_order', false)
    expect(faults.marks('hidden_order', 'a')).toBe(false)
  })

  test('the list tells every fault in both languages, what applies and how often it struck', () => {
    const faults = openFaults(rollDice('x').next, ['cut_body'])
    faults.set('cut_body', true)
    faults.strikes('cut_body', 'getOrder')
    const list = faults.list()
    expect(list.map(({ name }) => name)).toEqual(names)
    expect(list.every(({ text }) => text.en.length > 0 && /[\u4e00-\u9fff]/.test(text.zh))).toBe(true)
    expect(list.filter(({ applies }) => applies).map(({ name, struck }) => [name, struck])).toEqual([
      ['cut_body', 1],
    ])
  })
})

describe('settings from outside', () => {
  test('the command line form', () => {
    expect(parseFaults('hidden_order, throttle_storm=3,html_error=20%,')).toEqual({
      hidden_order: true,
      throttle_storm: { count: 3 },
      html_error: { share: 0.2 },
    })
    expect(parseFaults('')).toEqual({})
  })

  test.each(['nonsense', 'hidden_order=maybe', 'hidden_order=200%'])('%s is refused', (list) => {
    expect(() => parseFaults(list)).toThrow(RangeError)
  })

  test.each([
    null,
    [],
    'on',
    { hidden_order: 'on' },
    { hidden_order: { count: -1 } },
    { hidden_order: { share: 2 } },
  ])('JSON %j is refused', (input) => {
    expect(() => readFaults(input)).toThrow(RangeError)
  })

  test('JSON of all forms is read', () => {
    const input = {
      cut_body: true,
      slow_body: { count: 1 },
      html_error: { share: 1 },
      hidden_order: { only: ['a'] },
    }
    expect(readFaults(input)).toEqual(input)
  })
})
