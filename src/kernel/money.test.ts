import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  absoluteMoney,
  canonicalAmount,
  divideMoney,
  formatDecimal,
  negativeMoney,
  parseDecimal,
  sumMoney,
} from './money.ts'

const usd = (amount: string) => ({ amount, currency: 'USD' })
const currencies = fc.constantFrom('USD', 'JPY', 'KWD', 'VND')
const scaled = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n })

describe('decimals', () => {
  test.each([
    ['12.30', 'USD', '12.30'],
    ['12.3', 'USD', '12.30'],
    ['12', 'USD', '12.00'],
    ['007.5', 'USD', '7.50'],
    ['0.125', 'USD', '0.125'],
    ['1.00005', 'USD', '1.0001'],
    ['-0', 'USD', '0.00'],
    ['-0.00', 'USD', '0.00'],
    ['-3.5', 'USD', '-3.50'],
    ['19940', 'JPY', '19940'],
    ['19940.00', 'JPY', '19940'],
    ['25.99', 'JPY', '25.99'],
    ['1.5', 'KWD', '1.500'],
    ['999999999999999.9999', 'USD', '999999999999999.9999'],
  ])('%s %s is written %s', (text, currency, written) => {
    expect(canonicalAmount(text, currency)).toBe(written)
  })

  test.each([
    '',
    ' ',
    '1,5',
    '1.',
    '.5',
    '1e3',
    '+1',
    '1 000',
    '0x10',
    '1234567890123456',
    'NaN',
    '--1',
    '1.2.3',
    '１',
  ])('"%s" is no decimal', (text) => {
    expect(canonicalAmount(text, 'USD')).toBeNull()
  })

  test('reading what was written gives the same value', () => {
    fc.assert(
      fc.property(scaled, currencies, (value, currency) => {
        expect(parseDecimal(formatDecimal(value, currency))).toBe(value)
      }),
    )
  })

  test('the canonical form is canonical', () => {
    fc.assert(
      fc.property(scaled, currencies, (value, currency) => {
        const text = formatDecimal(value, currency)
        expect(canonicalAmount(text, currency)).toBe(text)
      }),
    )
  })
})

describe('sums', () => {
  test('of any amounts are exact', () => {
    fc.assert(
      fc.property(fc.array(scaled, { minLength: 1, maxLength: 8 }), currencies, (values, currency) => {
        const parts = values.map((value) => ({ amount: formatDecimal(value, currency), currency }))
        const total = values.reduce((sum, value) => sum + value, 0n)
        expect(sumMoney(parts)).toEqual({ amount: formatDecimal(total, currency), currency })
      }),
    )
  })

  test('of small amounts take the short way to the same result', () => {
    const small = fc.bigInt({ min: 0n, max: 10n ** 9n })
    fc.assert(
      fc.property(fc.array(small, { minLength: 2, maxLength: 20 }), currencies, (values, currency) => {
        const parts = values.map((value) => ({ amount: formatDecimal(value, currency), currency }))
        const total = values.reduce((sum, value) => sum + value, 0n)
        expect(sumMoney(parts)).toEqual({ amount: formatDecimal(total, currency), currency })
      }),
    )
  })

  test('of nothing, of different currencies and of no decimals are none', () => {
    expect(sumMoney([])).toBeNull()
    expect(sumMoney([null, null])).toBeNull()
    expect(sumMoney([usd('1'), { amount: '1', currency: 'EUR' }])).toBeNull()
    expect(sumMoney([usd('1'), usd('x')])).toBeNull()
    expect(sumMoney([null, usd('1.10'), null])).toEqual(usd('1.10'))
  })
})

test('division rounds half away from zero at four decimals', () => {
  expect(divideMoney(usd('10.00'), 3)).toEqual(usd('3.3333'))
  expect(divideMoney(usd('0.0001'), 2)).toEqual(usd('0.0001'))
  expect(divideMoney(usd('-0.0001'), 2)).toEqual(usd('-0.0001'))
  expect(divideMoney(usd('9.00'), 1)).toEqual(usd('9.00'))
  for (const by of [0, -1, 1.5, Number.NaN]) expect(divideMoney(usd('1.00'), by)).toBeNull()
})

test('signs', () => {
  expect(absoluteMoney(usd('-1.50'))).toEqual(usd('1.50'))
  expect(absoluteMoney(usd('1.50'))).toEqual(usd('1.50'))
  expect(negativeMoney(usd('1.50'))).toEqual(usd('-1.50'))
  expect(negativeMoney(usd('-1.50'))).toEqual(usd('1.50'))
  expect(negativeMoney(usd('0.00'))).toEqual(usd('0.00'))
})
